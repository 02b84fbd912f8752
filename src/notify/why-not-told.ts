import type { Instant } from "../kit/units.ts";
import { clockText, zoneOf } from "../kit/wall-clock.ts";
import type { Alert } from "../model/alert.ts";
import type { Delivery } from "../model/notification.ts";
import type { Desk } from "./announce.ts";
import { acknowledgedBy, heldBack, isMonitorOnly } from "./judge.ts";

/** Why nobody is told of an alert, or not everybody: a sentence each. Empty: nothing stands in the way, or all were told. */
export function whyNotTold(desk: Desk, alert: Alert, now: Instant): string[] {
  const { enabled, schedule } = desk.config();
  const reasons: string[] = [];
  if (!enabled) reasons.push("Alerts are switched off");
  if (alert.acknowledged) reasons.push(acknowledgedBy(alert));
  if (alert.cause !== null) reasons.push(`It is told with the alert "${alert.cause}"`);
  if (isMonitorOnly(alert)) reasons.push('Its tag "pulse-monitor-only" keeps it from being told');
  const silences = desk.silences.current(now);
  const held = [
    // Quiet hours and silences hold each by itself: all are named.
    ...silences.map(silence => heldBack(alert, { schedule: loud(schedule), silences: [silence], now })),
    heldBack(alert, { schedule, silences: [], now }),
  ];
  reasons.push(...held.flatMap(verdict => (verdict ? [verdict.why] : [])));
  return [...reasons, ...ofChannels(desk, alert, now)];
}

function loud<S extends { quietHours: { enabled: boolean } }>(schedule: S): S {
  return { ...schedule, quietHours: { ...schedule.quietHours, enabled: false } };
}

function ofChannels(desk: Desk, alert: Alert, now: Instant): string[] {
  const channels = desk.book.channels.filter(channel => channel.enabled);
  if (channels.length === 0) return ["No channel is enabled"];
  const zone = zoneOf(desk.config().schedule.quietHours.timezone);
  const outcomes = desk.outbox.outcomes(alert.id);
  const begun = Date.parse(alert.startTime);
  return channels.flatMap(({ id, name, minLevel }) => {
    if (minLevel === "critical" && alert.level === "warning")
      return [`Its channel "${name}" is told of critical alerts only`];
    const last = outcomes.find(({ channel, reason }) => channel === id && reason !== "resolved");
    const text = last && last.queuedAt >= begun ? toReason(last, at => clockText(at, zone, now)) : null;
    return text === null ? [] : [`Its channel "${name}" ${text}`];
  });
}

/** null: it was told, or the reason is not the channel's. */
function toReason({ status, attempts, error, nextTry }: Delivery, clock: (at: Instant) => string): string | null {
  if (status === "failed") return `failed: ${error}`;
  if (status !== "waiting" || nextTry === null) return null;
  if (attempts > 0) return `fails: ${error}; tried again at ${clock(nextTry)}`;
  return error === null ? `is told at ${clock(nextTry)}, with others of its group` : null;
}
