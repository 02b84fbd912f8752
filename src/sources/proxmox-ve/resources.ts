import { type Row, toCount, toFlag, toNumber, toRows, toText } from "../../kit/fields.ts";
import { type Instant, percentOf, round } from "../../kit/units.ts";
import type { Guest } from "../../model/guest.ts";
import { guestId, nodeId, storageId } from "../../model/ids.ts";
import type { Disk, Memory, MemorySource } from "../../model/measures.ts";
import type { Node } from "../../model/node.ts";
import type { Facts } from "../../model/observation.ts";
import type { Storage } from "../../model/storage.ts";
import type { RateMeter } from "../rates.ts";
import { LookFailed } from "../source.ts";

export interface Resources {
  nodes: Facts<Node>[];
  guests: Facts<Guest>[];
  storages: Facts<Storage>[];
}

/** So many guests are a step: a few milliseconds. */
const STEP = 500;

/**
 * Translates `GET /cluster/resources` (nodes, guests and storages of the whole cluster in one answer), in steps.
 * Throws LookFailed when a row cannot be identified: better the last good list than one with a hole in it.
 */
export function* toResources(
  data: unknown,
  instance: string,
  meter: RateMeter,
  at: Instant,
): Generator<void, Resources> {
  const rows = toRows(data);
  if (rows === null) throw new LookFailed("garbled", `"${instance}" answered "/cluster/resources" without a list`);
  if (!rows.some(row => row.type === "node"))
    throw new LookFailed("empty", `"${instance}" lists no nodes: may the user see them (Sys.Audit)?`);
  const guests: Facts<Guest>[] = [];
  for (const row of guestRows(rows)) {
    guests.push(toGuest(row, instance, meter, at));
    if (guests.length % STEP === 0) yield;
  }
  const ids = new Set(guests.map(guest => guest.id));
  meter.forget(id => !ids.has(id));
  return {
    nodes: rows.filter(row => row.type === "node").map(row => toNode(row, instance)),
    guests,
    storages: toStorages(
      rows.filter(row => row.type === "storage"),
      instance,
    ),
  };
}

/** A guest that is on its way may be listed at both ends: where it runs, it is. */
function guestRows(rows: readonly Row[]): Iterable<Row> {
  const byVmid = new Map<unknown, Row>();
  for (const row of rows) {
    if (row.type !== "qemu" && row.type !== "lxc") continue;
    const vmid = toCount(row.vmid) ?? row;
    const known = byVmid.get(vmid);
    if (!known || (known.status !== "running" && row.status === "running")) byVmid.set(vmid, row);
  }
  return byVmid.values();
}

/** A node that is off has no numbers; its last ones stand, marked stale. */
function toNode(row: Row, instance: string): Facts<Node> {
  const node = named(row.node, instance, "node");
  const id = nodeId(instance, node);
  const basics = { id, node, name: node, displayName: node, instance, type: "pve" } as const;
  if (row.status !== "online") {
    const status = row.status === "offline" ? "offline" : "unknown";
    return { ...basics, status, withheld: `Node "${node}" is ${status} to its cluster` };
  }
  const memory = toMemory(toNumber(row.mem), toNumber(row.maxmem), "cluster-resources");
  return {
    ...basics,
    status: "online",
    withheld: null,
    cpu: toRatio(row.cpu),
    memory,
    mem: memory?.used ?? null,
    maxmem: toNumber(row.maxmem),
    disk: toDisk(toNumber(row.disk), toNumber(row.maxdisk)),
    maxdisk: toNumber(row.maxdisk),
    uptime: toNumber(row.uptime),
  };
}

/**
 * A guest on a node that does not answer has only its identity (status "unknown"): name and numbers stay those last seen.
 * A guest that does not run uses nothing: 0, as PVE says it.
 */
function toGuest(row: Row, instance: string, meter: RateMeter, at: Instant): Facts<Guest> {
  const vmid = toCount(row.vmid);
  if (vmid === null) throw new LookFailed("garbled", `"${instance}" lists a guest without a VMID: "${String(row.id)}"`);
  const node = named(row.node, instance, `node of guest ${vmid}`);
  const id = guestId(instance, vmid);
  const type = row.type === "lxc" ? "lxc" : "qemu";
  const status = toText(row.status) ?? "unknown";
  const basics = { id, vmid, node, instance, type, status, ...toLabels(row) } as const;
  if (status === "unknown") return { ...basics, withheld: `Node "${node}" does not answer for its guests` };
  const name = toText(row.name);
  return {
    ...basics,
    withheld: null,
    ...(name === null ? {} : { name }),
    cpus: toNumber(row.maxcpu),
    maxmem: toNumber(row.maxmem),
    maxdisk: toNumber(row.maxdisk),
    template: toFlag(row.template),
    ...(isAlive(status) ? toUse(row, id, type, meter, at) : toRest(row, id, meter)),
  };
}

/** Paused and suspended guests hold their memory and keep their counters. */
function isAlive(status: string): boolean {
  return status !== "stopped";
}

function toLabels(row: Row) {
  return {
    lock: toText(row.lock),
    pool: toText(row.pool),
    hastate: toText(row.hastate),
    tags:
      toText(row.tags)
        ?.split(/[;, ]+/)
        .filter(tag => tag !== "")
        .join(",") || null,
  };
}

type Use = Pick<
  Guest,
  "cpu" | "memory" | "mem" | "disk" | "uptime" | "networkIn" | "networkOut" | "diskRead" | "diskWrite"
>;

function toUse(row: Row, id: string, type: Guest["type"], meter: RateMeter, at: Instant): Use {
  const memory = toMemory(toNumber(row.mem), toNumber(row.maxmem), "cluster-resources");
  const rate = (counter: string) => meter.read(counter, toNumber(row[counter]), at, id);
  return {
    cpu: toRatio(row.cpu),
    memory,
    mem: memory?.used ?? null,
    disk: toDisk(type === "qemu" ? null : toNumber(row.disk), toNumber(row.maxdisk)),
    uptime: toNumber(row.uptime),
    networkIn: rate("netin"),
    networkOut: rate("netout"),
    diskRead: rate("diskread"),
    diskWrite: rate("diskwrite"),
  };
}

/** How full the disk of a guest at rest is, PVE does not say. */
function toRest(row: Row, id: string, meter: RateMeter): Use {
  for (const counter of ["netin", "netout", "diskread", "diskwrite"]) meter.read(counter, null, 0, id);
  const still = { networkIn: 0, networkOut: 0, diskRead: 0, diskWrite: 0 };
  return {
    cpu: 0,
    memory: toMemory(0, toNumber(row.maxmem), "cluster-resources"),
    mem: 0,
    uptime: 0,
    ...still,
    disk: toDisk(null, toNumber(row.maxdisk)),
  };
}

/**
 * null when a figure is missing, and when more is used than there is: then PVE (9 and later) counted the whole process on the host,
 * which says nothing about the memory inside the guest.
 */
export function toMemory(used: number | null, total: number | null, source: MemorySource): Memory | null {
  if (used === null || total === null || total <= 0 || used < 0 || used > total) return null;
  return { total, used, free: total - used, usage: percentOf(used, total) ?? 0, source };
}

/** `used` null: not known; a VM's `disk` is always 0 in cluster/resources, which means that, too. */
function toDisk(used: number | null, total: number | null): Disk | null {
  if (total === null || total <= 0) return null;
  if (used === null) return { total, used: null, free: null, usage: -1 };
  return { total, used, free: Math.max(0, total - used), usage: percentOf(used, total) ?? -1 };
}

function toRatio(value: unknown): number | null {
  const ratio = toNumber(value);
  return ratio === null ? null : round(ratio, 4);
}

/** These are shared by nature; `shared` may be missing on them. */
const SHARED_TYPES: ReadonlySet<string> = new Set([
  "nfs",
  "cifs",
  "rbd",
  "cephfs",
  "glusterfs",
  "iscsi",
  "iscsidirect",
  "pbs",
  "esxi",
]);

function toStorages(rows: readonly Row[], instance: string): Facts<Storage>[] {
  const byId = Map.groupBy(rows, row => {
    const storage = named(row.storage, instance, "storage");
    return storageId(
      instance,
      storage,
      isRowShared(row) ? null : named(row.node, instance, `node of storage "${storage}"`),
    );
  });
  return [...byId].map(([id, group]) => toStorage(id, group, instance));
}

/** `flag`: what the answer says, if anything. */
export function isShared(flag: boolean, type: string): boolean {
  return flag || SHARED_TYPES.has(type);
}

function isRowShared(row: Row): boolean {
  return isShared(toFlag(row.shared), toText(row.plugintype) ?? "");
}

/** A shared storage is listed once per node; the first node that has it mounted gives the numbers. */
function toStorage(id: string, rows: readonly Row[], instance: string): Facts<Storage> {
  const nodes = rows.map(row => String(row.node)).sort();
  const good = rows.find(row => row.status === "available");
  const row: Row = good ?? rows[0] ?? {};
  const storage = String(row.storage);
  const type = toText(row.plugintype);
  const content = toText(row.content);
  const shared = isRowShared(row);
  return {
    id,
    storage,
    name: storage,
    instance,
    node: shared ? "shared" : (nodes[0] ?? ""),
    nodes,
    nodeIds: nodes.map(node => nodeId(instance, node)),
    nodeCount: nodes.length,
    shared,
    enabled: true,
    active: good !== undefined,
    status: good ? "available" : "unknown",
    withheld: good ? null : `Storage "${storage}" is not active on ${nodes.map(node => `"${node}"`).join(", ")}`,
    ...(type === null ? {} : { type }),
    ...(content === null ? {} : { content }),
    ...(good ? toSpace(toNumber(good.disk), toNumber(good.maxdisk)) : {}),
  };
}

/** What a user may still write (`avail`) is not in this answer: filesystems keep a reserve, so it is not simply the rest. */
function toSpace(used: number | null, total: number | null) {
  const known = used !== null && total !== null && total > 0;
  return {
    total,
    used,
    avail: null,
    free: known ? Math.max(0, total - used) : null,
    usage: known ? percentOf(used, total) : null,
  };
}

function named(value: unknown, instance: string, what: string): string {
  const name = toText(value);
  if (name === null) throw new LookFailed("garbled", `"${instance}" lists a row without a name: ${what}`);
  return name;
}
