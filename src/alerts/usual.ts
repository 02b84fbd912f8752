import { DAY, HOUR, type Instant, MINUTE } from "../kit/units.ts";
import type { Point } from "../model/point.ts";
import type { Past } from "./signal.ts";

/** So many days are looked back at for what is usual, and at least so many have to be known. */
const DAYS = 14;
const FEWEST_DAYS = 7;
const STEP = 30 * MINUTE;

/** What the history tells; null: it has no such series. */
export interface Series {
  range(resource: string, metric: string, from: Instant, to: Instant, points: number): Point[] | null;
}

type Band = { low: number; high: number } | null;

/** What the past says of the present. Bands are found out once an hour, when they are asked for. */
export function pastOf(series: Series): Past {
  const bands = new Map<string, Band>();
  let hour = -1;
  return {
    dayBefore(resource, metric, now) {
      const points = series.range(resource, metric, now - DAY - STEP, now - DAY + STEP, 2) ?? [];
      return points.at(-1)?.mean ?? null;
    },
    usual(resource, metric, now) {
      const current = Math.floor(now / HOUR);
      if (current !== hour) bands.clear();
      hour = current;
      const key = `${metric}\n${resource}`;
      const known = bands.get(key);
      if (known !== undefined) return known;
      const band = toBand(series, resource, metric, now);
      bands.set(key, band);
      return band;
    },
  };
}

/** The least and the greatest of the means of half hours within an hour of this time of the day, over the last days. */
function toBand(series: Series, resource: string, metric: string, now: Instant): Band {
  const today = Math.floor(now / DAY) * DAY;
  const points = series.range(resource, metric, now - DAYS * DAY, now - HOUR, (DAYS * DAY) / STEP) ?? [];
  const about = points.filter(({ time }) => {
    const apart = Math.abs(((time - now) % DAY) + DAY) % DAY;
    return Math.min(apart, DAY - apart) <= HOUR;
  });
  const days = new Set(about.map(({ time }) => Math.round((today - time) / DAY)));
  if (days.size < FEWEST_DAYS) return null;
  const means = about.map(({ mean }) => mean);
  return { low: Math.min(...means), high: Math.max(...means) };
}
