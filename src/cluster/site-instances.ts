import type { Log } from "../kit/log.ts";
import { type Millis, SECOND } from "../kit/units.ts";
import type { EnteredInstance, EnteredList, SealedSecret } from "../model/entered-instance.ts";
import { type InstanceSettings, type WatchedInstance, withSecret } from "../model/instance-settings.ts";
import type { Database } from "../store/database.ts";
import { keepList, NOTHING, readLists } from "./entered-list.ts";
import type { SiteKey } from "./site-key.ts";

const SHORTEST: Millis = 5 * SECOND;

export interface SiteInstancesOptions {
  site: string;
  /** Those of pulse.yaml: what is entered under the name of one of these is not looked at. */
  given: readonly WatchedInstance[];
  key: SiteKey;
  database: Database;
  /** As it is watched. */
  toWatched: (settings: InstanceSettings) => WatchedInstance;
  log: Log;
}

/** What an edge is to watch: what its pulse.yaml names, and what was entered for its site on a page. Secrets are open in memory only. */
export class SiteInstances {
  readonly #options: SiteInstancesOptions;
  #list: EnteredList;
  #entered: readonly WatchedInstance[] = [];
  #cannotOpen: readonly string[] = [];

  constructor(options: SiteInstancesOptions) {
    this.#options = options;
    this.#list = readLists(options.database).get(options.site) ?? NOTHING;
    this.#open();
  }

  all(): readonly WatchedInstance[] {
    return [...this.#options.given, ...this.#entered];
  }

  /** Whether it is none of pulse.yaml. */
  isEntered(name: string): boolean {
    return this.#entered.some(one => one.name === name);
  }

  /** Those whose secrets are not sealed for the key of this edge. */
  get cannotOpen(): readonly string[] {
    return this.#cannotOpen;
  }

  /** Takes what cores say, unless it is known already or older. */
  take(list: EnteredList): void {
    const { database, site, log } = this.#options;
    if (list.changed <= this.#list.changed) return;
    this.#list = list;
    database.spare(() => keepList(database, site, list));
    const before = this.#cannotOpen;
    this.#open();
    const names = this.#cannotOpen.filter(name => !before.includes(name));
    if (names.length > 0)
      log("error", "The secret of an instance is not sealed for the key of this edge: enter it anew", {
        instances: names.join(", "),
      });
  }

  /** Settings with their secret; null: it is not sealed for this edge, or for something else. */
  open(settings: InstanceSettings, sealed: readonly SealedSecret[]): InstanceSettings | null {
    const { key, site } = this.#options;
    const secret = key.open(sealed, { site, settings });
    return secret === null ? null : withSecret(settings, secret);
  }

  #open(): void {
    const { given, toWatched } = this.#options;
    const wanted = this.#list.instances.filter(({ settings }) => !given.some(({ name }) => name === settings.name));
    const opened = wanted.map(({ settings, sealed }: EnteredInstance) => this.open(settings, sealed));
    // NOTE: how often it is looked at is not sealed.
    this.#entered = opened.flatMap(one => (one ? [slowed(toWatched(one))] : []));
    this.#cannotOpen = wanted.flatMap(({ settings }, at) => (opened[at] ? [] : [settings.name]));
  }
}

function slowed(watched: WatchedInstance): WatchedInstance {
  return watched.interval >= SHORTEST ? watched : { ...watched, interval: SHORTEST };
}
