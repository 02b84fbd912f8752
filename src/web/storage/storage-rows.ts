import { zfsPoolId } from "../../model/ids.ts";
import type { Picture } from "../../model/picture.ts";
import type { Storage } from "../../model/storage.ts";
import type { ZfsDevice, ZfsPool } from "../../model/zfs.ts";

/** A ZFS pool with the node it is on; stale when the node is, or when its pools cannot be asked for. */
export interface ZfsRow {
  id: string;
  node: string;
  instance: string;
  pool: ZfsPool;
  stale: boolean;
  lastSeen: number;
  fault: string | null;
}

/** How a storage is, for its dot. */
export function storageStatus({ enabled, active }: Pick<Storage, "enabled" | "active">): string {
  if (!enabled) return "stopped";
  return active ? "online" : "unknown";
}

/** All ZFS pools of all nodes. */
export function toZfsRows(picture: Picture): ZfsRow[] {
  return Object.values(picture.nodes).flatMap(({ node, instance, zfsPools, stale, lastSeen, fault }) =>
    (zfsPools ?? []).map(pool => ({
      id: zfsPoolId(instance, node, pool.name),
      node,
      instance,
      pool,
      stale: stale || pool.stale,
      lastSeen: stale ? Math.min(lastSeen, pool.lastSeen) : pool.lastSeen,
      fault: stale ? fault : pool.fault,
    })),
  );
}

/** All errors counted for a pool; null: none of them is known. */
export function errorsOf({ readErrors, writeErrors, checksumErrors }: ZfsPool): number | null {
  if (readErrors === null && writeErrors === null && checksumErrors === null) return null;
  return (readErrors ?? 0) + (writeErrors ?? 0) + (checksumErrors ?? 0);
}

/** A spare waits as AVAIL, a group that is well may tell no state. */
export function isDeviceWell({ state }: ZfsDevice): boolean {
  return state === null || state === "" || state === "ONLINE" || state === "AVAIL" || state === "INUSE";
}

/** Whether any of `texts` contains what was typed into a page's filter. */
export function fits(typed: string, ...texts: (string | null)[]): boolean {
  const words = typed.toLowerCase().split(/\s+/);
  const all = texts.join("\n").toLowerCase();
  return words.every(word => all.includes(word));
}
