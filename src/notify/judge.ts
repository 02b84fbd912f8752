import { type Instant, MINUTE } from "../kit/units.ts";
import { clockText, zoneOf } from "../kit/wall-clock.ts";
import type { Alert, AlertLevel } from "../model/alert.ts";
import type { Schedule } from "../model/alert-config.ts";
import type { NotificationReason } from "../model/notification.ts";
import type { Silence } from "../model/silence.ts";
import { quietUntil } from "./quiet-hours.ts";
import { matches, silentUntil } from "./silence-match.ts";

/** What a channel was told of an alert. */
export interface Told {
  /** When it was last told that it fires. */
  at: Instant;
  level: AlertLevel;
  /** When it was over, told or not; null: as far as the channel knows it fires. */
  over: Instant | null;
  /** false: Pulse ended while it was sent, so perhaps it was not. */
  certain: boolean;
  /** Under which key receivers know it. */
  dedup: string;
}

/** What the decision needs besides the alert. */
export interface Facts {
  now: Instant;
  /** Of the alerts as a whole. */
  enabled: boolean;
  schedule: Schedule;
  silences: readonly Omit<Silence, "state">[];
  minLevel: AlertLevel | undefined;
  sendResolved: boolean;
  told: Told | null;
  /** It is the rest of a message that others of the channel had: they are owed it, whatever the channel knows. */
  owed: boolean;
  /** It is the end of what people were told of by a memory that is no more; what fires at present is another one. */
  isLeft: boolean;
  /** Other processes tell the same channels: what this one has not told, or heard of, may have been told. */
  others: boolean;
}

/** `hold`: not before `until`, and then only if it is still to be told. */
export type Verdict = { kind: "tell" } | { kind: "hold"; until: Instant; why: string } | { kind: "drop"; why: string };

const TELL: Verdict = { kind: "tell" };
const drop = (why: string): Verdict => ({ kind: "drop", why });

/**
 * Whether a channel is told of an alert now: asked when it is queued, and again whenever it is about to be sent. `now` is the alert as it
 * fires at present, null when it does not any more; `then` as it was when it last fired, for `resolved`.
 */
export function judge(
  reason: NotificationReason,
  { present, past }: { present: Alert | null; past: Alert | null },
  facts: Facts,
): Verdict {
  if (!facts.enabled) return drop("Alerts are switched off");
  if (reason === "resolved") return judgeResolved(present, past, facts);
  if (!present) return drop("It was over before it was told");
  const { acknowledged, cause, level } = present;
  if (acknowledged) return drop(acknowledgedBy(present));
  if (cause !== null) return drop(`It is told with the alert "${cause}"`);
  if (isMonitorOnly(present)) return drop('Its tag "pulse-monitor-only" keeps it from being told');
  if (reason !== "escalation" && facts.minLevel === "critical" && level === "warning")
    return drop("The channel is told of critical alerts only");
  const { told, owed } = facts;
  const isNews =
    owed || !told || told.over !== null || !told.certain || (level === "critical" && told.level === "warning");
  if (reason === "firing" && !isNews) return drop("The channel knows of it already");
  return heldBack(present, facts) ?? (reason === "firing" && !owed ? coolingDown(told, facts) : null) ?? TELL;
}

export const UNTOLD = "The channel was not told that it fired";

/** Whether it fires as far as the channel knows. */
export function knows(told: Told | null): boolean {
  return told !== null && told.over === null;
}

function judgeResolved(present: Alert | null, past: Alert | null, facts: Facts): Verdict {
  const { told, sendResolved, schedule } = facts;
  if (!facts.others && !facts.owed && !knows(told)) return drop(UNTOLD);
  if (present)
    return facts.isLeft
      ? { kind: "hold", until: facts.now + MINUTE, why: "Another one fires at present" }
      : drop("It fires again");
  if (!sendResolved) return drop("The channel is not told when all is well again");
  if (!schedule.notifyOnResolve) return drop("Nobody is told when all is well again");
  return (past && heldBack(past, facts)) ?? TELL;
}

/** Silences, maintenance and quiet hours; null: none. */
export function heldBack(
  alert: Alert,
  { silences, schedule, now }: Pick<Facts, "silences" | "schedule" | "now">,
): (Verdict & { kind: "hold" }) | null {
  const zone = zoneOf(schedule.quietHours.timezone);
  for (const silence of silences) {
    if (!matches(silence.matcher, alert)) continue;
    const until = silentUntil(silence, now);
    if (until === null) continue;
    const what = silence.kind === "maintenance" ? "In maintenance" : "Silenced";
    const by = silence.createdBy === "" ? "" : ` by ${silence.createdBy}`;
    const comment = silence.comment === "" ? "" : `: ${silence.comment}`;
    return { kind: "hold", until, why: `${what}${by} until ${clockText(until, zone, now)}${comment}` };
  }
  const until = quietUntil(alert, schedule.quietHours, now);
  return until === null ? null : { kind: "hold", until, why: `Quiet hours until ${clockText(until, zone, now)}` };
}

/** What has just been well again is told anew only after a while; what has become worse, at once. */
function coolingDown(told: Told | null, { schedule, now }: Facts): Verdict | null {
  // One that was told in the future was told before the clock was set back: nobody knows how long ago.
  if (!told || told.over === null || told.at > now) return null;
  const until = told.at + schedule.cooldown * MINUTE;
  if (now >= until) return null;
  const zone = zoneOf(schedule.quietHours.timezone);
  return { kind: "hold", until, why: `It was told a short while ago; again at ${clockText(until, zone, now)}` };
}

export function acknowledgedBy({ ackUser }: Alert): string {
  return ackUser ? `Acknowledged by ${ackUser}` : "Acknowledged";
}

/** A tag of the guest by which it is watched but never told. */
export function isMonitorOnly({ tags, metadata }: Alert): boolean {
  return metadata.monitorOnly === true || tags.includes("pulse-monitor-only");
}
