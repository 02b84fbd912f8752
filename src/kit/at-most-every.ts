import type { Clock } from "./clock.ts";
import type { Instant, Millis } from "./units.ts";

/** Calls `task` at once, unless it was called less than `pause` ago: then the call is passed over. */
export function atMostEvery(pause: Millis, task: () => void, clock: Clock): () => void {
  let last: Instant = Number.NEGATIVE_INFINITY;
  return () => {
    const now = clock.now();
    // A clock that was set back must not keep it quiet.
    if (now >= last && now - last < pause) return;
    last = now;
    task();
  };
}
