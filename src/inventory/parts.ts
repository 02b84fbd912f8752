import type { Instant } from "../kit/units.ts";
import type { Fault } from "../model/fault.ts";
import type { Listed, PartLists, PartMissed, PartScope, PartSeen, Whole } from "../model/observation.ts";
import { COLLECTIONS, type Entities, entitiesOf, lastSeenOf, type Records } from "../model/picture.ts";
import { staleAfter } from "../model/stale-after.ts";
import type { Draft } from "./draft.ts";

/** The collections that come as lists of parts. */
export const LISTED = COLLECTIONS.filter(
  (collection): collection is Listed =>
    !["instances", "nodes", "vms", "containers", "storage", "dockerHosts", "dockerContainers", "activeAlerts"].includes(
      collection,
    ),
);

/** What the inventory itself finds out about new entities, until it has. */
const UNTIL_FOUND: { readonly [C in Listed]?: Partial<Entities[C]> } = {
  pbsBackups: { guestId: null },
  pbs: { unread: { "": null } },
};

/** The last good look of one scope at one part; it listed nothing yet where none was good. */
interface Last {
  part: string;
  instance: string;
  collections: readonly Listed[];
  /** Silence until then is no reason to call anything stale. */
  freshUntil: Instant;
  /** Why what it listed is stale; null: it is not. */
  stale: string | null;
}

/** The part of the inventory that keeps complete lists of parts: disks of a node, archives of a storage. */
export class Parts {
  readonly #records: Records;
  /** By part. */
  readonly #last = new Map<string, Map<PartScope, Last>>();
  /** Of which it may be otherwise than it was whether they are read. */
  #touched = new Set<string>();

  constructor(records: Records) {
    this.#records = records;
  }

  /** Takes in complete lists: what they no longer name goes. `from`: of each list, what stands before that has been taken in already. */
  see(draft: Draft, { instance, scope, part, lists, at, took, interval }: PartSeen, from = 0): void {
    const collections = listsOf(lists);
    for (const collection of collections) this.replace(draft, collection, part, lists, at, from);
    const freshUntil = at + staleAfter(interval, took);
    this.#keep(part, scope, { part, instance, collections, freshUntil, stale: null });
  }

  /** Takes in what complete lists have from `from` to `to`. Nothing goes yet, and the part has not been read before `see` has the rest. */
  begin(draft: Draft, { lists, at }: PartSeen, from: number, to: number): void {
    for (const collection of listsOf(lists))
      this.#take(draft, collection, (lists[collection] ?? []).slice(from, to), at);
  }

  #keep(part: string, scope: PartScope, last: Last): void {
    this.#touched.add(part);
    const known = this.#last.get(part);
    if (known) known.set(scope, last);
    else this.#last.set(part, new Map([[scope, last]]));
  }

  /** The parts of which `unread` may answer otherwise than when this was last called. */
  takeTouched(): ReadonlySet<string> {
    const touched = this.#touched;
    this.#touched = new Set();
    return touched;
  }

  /** What is known of a part is not as it is now: why, null: it has not been read yet. undefined: it is. */
  unread(scope: PartScope, part: string): string | null | undefined {
    const last = this.#last.get(part)?.get(scope);
    return last ? (last.stale ?? undefined) : null;
  }

  /** Makes the entities of `collection` that belong to `part` those of the list. `from`: see `see`. */
  replace<C extends Listed>(draft: Draft, collection: C, part: string, lists: PartLists, at: Instant, from = 0): void {
    const list: readonly Whole<Entities[C]>[] = lists[collection] ?? [];
    this.#take(draft, collection, from === 0 ? list : list.slice(from), at);
    const listed = new Set(list.map(({ id }) => id));
    const before = entitiesOf(this.#records, collection, part);
    for (const { id } of before) if (!listed.has(id)) draft.remove(collection, id);
    if (list.length > 0) draft.seen(collection, part, at);
  }

  #take<C extends Listed>(draft: Draft, collection: C, list: readonly Whole<Entities[C]>[], at: Instant): void {
    const known: Record<string, Entities[C]> = this.#records[collection];
    const taken = new Set<string>();
    for (const facts of list) {
      if (taken.has(facts.id)) continue;
      taken.add(facts.id);
      const entity = { ...facts, stale: false, fault: null } as unknown as Entities[C];
      if (known[facts.id]) draft.set(collection, facts.id, entity);
      else
        draft.add(collection, {
          ...UNTIL_FOUND[collection],
          ...entity,
          lastSeen: lastSeenOf(collection, at),
        } as Entities[C]);
    }
  }

  /** A failed look: what the last good one listed is stale, with the reason. */
  miss(draft: Draft, { instance, scope, part, fault, at }: PartMissed): void {
    const last = this.#last.get(part)?.get(scope);
    if (last) this.#markStale(draft, last, fault);
    else this.#keep(part, scope, { part, instance, collections: [], freshUntil: at, stale: fault.message });
  }

  /** Marks stale what was to be looked at again, and was not. */
  age(draft: Draft, now: Instant): void {
    for (const scopes of this.#last.values())
      for (const last of scopes.values())
        if (last.stale === null && now > last.freshUntil) this.#markStale(draft, last, null);
  }

  /** The entities (or instances) with these ids are gone, and with them their parts. */
  forget(draft: Draft, gone: ReadonlySet<string>): void {
    if (gone.size === 0) return;
    for (const [part, scopes] of this.#last)
      for (const last of scopes.values()) {
        if (!gone.has(part) && !gone.has(last.instance)) continue;
        this.#last.delete(part);
        this.#touched.add(part);
        for (const collection of last.collections)
          for (const { id } of entitiesOf(this.#records, collection, part)) draft.remove(collection, id);
      }
  }

  #markStale(draft: Draft, last: Last, fault: Fault | null): void {
    const message = fault?.message ?? "Not looked at again in time";
    last.stale = message;
    this.#touched.add(last.part);
    for (const collection of last.collections)
      for (const { id } of entitiesOf(this.#records, collection, last.part))
        draft.set(collection, id, { stale: true, fault: message });
  }
}

/** The collections for which there are lists. */
export function listsOf(lists: PartLists): Listed[] {
  return LISTED.filter(collection => lists[collection] !== undefined);
}
