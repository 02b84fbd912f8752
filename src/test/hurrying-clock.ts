import { setImmediate as turn } from "node:timers/promises";
import { type Clock, systemClock } from "../kit/clock.ts";
import { HOUR, type Instant, MINUTE, type Millis, SECOND } from "../kit/units.ts";

/** Timers take no longer waits. */
const LONGEST_TIMER: Millis = 2 ** 31 - 1;
/** When the process has had nothing to do for so long, nothing goes on in it. Real time. */
const QUIET: Millis = 1;
/** Whoever wakes and does nothing is done after so many turns of the loop, in which nothing comes from outside; and takes no longer than this. */
const TURNS = 3;
const NOTHING: Millis = 0.5;
/** After so many of those it is waited until it is quiet all the same: of what threads compress or encrypt the loop knows nothing. */
const NOTHINGS = 8;
/** Between two looks at whether those who are busy still are. Real time. */
const BUSY_PAUSE: Millis = 5;
/** Between two looks of who waits: shorter than whatever happens every ten seconds; in real time where nothing is passed over. */
const LOOK: Millis = 2 * SECOND;
const REAL_LOOK: Millis = 50;
/** What is not so after both of them, the second in real time, never will be. */
const PATIENCE: Millis = HOUR;
const REAL_PATIENCE: Millis = 2 * MINUTE;

export interface HurryingClockOptions {
  /** How many times as fast as the real clock it goes by itself. */
  speed: number;
  /** Whether it passes over the time in which nothing happens while a test waits; no where others have clocks of their own. */
  hurries: boolean;
  /** Whether something is under way that takes real time, a request that is not answered for instance. */
  isBusy: () => boolean;
}

/**
 * The real clock, but faster. While a test waits by it, it stands still as long as there is work, and is then set to when the next sleeper
 * wakes: half an hour takes as long as there is work in it, and on a machine that is slow or busy nobody is late. While somebody is busy
 * and there is no work, it goes as by itself. It knows the work of this process alone.
 */
export class HurryingClock implements Clock {
  readonly #options: HurryingClockOptions;
  readonly #sleepers = new Set<{ at: Instant; wake: () => void }>();
  #timer: NodeJS.Timeout | undefined;
  /** The time at `#since`, in real time; null: it stands still. */
  #at: Instant = Date.now();
  #since: Instant | null = Date.now();
  #waiting = 0;

  constructor(options: HurryingClockOptions) {
    this.#options = options;
  }

  now(): Instant {
    const passed = this.#since === null ? 0 : Date.now() - this.#since;
    return Math.round(this.#at + passed * this.#options.speed);
  }

  sleep(delay: Millis, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener("abort", wake);
        this.#setTimer();
        resolve();
      };
      const sleeper = { at: this.now() + Math.max(0, delay), wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", wake, { once: true });
      this.#setTimer();
    });
  }

  /** For a test: resolves when so much time has passed, and all that happened in it is done. */
  async pass(duration: Millis): Promise<void> {
    if (!this.#options.hurries) return this.sleep(duration);
    await this.#standing(() => this.#hurry(this.now() + duration));
  }

  /** For a test: it is so much later at once, as after the machine has slept; who was due meanwhile wakes now, once. */
  jump(duration: Millis): void {
    this.#set(this.now() + duration);
  }

  /** For a test: resolves with the first answer of `read` that `is` so; null: it never is. */
  async until<T>(read: () => Promise<T> | T, is: (answer: T) => boolean): Promise<T | null> {
    const [end, realEnd] = [this.now() + PATIENCE, Date.now() + REAL_PATIENCE];
    const look = async () => {
      for (;;) {
        const answer = await read();
        if (is(answer)) return answer;
        if (Date.now() > realEnd && (this.now() > end || !this.#options.hurries)) return null;
        if (this.#options.hurries) await this.#hurry(this.now() + LOOK);
        else await systemClock.sleep(REAL_LOOK);
      }
    };
    return this.#options.hurries ? this.#standing(look) : look();
  }

  /** Stands still while `work` goes on, but for what it sets the clock to. */
  async #standing<T>(work: () => Promise<T>): Promise<T> {
    this.#set(this.now());
    this.#waiting += 1;
    this.#since = null;
    try {
      return await work();
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#since = Date.now();
      this.#setTimer();
    }
  }

  async #hurry(until: Instant): Promise<void> {
    await quiet();
    for (let nothings = 0; this.now() < until; ) {
      if (!this.#options.isBusy()) {
        const wake = () => this.#set(Math.max(this.now(), Math.min(until, this.#next)));
        nothings = (await didNothing(wake)) ? nothings + 1 : NOTHINGS;
        if (nothings < NOTHINGS) continue;
        await quiet();
        nothings = 0;
        continue;
      }
      const from = Date.now();
      await systemClock.sleep(BUSY_PAUSE);
      this.#set(Math.min(until, this.now() + (Date.now() - from) * this.#options.speed));
      await quiet();
    }
  }

  get #next(): Instant {
    return Math.min(...[...this.#sleepers].map(({ at }) => at));
  }

  /** Sets the clock forward; who is due wakes. */
  #set(now: Instant): void {
    this.#at = now;
    if (this.#since !== null) this.#since = Date.now();
    this.#wake();
  }

  #wake(): void {
    const now = this.now();
    const due = [...this.#sleepers].filter(({ at }) => at <= now).sort((one, other) => one.at - other.at);
    for (const { wake } of due) wake();
    this.#setTimer();
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    if (this.#sleepers.size === 0) return;
    // One that is due wakes also while the clock stands still.
    const delay = Math.max(0, this.#next - this.now()) / this.#options.speed;
    if (this.#since === null && delay > 0) return;
    this.#timer = setTimeout(() => this.#wake(), Math.min(delay, LONGEST_TIMER));
  }
}

/** Resolves once the process has had nothing to do for a moment: whatever goes on in it waits for a clock, or for another process. */
async function quiet(): Promise<void> {
  for (let idle = 0; idle < QUIET; ) {
    const before = performance.eventLoopUtilization();
    await systemClock.sleep(2 * QUIET);
    idle = performance.eventLoopUtilization(before).idle;
  }
}

/** Whether nothing came of `wake`: no work that is worth mentioning, no question to anybody, and no answer. */
async function didNothing(wake: () => void): Promise<boolean> {
  const { uvMetricsInfo: before } = performance.nodeTiming;
  const began = performance.now();
  wake();
  for (let turns = 0; turns < TURNS; turns++) await turn();
  return (
    performance.now() - began < NOTHING &&
    performance.nodeTiming.uvMetricsInfo.events === before.events &&
    !process.getActiveResourcesInfo().some(kind => kind.includes("Req"))
  );
}
