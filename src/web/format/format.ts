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

const numbers = [0, 1].map(
  digits => new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** "7.5", "42": three figures at the most, in the reader's locale. */
function short(value: number): string {
  return (numbers[Math.abs(value) < 9.95 ? 1 : 0] as Intl.NumberFormat).format(value);
}

/** "3.4 GiB"; null: unknown. */
export function formatBytes(bytes: Bytes | null): string {
  if (bytes === null) return UNKNOWN;
  // Three figures at the most: 1000 KiB are 1.0 MiB.
  const [size, unit] = SIZES.find(([least]) => Math.abs(bytes) >= (999.5 / 1024) * least) ?? [1, "B"];
  return `${size === 1 ? String(Math.round(bytes)) : short(bytes / size)} ${unit}`;
}

/** "1.2 MiB/s"; "0" when nothing moves; null: unknown. */
export function formatRate(bytesPerSecond: number | null): string {
  if (bytesPerSecond === null) return UNKNOWN;
  return bytesPerSecond < 1 ? "0" : `${formatBytes(bytesPerSecond)}/s`;
}

/** "0.4 %", "62 %"; null: unknown. */
export function formatPercent(percent: Percent | null): string {
  return percent === null ? UNKNOWN : `${percent === 0 ? "0" : short(percent)} %`;
}

/** The two largest units: "12d 4h", "3h 12m", "45s". */
export function formatDuration(duration: Millis): string {
  const rest = Math.max(0, duration);
  if (rest >= DAY) return `${Math.floor(rest / DAY)}d ${Math.floor((rest % DAY) / HOUR)}h`;
  if (rest >= HOUR) return `${Math.floor(rest / HOUR)}h ${Math.floor((rest % HOUR) / MINUTE)}m`;
  if (rest >= MINUTE) return `${Math.floor(rest / MINUTE)}m ${Math.floor((rest % MINUTE) / SECOND)}s`;
  return `${Math.floor(rest / SECOND)}s`;
}

/** Uptime in seconds, as Proxmox gives it; 0, null: not running or unknown. */
export function formatUptime(seconds: number | null): string {
  return seconds ? formatDuration(seconds * SECOND) : UNKNOWN;
}

/** "8 s ago", "3 min ago", "2 h ago", "5 days ago". A time in the future is "just now". */
export function formatAgo(at: Instant, now: Instant): string {
  const age = now - at;
  if (age < 2 * SECOND) return t("just now");
  if (age < MINUTE) return t("{round} s ago", { round: Math.round(age / SECOND) });
  if (age < HOUR) return t("{round} min ago", { round: Math.round(age / MINUTE) });
  if (age < 2 * DAY) return t("{round} h ago", { round: Math.round(age / HOUR) });
  return t("{round} days ago", { round: Math.round(age / DAY) });
}

/** "5h", "12d", "4 months", "2 years": how old something is, in its largest unit. */
export function formatAge(at: Instant, now: Instant): string {
  const age = Math.max(0, now - at);
  if (age < DAY) return `${Math.floor(age / HOUR)}h`;
  if (age < 60 * DAY) return `${Math.floor(age / DAY)}d`;
  return age < 730 * DAY
    ? plural(Math.floor(age / (30.44 * DAY)), "month")
    : plural(Math.floor(age / (365.25 * DAY)), "year");
}

/** "good for 42 more days", "expired 3 days ago". */
export function formatExpiry(at: Instant, now: Instant): string {
  const days = Math.floor(Math.abs(at - now) / DAY);
  return at < now
    ? t("expired {days} ago", { days: plural(days, "day") })
    : t("good for {days}", { days: plural(days, "more day") });
}

/** Date and time of day in the reader's locale; 0: never. */
export function formatTime(at: Instant): string {
  return at === 0 ? "never" : new Date(at).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "medium" });
}

const timeOfDay = new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" });
const dayAndTime = new Intl.DateTimeFormat(locale(), {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

/** As briefly as it is plain, to the minute: of the day of `now` without its date. */
export function formatMoment(at: Instant, now: Instant): string {
  const isSameDay = new Date(at).toDateString() === new Date(now).toDateString();
  return (isSameDay ? timeOfDay : dayAndTime).format(at);
}

/** A guest's tags as a list. */
export function tagsOf(guest: Pick<Guest, "tags">): string[] {
  return guest.tags ? guest.tags.split(",") : [];
}
