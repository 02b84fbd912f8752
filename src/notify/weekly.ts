import type { Instant } from "../kit/units.ts";
import { instantAt, wallTime, weekdayOf, zoneOf } from "../kit/wall-clock.ts";

/** A span of the day that comes again. */
export interface Weekly {
  /** Days on which it begins, 0: Sunday; null: all. */
  days: readonly number[] | null;
  /** HH:MM */
  start: string;
  /** HH:MM; not after `start`: on the next day. */
  end: string;
  timezone: string;
}

/** The occurrence that `now` lies in: from its beginning until just before its end. null: in none. */
export function occurrenceAt(weekly: Weekly, now: Instant): { from: Instant; to: Instant } | null {
  const zone = zoneOf(weekly.timezone);
  const [start, end] = [minutesOf(weekly.start), minutesOf(weekly.end)];
  const today = wallTime(now, zone).day;
  for (const day of [today, today - 1]) {
    if (weekly.days && !weekly.days.includes(weekdayOf(day))) continue;
    const from = instantAt(day, start, zone);
    const to = instantAt(end > start ? day : day + 1, end, zone);
    if (from <= now && now < to) return { from, to };
  }
  return null;
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
