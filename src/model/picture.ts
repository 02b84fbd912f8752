import type { Instant } from "../kit/units.ts";
import type { Alert } from "./alert.ts";
import type { BackupJob, BackupTask, GuestSnapshot, StorageBackup } from "./backup.ts";
import type { BackupServer } from "./backup-server.ts";
import type { CephCluster } from "./ceph.ts";
import type { ClusterMembers } from "./cluster-members.ts";
import type { DockerContainer, DockerHostFacts } from "./docker.ts";
import type { Guest } from "./guest.ts";
import { dockerPart, guestId, namespaceId, nodeId } from "./ids.ts";
import type { Instance } from "./instance.ts";
import type { MailGateway } from "./mail-gateway.ts";
import type { Node } from "./node.ts";
import type { PbsBackup } from "./pbs-backup.ts";
import type { PhysicalDisk } from "./physical-disk.ts";
import type { ReplicationJob } from "./replication.ts";
import type { State } from "./state.ts";
import type { Storage } from "./storage.ts";

/** The collections of the picture, by their name on the wire. */
export interface Entities {
  instances: Instance;
  nodes: Node;
  vms: Guest;
  containers: Guest;
  storage: Storage;
  physicalDisks: PhysicalDisk;
  cephClusters: CephCluster;
  backupTasks: BackupTask;
  storageBackups: StorageBackup;
  guestSnapshots: GuestSnapshot;
  backupJobs: BackupJob;
  replicationJobs: ReplicationJob;
  pbs: BackupServer;
  pmg: MailGateway;
  pbsBackups: PbsBackup;
  dockerHosts: DockerHostFacts;
  dockerContainers: DockerContainer;
  activeAlerts: Alert;
}
export type Collection = keyof Entities;
/** The collections whose entities say how old they are: all but the instances, which count otherwise, and the alerts, which are our own. */
export type Aged = Exclude<Collection, "instances" | "activeAlerts">;

interface Row<T> {
  /**
   * What the lists are complete for that name such an entity: the instance, or the id of a node, guest or storage. Entities of one part
   * are seen together, get stale together, and go with it.
   */
  partOf: (entity: T) => string;
  /** Where the state has the list: at its top, or within another object. */
  within?: "pveBackups";
  /** In the state each host has its own. */
  inHosts?: true;
  /** How `lastSeen` is written; as it is unless given. */
  stamp?: (at: Instant) => string;
}

function toIso(at: Instant): string {
  return new Date(at).toISOString();
}

/** To add a collection: a line in `Entities`, a row here, and its schema in `State`. */
const ROWS: { readonly [C in Collection]: Row<Entities[C]> } = {
  instances: { partOf: ({ id }) => id },
  nodes: { partOf: ({ instance }) => instance },
  vms: { partOf: ({ instance }) => instance },
  containers: { partOf: ({ instance }) => instance },
  storage: { partOf: ({ instance }) => instance },
  physicalDisks: { partOf: ({ instance, node }) => nodeId(instance, node) },
  cephClusters: { partOf: ({ instance }) => instance },
  backupTasks: { partOf: ({ instance, node }) => nodeId(instance, node), within: "pveBackups" },
  storageBackups: { partOf: ({ storageId }) => storageId, within: "pveBackups" },
  guestSnapshots: { partOf: ({ instance, vmid }) => guestId(instance, vmid), within: "pveBackups" },
  backupJobs: { partOf: ({ instance }) => instance },
  replicationJobs: { partOf: ({ instance, node }) => nodeId(instance, node) },
  pbs: { partOf: ({ instance }) => instance, stamp: toIso },
  pmg: { partOf: ({ instance }) => instance, stamp: toIso },
  pbsBackups: { partOf: ({ instance, datastore, namespace }) => namespaceId(instance, datastore, namespace) },
  dockerHosts: { partOf: ({ id }) => dockerPart(id) },
  dockerContainers: { partOf: ({ hostId }) => dockerPart(hostId), inHosts: true },
  activeAlerts: { partOf: ({ instance }) => instance },
};
/** How the entities of a collection write that they were seen at `at`. */
export function lastSeenOf(collection: Aged, at: Instant): Instant | string {
  return ROWS[collection].stamp?.(at) ?? at;
}

export const COLLECTIONS = Object.keys(ROWS) as readonly Collection[];

/**
 * Everything known at one version, each collection keyed by id. An entity that changes is another object then, so that who holds on to
 * it can tell by looking; only `lastSeen` moves on in place.
 */
export type Picture = { version: number; lastUpdate: Instant; own?: OwnHealth; roll?: ClusterMembers } & Records;

/** How the server itself fares; its own picture alone has it. */
export interface OwnHealth {
  /** Since when the database cannot be written, and why, as the end of a sentence; null: it can. `damaged`: it can, but not all of it be read. */
  unwritten: { since: Instant; reason: string; damaged?: true } | null;
  /** The database's file was removed by somebody while it was open; a copy lies there. */
  removed: boolean;
  /** Why its database could not be backed up the last time that this was due, as the end of a sentence; false: it was; null: nobody knows yet. */
  backup?: string | false | null;
  /** What came of the last update that it made by itself. */
  update?: OwnUpdate;
}

/** `failed`: why the last one came to nothing, as the end of a sentence. `done`: what it went over to, as long as that is news. false: not so. */
export interface OwnUpdate {
  failed: string | false;
  done: { from: string; to: string } | false;
}
export type Records = { [C in Collection]: Record<string, Entities[C]> };
/** The picture's collections as lists. */
export type Lists = { [C in Collection]: Entities[C][] };

/** The fields of one entity that changed; all of them when it is new. */
export type Change<T> = { id: string } & Partial<T>;

/**
 * The way from picture `version - 1` to `version`. Nested objects and lists are replaced whole.
 * `seen` says, per collection, of which parts all entities that are not stale were seen anew, and when: it spares a `lastSeen` for each.
 */
export interface Patch {
  version: number;
  at: Instant;
  seen: { [C in Aged]?: Record<string, Instant> };
  changed: { [C in Collection]?: Change<Entities[C]>[] };
  removed: { [C in Collection]?: string[] };
}

export function emptyPicture(): Picture {
  const records = Object.fromEntries(COLLECTIONS.map(collection => [collection, {}])) as Records;
  return { version: 0, lastUpdate: 0, ...records };
}

/** The picture that `state`, a snapshot, shows. */
export function pictureOf(state: State): Picture {
  const picture = { ...emptyPicture(), version: state.version, lastUpdate: state.lastUpdate };
  for (const collection of COLLECTIONS)
    for (const entity of listOf(state, collection)) Object.assign(picture[collection], { [entity.id]: entity });
  for (const { containers: _, ...host } of state.dockerHosts) picture.dockerHosts[host.id] = host;
  return picture;
}

function listOf<C extends Collection>(state: State, collection: C): Entities[C][] {
  const { within, inHosts }: Row<Entities[C]> = ROWS[collection];
  if (inHosts) return state.dockerHosts.flatMap(({ containers }) => containers) as unknown as Entities[C][];
  return (within ? state[within] : state)[collection as never];
}

/** The lists as a state has them: those that belong within another object are there. */
export function placed(lists: Lists): Pick<State, keyof Lists & keyof State> & Pick<State, "pveBackups"> {
  const state: Record<string, unknown> = {};
  for (const collection of COLLECTIONS) {
    const { within, inHosts }: Row<Entities[Collection]> = ROWS[collection] as Row<Entities[Collection]>;
    if (inHosts) continue;
    if (within) state[within] = { ...(state[within] as object), [collection]: lists[collection] };
    else state[collection] = lists[collection];
  }
  const containers = Map.groupBy(lists.dockerContainers, ({ hostId }) => hostId);
  state.dockerHosts = lists.dockerHosts.map(host => ({ ...host, containers: containers.get(host.id) ?? [] }));
  return state as ReturnType<typeof placed>;
}

/** The entities of each collection as they are, by part, and how often it has changed. */
class PartIndex {
  readonly #parts = new Map<Collection, Map<string, Map<string, Entities[Collection]>>>();
  readonly #revisions = new Map<Collection, number>();

  revision(collection: Collection): number {
    return this.#revisions.get(collection) ?? 0;
  }

  changed(collection: Collection): void {
    this.#revisions.set(collection, this.revision(collection) + 1);
  }

  all(collection: Collection): Entities[Collection][] {
    const all: Entities[Collection][] = [];
    for (const entities of this.#parts.get(collection)?.values() ?? [])
      for (const entity of entities.values()) all.push(entity);
    return all;
  }

  of(collection: Collection, part: string): Entities[Collection][] {
    return [...(this.#parts.get(collection)?.get(part)?.values() ?? [])];
  }

  put(collection: Collection, part: string, entity: Entities[Collection]): void {
    const parts = this.#parts.get(collection) ?? new Map<string, Map<string, Entities[Collection]>>();
    if (parts.size === 0) this.#parts.set(collection, parts);
    const entities = parts.get(part);
    if (entities) entities.set(entity.id, entity);
    else parts.set(part, new Map([[entity.id, entity]]));
  }

  remove(collection: Collection, part: string, id: string): void {
    const entities = this.#parts.get(collection)?.get(part);
    entities?.delete(id);
    if (entities?.size === 0) this.#parts.get(collection)?.delete(part);
  }
}

const INDICES = new WeakMap<Records, PartIndex>();

/** A picture of which what belongs to a part is found without looking through all: nothing but patches may change it. */
export function indexedPicture(): Picture {
  const picture = emptyPicture();
  INDICES.set(picture, new PartIndex());
  return picture;
}

/** The entities of a collection that belong to `part`. */
export function entitiesOf<C extends Collection>(records: Records, collection: C, part: string): Entities[C][] {
  const { partOf }: Row<Entities[C]> = ROWS[collection];
  const entities: Record<string, Entities[C]> = records[collection];
  const index = INDICES.get(records);
  if (index) return index.of(collection, part) as Entities[C][];
  return Object.values(entities).filter(entity => partOf(entity) === part);
}

/** All entities of a collection. NOTE: of an indexed picture, where they lie part by part, it takes a tenth of what `Object.values` does. */
export function allOf<C extends Collection>(records: Records, collection: C): Entities[C][] {
  return (INDICES.get(records)?.all(collection) ?? Object.values(records[collection])) as Entities[C][];
}

/** Another number once an entity of the collection has changed, come or gone; null: nobody counts that. */
export function revisionOf(records: Records, collection: Collection): number | null {
  return INDICES.get(records)?.revision(collection) ?? null;
}

/** A patch whose changes may be made only when they are taken. */
export type PatchToTake = Omit<Patch, "changed"> & { changed: { [C in Collection]?: Iterable<Change<Entities[C]>> } };

/** So many entities are a step of `patching`: less than a millisecond. */
const STEP = 100;

/**
 * Applies `patch` to `picture` in place. The server keeps its own picture by this very function, so a reader who starts from a
 * snapshot and applies every patch has exactly the server's picture.
 * Throws a RangeError when the patch is not the next one: the reader then needs a new snapshot.
 */
export function applyPatch(picture: Picture, patch: PatchToTake): void {
  for (const _ of patching(picture, patch));
}

/**
 * `applyPatch` in steps, for who has other things to do in between. Until the last one `picture` keeps its version, while each of its entities
 * is as it was or as it will be; done anew from the beginning, a patch that was done in part comes to the same.
 */
export function* patching(picture: Picture, patch: PatchToTake): Generator<void> {
  if (patch.version !== picture.version + 1)
    throw new RangeError(`Patch ${patch.version} does not follow picture ${picture.version}`);
  for (const collection of COLLECTIONS) yield* changing(picture, patch, collection);
  for (const collection of Object.keys(patch.seen) as Aged[]) yield* seeing(picture, patch, collection);
  picture.version = patch.version;
  picture.lastUpdate = patch.at;
}

function* changing<C extends Collection>(records: Records, patch: PatchToTake, collection: C): Generator<void> {
  const { partOf }: Row<Entities[C]> = ROWS[collection];
  const entities: Record<string, Entities[C]> = records[collection];
  const index = INDICES.get(records);
  for (const id of patch.removed[collection] ?? []) {
    const known = entities[id];
    if (known) index?.remove(collection, partOf(known), id);
    delete entities[id];
  }
  let done = 0;
  for (const change of patch.changed[collection] ?? []) {
    const known = entities[change.id];
    const entity = { ...known, ...change } as Entities[C];
    entities[change.id] = entity;
    if (index) {
      const part = partOf(entity);
      if (known && partOf(known) !== part) index.remove(collection, partOf(known), change.id);
      index.put(collection, part, entity);
    }
    if (++done % STEP === 0) yield;
  }
  if (patch.changed[collection] || patch.removed[collection]) index?.changed(collection);
}

function* seeing<C extends Aged>(records: Records, patch: PatchToTake, collection: C): Generator<void> {
  const { partOf }: Row<Entities[C]> = ROWS[collection];
  const entities: Record<string, Entities[C]> = records[collection];
  const parts = Object.keys(patch.seen[collection] ?? {});
  const concerned = INDICES.has(records)
    ? parts.flatMap(part => entitiesOf(records, collection, part))
    : Object.values(entities);
  let done = 0;
  for (const entity of concerned) {
    const at = patch.seen[collection]?.[partOf(entity)];
    if (at !== undefined && !entity.stale) entity.lastSeen = lastSeenOf(collection, at);
    if (++done % (10 * STEP) === 0) yield;
  }
}
