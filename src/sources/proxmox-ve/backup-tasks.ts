import { toCount, toRows, toSeconds, toText } from "../../kit/fields.ts";
import { GIB, KIB, MIB, SECOND } from "../../kit/units.ts";
import type { BackupTask } from "../../model/backup.ts";
import type { Guest } from "../../model/guest.ts";
import { backupTaskId } from "../../model/ids.ts";
import type { Whole } from "../../model/observation.ts";
import { LookFailed } from "../source.ts";

/** A vzdump task as `GET /nodes/{node}/tasks` lists it. */
export interface VzdumpTask {
  upid: string;
  /** null: of several guests. */
  vmid: number | null;
  /** Seconds since the Unix epoch. */
  start: number;
  /** null: it runs. */
  end: number | null;
  /** OK, "WARNINGS: 1", or what went wrong, as a whole sentence. */
  status: string;
}

/** What the log of a task says of one guest. */
export interface GuestRun {
  vmid: number;
  type: "qemu" | "lxc" | null;
  /** null: the log does not say how it ended. */
  ok: boolean | null;
  error: string | null;
  size: number | null;
  /** When it began and ended by the node's own calendar, as if that were UTC: good for differences only; null: not told. */
  begun: number | null;
  ended: number | null;
}

/** Reads a list of tasks. `id` is empty for a run over several guests; running ones have no end and no status. Throws LookFailed. */
export function toVzdumpTasks(data: unknown): VzdumpTask[] {
  const rows = toRows(data);
  if (rows === null) throw new LookFailed("garbled", "Tasks were answered without a list");
  return rows.flatMap(row => {
    const upid = toText(row.upid);
    const start = toSeconds(row.starttime);
    if (upid === null || start === null || row.type !== "vzdump") return [];
    const end = toSeconds(row.endtime);
    const status = end === null ? "running" : (toText(row.status) ?? "unknown");
    return [{ upid, vmid: toCount(row.id), start, end, status }];
  });
}

/**
 * What the log of a vzdump task says of each guest (PVE::VZDump): "Starting Backup of VM 100 (qemu)", "Backup started at 2026-01-01
 * 02:00:00", "archive file size: 1.52GB", "Backup finished at …", or "Backup of VM 101 failed - …" and "Failed at …".
 */
export function toGuestRuns(data: unknown): GuestRun[] {
  const runs = new Map<number, GuestRun>();
  let current: GuestRun | null = null;
  for (const line of (toRows(data) ?? []).flatMap(row => toText(row.t) ?? [])) {
    const [, vmid, type] = /Starting Backup of VM (\d+) \((qemu|lxc)\)/.exec(line) ?? [];
    if (vmid !== undefined) {
      const kind = type === "lxc" ? "lxc" : "qemu";
      current = { vmid: Number(vmid), type: kind, ok: null, error: null, size: null, begun: null, ended: null };
      runs.set(current.vmid, current);
    }
    if (current) readLine(line, current);
  }
  return [...runs.values()];
}

/** What one line adds to the run it belongs to. */
function readLine(line: string, run: GuestRun): void {
  const [, what, day, time] = /(Backup started|Backup finished|Failed) at ([\d-]{10}) ([\d:]{8})/.exec(line) ?? [];
  if (what !== undefined) {
    const at = toSeconds(Date.parse(`${day}T${time}Z`) / SECOND);
    if (what === "Backup started") run.begun = at;
    else run.ended = at;
  }
  if (/Finished Backup of VM \d+/.test(line)) run.ok = true;
  const [, error] = /Backup of VM \d+ failed - (.*)/.exec(line) ?? [];
  if (error !== undefined) Object.assign(run, { ok: false, error: error.trim() });
  const [, amount, unit = ""] = /(?:archive file size|transferred):? ([\d.]+) ?([KMGT]?i?B)/i.exec(line) ?? [];
  if (amount !== undefined) run.size ??= bytesOf(Number(amount), unit);
}

/** PVE writes "GB" and means GiB. */
function bytesOf(amount: number, unit: string): number {
  const scale = { K: KIB, M: MIB, G: GIB, T: 1024 * GIB }[unit[0]?.toUpperCase() ?? ""] ?? 1;
  return Math.round(amount * scale);
}

/** The tasks of one run: one for each guest where the log tells them apart, otherwise one for all. */
export function toBackupTasks(
  task: VzdumpTask,
  runs: readonly GuestRun[],
  instance: string,
  node: string,
  typeOf: (vmid: number) => Guest["type"] | null,
): Whole<BackupTask>[] {
  const { upid, start, end, status } = task;
  const common = { node, instance, upid, startTime: isoOf(start) };
  const running = end === null;
  const single = task.vmid;
  if (single !== null || runs.length === 0) {
    const [run] = runs;
    const good = running || isGood(status);
    const vmid = single ?? 0;
    const type = (single === null ? null : typeOf(single)) ?? run?.type ?? "vzdump";
    const size = run?.size ?? null;
    return [
      {
        id: backupTaskId(instance, upid, vmid),
        ...common,
        type,
        vmid,
        status,
        endTime: running ? null : isoOf(end),
        size,
        error: good ? null : status,
      },
    ];
  }
  const origin = runs[0]?.begun ?? null;
  const at = (local: number | null) => (local === null || origin === null ? null : start + local - origin);
  return runs.map(run => {
    const over = run.ok !== null || !running;
    const ended = at(run.ended) ?? end;
    const good = run.ok ?? isGood(status);
    const trouble = run.error ?? status;
    return {
      id: backupTaskId(instance, upid, run.vmid),
      ...common,
      startTime: isoOf(at(run.begun) ?? start),
      type: run.type ?? typeOf(run.vmid) ?? "vzdump",
      vmid: run.vmid,
      status: over ? (good ? "OK" : trouble) : "running",
      endTime: over && ended !== null ? isoOf(ended) : null,
      size: run.size,
      error: over && !good ? trouble : null,
    };
  });
}

/** Warnings do not make a backup a failed one. */
function isGood(status: string): boolean {
  return status === "OK" || status.startsWith("WARNINGS");
}

function isoOf(seconds: number): string {
  return new Date(seconds * SECOND).toISOString();
}
