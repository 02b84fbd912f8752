import { DAY, type Instant } from "../../kit/units.ts";
import type { Guest } from "../../model/guest.ts";
import { guestId, nodeId } from "../../model/ids.ts";
import { isBackupRecent, type NotKnown, unknownBackups } from "../../model/not-known.ts";
import type { Picture } from "../../model/picture.ts";
import { guestsOf } from "../overview/rows.ts";
import { t } from "../words/words.ts";

/** One backup, wherever it lies. */
export interface Backup {
  id: string;
  /** The guest that it is of, when it is there and certain. */
  guest: Guest | null;
  /** What it is of: the guest's name, or what the backup itself says. */
  title: string;
  at: Instant;
  /** bytes; null: not told */
  size: number | null;
  /** Server and datastore, or storage. */
  place: string;
  /** null: not checked, or nothing that can be checked. */
  verification: "ok" | "failed" | null;
  protected: boolean;
  stale: boolean;
}

/** A guest and how it is backed up. */
export interface GuestBackups {
  id: string;
  guest: Guest;
  /** The newest one. */
  last: Backup | null;
  /** Why it is not known whether there is a newer one than that; null: there is none. */
  unknown: NotKnown | null;
  count: number;
  stale: boolean;
}

/** A backup, or a job of a Backup Server, that did not go well. */
export interface FailedRun {
  id: string;
  at: Instant;
  subject: string;
  place: string;
  error: string;
  /** How often it failed so. */
  times: number;
  /** What its details are shown by. */
  shows: string;
  stale: boolean;
}

/**
 * All backups of the picture. What lies on a Backup Server is listed by the server, or, when that is not watched, by the Proxmox VE
 * storage that leads to it; never twice.
 */
export function toBackups(picture: Picture): Backup[] {
  const guests = new Map(guestsOf(picture).map(guest => [guest.id, guest]));
  const served = Object.values(picture.pbsBackups).map((one): Backup => {
    const guest = guests.get(one.guestId ?? "") ?? null;
    return {
      id: one.id,
      guest,
      title: guest?.name ?? `${one.backupType}/${one.vmid}${one.comment ? ` ${one.comment}` : ""}`,
      at: Date.parse(one.backupTime),
      size: one.size,
      place: `${one.instance}: ${one.datastore}${one.namespace ? `/${one.namespace}` : ""}`,
      verification: toVerification(one.verification),
      protected: one.protected,
      stale: one.stale,
    };
  });
  const known = new Set(served.map(({ guest, at }) => `${guest?.id} ${at}`));
  const stored = Object.values(picture.storageBackups).flatMap((one): Backup[] => {
    const guest = guests.get(guestId(one.instance, one.vmid)) ?? null;
    const at = one.ctime * 1000;
    if (one.isPBS && known.has(`${guest?.id} ${at}`)) return [];
    return [
      {
        id: one.id,
        guest,
        title: guest?.name ?? `${one.type}/${one.vmid}`,
        at,
        size: one.size || null,
        place: `${one.instance}: ${one.node === "shared" ? one.storage : t("{name} on {node}", { name: one.storage, node: one.node })}`,
        verification: one.isPBS ? toVerification(one.verification) : null,
        protected: one.protected,
        stale: one.stale,
      },
    ];
  });
  return [...served, ...stored].sort((a, b) => b.at - a.at);
}

function toVerification(text: string | null): Backup["verification"] {
  return text === "ok" || text === "failed" ? text : null;
}

/** Every guest that is no template, with its newest backup of `backups`, which are in their order, newest first. */
export function toGuestBackups(picture: Picture, backups: readonly Backup[]): GuestBackups[] {
  const byGuest = Map.groupBy(backups, ({ guest }) => guest?.id ?? "");
  const unknown = unknownBackups(picture);
  return guestsOf(picture)
    .filter(({ template }) => !template)
    .map(guest => {
      const own = byGuest.get(guest.id) ?? [];
      const last = own[0] ?? null;
      return { id: guest.id, guest, last, unknown: unknown(guest), count: own.length, stale: guest.stale };
    });
}

/** Guests without a recent backup as far as is known, and those whose newest one is bad. What has not been read yet is no risk. */
export function atRisk(guests: readonly GuestBackups[], now: Instant): GuestBackups[] {
  return guests.filter(
    ({ last, unknown }) =>
      unknown?.reason !== null && (!isBackupRecent(last?.at ?? null, now) || last?.verification === "failed"),
  );
}

/** How many guests have no backup, how many only old ones, and of how many neither is known. */
export function countGaps(
  guests: readonly GuestBackups[],
  now: Instant,
): { missing: number; old: number; unread: number; unknown: number } {
  const counts = { missing: 0, old: 0, unread: 0, unknown: 0 };
  for (const { last, unknown } of guests)
    if (!isBackupRecent(last?.at ?? null, now))
      counts[unknown ? (unknown.reason === null ? "unread" : "unknown") : last ? "old" : "missing"] += 1;
  return counts;
}

/** What failed in the last week, the newest first; what failed alike several times is one line. */
export function toFailedRuns(picture: Picture, now: Instant): FailedRun[] {
  return recentOf(failuresOf(picture), now);
}

/** The same of jobs of Backup Servers alone. */
export function toFailedJobs(picture: Picture, now: Instant): FailedRun[] {
  return recentOf(failedJobsOf(picture), now);
}

function recentOf(failures: readonly FailedRun[], now: Instant): FailedRun[] {
  const recent = failures.filter(({ at }) => now - at < 7 * DAY).sort((a, b) => b.at - a.at);
  const alike = Map.groupBy(recent, ({ shows, place, error }) => `${shows}\n${place}\n${error}`);
  return [...alike.values()].flatMap(([newest, ...older]) => (newest ? [{ ...newest, times: older.length + 1 }] : []));
}

/** Every run that failed, as far back as is known. */
export function failuresOf(picture: Picture): FailedRun[] {
  const tasks = Object.values(picture.backupTasks).flatMap((task): FailedRun[] => {
    if (task.error === null) return [];
    const id = guestId(task.instance, task.vmid);
    const guest = picture.vms[id] ?? picture.containers[id];
    return [
      {
        id: task.id,
        at: Date.parse(task.endTime ?? task.startTime),
        subject: guest?.name ?? (task.vmid === 0 ? t("Several guests") : t("Guest {vmid}", { vmid: task.vmid })),
        place: `${task.instance}: ${task.node}`,
        error: task.error,
        times: 1,
        shows: guest?.id ?? nodeId(task.instance, task.node),
        stale: task.stale,
      },
    ];
  });
  return [...tasks, ...failedJobsOf(picture)];
}

function failedJobsOf(picture: Picture): FailedRun[] {
  return Object.values(picture.pbs).flatMap(server =>
    [...server.syncJobs, ...server.verifyJobs, ...server.pruneJobs, ...server.garbageJobs].flatMap(
      (job): FailedRun[] =>
        job.error === null || job.lastRun === null
          ? []
          : [
              {
                id: `${server.id} ${job.id}`,
                at: Date.parse(job.lastRun),
                subject: t("Job {id}", { id: job.id }),
                place: `${server.name}: ${job.store}`,
                error: job.error,
                times: 1,
                shows: server.id,
                stale: server.stale,
              },
            ],
    ),
  );
}

/** How many backups were made, and how many runs failed, on one day of the reader's calendar. */
export interface BackupDay {
  start: Instant;
  made: number;
  failed: number;
}

/** The last `count` days up to the one of `now`. */
export function toDays(
  backups: readonly Pick<Backup, "at">[],
  failed: readonly Pick<FailedRun, "at">[],
  now: Instant,
  count: number,
): BackupDay[] {
  const today = startOfDay(now, 0);
  const days = Array.from({ length: count }, (_, index) => ({
    start: startOfDay(today, index - count + 1),
    made: 0,
    failed: 0,
  }));
  const dayOf = (at: Instant) => days.findLast(({ start }) => start <= at);
  for (const { at } of backups) {
    const day = dayOf(at);
    if (day) day.made += 1;
  }
  for (const { at } of failed) {
    const day = dayOf(at);
    if (day) day.failed += 1;
  }
  return days;
}

/** Midnight in the reader's time zone, some days away; days are 23 or 25 hours long twice a year. */
function startOfDay(at: Instant, days: number): Instant {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}
