import { DAY, GIB, HOUR, MIB, round } from "../kit/units.ts";
import { diceOf } from "./dice.ts";
import { toSeconds } from "./pbs-content.ts";
import type { DatastorePlan } from "./pbs-plan.ts";
import type { BackupServer } from "./pbs-server.ts";
import { noise, signalAt } from "./signal.ts";

export function toVersion({ plan: { version } }: BackupServer) {
  return { version, release: "2", repoid: "9c3f6b1d5a7e2408" };
}

/** How much is in use; it grows by a thousandth a day and is tidied up every fortnight. */
function usedOf(server: BackupServer, { total, fill }: DatastorePlan): number {
  const day = (server.at / DAY) % 14;
  return Math.floor((total * Math.min(0.999, fill + day * 0.001)) / 4096) * 4096;
}

/** `GET /status/datastore-usage`: all datastores in one answer. One that cannot be looked at has only its name and the reason. */
export function toUsage(server: BackupServer): Record<string, unknown>[] {
  return server.datastores.map(store => {
    if (server.maintenanceOf(store.name) === "offline")
      return {
        store: store.name,
        error: `datastore '${store.name}' is unavailable: offline maintenance mode: disks are exchanged`,
      };
    const { total } = store;
    const used = usedOf(server, store);
    const left = ((total - used) / (total * 0.001)) * DAY;
    return {
      store: store.name,
      total,
      used,
      avail: total - used - Math.floor(total * 0.02),
      history: Array.from({ length: 30 }, (_, day) => (day % 11 === 4 ? null : round(used / total - day * 0.001, 6))),
      "history-start": toSeconds(server.at - 30 * DAY),
      "history-delta": 86_400,
      "estimated-full-date": toSeconds(server.at + left),
      "gc-status": gcFigures(server, store),
      ...(server.plan.version >= "3.4" ? { "mount-status": "nonremovable" } : {}),
    };
  });
}

/** `GET /admin/datastore`: which there are, in service or not. */
export function toDatastores(server: BackupServer): Record<string, unknown>[] {
  return server.datastores.map(({ name }) => {
    const maintenance = server.maintenanceOf(name);
    return { store: name, ...(maintenance === null ? {} : { maintenance: `type=${maintenance},message=disks` }) };
  });
}

/** `GET …/status`. */
export function toStoreStatus(server: BackupServer, store: DatastorePlan): Record<string, unknown> {
  const used = usedOf(server, store);
  return { total: store.total, used, avail: store.total - used - Math.floor(store.total * 0.02) };
}

/** `GET …/gc`. */
export function toGcStatus(server: BackupServer, store: DatastorePlan): Record<string, unknown> {
  return { ...gcFigures(server, store), upid: null };
}

/** What the last collection of garbage found: the source of the deduplication factor. */
export function gcFigures(server: BackupServer, store: DatastorePlan): Record<string, unknown> {
  const disk = usedOf(server, store);
  const factor = diceOf(server.seed, server.name, store.name, "dedup").between(4, 22);
  return {
    "disk-bytes": disk,
    "disk-chunks": Math.floor(disk / (2 * MIB)),
    "index-data-bytes": Math.floor(disk * factor),
    "index-file-count": store.namespaces.reduce((sum, { groups }) => sum + groups.length * 2, 0),
    "pending-bytes": 0,
    "pending-chunks": 0,
    "removed-bad": 0,
    "removed-bytes": 3 * GIB,
    "removed-chunks": 1536,
    "still-bad": 0,
  };
}

const MEMORY = 32 * GIB;

/** `GET /nodes/localhost/status`: `root` has `avail`, not `free`. */
export function toNodeStatus(server: BackupServer): Record<string, unknown> {
  const dice = diceOf(server.seed, server.name, "node");
  const cpu = Math.min(1, signalAt(noise(0.11, 0.7, [HOUR, 7 * 60_000], dice), server.at));
  const used = Math.floor(MEMORY * (0.35 + 0.2 * cpu));
  return {
    cpu,
    wait: cpu * 0.2,
    uptime: Math.floor((server.at % (90 * DAY)) / 1000),
    loadavg: [cpu * 8, cpu * 7.5, cpu * 7],
    memory: { total: MEMORY, used, free: MEMORY - used },
    swap: { total: 8 * GIB, used: 0, free: 8 * GIB },
    root: { total: 120 * GIB, used: 14 * GIB, avail: 100 * GIB },
    kversion: "Linux 6.14.11-4-pve #1 SMP PREEMPT_DYNAMIC PMX 6.14.11-4",
    "current-kernel": { sysname: "Linux", release: "6.14.11-4-pve", version: "#1 SMP", machine: "x86_64" },
    cpuinfo: { model: "Intel(R) Xeon(R) E-2388G CPU @ 3.20GHz", sockets: 1, cpus: 8 },
    "boot-info": { mode: "efi", secureboot: 0 },
    info: { fingerprint: server.certificateOf(server.name).fingerprint.toLowerCase() },
  };
}
