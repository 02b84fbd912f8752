import { digestOf, toToken } from "./cluster/names.ts";
import type { Mark, Teller } from "./cluster/teller.ts";
import { HOUR, type Instant, MINUTE, type Millis, SECOND } from "./kit/units.ts";
import type { Alert, AlertLevel } from "./model/alert.ts";
import type { NotificationReason } from "./model/notification.ts";
import type { Channel } from "./notify/channel-book.ts";
import { ChannelFailure, type Message, type Sent } from "./notify/channels/channel.ts";
import type { Dispatch } from "./notify/dispatch.ts";

/** What comes again and again comes about at each core by itself, within that time of one another. */
const TOGETHER: Partial<Record<NotificationReason, Millis>> = {
  reminder: 2 * MINUTE,
  escalation: 2 * MINUTE,
  canary: 6 * HOUR,
};
const AGAIN = 5 * SECOND;
const NOTHING: Sent = { statusCode: null, response: "", payload: "" };
const LEVELS: readonly AlertLevel[] = ["warning", "critical"];

/** By which all cores know what one of them tells. */
interface Key {
  key: string;
  /** null: it is about none. */
  alert: Alert | null;
  /** What was told under these need not be told under this. */
  instead: readonly string[];
  /** Under which it was told that the alert fires. */
  begun: readonly string[];
}

/**
 * Sends what no other core has sent: for each alert of a message there is a key, and only who has it sends. A core that is not to send waits
 * until the other has, so that it knows, as if it had sent itself, who was told of what. Whether the channel has heard of the beginning of
 * what is over, and under which key its receiver knows it, is asked of the marks, too: another core may have told of that.
 */
export function tellOnce(dispatch: Dispatch, teller: Pick<Teller, "claim" | "marks">): Dispatch {
  return async (channel, message) => {
    const { reason } = message;
    // Somebody waits for it, at this very core.
    if (reason === "test") return await dispatch(channel, message);
    // What it has sent to others of the channel this very core owes the rest of them: no other knows of that.
    if (message.recipients) return await dispatch(channel, message);
    const all = keysOf(channel, message);
    const marks = await teller.marks(all.flatMap(({ instead, begun }) => [...instead, ...begun]));
    const untold = reason === "resolved" ? untoldOf(all, message, marks) : [];
    const keys = all.filter(
      ({ alert, instead }) =>
        !(alert && untold.includes(alert.id)) && !instead.some(key => marks?.get(key)?.state === "told"),
    );
    if (keys.length === 0) return { ...NOTHING, untold };
    const dedupKey = dedupOf(message, keys, marks);
    const claim = await teller.claim(
      keys.map(({ key }) => key),
      { at: cameAbout(message), dedup: withoutPart(dedupKey), overdue: TOGETHER[reason] ? "left" : "told" },
    );
    if (!claim) throw elsewhere();
    if (claim.ours.size === 0) return { ...NOTHING, untold };
    const alerts = keys.flatMap(({ key, alert }) => (alert && claim.ours.has(key) ? alert : []));
    try {
      const duplicatePossible = message.duplicatePossible || claim.uncertain;
      const sent = await dispatch(channel, { ...message, alerts, dedupKey, duplicatePossible });
      await claim.done();
      return { ...sent, untold };
    } catch (error) {
      // Where it may have come, the mark stays as one of somebody who did not come to its end: whoever tells next says so.
      if (!(error instanceof ChannelFailure && error.perhaps)) await claim.undo();
      throw error;
    }
  };
}

function elsewhere(): ChannelFailure {
  return new ChannelFailure("elsewhere", "Another core is to send it", { retryAfter: AGAIN });
}

/** When it came about, at the earliest. */
function cameAbout({ reason, alerts, at }: Message): Instant {
  return reason === "firing" ? Math.min(at, ...alerts.map(({ startTime }) => Date.parse(startTime))) : at;
}

/** What is the same at all cores: never a time of their own, but for what comes again and again. */
function keysOf(channel: Channel, { reason, alerts, queued }: Message): Key[] {
  const together = TOGETHER[reason];
  const name = (of: NotificationReason, about: string, slot = "") =>
    `${toToken(channel.id)}.${of}.${digestOf(about)}${slot}`;
  // One at the end of its slot and one at the beginning of the next come together, too.
  const [slot, next] = together ? nearest(queued / together).map(at => `.${at}`) : [];
  const firing = (alert: Alert, level: AlertLevel) => name("firing", `${nameOf(alert)} ${level}`);
  const toKey = (alert: Alert | null): Key => {
    const key = (at?: string) =>
      alert && reason === "firing" ? firing(alert, alert.level) : name(reason, alert ? nameOf(alert) : "", at);
    const worse = alert && reason === "firing" && alert.level === "warning" ? [firing(alert, "critical")] : [];
    // A core that is behind shows it to fire still, and of the beginning NATS may have lost that it was told.
    const over = alert && reason !== "resolved" ? [name("resolved", nameOf(alert))] : [];
    return {
      ...{ key: key(slot), alert },
      instead: [...(next === undefined ? worse : [key(next)]), ...over],
      begun: alert ? LEVELS.map(level => firing(alert, level)) : [],
    };
  };
  return alerts.length === 0 ? [toKey(null)] : alerts.map(toKey);
}

/** An alert that fires again shortly after it was over is the same one, and told anew. */
function nameOf({ id, startTime, metadata }: Alert): string {
  return `${id} ${metadata.firedAt ?? startTime}`;
}

/** The nearest whole number, and the one that is nearest after that. */
function nearest(number: number): [number, number] {
  const first = Math.round(number);
  return [first, number > first ? first + 1 : first - 1];
}

/** Ids of those that are over and nobody has told of, as far as can be known. Throws ChannelFailure when the marks cannot be read now. */
function untoldOf(keys: readonly Key[], { unheard }: Message, marks: ReadonlyMap<string, Mark> | null): string[] {
  if (!marks && unheard.length > 0) throw elsewhere();
  return keys.flatMap(({ alert, begun }) =>
    alert && unheard.includes(alert.id) && !begun.some(key => marks?.has(key)) ? [alert.id] : [],
  );
}

/** Under which the receiver knows of it, whoever told it of the beginning. */
function dedupOf({ dedupKey }: Message, keys: readonly Key[], marks: ReadonlyMap<string, Mark> | null): string {
  const [known] = keys.flatMap(({ begun }) => begun.flatMap(key => marks?.get(key)?.dedup ?? []));
  return known === undefined ? dedupKey : `${known}${dedupKey.slice(withoutPart(dedupKey).length)}`;
}

/** What is over of a group while others of it still fire is told under the group's key with an ending. */
function withoutPart(dedupKey: string): string {
  return dedupKey.replace(/-part$/, "");
}
