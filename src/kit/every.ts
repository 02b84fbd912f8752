import type { Clock } from "./clock.ts";
import type { Instant, Millis } from "./units.ts";

/**
 * Runs `task` every `interval`, counted from one start to the next, until `signal` aborts; resolves when the last run has ended.
 * Runs never overlap: a run that takes longer than the interval skips the turns it missed and stays on the grid.
 * `interval` may be a function, asked anew before each turn. The task must not throw: expected failures are values by then.
 */
export async function every(
  interval: Millis | (() => Millis),
  task: (startedAt: Instant) => Promise<void> | void,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let due = clock.now();
  while (!signal.aborted) {
    const wait = due - clock.now();
    if (wait > 0) await clock.sleep(wait, signal);
    if (signal.aborted) return;
    await task(clock.now());
    const step = typeof interval === "function" ? interval() : interval;
    const late = clock.now() - due;
    due += step * Math.max(1, Math.ceil(late / step));
  }
}
