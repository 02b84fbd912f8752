import type { Instant, Millis } from "./units.ts";

/** Where time comes from. Rooms take it as an argument, so that a test decides what time it is. */
export interface Clock {
  now(): Instant;
  /** The time that has passed since some moment, whatever is done to the clock; left out: nobody knows. */
  steady?(): Millis;
  /** Resolves after `delay`, or early when `signal` aborts: it never rejects, the caller looks at the signal. */
  sleep(delay: Millis, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  sleep: (delay, signal) =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, delay);
      signal?.addEventListener("abort", wake, { once: true });
    }),
};

interface Sleeper {
  at: Instant;
  wake: () => void;
}

/** A clock that stands still until it is told to advance; sleepers wake in the order of their time. */
export class FakeClock implements Clock {
  #now: Instant;
  #sleepers: Sleeper[] = [];

  constructor(now: Instant = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  sleep(delay: Millis, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal?.aborted) return resolve();
      const giveUp = () => {
        this.#sleepers = this.#sleepers.filter(other => other !== sleeper);
        resolve();
      };
      const wake = () => {
        signal?.removeEventListener("abort", giveUp);
        resolve();
      };
      const sleeper: Sleeper = { at: this.#now + Math.max(0, delay), wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", giveUp, { once: true });
    });
  }

  /** Moves time forward by `duration`, waking each sleeper at its own instant and letting what it started run. */
  async advance(duration: Millis): Promise<void> {
    const until = this.#now + duration;
    for (;;) {
      await settle();
      const next = this.#sleepers.filter(sleeper => sleeper.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#sleepers = this.#sleepers.filter(sleeper => sleeper !== next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#now = until;
    await settle();
  }

  /** Sets the clock to another time, as an operator or NTP does; who sleeps goes on sleeping as long as before. */
  set(now: Instant): void {
    const shift = now - this.#now;
    this.#now = now;
    for (const sleeper of this.#sleepers) sleeper.at += shift;
  }

  /** How many tasks are asleep: lets a test see that a loop has stopped. */
  get sleeping(): number {
    return this.#sleepers.length;
  }
}

/** NOTE: the page has no such thing, but is compiled with this file; a clock that stands still is for tests, which run in Node. */
declare function setImmediate(run: () => void): unknown;

/** Lets every promise that is ready run to its next wait, also what waits for a turn of the event loop: all of them run before the next one. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise<void>(resolve => setImmediate(resolve));
}
