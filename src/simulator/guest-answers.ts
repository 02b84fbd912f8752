import { MIB, round } from "../kit/units.ts";
import type { Release } from "./release.ts";
import type { Guest } from "./scene.ts";

/**
 * A guest in `GET /cluster/resources`. Of a guest whose node is off only its identity is known. `paused` is said here and nowhere
 * else; `disk` of a VM is always 0.
 */
export function toResourceRow(guest: Guest, release: Release): Record<string, unknown> {
  const { plan, node, status } = guest;
  const row: Record<string, unknown> = {
    id: `${plan.type}/${plan.vmid}`,
    vmid: plan.vmid,
    node,
    type: plan.type,
    status,
  };
  if (status !== "unknown") {
    row.name = plan.name;
    row.template = plan.template ? 1 : 0;
    row.uptime = guest.uptime;
    row.maxcpu = plan.cores;
    row.cpu = toShare(guest.cpu);
    row.maxmem = plan.maxmem;
    row.mem = guest.mem;
    row.maxdisk = plan.maxdisk;
    row.disk = guest.disk;
    row.netin = guest.netin;
    row.netout = guest.netout;
    row.diskread = guest.diskread;
    row.diskwrite = guest.diskwrite;
    if (release.memhost) row.memhost = toHostMemory(guest);
    if (plan.hastate) row.hastate = plan.hastate;
  }
  if (plan.pool) row.pool = plan.pool;
  if (plan.tags) row.tags = plan.tags;
  if (guest.lock) row.lock = guest.lock;
  return row;
}

/** A guest in `GET /nodes/{node}/qemu` or `/lxc`. A paused VM counts as running. */
export function toListRow(guest: Guest, release: Release): Record<string, unknown> {
  const { plan } = guest;
  const lxc = plan.type === "lxc";
  const asText = lxc && release.stringlyContainers;
  const running = guest.status !== "stopped";
  return {
    vmid: asText ? String(plan.vmid) : plan.vmid,
    name: plan.name,
    status: running ? "running" : "stopped",
    ...(lxc ? { type: "lxc", swap: 0, maxswap: 512 * MIB } : {}),
    cpus: asText ? String(plan.cores) : plan.cores,
    cpu: toShare(guest.cpu),
    mem: guest.mem,
    maxmem: plan.maxmem,
    disk: guest.disk,
    maxdisk: plan.maxdisk,
    netin: guest.netin,
    netout: guest.netout,
    diskread: guest.diskread,
    diskwrite: guest.diskwrite,
    uptime: guest.uptime,
    ...(running ? { pid: toPid(guest) } : {}),
    ...(plan.template ? { template: 1 } : {}),
    ...(plan.tags ? { tags: plan.tags } : {}),
    ...(guest.lock ? { lock: guest.lock } : {}),
    ...(release.memhost && running ? { memhost: toHostMemory(guest), ...toPressure(guest) } : {}),
  };
}

/** `GET …/status/current`: the list's row, and what only the guest's own process tells. */
export function toCurrent(guest: Guest, release: Release): Record<string, unknown> {
  const { plan, status } = guest;
  const ha = plan.hastate ? { managed: 1, state: plan.hastate } : { managed: 0 };
  const row = { ...toListRow(guest, release), ha };
  if (plan.type === "lxc") return row;
  if (status === "stopped") return { ...row, qmpstatus: "stopped", ...toAgent(guest) };
  return {
    ...row,
    qmpstatus: status,
    ...toAgent(guest),
    balloon: plan.maxmem,
    ballooninfo: toBalloon(guest),
    nics: { [`tap${plan.vmid}i0`]: { netin: guest.netin, netout: guest.netout } },
    "running-machine": "pc-i440fx-9.2+pve1",
    "running-qemu": "9.2.0",
    "proxmox-support": { "pbs-dirty-bitmap": true, "query-bitmap-info": true },
  };
}

/** Releases and configurations say it in three ways: not at all, as a flag, or as an object. */
function toAgent(guest: Guest): { agent?: unknown } {
  const way = Math.floor(guest.plan.vmid / 4) % 3;
  return way === 0 ? {} : { agent: way === 1 ? 1 : { enabled: 1, available: 1 } };
}

/** What the guest's driver reports is there only where there is one; one that is squeezed has less than its most. */
function toBalloon({ plan, mem }: Guest): Record<string, number> {
  const actual = plan.vmid % 17 === 9 ? Math.floor(plan.maxmem * 0.9) : plan.maxmem;
  const size = { actual, max_mem: plan.maxmem };
  if (plan.swollen) return { ...size, last_update: 0 };
  const total = Math.floor(actual * 0.975);
  const reported = { total_mem: total, free_mem: Math.max(0, total - mem), mem_swapped_in: 0, mem_swapped_out: 0 };
  return { ...size, ...reported, major_page_faults: 1200, minor_page_faults: 900_000, last_update: 1_700_000_000 };
}

function toHostMemory(guest: Guest): number {
  return guest.mem === 0 ? 0 : Math.floor(guest.mem * 1.03) + 48 * MIB;
}

/** Numbers of a VM; a container gives its own as strings. */
function toPressure(guest: Guest): Record<string, number | string> {
  const some = round(guest.cpu * 4, 2);
  const figures = { pressurecpusome: some, pressurecpufull: 0, pressureiosome: round(some / 3, 2), pressureiofull: 0 };
  if (guest.plan.type === "qemu") return figures;
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, value.toFixed(2)]));
}

function toPid(guest: Guest): number {
  return 1000 + ((guest.plan.vmid * 2_654_435) % 3_000_000);
}

/** Proxmox gives all the digits a double has; twelve say the same. */
export function toShare(value: number): number {
  return round(value, 12);
}
