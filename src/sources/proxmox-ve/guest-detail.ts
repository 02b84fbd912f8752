import { type Row, toNumber, toRow } from "../../kit/fields.ts";
import { type Instant, MINUTE, percentOf } from "../../kit/units.ts";
import type { Guest, NetworkInterface } from "../../model/guest.ts";
import type { Disk, Memory } from "../../model/measures.ts";
import type { Facts } from "../../model/observation.ts";
import { sumOf } from "../filesystems.ts";
import type { AgentFault } from "./guest-agent.ts";

/** What is known of a guest beside its row in the resources; null: not known, or not asked yet. */
export interface GuestDetail {
  /** What `mem` of a VM counts: what the guest's balloon driver tells, or its process on the host. */
  counts: "guest" | "process" | null;
  /** Bytes that the balloon leaves the guest. */
  balloon: number | null;
  meminfo: { total: number; available: number; at: Instant } | null;
  disks: { list: Disk[]; at: Instant } | null;
  /** Why the disks are not known. */
  reason: AgentFault | "no-filesystems" | "special-filesystems-only" | null;
  osName: string | null;
  osVersion: string | null;
  interfaces: NetworkInterface[] | null;
  ipAddresses: string[] | null;
}

export const NOTHING_KNOWN: GuestDetail = {
  counts: null,
  balloon: null,
  meminfo: null,
  disks: null,
  reason: null,
  osName: null,
  osVersion: null,
  interfaces: null,
  ipAddresses: null,
};

/** A guest's own memory moves: older than this it is no longer shown for the present one. */
const MEMINFO_LIFE = 5 * MINUTE;
/** Disks fill slowly. */
const DISKS_LIFE = 30 * MINUTE;

/**
 * Of `status/current` of a VM: whether there is an agent to ask, and what its memory figure counts. `agent` is absent, 1, or since 8.3
 * an object. `ballooninfo` has `free_mem` only while the guest's driver reports.
 */
export function toCurrent(data: unknown): { agent: boolean; counts: "guest" | "process"; balloon: number | null } {
  const row: Row = toRow(data) ?? {};
  const agent = toRow(row.agent);
  const balloon = toRow(row.ballooninfo);
  const [actual, most] = [toNumber(balloon?.actual), toNumber(balloon?.max_mem)];
  return {
    agent: (toNumber(agent ? agent.enabled : row.agent) ?? 0) === 1 || row.agent === true,
    counts: toNumber(balloon?.free_mem) === null ? "process" : "guest",
    balloon: actual !== null && most !== null && actual < most ? actual : null,
  };
}

/**
 * The facts of the resources, completed by what is known of the guest beside them. `stretch`: how many times as long as planned it
 * takes until a guest is asked again.
 */
export function withDetail(facts: Facts<Guest>, detail: GuestDetail, at: Instant, stretch = 1): Facts<Guest> {
  if (facts.withheld) return facts;
  const { osName, osVersion } = detail;
  if (facts.status === "stopped") {
    const diskStatusReason = facts.type === "qemu" ? "not-running" : null;
    return { ...facts, osName, osVersion, disks: null, diskStatusReason, networkInterfaces: null, ipAddresses: null };
  }
  if (facts.status !== "running" && facts.type === "qemu")
    return { ...facts, osName, osVersion, diskStatusReason: "not-running" };
  const network = { networkInterfaces: detail.interfaces, ipAddresses: detail.ipAddresses };
  if (facts.type === "lxc") return { ...facts, ...network };
  const disks = detail.disks && at - detail.disks.at <= DISKS_LIFE * stretch ? detail.disks.list : null;
  const memory = toMemory(facts, detail, at - MEMINFO_LIFE * stretch);
  return {
    ...facts,
    ...network,
    osName,
    osVersion,
    disks,
    disk: (disks && sumOf(disks)) ?? facts.disk ?? null,
    diskStatusReason: disks ? null : detail.reason,
    memory,
    mem: memory?.used ?? null,
  };
}

/**
 * A VM's memory by the best source there is. The memory of its process on the host says nothing about the guest: it holds whatever the
 * guest ever touched, caches included; then the memory is unknown.
 */
function toMemory(facts: Facts<Guest>, { counts, balloon, meminfo }: GuestDetail, notBefore: Instant): Memory | null {
  const ballooned = balloon === null ? {} : { balloon };
  const total = facts.maxmem ?? null;
  if (meminfo && total !== null && total > 0 && meminfo.at >= notBefore) {
    const used = Math.min(total, Math.max(0, meminfo.total - meminfo.available));
    return {
      total,
      used,
      free: total - used,
      usage: percentOf(used, total) ?? 0,
      ...ballooned,
      source: "guest-meminfo",
    };
  }
  if (counts === "process" || !facts.memory) return null;
  return counts === "guest" ? { ...facts.memory, ...ballooned, source: "balloon" } : facts.memory;
}
