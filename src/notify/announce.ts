import type { Instant } from "../kit/units.ts";
import type { Alert, Transition } from "../model/alert.ts";
import type { AlertConfig } from "../model/alert-config.ts";
import type { NotificationReason } from "../model/notification.ts";
import type { Channel, ChannelBook } from "./channel-book.ts";
import { groupDue, groupKey } from "./grouping.ts";
import { type Facts, judge, type Told } from "./judge.ts";
import { CLOSES_BY_KEY, type Outbox } from "./outbox.ts";
import { stepOf } from "./reason.ts";
import type { SilenceBook } from "./silence-book.ts";
import type { ToldBook } from "./told.ts";

/** What is asked of whoever keeps the alerts. */
export interface Firing {
  /** As it fires now; null: it does not. */
  find(id: string): Alert | null;
  all(): Iterable<Alert>;
}

/** What decides together whether and when somebody is told. */
export interface Desk {
  book: ChannelBook;
  silences: SilenceBook;
  outbox: Outbox;
  told: ToldBook;
  firing: Firing;
  /** See `Facts`. */
  others: boolean;
  config: () => Pick<AlertConfig, "enabled" | "schedule">;
}

/** Puts something of an alert for a channel. */
export type Announce = (channel: Channel, reason: NotificationReason, alert: Alert, dueOf?: () => Instant) => void;

/** For one round of announcing. What is not to be told, as far as is known by now, is not put at all. */
export function announcer({ outbox, told, config }: Desk, now: Instant): Announce {
  const put = outbox.batch(now);
  const { schedule } = config();
  const { grouping } = schedule;
  return (channel, reason, alert, dueOf) => {
    const { id, name, service, address } = channel;
    const dedup = told.of(id, alert.id)?.dedup ?? null;
    const group = reason === "firing" || reason === "resolved" ? groupKey(alert, grouping) : reason;
    const key = CLOSES_BY_KEY.includes(service) ? `${group} of ${dedup ?? "none"}` : group;
    put({ channel: id, name, service, address, reason, key, dedup, alert, title: alert.message }, open =>
      dueOf ? dueOf() : groupDue(alert, { ...open, now }, grouping),
    );
  };
}

export function factsFor(
  desk: Desk,
  channel: Channel,
  told: Told | null,
  now: Instant,
  { owed = false, isLeft = false }: Partial<Pick<Facts, "owed" | "isLeft">> = {},
): Facts {
  const { enabled, schedule } = desk.config();
  const { minLevel, sendResolved } = channel;
  const { others } = desk;
  const silences = desk.silences.current(now);
  return { now, enabled, schedule, silences, minLevel, sendResolved, told, owed, isLeft, others };
}

/** Queues what the transitions are a reason for, in the caller's transaction. */
export function announceTransitions(desk: Desk, transitions: readonly Transition[], now: Instant): void {
  const { book, outbox, told } = desk;
  const channels = book.channels.filter(({ enabled }) => enabled);
  const announce = announcer(desk, now);
  for (const transition of transitions) {
    const { alert } = transition;
    const step = stepOf(transition);
    if (step === "firing") {
      for (const channel of channels) {
        const facts = factsFor(desk, channel, told.of(channel.id, alert.id), now);
        if (judge("firing", { present: alert, past: null }, facts).kind !== "drop") announce(channel, "firing", alert);
      }
    } else if (step === "resolved") announceResolved(desk, channels, alert, announce, now);
    else if (step === "hushed") outbox.withdraw(alert.id, NEWS, "It was acknowledged before it was told");
    else if (step === "withdrawn") {
      outbox.withdraw(alert.id, [...NEWS, "resolved"], transition.reason ?? "It is not to be told any more");
      told.overForAll(alert.id, now);
    }
  }
}

const NEWS = ["firing", "escalation", "reminder"] as const;

/** To those who know that it fires, or are hearing of it at this moment; and to those who may have heard of it from another process. */
function announceResolved(
  desk: Desk,
  channels: readonly Channel[],
  alert: Alert,
  announce: Announce,
  now: Instant,
): void {
  const { outbox, told, others } = desk;
  outbox.withdraw(alert.id, NEWS, "It was over before it was told");
  const knowing = told.knowing(alert.id);
  for (const channel of channels) {
    if (knowing.includes(channel.id) || (others && alert.cause === null)) {
      const facts = factsFor(desk, channel, told.of(channel.id, alert.id), now);
      if (judge("resolved", { present: null, past: alert }, facts).kind === "drop")
        told.over(channel.id, alert.id, now);
      else announce(channel, "resolved", alert);
    } else if (outbox.isSending(channel.id, alert.id)) announce(channel, "resolved", alert);
  }
  for (const id of knowing) if (!channels.some(channel => channel.id === id)) told.over(id, alert.id, now);
}
