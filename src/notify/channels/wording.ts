import { DAY, HOUR, type Instant, KIB, MINUTE, type Millis, round, SECOND } from "../../kit/units.ts";
import type { Alert, AlertLevel, AlertUnit } from "../../model/alert.ts";
import type { Message } from "./channel.ts";

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
function nameOfSignal(type: string): string {
  const known = SIGNALS[type];
  if (known !== undefined) return known;
  const words = type.replaceAll(/[-_]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "97 %", "1.5 MiB/s", "81 °C", "5m", "3 days", "12"; empty for a state, which has no figure. */
export function toFigure(value: number, unit: AlertUnit): string {
  const short = String(round(value, Math.abs(value) < 10 ? 2 : 1));
  if (unit === "percent") return `${short} %`;
  if (unit === "bytes/s") return `${toSize(value)}/s`;
  if (unit === "celsius") return `${short} °C`;
  if (unit === "seconds") return toLength(value * SECOND);
  if (unit === "days") return `${short} ${value === 1 ? "day" : "days"}`;
  return unit === "count" ? short : "";
}

function toSize(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const step = Math.min(
    units.length - 1,
    Math.max(0, Math.floor(Math.log(Math.max(1, Math.abs(bytes))) / Math.log(KIB))),
  );
  return `${round(bytes / KIB ** step, 1)} ${units[step] ?? ""}`;
}

/** The two largest units: "12d 4h", "3h 12m", "5m", "45s". */
export function toLength(length: Millis): string {
  const units = [
    [DAY, "d"],
    [HOUR, "h"],
    [MINUTE, "m"],
    [SECOND, "s"],
  ] as const;
  const rest = Math.max(0, length);
  const first = units.findIndex(([size]) => rest >= size);
  if (first === -1) return "0s";
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
export function toTime(at: Instant, timezone: string): string {
  const clock = clocks.get(timezone) ?? toClock(timezone) ?? toClock("UTC");
  if (clock === null) return new Date(at).toISOString();
  if (clocks.size < 50) clocks.set(timezone, clock);
  return clock(at);
}

function toClock(timeZone: string): Clock | null {
  try {
    const time = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone });
    const named = new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "short" });
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
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  if (line.length <= longest) return line;
  const cut = line.slice(0, longest - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
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
  const name = clip(alert.resourceName || alert.resourceId, LONGEST_NAME);
  const figure = toFigure(alert.value, alert.unit);
  const sentence = clip(alert.message, LONGEST_SENTENCE).replace(/\.$/, "");
  const resolved = message.reason === "resolved";
  const began = Date.parse(alert.startTime);
  const details: string[] = [];
  const length = Number.isNaN(began) ? null : toLength(message.at - began);
  if (resolved && figure !== "") details.push(`was at ${figure}`);
  if (figure !== "") details.push(`threshold ${toFigure(alert.threshold, alert.unit)}`);
  const node = clip(alert.node, LONGEST_NAME);
  if (node !== "" && node !== name) details.push(`on ${node}`);
  if (length !== null) details.push(`since ${toTime(began, message.timezone)}${resolved ? "" : ` (${length})`}`);
  const covered = toCovered(alert);
  if (covered !== "") details.push(`also covers ${covered}`);
  if (alert.acknowledged)
    details.push(`acknowledged${alert.ackUser ? ` by ${clip(alert.ackUser, LONGEST_NAME)}` : ""}`);
  const what = figure === "" || name === "" ? sentence : `${nameOfSignal(alert.type)} of ${name}`;
  const end = resolved ? (length === null ? "" : `, after ${length}`) : what === sentence ? "" : ` at ${figure}`;
  return {
    what: what + end,
    state: resolved ? "Resolved" : nameOfLevel(alert),
    details,
  };
}

function nameOfLevel(alert: Alert): string {
  return alert.level === "critical" ? "Critical" : "Warning";
}

/** The level of the worst alert; of none: info. */
export function worstOf({ alerts }: Message): AlertLevel | "info" {
  if (alerts.length === 0) return "info";
  return alerts.some(({ level }) => level === "critical") ? "critical" : "warning";
}

/** "web-1, db-1 and 12 more"; empty when it covers nothing. */
function toCovered(alert: Alert): string {
  const named = alert.covers.slice(0, NAMED).map(({ name, resourceId }) => clip(name || resourceId, LONGEST_NAME));
  const more = Math.max(alert.coversCount, alert.covers.length) - named.length;
  if (named.length === 0) return more > 0 ? `${more} more` : "";
  return more > 0 ? `${named.join(", ")} and ${more} more` : named.join(", ");
}

/** What it is about in a line, as for a subject: "Critical: CPU of web-1 at 97 %". */
export function toTitle(message: Message): string {
  const { reason, alerts } = message;
  const [first] = alerts;
  if (reason === "canary" || first === undefined) return "Pulse is up: a daily sign of life";
  const prefix = { firing: "", resolved: "", reminder: "Still so: ", escalation: "Escalated: ", test: "Test: " }[
    reason
  ];
  const words = toWords(first, message);
  if (alerts.length === 1) return clip(`${prefix}${words.state}: ${words.what}`, 250);
  const critical = alerts.filter(alert => alert.level === "critical").length;
  const count =
    reason === "resolved"
      ? `${alerts.length} alerts resolved`
      : `${alerts.length} alerts${critical > 0 ? ` (${critical} critical)` : ""}`;
  return clip(`${prefix}${count}: ${words.what}, and ${alerts.length - 1} more`, 250);
}

/** What stands above the alerts: a sentence each. */
export function toNotes(message: Message): string[] {
  const notes: string[] = [];
  if (message.reason === "reminder") notes.push("A reminder: this still is so.");
  if (message.reason === "escalation") notes.push("An escalation: nobody has acknowledged this so far.");
  if (message.reason === "test") notes.push("A test: somebody asked Pulse to send it.");
  if (message.reason === "canary")
    notes.push("Pulse is running and can reach you here. It says so once a day, so that its silence means something.");
  if (message.duplicatePossible) notes.push("You may have had this before: Pulse ended while it was being sent.");
  return notes;
}

/** Where people see it in Pulse; null: no address is set. */
export function toLink(message: Message): string | null {
  return message.publicUrl ? `${message.publicUrl.replace(/\/+$/, "")}/alerts` : null;
}
