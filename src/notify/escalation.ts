import { type Instant, MINUTE } from "../kit/units.ts";
import type { Alert } from "../model/alert.ts";
import type { EscalationLevel, Schedule } from "../model/alert-config.ts";
import { isMonitorOnly } from "./judge.ts";

/** Levels (from 0) that an alert has reached and that were not told yet. */
export function levelsReached(
  alert: Alert,
  levels: readonly EscalationLevel[],
  told: ReadonlySet<number>,
  now: Instant,
): number[] {
  const age = now - Date.parse(alert.startTime);
  return levels.flatMap(({ after }, level) => (!told.has(level) && age >= after * MINUTE ? [level] : []));
}

/** Whether a level reaches a channel. */
export function reaches(level: EscalationLevel, { id, kind }: { id: string; kind: string }): boolean {
  if (level.notify === "all") return true;
  if (level.notify === "channels") return level.channels?.includes(id) ?? false;
  return level.notify === kind;
}

/** Whether anybody has to be told again of an alert that still fires. */
export function isUnattended(alert: Alert): boolean {
  return !alert.acknowledged && alert.cause === null && !isMonitorOnly(alert);
}

/** Whether it is time to remind somebody who was last told at `last`. */
export function isReminderDue(alert: Alert, last: Instant, reminders: Schedule["reminders"], now: Instant): boolean {
  if (!reminders.enabled || reminders.every <= 0) return false;
  return (alert.level === "critical" || reminders.level === "warning") && now - last >= reminders.every * MINUTE;
}
