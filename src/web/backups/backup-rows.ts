import { DAY, type Instant } from "../../kit/units.ts";
import type { Guest } from "../../model/guest.ts";
import { guestId, nodeId } from "../../model/ids.ts";
import { isBackupRecent, type NotKnown, unknownBackups } from "../../model/not-known.ts";
import type { Picture } from "../../model/picture.ts";
import { guestsOf } from "../overview/rows.ts";
import { t } from "../words/words.ts";
import type { Backup, FoundBackups, NamedGuest } from "./finding-backups.ts";

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

/** Every guest that is no template, with its newest backup; one that came after the backups were found is in their next list. */
export function toGuestBackups(picture: Picture, { guests, byGuest }: FoundBackups): GuestBackups[] {
  const unknown = unknownBackups(picture);
  return guestsOf(picture).flatMap((guest): GuestBackups[] => {
    if (guest.template || !guests.has(guest.id)) return [];
    const { newest = null, count = 0 } = byGuest.get(guest.id) ?? {};
    return [{ id: guest.id, guest, last: newest, unknown: unknown(guest), count, stale: guest.stale }];
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

/** What failed in the last week of jobs of Backup Servers. */
export function toFailedJobs(picture: Pick<Picture, "pbs">, now: Instant): FailedRun[] {
  return toRecent(failedJobsOf(picture), now);
}

/** Those of the last week, the newest first; what failed alike several times is one line. */
export function toRecent(failures: readonly FailedRun[], now: Instant): FailedRun[] {
  const recent = failures.filter(({ at }) => now - at < 7 * DAY).sort((a, b) => b.at - a.at);
  const alike = Map.groupBy(recent, ({ shows, place, error }) => `${shows}\n${place}\n${error}`);
  return [...alike.values()].flatMap(([newest, ...older]) => (newest ? [{ ...newest, times: older.length + 1 }] : []));
}

/** Every run that failed, as far back as is known. */
export function failuresOf(
  picture: Pick<Picture, "backupTasks" | "pbs">,
  guests: ReadonlyMap<string, NamedGuest>,
): FailedRun[] {
  const tasks = Object.values(picture.backupTasks).flatMap((task): FailedRun[] => {
    if (task.error === null) return [];
    const id = guestId(task.instance, task.vmid);
    const guest = guests.get(id);
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

function failedJobsOf(picture: Pick<Picture, "pbs">): FailedRun[] {
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
  const today = startOfDay(now);
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
export function startOfDay(at: Instant, days = 0): Instant {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}
