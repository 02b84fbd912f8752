import {
  type Bytes,
  DAY,
  GIB,
  HOUR,
  type Instant,
  KIB,
  MIB,
  MINUTE,
  type Millis,
  type Percent,
  SECOND,
} from "../../kit/units.ts";
import type { Guest } from "../../model/guest.ts";
import { locale, plural, t } from "../words/words.ts";

/** What stands for a value that is not known. */
export const UNKNOWN = "–";

const TIB: Bytes = 1024 * GIB;
const SIZES: readonly [Bytes, string][] = [
  [1024 * TIB, "PiB"],
  [TIB, "TiB"],
  [GIB, "GiB"],
  [MIB, "MiB"],
  [KIB, "KiB"],
];

/** "7.5", "42": three figures at the most, in the reader's locale. */
function short(value: number): string {
  return formatNumber(value, Math.abs(value) < 9.95 ? 1 : 0);
}

/** In the reader's locale; `digits`: so many after the point, else as many as there are, up to three. */
export function formatNumber(value: number, digits?: number): string {
  let format = formats.get(digits);
  if (!format) {
    const fixed = digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits };
    format = new Intl.NumberFormat(locale(), fixed);
    formats.set(digits, format);
  }
  return format.format(value);
}

/** Each made when it is first asked for, by its digits. */
const formats = new Map<number | undefined, Intl.NumberFormat>();

/** What a day of the week is called; `day`: 0 is Monday. */
export function dayName(day: number, length: "long" | "short"): string {
  // The first of January 2024 was a Monday.
  return new Date(2024, 0, 1 + day).toLocaleDateString(locale(), { weekday: length });
}

/** The days of a week in the order of the reader's calendar; 0 is Monday. */
export function weekOrder(): number[] {
  const { weekInfo, getWeekInfo } = new Intl.Locale(locale()) as Intl.Locale & {
    weekInfo?: { firstDay: number };
    getWeekInfo?: () => { firstDay: number };
  };
  // Of a bare "en" or of an old browser: Monday, as ISO 8601 has it.
  const first = locale().includes("-")
    ? ((getWeekInfo?.call(new Intl.Locale(locale())) ?? weekInfo)?.firstDay ?? 1)
    : 1;
  return Array.from({ length: 7 }, (_, at) => (first - 1 + at) % 7);
}

/** "3.4 GiB"; null: unknown. */
export function formatBytes(bytes: Bytes | null): string {
  if (bytes === null) return UNKNOWN;
  // Three figures at the most: 1000 KiB are 1.0 MiB.
  const [size, unit] = SIZES.find(([least]) => Math.abs(bytes) >= (999.5 / 1024) * least) ?? [1, "B"];
  return `${size === 1 ? formatNumber(Math.round(bytes)) : short(bytes / size)} ${unit}`;
}

/** "1.2 MiB/s"; "0" when nothing moves; null: unknown. */
export function formatRate(bytesPerSecond: number | null): string {
  if (bytesPerSecond === null) return UNKNOWN;
  return bytesPerSecond < 1 ? "0" : `${formatBytes(bytesPerSecond)}/s`;
}

/** A text with each percentage in one piece, for where lines break: its number does not part from its sign. */
export function unbroken(text: string): string {
  return text.replaceAll(/(\d) %/g, "$1\u00a0%");
}

/** "0.4 %", "62 %"; null: unknown. */
export function formatPercent(percent: Percent | null): string {
  return percent === null ? UNKNOWN : `${percent === 0 ? "0" : short(percent)} %`;
}

/** How a number of a unit is written, from days to seconds: in English "12d". */
const UNITS: readonly [size: Millis, text: (count: number) => string][] = [
  [DAY, count => t("{count}d", { count })],
  [HOUR, count => t("{count}h", { count })],
  [MINUTE, count => t("{count}m", { count })],
  [SECOND, count => t("{count}s", { count })],
];

/** The two largest units: "12d 4h", "3h 12m", "45s"; `whole`: "2m" in place of "2m 0s". */
export function formatDuration(duration: Millis, precision: "two" | "whole" = "two"): string {
  const rest = Math.max(0, duration);
  const at = UNITS.findIndex(([size]) => rest >= size);
  const [first, second] = UNITS.slice(at === -1 ? UNITS.length - 1 : at);
  if (!first) return UNKNOWN;
  const more = second ? Math.floor((rest % first[0]) / second[0]) : 0;
  const large = first[1](Math.floor(rest / first[0]));
  return second && (more > 0 || precision === "two") ? `${large} ${second[1](more)}` : large;
}

/** Uptime in seconds, as Proxmox gives it; 0, null: not running or unknown. */
export function formatUptime(seconds: number | null): string {
  return seconds ? formatDuration(seconds * SECOND) : UNKNOWN;
}

/** "8 s", "3 min", "2 h", "5 days": its largest unit, rounded. */
export function formatLargest(duration: Millis): string {
  if (duration < MINUTE) return t("{count} s", { count: Math.round(duration / SECOND) });
  if (duration < HOUR) return t("{count} min", { count: Math.round(duration / MINUTE) });
  if (duration < 2 * DAY) return t("{count} h", { count: Math.round(duration / HOUR) });
  return plural(Math.round(duration / DAY), "day");
}

/** "8 s ago", "3 min ago", "2 h ago", "5 days ago". A time in the future is "just now". */
export function formatAgo(at: Instant, now: Instant): string {
  const age = now - at;
  if (age < 2 * SECOND) return t("just now");
  if (age < 2 * DAY) return t("{duration} ago", { duration: formatLargest(age) });
  return t("{count} days ago", { count: Math.round(age / DAY) });
}

/** "5h", "12d", "4 months", "2 years": how old something is, in its largest unit. */
export function formatAge(at: Instant, now: Instant): string {
  const age = Math.max(0, now - at);
  if (age < DAY) return t("{count}h", { count: Math.floor(age / HOUR) });
  if (age < 60 * DAY) return t("{count}d", { count: Math.floor(age / DAY) });
  return age < 730 * DAY
    ? plural(Math.floor(age / (30.44 * DAY)), "month")
    : plural(Math.floor(age / (365.25 * DAY)), "year");
}

/** "good for 42 more days", "expired 3 days ago". */
export function formatExpiry(at: Instant, now: Instant): string {
  const days = Math.floor(Math.abs(at - now) / DAY);
  if (at < now)
    return days === 1 ? t("expired a day ago") : t("expired {count} days ago", { count: formatNumber(days) });
  return days === 1 ? t("good for 1 more day") : t("good for {count} more days", { count: formatNumber(days) });
}

/** Date and time of day in the reader's locale; 0: never. */
export function formatTime(at: Instant): string {
  if (Number.isNaN(at)) return UNKNOWN;
  return at === 0 ? t("never") : wholeTime().format(at);
}

/** Made once, when first asked for: a format takes a hundred times as long to make as to use, and the first picture needs few. */
function madeOnce<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const wholeTime = madeOnce(() => new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "medium" }));
const timeOfDay = madeOnce(() => new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }));
const dayAndTime = madeOnce(
  () => new Intl.DateTimeFormat(locale(), { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }),
);

/** As briefly as it is plain, to the minute: of the day of `now` without its date. */
export function formatMoment(at: Instant, now: Instant): string {
  const isSameDay = new Date(at).toDateString() === new Date(now).toDateString();
  return (isSameDay ? timeOfDay() : dayAndTime()).format(at);
}

/** A guest's tags as a list. */
export function tagsOf(guest: Pick<Guest, "tags">): string[] {
  return guest.tags ? guest.tags.split(",") : [];
}
