import type { Instant } from "../kit/units.ts";
import type { Database } from "../store/database.ts";
import { announcer, type Desk } from "./announce.ts";
import { isReminderDue, isUnattended, levelsReached, reaches } from "./escalation.ts";
import { heldBack } from "./judge.ts";

/**
 * Queues escalations and reminders of what fires and nobody has taken care of. What is silenced or in quiet hours escalates when that is
 * over, if it still is so.
 */
export function attend(database: Database, desk: Desk, now: Instant): void {
  escalate(database, desk, now);
  remind(database, desk, now);
}

function escalate(database: Database, desk: Desk, now: Instant): void {
  const { enabled, schedule } = desk.config();
  const levels = schedule.escalation.levels ?? [];
  if (!enabled || !schedule.escalation.enabled || levels.length === 0) return;
  const context = { schedule, silences: desk.silences.current(now), now };
  const due = [...desk.firing.all()].flatMap(alert => {
    if (!isUnattended(alert)) return [];
    const reached = levelsReached(alert, levels, desk.told.escalated(alert), now);
    return reached.length > 0 && !heldBack(alert, context) ? [{ alert, reached }] : [];
  });
  if (due.length === 0) return;
  database.transaction(() => {
    const announce = announcer(desk, now);
    const channels = desk.book.channels.filter(channel => channel.enabled);
    for (const { alert, reached } of due) {
      // Several levels at once, after a silence say, are one message to whom any of them reaches.
      for (const channel of channels) {
        const of = reached.flatMap(at => levels[at] ?? []).filter(level => reaches(level, channel));
        const isNamed = of.some(({ notify }) => notify === "channels");
        const isEnough = channel.minLevel !== "critical" || alert.level === "critical";
        if (of.length > 0 && (isNamed || isEnough)) announce(channel, "escalation", alert, () => now);
      }
      for (const level of reached) desk.told.escalate(alert, level, now);
    }
  });
}

function remind(database: Database, desk: Desk, now: Instant): void {
  const { enabled, schedule } = desk.config();
  if (!enabled || !schedule.reminders.enabled) return;
  const channels = new Map(desk.book.channels.filter(channel => channel.enabled).map(channel => [channel.id, channel]));
  const due = desk.told.last().flatMap(({ channel: id, alert: alertId, at }) => {
    const [channel, alert] = [channels.get(id), desk.firing.find(alertId)];
    if (!channel || !alert || !isUnattended(alert)) return [];
    return isReminderDue(alert, at, schedule.reminders, now) ? [{ channel, alert }] : [];
  });
  if (due.length === 0) return;
  database.transaction(() => {
    const announce = announcer(desk, now);
    for (const { channel, alert } of due) {
      announce(channel, "reminder", alert, () => now);
      desk.told.reminded(channel.id, alert.id, now);
    }
  });
}
