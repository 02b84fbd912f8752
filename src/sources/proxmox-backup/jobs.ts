import { type Row, toFlag, toNumber, toRows, toSeconds, toText } from "../../kit/fields.ts";
import { SECOND } from "../../kit/units.ts";
import type { BackupServerJob, BackupServerTask } from "../../model/backup-server.ts";
import { LookFailed } from "../source.ts";

/** How many tasks are kept to be shown. */
const MOST_TASKS = 50;

function isoOf(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * SECOND).toISOString();
}

/** What a run came to: a state that begins with OK or WARNINGS is no error. */
function toOutcome(state: string | null, running: boolean): Pick<BackupServerJob, "status" | "error"> {
  if (running) return { status: "running", error: null };
  if (state === null) return { status: "unknown", error: null };
  return { status: state, error: state === "OK" || state.startsWith("WARNINGS") ? null : state };
}

/** Translates `GET /admin/{sync,verify,prune,gc}`. A run without an end still goes on. Throws LookFailed. */
export function toJobs(data: unknown): BackupServerJob[] {
  const rows = toRows(data);
  if (rows === null) throw new LookFailed("garbled", "The jobs were answered without a list");
  return rows.flatMap(row => {
    const store = toText(row.store);
    return store === null ? [] : [toJob(row, store)];
  });
}

function toJob(row: Row, store: string): BackupServerJob {
  const ended = toSeconds(row["last-run-endtime"]);
  const upid = toText(row["last-run-upid"]);
  const remote = toText(row.remote);
  const removed = toNumber(row["removed-bytes"]);
  return {
    id: toText(row.id) ?? store,
    store,
    namespace: typeof row.ns === "string" ? row.ns : null,
    schedule: toText(row.schedule),
    enabled: !toFlag(row.disable),
    ...toOutcome(toText(row["last-run-state"]), upid !== null && ended === null),
    lastRun: isoOf(ended ?? begunAt(upid)),
    nextRun: isoOf(toSeconds(row["next-run"])),
    ...(remote === null ? {} : { remote }),
    ...(removed === null ? {} : { removedBytes: removed }),
    comment: toText(row.comment),
  };
}

/** `UPID:node:pid:pstart:task:start:type:id:user:`, numbers in hex. */
function begunAt(upid: string | null): number | null {
  return toSeconds(Number.parseInt(upid?.split(":")[5] ?? "", 16));
}

/** Translates `GET /nodes/localhost/tasks`, the newest first. `worker_id` is plain where the UPID has escapes. Throws LookFailed. */
export function toTasks(data: unknown): BackupServerTask[] {
  const rows = toRows(data);
  if (rows === null) throw new LookFailed("garbled", "The tasks were answered without a list");
  return rows
    .flatMap(row => {
      const [upid, start] = [toText(row.upid), toSeconds(row.starttime)];
      if (upid === null || start === null) return [];
      const task: BackupServerTask = {
        upid,
        type: toText(row.worker_type) ?? "",
        id: toText(row.worker_id) ?? "",
        user: toText(row.user) ?? "",
        startTime: new Date(start * SECOND).toISOString(),
        endTime: isoOf(toSeconds(row.endtime)),
        status: toText(row.status) ?? (row.endtime === undefined ? "running" : "unknown"),
      };
      return [task];
    })
    .sort((a, b) => (a.startTime < b.startTime ? 1 : -1));
}

/** The newest tasks, as many as are worth keeping. */
export function newestOf(tasks: readonly BackupServerTask[]): BackupServerTask[] {
  return tasks.slice(0, MOST_TASKS);
}

/** A Backup Server has no backup jobs of its own: the newest backup task of each guest or host stands for them. `tasks`: newest first. */
export function toBackupJobs(tasks: readonly BackupServerTask[]): BackupServerJob[] {
  const newest = new Map<string, BackupServerTask>();
  for (const task of tasks) if (task.type === "backup" && !newest.has(task.id)) newest.set(task.id, task);
  return [...newest.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, status, startTime, endTime }) => {
      const parts = id.split(":");
      return {
        id,
        store: parts[0] ?? "",
        namespace: parts.length > 2 ? parts.slice(1, -1).join(":").replace(/^ns\//, "") : "",
        schedule: null,
        enabled: true,
        ...toOutcome(status, endTime === null),
        lastRun: endTime ?? startTime,
        nextRun: null,
        comment: null,
      };
    });
}
