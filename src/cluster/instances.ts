import { equal } from "../kit/equal.ts";
import type { WatchedInstance } from "../model/instance-settings.ts";
import type { Database } from "../store/database.ts";
import { BadEntry, type InstanceEntry } from "./entry.ts";

interface Known {
  site: string;
  /** The greatest that was seen among the entries so far. */
  fence: number;
  settings: WatchedInstance;
  /** An edge has it in its pulse.yaml. */
  isGiven: boolean;
}

/** The instances that edges watch, as a core knows them. A name belongs to the site that had it first, until that lets go of it. */
export class EdgeInstances {
  readonly #database: Database;
  readonly #known: Map<string, Known>;

  constructor(database: Database) {
    this.#database = database;
    this.#known = new Map(
      database.all("SELECT name, site, settings FROM cluster_instance ORDER BY name").map(row => [
        String(row.name),
        // NOTE: what is read again after a start was said by fences that others have overtaken since.
        {
          site: String(row.site),
          fence: 0,
          settings: JSON.parse(String(row.settings)) as WatchedInstance,
          isGiven: false,
        },
      ]),
    );
  }

  /** The leases that fences are of were lost: whoever takes one from now on has overtaken all who did before. */
  startAnew(): void {
    for (const known of this.#known.values()) known.fence = 0;
  }

  all(): WatchedInstance[] {
    return [...this.#known.values()].map(({ settings }) => settings);
  }

  /** The sites they belong to. */
  sites(): { name: string; site: string }[] {
    return [...this.#known].map(([name, { site }]) => ({ name, site })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** null: there is none of that name. */
  siteOf(name: string): string | null {
    return this.#known.get(name)?.site ?? null;
  }

  /** Whether it stands in the pulse.yaml of an edge, as far as edges have said so. */
  isGiven(name: string): boolean {
    return this.#known.get(name)?.isGiven ?? false;
  }

  /** One that was entered on a page, or changed there, for edges that have yet to take it. */
  enter(site: string, settings: WatchedInstance): void {
    const known = this.#known.get(settings.name);
    this.#keep(settings.name, { site, fence: known?.fence ?? 0, settings, isGiven: false });
  }

  /** One that was entered, and is no more. */
  remove(name: string): void {
    this.#known.delete(name);
    this.#database.spare(() => this.#database.run("DELETE FROM cluster_instance WHERE name = ?", name));
  }

  /** Throws BadEntry when it belongs to another site, or to none. */
  fenceOf(site: string, name: string): number {
    const known = this.#known.get(name);
    if (!known) throw new BadEntry(`No site has an instance "${name}"`);
    if (known.site !== site) throw new BadEntry(`"${name}" belongs to site "${known.site}"`);
    return known.fence;
  }

  /** What has changed: other settings, null: it is gone; undefined: nothing. Throws BadEntry as `fenceOf`. */
  take(site: string, name: string, { fence, settings, entered }: InstanceEntry): WatchedInstance | null | undefined {
    const known = this.#known.get(name);
    if (known) this.fenceOf(site, name);
    if (known && fence < known.fence) return undefined;
    if (settings === null) {
      this.remove(name);
      return known ? null : undefined;
    }
    const now = { site, fence, settings, isGiven: !entered };
    if (known && equal(known.settings, settings)) {
      this.#known.set(name, now);
      return undefined;
    }
    this.#keep(name, now);
    return settings;
  }

  #keep(name: string, known: Known): void {
    this.#known.set(name, known);
    const row = [name, known.site, JSON.stringify(known.settings)];
    // What the disk refuses is told again within the hour.
    this.#database.spare(() => this.#database.run("INSERT OR REPLACE INTO cluster_instance VALUES (?, ?, ?)", ...row));
  }
}
