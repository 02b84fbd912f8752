import type { Millis } from "../kit/units.ts";

/** Silence shorter than three planned looks, and the time that one takes, never makes data stale. */
export function staleAfter(interval: Millis, took: Millis): Millis {
  return Math.max(15_000, 3 * interval + took);
}
