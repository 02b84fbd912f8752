import { HOUR, type Instant } from "../kit/units.ts";
import { instantAt, wallTime, weekdayOf } from "../kit/wall-clock.ts";
import type { OwnBackup } from "../model/own-backup.ts";
import type { SystemSettings } from "../model/system-settings.ts";

export type BackupSchedule = Pick<SystemSettings, "backupSchedule" | "backupTime" | "backupDay">;

/** As `weekdayOf` counts them. */
const DAYS: readonly SystemSettings["backupDay"][] = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
];

/** When the schedule's turn last came, at `now` or before, by the wall of `zone`; null: it is off. */
export function lastTurn(schedule: BackupSchedule, now: Instant, zone: string): Instant | null {
  const turns = turnsAbout(schedule, now, zone).filter(at => at <= now);
  return turns.length === 0 ? null : Math.max(...turns);
}

/** When it comes after `now`; null: it is off. */
export function nextTurn(schedule: BackupSchedule, now: Instant, zone: string): Instant | null {
  const turns = turnsAbout(schedule, now, zone).filter(at => at > now);
  return turns.length === 0 ? null : Math.min(...turns);
}

/** All turns of the week before and of the week after. */
function turnsAbout({ backupSchedule, backupTime, backupDay }: BackupSchedule, now: Instant, zone: string): Instant[] {
  if (backupSchedule === "off") return [];
  const [hours = 0, minutes = 0] = backupTime.split(":").map(Number);
  const { day: today } = wallTime(now, zone);
  const days = Array.from({ length: 17 }, (_, at) => today - 8 + at);
  const wanted = backupSchedule === "weekly" ? days.filter(day => DAYS[weekdayOf(day)] === backupDay) : days;
  return wanted.map(day => instantAt(day, hours * 60 + minutes, zone));
}

/** A clock that was wrong may have dated a backup into the future: that one is not the last. */
const TOLERANCE = HOUR;

/** Whether the schedule asks for a backup: none has been made since its turn last came, be it that nobody ran then. */
export function isDue(schedule: BackupSchedule, backups: readonly OwnBackup[], now: Instant, zone: string): boolean {
  const turn = lastTurn(schedule, now, zone);
  if (turn === null) return false;
  return !backups.some(({ kind, at }) => kind === "scheduled" && at >= turn && at <= now + TOLERANCE);
}
