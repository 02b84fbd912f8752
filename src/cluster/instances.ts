import { equal } from "../kit/equal.ts";
import type { WatchedInstance } from "../model/instance-settings.ts";
import type { Database } from "../store/database.ts";
import { BadEntry, type InstanceEntry } from "./entry.ts";

interface Known {
  site: string;
  /** The greatest that was seen among the entries so far. */
  fence: number;
  settings: WatchedInstance;
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
        { site: String(row.site), fence: 0, settings: JSON.parse(String(row.settings)) as WatchedInstance },
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

  /** Throws BadEntry when it belongs to another site, or to none. */
  fenceOf(site: string, name: string): number {
    const known = this.#known.get(name);
    if (!known) throw new BadEntry(`No site has an instance "${name}"`);
    if (known.site !== site) throw new BadEntry(`"${name}" belongs to site "${known.site}"`);
    return known.fence;
  }

  /** What has changed: other settings, null: it is gone; undefined: nothing. Throws BadEntry as `fenceOf`. */
  take(site: string, name: string, { fence, settings }: InstanceEntry): WatchedInstance | null | undefined {
    const known = this.#known.get(name);
    if (known) this.fenceOf(site, name);
    if (known && fence < known.fence) return undefined;
    if (settings === null) {
      this.#known.delete(name);
      this.#database.spare(() => this.#database.run("DELETE FROM cluster_instance WHERE name = ?", name));
      return known ? null : undefined;
    }
    this.#known.set(name, { site, fence, settings });
    if (known && equal(known.settings, settings)) return undefined;
    const row = [name, site, JSON.stringify(settings)];
    // What the disk refuses is told again within the hour.
    this.#database.spare(() => this.#database.run("INSERT OR REPLACE INTO cluster_instance VALUES (?, ?, ?)", ...row));
    return settings;
  }
}
