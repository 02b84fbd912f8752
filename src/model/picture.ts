import type { Instant } from "../kit/units.ts";
import type { Guest } from "./guest.ts";
import type { Instance } from "./instance.ts";
import type { Node } from "./node.ts";
import type { State } from "./state.ts";
import type { Storage } from "./storage.ts";

/** The collections of the picture, by their name on the wire. */
export interface Entities {
  instances: Instance;
  nodes: Node;
  vms: Guest;
  containers: Guest;
  storage: Storage;
}
export type Collection = keyof Entities;
export const COLLECTIONS: readonly Collection[] = ["instances", "nodes", "vms", "containers", "storage"];
/** The collections whose entities carry a `stale` mark and take `lastSeen` from their instance's looks. */
const AGED = ["nodes", "vms", "containers", "storage"] as const;

/** Everything known at one version, each collection keyed by id. Plain objects, so that a UI store can watch them. */
export type Picture = { version: number; lastUpdate: Instant } & Records;
export type Records = { [C in Collection]: Record<string, Entities[C]> };

/** The fields of one entity that changed; all of them when it is new. */
export type Change<T> = { id: string } & Partial<T>;

/**
 * The way from picture `version - 1` to `version`. Nested objects and lists are replaced whole.
 * `seen` says of which instances all entities that are not stale were seen anew, and when: it spares a `lastSeen` for each of them.
 */
export interface Patch {
  version: number;
  at: Instant;
  seen: Record<string, Instant>;
  changed: { [C in Collection]?: Change<Entities[C]>[] };
  removed: { [C in Collection]?: string[] };
}

export function emptyPicture(): Picture {
  return { version: 0, lastUpdate: 0, instances: {}, nodes: {}, vms: {}, containers: {}, storage: {} };
}

/** The picture that `state`, a snapshot, shows. */
export function pictureOf(state: State): Picture {
  const picture = { ...emptyPicture(), version: state.version, lastUpdate: state.lastUpdate };
  for (const collection of COLLECTIONS)
    for (const entity of state[collection]) Object.assign(picture[collection], { [entity.id]: entity });
  return picture;
}

/**
 * Applies `patch` to `picture` in place. The server keeps its own picture by this very function, so a reader who starts from a
 * snapshot and applies every patch has exactly the server's picture.
 * Throws a RangeError when the patch is not the next one: the reader then needs a new snapshot.
 */
export function applyPatch(picture: Picture, patch: Patch): void {
  if (patch.version !== picture.version + 1)
    throw new RangeError(`Patch ${patch.version} does not follow picture ${picture.version}`);
  for (const collection of COLLECTIONS) applyCollection(picture, patch, collection);
  for (const collection of AGED)
    for (const entity of Object.values(picture[collection])) {
      const at = patch.seen[entity.instance];
      if (at !== undefined && !entity.stale) entity.lastSeen = at;
    }
  picture.version = patch.version;
  picture.lastUpdate = patch.at;
}

function applyCollection<C extends Collection>(records: Records, patch: Patch, collection: C): void {
  const entities: Record<string, Entities[C]> = records[collection];
  for (const id of patch.removed[collection] ?? []) delete entities[id];
  for (const change of patch.changed[collection] ?? []) {
    const known = entities[change.id];
    if (known) Object.assign(known, change);
    else entities[change.id] = { ...change } as Entities[C];
  }
}
