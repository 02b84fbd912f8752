import { type Instant, type Millis, SECOND } from "../../kit/units.ts";

/** A value a span, the newest last. Changes in place. */
export interface Trend {
  /** When the first span begins. */
  from: Instant;
  values: (number | null)[];
}

/** How often a value comes. */
const SAMPLING: Millis = 10 * SECOND;

/**
 * Adds what was seen at `at` to its span; older spans move out. Answers false when `at` lies further ahead than a few spans: what was
 * missed is better asked for.
 */
export function extend(trend: Trend, at: Instant, value: number | null, step: Millis, mostMissed = 3): boolean {
  const { values } = trend;
  let place = Math.floor((at - trend.from) / step);
  if (place < 0) return true;
  const ahead = place - values.length + 1;
  if (ahead > mostMissed) return false;
  for (let moved = 0; moved < ahead; moved++) {
    values.shift();
    values.push(null);
    trend.from += step;
    place -= 1;
  }
  if (value === null) return true;
  const before = values[place] ?? null;
  const samples = Math.floor((at - trend.from - place * step) / SAMPLING) + 1;
  values[place] = before === null ? value : before + (value - before) / Math.max(2, samples);
  return true;
}
