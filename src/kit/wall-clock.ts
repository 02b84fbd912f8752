import type { Instant } from "./units.ts";
import { DAY, MINUTE, SECOND } from "./units.ts";

/** A calendar day, wherever it is lived: days since 1970-01-01. */
export type DayNumber = number;

const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the runtime knows a time zone of that name; empty is the server's own. */
export function isTimezone(name: string): boolean {
  return name === "" || formatOf(name) !== null;
}

/** The zone that is meant; the server's own where the name is empty or unknown. */
export function zoneOf(name: string): string {
  return name !== "" && isTimezone(name) ? name : OWN_ZONE;
}

/** What the calendar and the clock on the wall show there. */
export function wallTime(at: Instant, zone: string): { day: DayNumber; minutes: number } {
  const shown = shownAt(at, zone);
  const day = Math.floor(shown / DAY);
  return { day, minutes: Math.floor((shown - day * DAY) / MINUTE) };
}

/** 0: Sunday. */
export function weekdayOf(day: DayNumber): number {
  return (((day + 4) % 7) + 7) % 7;
}

/**
 * When the clock on the wall shows that. Shown twice (the end of summer time): the first time. Never shown (its beginning): as long after
 * midnight as if the clock had gone on, so 02:30 is what the wall calls 03:30.
 */
export function instantAt(day: DayNumber, minutes: number, zone: string): Instant {
  const wanted = day * DAY + minutes * MINUTE;
  // The offset before and after any change of that day; zones are never further than 14 hours from UTC.
  const early = shownAt(wanted - DAY, zone) - (wanted - DAY);
  const late = shownAt(wanted + DAY, zone) - (wanted + DAY);
  const first = wanted - early;
  if (shownAt(first, zone) === wanted) return first;
  const second = wanted - late;
  return shownAt(second, zone) === wanted ? second : first;
}

/** `HH:MM` of the wall there; with the weekday when it is another day than `now`'s. */
export function clockText(at: Instant, zone: string, now: Instant): string {
  const { day, minutes } = wallTime(at, zone);
  const text = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  const away = day - wallTime(now, zone).day;
  if (away === 0) return text;
  if (away > 0 && away < 7) return `${WEEKDAYS[weekdayOf(day)]} ${text}`;
  return `${new Date(day * DAY).toISOString().slice(0, 10)} ${text}`;
}

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

/** Later times are shown as this one. */
const LAST: Instant = Date.UTC(9999, 11, 30);

/** What is shown there, as if it were UTC. */
function shownAt(at: Instant, zone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone)?.formatToParts(Math.min(LAST, at)) ?? []) parts[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((at % SECOND) + SECOND) % SECOND);
}

/** null: there is no such zone. Making one is slow, and there are few. */
function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone);
  if (known) return known;
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" },
    });
    formats.set(zone, format);
    return format;
  } catch {
    return null;
  }
}
