import type { StorageBackup } from "../model/backup.ts";
import type { Guest } from "../model/guest.ts";
import type { Instance } from "../model/instance.ts";
import type { PbsBackup } from "../model/pbs-backup.ts";

type Candidate = Pick<Guest, "id" | "vmid" | "type" | "instance" | "name">;
type Archive = Pick<StorageBackup, "instance" | "isPBS" | "type" | "vmid" | "ctime">;
type Snapshot = Pick<
  PbsBackup,
  "id" | "instance" | "datastore" | "namespace" | "backupType" | "vmid" | "backupTime" | "comment"
>;

/** What speaks for and against the guests that a group of snapshots may be of. */
interface Evidence {
  guests: readonly Candidate[];
  /** By `type/vmid/time`: the instances whose own storages list such a snapshot. */
  listed: ReadonlyMap<string, ReadonlySet<string>>;
  /** The instances that are called so, by their own name or their cluster's, in lower case. */
  called: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Which guest each snapshot on a Backup Server is of, by the id of the snapshot; one that is not certain is left out. VMIDs repeat across
 * clusters, so a number alone proves nothing. In this order counts: which cluster's own storage lists the snapshot; a namespace called like
 * an instance; the name of the guest in the comment; a VMID that only one guest has. All snapshots of a group are of one guest.
 */
export function ownersOf(
  snapshots: readonly Snapshot[],
  guests: readonly Candidate[],
  archives: readonly Archive[],
  instances: readonly Pick<Instance, "name" | "clusterName">[],
): Map<string, string> {
  const byVmid = Map.groupBy(guests, guest => `${guest.type}/${guest.vmid}`);
  const common = { listed: listedBy(archives), called: namesOf(instances) };
  const owners = new Map<string, string>();
  for (const group of Map.groupBy(snapshots, groupOf).values()) {
    const type = typeOf(group[0]);
    const candidates = type === null ? [] : (byVmid.get(`${type}/${group[0]?.vmid}`) ?? []);
    const owner = ownerOf(group, { ...common, guests: candidates });
    if (owner) for (const { id } of group) owners.set(id, owner.id);
  }
  return owners;
}

function groupOf({ instance, datastore, namespace, backupType, vmid }: Snapshot): string {
  return JSON.stringify([instance, datastore, namespace, backupType, vmid]);
}

/** A host is no guest, even when its name is a number. */
function typeOf(snapshot: Snapshot | undefined): Guest["type"] | null {
  if (snapshot?.backupType === "vm") return "qemu";
  return snapshot?.backupType === "ct" ? "lxc" : null;
}

function ownerOf(group: readonly Snapshot[], evidence: Evidence): Candidate | null {
  const { guests } = evidence;
  if (guests.length === 0) return null;
  const listed = guests.filter(guest => isListed(group, guest, evidence));
  const only = single(listed);
  if (only) return only;
  const left = listed.length > 1 ? listed : guests;
  const named = instancesIn(group[0]?.namespace ?? "", evidence);
  // A namespace that is called like an instance speaks for that one, and against all others.
  if (named.size > 0) return single(left.filter(guest => named.has(guest.instance)));
  return single(left.filter(guest => group.some(({ comment }) => mentions(comment, guest.name)))) ?? single(left);
}

function single<T>(list: readonly T[]): T | null {
  return list.length === 1 ? (list[0] ?? null) : null;
}

function isListed(group: readonly Snapshot[], guest: Candidate, { listed }: Evidence): boolean {
  return group.some(({ backupTime }) =>
    listed.get(`${guest.type}/${guest.vmid}/${Date.parse(backupTime) / 1000}`)?.has(guest.instance),
  );
}

function listedBy(archives: readonly Archive[]): Map<string, Set<string>> {
  const listed = new Map<string, Set<string>>();
  for (const { isPBS, type, vmid, ctime, instance } of archives) {
    if (!isPBS) continue;
    const key = `${type}/${vmid}/${ctime}`;
    listed.set(key, (listed.get(key) ?? new Set()).add(instance));
  }
  return listed;
}

function namesOf(instances: readonly Pick<Instance, "name" | "clusterName">[]): Map<string, Set<string>> {
  const called = new Map<string, Set<string>>();
  for (const { name, clusterName } of instances)
    for (const word of new Set([name.toLowerCase(), clusterName?.toLowerCase() ?? name.toLowerCase()]))
      called.set(word, (called.get(word) ?? new Set()).add(name));
  return called;
}

/** The instances that parts of a namespace's path are called like. */
function instancesIn(namespace: string, { called }: Evidence): Set<string> {
  const parts = namespace.toLowerCase().split("/");
  return new Set(parts.flatMap(part => [...(called.get(part) ?? [])]));
}

/** As a word of its own: "web" is not meant by "web-2". */
function mentions(comment: string | null, name: string): boolean {
  const words = comment?.toLowerCase().split(/[^\p{L}\p{N}._-]+/u) ?? [];
  return words.includes(name.toLowerCase());
}
