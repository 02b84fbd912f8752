import { DAY, HOUR, type Instant, KIB, MINUTE, type Millis, round, SECOND } from "../../kit/units.ts";
import type { Alert, AlertLevel, AlertUnit } from "../../model/alert.ts";
import type { Language } from "../../model/user-settings.ts";
import type { Message } from "./channel.ts";
import { decimal, lengthUnits, localeOf, say, tell } from "./phrases.ts";

/** A name or a sentence of an upstream is cut here, so that one cannot crowd out all the others. */
const LONGEST_NAME = 120;
const LONGEST_SENTENCE = 500;
/** Of those that an alert covers, so many are named. */
const NAMED = 5;

/** What signals are called where their name does not say it. */
const SIGNALS: Readonly<Record<string, string>> = {
  cpu: "CPU",
  diskRead: "Disk reads",
  diskWrite: "Disk writes",
  networkIn: "Network in",
  networkOut: "Network out",
  wearout: "Life left",
  backupAge: "Age of backup",
  snapshotAge: "Age of snapshot",
};

/** "CPU", "Disk reads", "Zfs state". */
function nameOfSignal(type: string, language: Language): string {
  const words = type.replaceAll(/[-_]+/g, " ").trim();
  return tell(language, SIGNALS[type] ?? words.charAt(0).toUpperCase() + words.slice(1));
}

/** "97 %", "1.5 MiB/s", "81 °C", "5m", "3 days", "12"; empty for a state, which has no figure. */
export function toFigure(value: number, unit: AlertUnit, language: Language): string {
  const short = decimal(language, round(value, Math.abs(value) < 10 ? 2 : 1));
  if (unit === "percent") return `${short} %`;
  if (unit === "bytes/s") return `${toSize(value, language)}/s`;
  if (unit === "celsius") return `${short} °C`;
  if (unit === "seconds") return toLength(value * SECOND, language);
  if (unit === "days") return say(language, value === 1 ? "{count} day" : "{count} days", { count: short });
  return unit === "count" ? short : "";
}

function toSize(bytes: number, language: Language): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const step = Math.min(
    units.length - 1,
    Math.max(0, Math.floor(Math.log(Math.max(1, Math.abs(bytes))) / Math.log(KIB))),
  );
  return `${decimal(language, round(bytes / KIB ** step, 1))} ${units[step] ?? ""}`;
}

/** The two largest units: "12d 4h", "3h 12m", "5m", "45s". */
export function toLength(length: Millis, language: Language): string {
  const [days, hours, minutes, seconds] = lengthUnits(language);
  const units = [
    [DAY, days],
    [HOUR, hours],
    [MINUTE, minutes],
    [SECOND, seconds],
  ] as const;
  const rest = Math.max(0, length);
  const first = units.findIndex(([size]) => rest >= size);
  if (first === -1) return `0${seconds}`;
  return units
    .slice(first, first + 2)
    .map(([size, name], index) => [
      Math.floor(index === 0 ? rest / size : (rest % (units[first]?.[0] ?? 1)) / size),
      name,
    ])
    .filter(([count]) => count !== 0)
    .map(([count, name]) => `${count}${name}`)
    .join(" ");
}

type Clock = (at: Instant) => string;
/** Making one takes longer than all else about a message. */
const clocks = new Map<string, Clock>();

/** "27 Nov 2025, 14:03 CET". A zone that is not known is UTC. */
export function toTime(at: Instant, { timezone, language }: Pick<Message, "timezone" | "language">): string {
  const key = `${language} ${timezone}`;
  const locale = localeOf(language);
  const clock = clocks.get(key) ?? toClock(timezone, locale) ?? toClock("UTC", locale);
  if (clock === null) return new Date(at).toISOString();
  if (clocks.size < 50) clocks.set(key, clock);
  return clock(at);
}

function toClock(timeZone: string, locale: string): Clock | null {
  try {
    const time = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone });
    const named = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "short" });
    const zone = (at: Instant) =>
      named.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
    return at => `${time.format(at)} ${zone(at)}`;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** One line, cut at `longest`, never in the middle of a character. */
export function clip(text: string, longest: number): string {
  return cut(text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim(), longest);
}

/** Cut at `longest`, never in the middle of a character. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const first = text.slice(0, longest - 1);
  return `${/[\ud800-\udbff]$/.test(first) ? first.slice(0, -1) : first}…`;
}

/** An alert in words, without any markup; each is one line. */
export interface Words {
  /** "CPU of web-1 at 97 %"; of a state the alert's own sentence. */
  what: string;
  /** "Critical", "Warning", "Resolved". */
  state: string;
  /** "threshold 90 %", "on pve1", "since …": what else there is to say about it. */
  details: string[];
}

/** @param message the one that the alert is told by: it says when, and whether it is over */
export function toWords(alert: Alert, message: Message): Words {
  const { language } = message;
  const name = clip(alert.resourceName || alert.resourceId, LONGEST_NAME);
  const figure = toFigure(alert.value, alert.unit, language);
  const sentence = clip(tell(language, alert.message), LONGEST_SENTENCE).replace(/\.$/, "");
  const resolved = message.reason === "resolved";
  const began = Date.parse(alert.startTime);
  const details: string[] = [];
  const length = Number.isNaN(began) ? null : toLength(message.at - began, language);
  if (resolved && figure !== "") details.push(say(language, "was at {figure}", { figure }));
  if (figure !== "")
    details.push(say(language, "threshold {figure}", { figure: toFigure(alert.threshold, alert.unit, language) }));
  const node = clip(alert.node, LONGEST_NAME);
  if (node !== "" && node !== name) details.push(say(language, "on {node}", { node }));
  if (length !== null) {
    const time = toTime(began, message);
    details.push(say(language, resolved ? "since {time}" : "since {time} ({length})", { time, length }));
  }
  const covered = toCovered(alert, language);
  if (covered !== "") details.push(say(language, "also covers {names}", { names: covered }));
  if (alert.acknowledged) {
    const user = clip(alert.ackUser ?? "", LONGEST_NAME);
    details.push(say(language, user === "" ? "acknowledged" : "acknowledged by {user}", { user }));
  }
  const isFigure = figure !== "" && name !== "";
  const signal = nameOfSignal(alert.type, language);
  const what = isFigure ? say(language, "{signal} of {name}", { signal, name }) : sentence;
  const level = alert.level === "critical" ? "Critical" : "Warning";
  return {
    what: withEnd(what, { figure: isFigure ? figure : "", length: resolved ? length : null, resolved, language }),
    state: say(language, resolved ? "Resolved" : level),
    details,
  };
}

function withEnd(
  what: string,
  end: { figure: string; length: string | null; resolved: boolean; language: Language },
): string {
  const { figure, length, resolved, language } = end;
  if (resolved) return length === null ? what : say(language, "{what}, after {length}", { what, length });
  return figure === "" ? what : say(language, "{what} at {figure}", { what, figure });
}

/** The level of the worst alert; of none: info. */
export function worstOf({ alerts }: Message): AlertLevel | "info" {
  if (alerts.length === 0) return "info";
  return alerts.some(({ level }) => level === "critical") ? "critical" : "warning";
}

/** "web-1, db-1 and 12 more"; empty when it covers nothing. */
function toCovered(alert: Alert, language: Language): string {
  const named = alert.covers.slice(0, NAMED).map(({ name, resourceId }) => clip(name || resourceId, LONGEST_NAME));
  const more = Math.max(alert.coversCount, alert.covers.length) - named.length;
  if (named.length === 0) return more > 0 ? say(language, "{count} more", { count: more }) : "";
  const names = named.join(", ");
  return more > 0 ? say(language, "{names} and {count} more", { names, count: more }) : names;
}

/** What it is about in a line, as for a subject: "Critical: CPU of web-1 at 97 %". */
export function toTitle(message: Message): string {
  const { reason, alerts, language } = message;
  const [first] = alerts;
  if (reason === "canary" || first === undefined) return say(language, "Pulse is up: a daily sign of life");
  const words = toWords(first, message);
  const count = alerts.length - 1;
  const title =
    count === 0
      ? `${words.state}: ${words.what}`
      : say(language, "{alerts}: {what}, and {count} more", { alerts: toCount(message), what: words.what, count });
  const prefixed = PREFIXED[reason];
  return clip(prefixed === null ? title : say(language, prefixed, { title }), 250);
}

const PREFIXED = {
  firing: null,
  resolved: null,
  reminder: "Still so: {title}",
  escalation: "Escalated: {title}",
  test: "Test: {title}",
} as const;

/** "5 alerts (2 critical)" */
function toCount({ reason, alerts, language }: Message): string {
  const count = alerts.length;
  const critical = alerts.filter(({ level }) => level === "critical").length;
  if (reason === "resolved") return say(language, "{count} alerts resolved", { count });
  return say(language, critical > 0 ? "{count} alerts ({critical} critical)" : "{count} alerts", { count, critical });
}

/** What stands above the alerts: a sentence each. */
export function toNotes(message: Message): string[] {
  const note = NOTES[message.reason];
  const twice = "You may have had this before: whether it came could not be known.";
  return [...(note === null ? [] : [note]), ...(message.duplicatePossible ? ([twice] as const) : [])].map(one =>
    say(message.language, one),
  );
}

const NOTES = {
  firing: null,
  resolved: null,
  reminder: "A reminder: this still is so.",
  escalation: "An escalation: nobody has acknowledged this so far.",
  test: "A test: somebody asked Pulse to send it.",
  canary: "Pulse is running and can reach you here. It says so once a day, so that its silence means something.",
} as const;

/** Where people see it in Pulse; null: no address is set. */
export function toLink(message: Message): string | null {
  return message.publicUrl ? `${message.publicUrl.replace(/\/+$/, "")}/alerts` : null;
}
