import type { Clock } from "./clock.ts";
import type { Instant, Millis } from "./units.ts";

/**
 * Runs `task` every `interval`, counted from one start to the next, until `signal` aborts; resolves when the last run has ended.
 * Runs never overlap: a run that takes longer than the interval skips the turns it missed and stays on the grid. A clock that is set
 * forward or back costs no more than one interval.
 * `interval` may be a function, asked anew before each turn. The task must not throw: expected failures are values by then.
 */
export async function every(
  interval: Millis | (() => Millis),
  task: (startedAt: Instant) => Promise<void> | void,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let due = clock.now();
  let step = 0;
  while (!signal.aborted) {
    // A wait longer than the interval means that the clock was set back: the grid begins anew from the new time.
    const asked = clock.now();
    due = Math.min(due, asked + step);
    if (due > asked) await clock.sleep(due - asked, signal);
    if (signal.aborted) return;
    await task(clock.now());
    step = typeof interval === "function" ? interval() : interval;
    const late = clock.now() - due;
    due += step * Math.max(1, Math.floor(late / step) + 1);
  }
}
