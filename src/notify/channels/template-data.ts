import { createHash } from "node:crypto";
import { SECOND } from "../../kit/units.ts";
import type { Alert } from "../../model/alert.ts";
import type { Webhook } from "../../model/channel.ts";
import { Struct, toValue, type Value } from "../templates/value.ts";
import type { Message } from "./channel.ts";
import { say, tell } from "./phrases.ts";
import { PLAIN, type Room, toText } from "./text.ts";
import { clip, toFigure, toLength, toLink, toTime, toTitle, toWords, worstOf } from "./wording.ts";

/** Where a message is about no alert: what its fields are. */
const NO_ALERT: Alert = {
  id: "pulse-alive",
  type: "alive",
  level: "warning",
  resourceId: "pulse",
  resourceName: "Pulse",
  resourceType: "instance",
  node: "",
  instance: "",
  message: "Pulse is running and can reach you here.",
  value: 0,
  threshold: 0,
  unit: "state",
  startTime: "",
  lastSeen: "",
  acknowledged: false,
  cause: null,
  covers: [],
  coversCount: 0,
  tags: [],
  metadata: {},
};
/** `.Alerts` has no more, and is no larger than this as JSON. */
const MOST_ALERTS = 500;
const LARGEST_ALERTS = 400_000;
/** `.Message` of a group stays below this. */
const LONGEST_MESSAGE = 2000;

/** What templates are given: the fields of the worst alert, those of the whole message, and each alert in `.Alerts`. */
export function toTemplateData(settings: Webhook, message: Message, room: Room): Struct {
  const { alerts, reason, at } = message;
  const [first] = alerts;
  const shown = bounded(alerts);
  const custom = new Map<string, Value>(Object.entries(settings.customFields ?? {}));
  const text = (style: Room) => toText(message, style);
  return new Struct({
    ...fieldsOf(first ?? { ...NO_ALERT, startTime: new Date(at).toISOString() }, message),
    Level: worstOf(message),
    Message: alerts.length > 1 ? messageOf(message) : tell(message.language, (first ?? NO_ALERT).message),
    Timestamp: new Date(at).toISOString(),
    UnixTime: BigInt(Math.floor(at / SECOND)),
    CustomFields: custom,
    ChatID: chatIdOf(settings.url),
    AlertCount: BigInt(alerts.length),
    Alerts: shown.map(alert => new Struct(fieldsOf(alert, message), alert)),
    More: BigInt(alerts.length - shown.length),
    Reason: reason,
    Resolved: reason === "resolved",
    Title: toTitle(message),
    MarkedTitle: room.style.escape(toTitle(message)),
    Text: text(room),
    PlainText: text({ ...room, style: PLAIN }),
    Link: toLink(message) ?? "",
    LinkText: say(message.language, "Show in Pulse"),
    DedupKey: keyOf(message),
    DuplicatePossible: message.duplicatePossible,
  });
}

function fieldsOf(alert: Alert, message: Message): Record<string, Value> {
  const began = Date.parse(alert.startTime);
  const { state, what, details } = toWords(alert, message);
  return {
    ID: alert.id,
    Level: alert.level,
    Type: alert.type,
    ResourceName: alert.resourceName,
    ResourceID: alert.resourceId,
    ResourceType: alert.resourceType,
    Node: alert.node,
    Instance: alert.instance,
    Message: tell(message.language, alert.message),
    Value: alert.value,
    Threshold: alert.threshold,
    Unit: alert.unit,
    ValueFormatted: toFigure(alert.value, alert.unit, message.language),
    ThresholdFormatted: alert.unit === "state" ? "" : toFigure(alert.threshold, alert.unit, message.language),
    StartTime: alert.startTime,
    Since: Number.isNaN(began) ? "" : toTime(began, message),
    Duration: Number.isNaN(began) ? "" : toLength(message.at - began, message.language),
    Acknowledged: alert.acknowledged,
    AckTime: alert.ackTime ?? "",
    AckUser: alert.ackUser ?? "",
    Covers: alert.covers.map(({ name, resourceId }) => name || resourceId),
    CoversCount: BigInt(alert.coversCount),
    Tags: [...alert.tags],
    Metadata: toValue(alert.metadata),
    Headline: `${state}: ${what}`,
    Details: details.join(" · "),
  };
}

/** Services take 255 characters of a key. */
function keyOf({ dedupKey }: Message): string {
  return dedupKey.length <= 255 ? dedupKey : createHash("sha256").update(dedupKey).digest("hex");
}

/** All alerts in one line, so that it fits between the quotes of a template that was written for one. */
function messageOf(message: Message): string {
  const [first, ...others] = message.alerts;
  let line = clip(tell(message.language, first?.message ?? ""), 500);
  for (const [index, alert] of others.entries()) {
    const { state, what } = toWords(alert, message);
    const longer = `${line} | ${state}: ${what}`;
    if (longer.length > LONGEST_MESSAGE)
      return `${line} | ${say(message.language, "and {count} more", { count: others.length - index })}`;
    line = longer;
  }
  return line;
}

/** As many as a receiver can be expected to take; they may cover a hundred others each. */
function bounded(alerts: readonly Alert[]): readonly Alert[] {
  let size = 0;
  const tooMany = alerts.findIndex((alert, index) => {
    size += JSON.stringify(alert).length;
    return index === MOST_ALERTS || (size > LARGEST_ALERTS && index > 0);
  });
  return tooMany === -1 ? alerts : alerts.slice(0, tooMany);
}

/** Telegram's chat is named in the address. NOTE: the address may be a template, and so no URL yet. */
function chatIdOf(url: string): string {
  const found = /[?&]chat_id=([^&#]*)/.exec(url)?.[1] ?? "";
  return URL.parse(`http://x/?${found}`) === null ? found : (new URLSearchParams(`v=${found}`).get("v") ?? "");
}
