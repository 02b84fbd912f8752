import type { BackupServer } from "../model/backup-server.ts";
import type { Guest } from "../model/guest.ts";
import { namespaceId } from "../model/ids.ts";
import type { Instance } from "../model/instance.ts";
import type { Node } from "../model/node.ts";
import type { Unread } from "../model/not-known.ts";
import type { PartScope } from "../model/observation.ts";
import { allOf, type Patch, type Picture } from "../model/picture.ts";
import type { Storage } from "../model/storage.ts";
import type { Draft } from "./draft.ts";
import type { Parts } from "./parts.ts";

const OF_NODES = ["disks", "tasks", "replication"] as const;
const OF_INSTANCES = ["backup-jobs", "ceph"] as const;
const OF_GUESTS = ["snapshots"] as const;
const OF_STORAGES = ["archives"] as const;

/** Says of every entity which of its lists have not been read, or cannot be. */
export class UnreadLists {
  readonly #picture: Picture;
  readonly #parts: Parts;
  /** Guests of which that may be otherwise now: there are tens of thousands, and it rarely is. */
  readonly #guests = new Set<string>();

  constructor(picture: Picture, parts: Parts) {
    this.#picture = picture;
    this.#parts = parts;
  }

  /** Looks at a change of the picture. */
  follow({ changed }: Patch): void {
    for (const guests of [changed.vms, changed.containers])
      for (const guest of guests ?? []) if ("stale" in guest || "fault" in guest) this.#guests.add(guest.id);
  }

  tell(draft: Draft): void {
    for (const part of this.#parts.takeTouched()) this.#guests.add(part);
    for (const id of this.#guests) tellOfGuest(draft, this.#picture, this.#parts, id);
    this.#guests.clear();
    tellOfOthers(draft, this.#picture, this.#parts);
  }
}

function tellOfGuest(draft: Draft, picture: Picture, parts: Parts, id: string): void {
  for (const collection of ["vms", "containers"] as const) {
    const one = picture[collection][id];
    if (!one) continue;
    const unread = gather(parts, OF_GUESTS, id, whyStale(one));
    if (unread !== one.unread) draft.set(collection, id, { unread });
  }
}

function tellOfOthers(draft: Draft, picture: Picture, parts: Parts): void {
  for (const one of allOf(picture, "instances"))
    if (one.type === "pve") {
      const unread = gather(parts, OF_INSTANCES, one.id, faultOf(one));
      if (unread !== one.unread) draft.set("instances", one.id, { unread });
    }
  for (const one of allOf(picture, "nodes")) {
    const unread = gather(parts, OF_NODES, one.id, whyNode(one));
    if (unread !== one.unread) draft.set("nodes", one.id, { unread });
  }
  for (const one of allOf(picture, "storage")) {
    const unread = ofStorage(one, picture, parts);
    if (unread !== one.unread) draft.set("storage", one.id, { unread });
  }
  for (const one of Object.values(picture.pbs)) {
    const unread = ofServer(one, picture, parts);
    if (unread !== one.unread) draft.set("pbs", one.id, { unread });
  }
}

/** `why`: what is known of the whole, for what is not read. */
function gather(parts: Parts, scopes: readonly PartScope[], part: string, why: string | null): Unread {
  let unread: Unread = null;
  for (const scope of scopes) {
    const reason = parts.unread(scope, part);
    if (reason === undefined) continue;
    unread ??= {};
    unread[scope] = why ?? reason;
  }
  return unread;
}

function faultOf({ fault }: Instance): string | null {
  return fault?.message ?? null;
}

function whyStale({ stale, fault }: Pick<Guest, "stale" | "fault">): string | null {
  return stale ? fault : null;
}

function whyNode(node: Node): string | null {
  return node.status === "offline" ? (node.fault ?? `Node "${node.node}" is offline`) : whyStale(node);
}

/** A storage that holds no backups, or is switched off, is not listed. */
function ofStorage(storage: Storage, { nodes }: Picture, parts: Parts): Unread {
  const { id, enabled, content, nodeIds, nodes: names } = storage;
  if (!enabled || !content.split(",").includes("backup")) return null;
  if (parts.unread("archives", id) === undefined) return null;
  const isReachable = nodeIds.some(node => nodes[node]?.status === "online");
  const why = isReachable ? null : `No node that has it is online: ${names.join(", ")}`;
  return gather(parts, OF_STORAGES, id, whyStale(storage) ?? why);
}

/** By datastore; "" where not even the datastores are known. */
function ofServer(server: BackupServer, { instances }: Picture, parts: Parts): Unread {
  const { id, datastores, faults, lastSeen, instance } = server;
  if (lastSeen === "" || datastores.length === 0) {
    const fault = instances[instance]?.fault?.message;
    return { "": fault ?? faults.datastores ?? faults["list of datastores"] ?? null };
  }
  const unread = datastores.flatMap(({ name, namespaces, error }): [string, string | null][] => {
    const reasons = namespaces.map(({ path }) => parts.unread("namespace", namespaceId(id, name, path)));
    // Each has its root at least.
    if (namespaces.length === 0) reasons.push(error);
    const known = reasons.filter(reason => reason !== undefined);
    if (known.length === 0) return [];
    return [[name, whyStale(server) ?? known.find(reason => reason !== null) ?? null]];
  });
  return unread.length === 0 ? null : Object.fromEntries(unread);
}
