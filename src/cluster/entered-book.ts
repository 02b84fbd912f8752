import type { KV } from "@nats-io/kv";
import { DAY, type Instant, type Millis } from "../kit/units.ts";
import { type EnteredInstance, type EnteredList, type EnteringDeed, instanceOf } from "../model/entered-instance.ts";
import type { Database } from "../store/database.ts";
import { keepList, NOTHING, packList, readLists, unpackList } from "./entered-list.ts";
import { orNull } from "./leases.ts";
import { toToken } from "./names.ts";

/** What an edge that was away says of an instance that went meanwhile is known for so long to be of that. */
const REMEMBERED: Millis = 7 * DAY;

/** What has come of a deed: others may have been quicker. */
export type Entered = "done" | "taken" | "unknown";

/** The instances that were entered on a page, on all cores the same; edges read them from NATS. Nobody but they can open the secrets. */
export class EnteredBook {
  readonly #database: Database;
  readonly #lists: Map<string, EnteredList>;
  /** By site, what NATS is known to have. */
  readonly #laid = new Map<string, Instant>();

  constructor(database: Database) {
    this.#database = database;
    this.#lists = readLists(database);
  }

  all(): { site: string; instance: EnteredInstance }[] {
    return [...this.#lists].flatMap(([site, { instances }]) => instances.map(instance => ({ site, instance })));
  }

  has(site: string, name: string): boolean {
    return this.#of(site).instances.some(({ settings }) => settings.name === name);
  }

  isRemoved(site: string, name: string): boolean {
    return this.#of(site).removed.some(one => one.name === name);
  }

  /** Whether it was done already, by an earlier run that ended before it could note so. */
  isDone({ site, deed }: EnteringDeed): boolean {
    return this.#of(site).deed === deed;
  }

  /** Does what a deed says, unless it cannot be done any more; it is on the disk when this returns. */
  perform(deed: EnteringDeed, at: Instant): Entered {
    const { site } = deed;
    const before = this.#of(site);
    const name = instanceOf(deed);
    if (deed.do !== "enter" && !this.has(site, name)) return "unknown";
    const others = before.instances.filter(({ settings }) => settings.name !== name);
    const removed = before.removed.filter(one => one.name !== name && one.at > at - REMEMBERED);
    const list: EnteredList = {
      changed: Math.max(at, before.changed + 1),
      deed: deed.deed,
      instances:
        deed.do === "remove"
          ? others
          : deed.do === "enter"
            ? [...others, deed.instance]
            : before.instances.map(one => (one.settings.name === name ? deed.instance : one)),
      removed: deed.do === "remove" ? [...removed, { name, at }] : removed,
    };
    keepList(this.#database, site, list);
    this.#lists.set(site, list);
    return "done";
  }

  /** Lays in NATS what it does not have, or has as it was before. */
  async lay(bucket: KV): Promise<void> {
    for (const [site, list] of this.#lists) {
      if (this.#laid.get(site) === list.changed) continue;
      const key = toToken(site);
      const there = await bucket.get(key);
      // Another core may be further.
      if (there?.operation === "PUT" && unpackList(there.value).changed >= list.changed)
        this.#laid.set(site, list.changed);
      else {
        const body = packList(list);
        const revision = await orNull(there ? bucket.update(key, body, there.revision) : bucket.create(key, body));
        if (revision !== null) this.#laid.set(site, list.changed);
      }
    }
  }

  /** NATS may have lost all that was laid there. */
  startAnew(): void {
    this.#laid.clear();
  }

  #of(site: string): EnteredList {
    return this.#lists.get(site) ?? NOTHING;
  }
}
