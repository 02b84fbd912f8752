import { DAY, type Instant, MINUTE } from "../kit/units.ts";

const BEGINS = 24 * MINUTE;

/** When the last monthly scrub began that is over: Debian's cron has it on every second Sunday of a month, at 00:24. */
export function lastScrub(now: Instant): Instant {
  const { year, month } = monthOf(now);
  const ofThisMonth = secondSunday(year, month) + BEGINS;
  return ofThisMonth + DAY <= now ? ofThisMonth : secondSunday(year, month - 1) + BEGINS;
}

/** When a scrub began that is still running: the last time that it was 00:24. */
export function runningScrub(now: Instant): Instant {
  return Math.floor((now - BEGINS) / DAY) * DAY + BEGINS;
}

/** As C's `ctime` writes it, and so `zpool status`: "Sun Dec 14 00:35:34 2025". */
export function ctimeText(at: Instant): string {
  const [weekday, day, month, year, time] = new Date(at).toUTCString().replace(",", "").split(" ");
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
}

function monthOf(now: Instant): { year: number; month: number } {
  const date = new Date(now);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() };
}

function secondSunday(year: number, month: number): Instant {
  const first = new Date(Date.UTC(year, month, 1));
  return first.getTime() + (((7 - first.getUTCDay()) % 7) + 7) * DAY;
}
