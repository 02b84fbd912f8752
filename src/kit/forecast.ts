import { type Bytes, DAY, type Instant, type Millis } from "./units.ts";

/** When a storage will be full, if it goes on as it did. */
export type Forecast =
  /** Less than three days are known, or nothing. */
  { kind: "too-little-history" } | { kind: "not-growing" } | { kind: "full"; at: Instant };

/** From less than that nobody can tell. */
const LEAST_HISTORY: Millis = 3 * DAY;
/** Growth that would take longer than that to fill what is free is none. */
const FURTHEST: Millis = 10 * 365 * DAY;

/**
 * When a storage, or anything else with a size, is full. A line through the daily means of what was used, met with the size: Theil and Sen's, the median of the slopes between all pairs of days,
 * which a day's outlier or a single clean-up does not bend. `used` is by time, in bytes; `total` is the size now, null: unknown.
 */
export function forecast(
  used: readonly { time: Instant; value: Bytes }[],
  total: Bytes | null,
  now: Instant,
): Forecast {
  const first = used[0]?.time ?? now;
  const last = used.at(-1)?.time ?? now;
  const days = toDays(used);
  if (total === null || total <= 0 || last - first < LEAST_HISTORY || days.length < 3)
    return { kind: "too-little-history" };
  const slopes = days.flatMap((a, at) => days.slice(at + 1).map(b => (b.value - a.value) / (b.time - a.time)));
  const slope = median(slopes);
  const present = median(days.map(({ time, value }) => value + slope * (now - time)));
  if (present >= total) return { kind: "full", at: now };
  const rest = (total - present) / slope;
  return slope <= 0 || rest > FURTHEST ? { kind: "not-growing" } : { kind: "full", at: Math.round(now + rest) };
}

/** The mean of each day (UTC), at the mean of its times: today has no more weight than it has passed. */
function toDays(points: readonly { time: Instant; value: number }[]): { time: Instant; value: number }[] {
  const days = Map.groupBy(points, ({ time }) => Math.floor(time / DAY));
  return [...days.values()].map(members => ({
    time: meanOf(members.map(({ time }) => time)),
    value: meanOf(members.map(({ value }) => value)),
  }));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
