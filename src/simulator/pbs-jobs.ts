import { DAY, HOUR, type Instant } from "../kit/units.ts";
import { gcFigures } from "./pbs-answers.ts";
import { toSeconds } from "./pbs-content.ts";
import { snapshotTimes } from "./pbs-plan.ts";
import type { BackupServer } from "./pbs-server.ts";

export type JobKind = "sync" | "verify" | "prune";
const HOUR_OF: { readonly [K in JobKind | "gc"]: number } = { sync: 5, verify: 9, prune: 6, gc: 7 };

/** The last whole hour of the day at which jobs of this kind start. */
function lastRun(kind: JobKind | "gc", at: Instant): Instant {
  return Math.floor((at - HOUR_OF[kind] * HOUR) / DAY) * DAY + HOUR_OF[kind] * HOUR;
}

function toRun(server: BackupServer, kind: JobKind | "gc", store: string, state: string) {
  const begun = lastRun(kind, server.at);
  const ended = begun + 420_000;
  const next = { "next-run": toSeconds(begun + DAY) };
  const upid = toUpid(server, begun, workerOf(kind), store);
  if (server.at < ended) return { "last-run-upid": upid, ...next };
  return { "last-run-upid": upid, "last-run-state": state, "last-run-endtime": toSeconds(ended), ...next };
}

function workerOf(kind: JobKind | "gc"): string {
  return { sync: "syncjob", verify: "verificationjob", prune: "prunejob", gc: "garbage_collection" }[kind];
}

/** `GET /admin/{sync,verify,prune}`: one job a datastore; the copies to the other site come over the network, which fails at times. */
export function toJobs(server: BackupServer, kind: JobKind): Record<string, unknown>[] {
  return server.datastores.map(({ name }, index) => {
    const basics = { id: `${kind[0]}-${name}`, store: name, schedule: `${HOUR_OF[kind]}:00` };
    const state = kind === "sync" && index === 1 ? "error fetching remote: connection refused" : "OK";
    const run = toRun(server, kind, name, state);
    if (kind === "sync")
      return { ...basics, ns: "", remote: "offsite", "remote-store": "mirror", "remove-vanished": false, ...run };
    if (kind === "verify")
      return { ...basics, "ignore-verified": true, "outdated-after": 30, comment: "weekly", ...run };
    return { ...basics, "keep-last": 7, disable: index === 1, ...run };
  });
}

/** `GET /admin/gc` (since 3.2): schedule, last run and figures in one. */
export function toGcJobs(server: BackupServer): Record<string, unknown>[] {
  return server.datastores.map(store => ({
    store: store.name,
    schedule: `${HOUR_OF.gc}:00`,
    ...gcFigures(server, store),
    ...toRun(server, "gc", store.name, "OK"),
  }));
}

interface Task {
  type: string;
  /** Plain here; escaped in the UPID. */
  id: string;
  start: Instant;
  end: Instant;
  status: string;
}

/** `GET /nodes/localhost/tasks`: the newest first, 50 unless told otherwise. */
export function toTasks(server: BackupServer, query: Readonly<Record<string, string>>): Record<string, unknown>[] {
  const since = Number(query.since ?? 0) * 1000;
  const tasks = [...backupTasks(server), ...jobTasks(server)]
    .filter(({ type, start }) => start >= since && type.includes(query.typefilter ?? ""))
    .sort((a, b) => b.start - a.start);
  const from = Number(query.start ?? 0);
  return tasks.slice(from, from + Number(query.limit ?? 50)).map(task => toTask(server, task));
}

function backupTasks(server: BackupServer): Task[] {
  return server.datastores.flatMap(({ name, namespaces }) =>
    namespaces.flatMap(({ path, groups }) =>
      groups.flatMap(group =>
        snapshotTimes(group, server.at)
          .slice(0, 2)
          .map(start => ({
            type: "backup",
            id: `${name}:${path === "" ? "" : `ns/${path}:`}${group.type}/${group.id}`,
            start,
            end: start + 600_000,
            status: "OK",
          })),
      ),
    ),
  );
}

function jobTasks(server: BackupServer): Task[] {
  return (["sync", "verify", "prune", "gc"] as const).flatMap(kind =>
    server.datastores.map(({ name }, index) => {
      const start = lastRun(kind, server.at);
      const failed = kind === "sync" && index === 1;
      const status = failed ? "error fetching remote: connection refused" : "OK";
      return { type: workerOf(kind), id: name, start, end: start + 420_000, status };
    }),
  );
}

function toTask(server: BackupServer, { type, id, start, end, status }: Task): Record<string, unknown> {
  return {
    upid: toUpid(server, start, type, id),
    node: "localhost",
    pid: 1201,
    pstart: 4410,
    starttime: toSeconds(start),
    worker_type: type,
    worker_id: id,
    user: "backup@pbs!pve",
    ...(server.at < end ? {} : { endtime: toSeconds(end), status }),
  };
}

function toUpid(server: BackupServer, start: Instant, type: string, id: string): string {
  const escaped = id.replace(/[^A-Za-z0-9_.]/g, letter => `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`);
  const hex = toSeconds(start).toString(16).toUpperCase();
  return `UPID:${server.name}:000004B1:0000113A:00000007:${hex}:${type}:${escaped}:backup@pbs!pve:`;
}
