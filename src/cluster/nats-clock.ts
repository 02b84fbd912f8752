import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { type Instant, type Millis, SECOND } from "../kit/units.ts";

/** A clock that is wrong by less is left as it is. */
const TOLERANCE: Millis = 2 * SECOND;
/** An answer that took longer says too little. */
const QUICK: Millis = 2 * SECOND;

/**
 * The time of day as NATS has it. By that all cores judge: whose own clock is wrong would say ticks that nobody takes. And edges look by it: what
 * one saw another one goes on from.
 */
export class NatsClock {
  readonly #clock: Clock;
  readonly #log: Log;
  /** How far this machine's clock is ahead; null: that was never told. */
  #ahead: Millis | null = null;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** null: nobody knows yet. */
  now(): Instant | null {
    return this.#ahead === null ? null : this.at(this.#clock.now());
  }

  /** What this machine's clock calls `own`. */
  at(own: Instant): Instant {
    return own - (this.#ahead ?? 0);
  }

  /** What shows the time of NATS as far as it is known, and otherwise that of this machine. */
  get clock(): Clock {
    const { steady } = this.#clock;
    return {
      now: () => this.at(this.#clock.now()),
      sleep: (delay, signal) => this.#clock.sleep(delay, signal),
      ...(steady ? { steady: steady.bind(this.#clock) } : {}),
    };
  }

  /** What this machine's clock shows when that of NATS shows `told`. */
  own(told: Instant): Instant {
    return told + (this.#ahead ?? 0);
  }

  /** NATS was asked when this machine's clock showed `asked`, and said that it is `told`. */
  hear(asked: Instant, told: Instant | null): void {
    const now = this.#clock.now();
    if (told === null || now - asked > QUICK) return;
    const ahead = Math.round((asked + now) / 2) - told;
    const before = this.#ahead ?? 0;
    this.#ahead = Math.abs(ahead) <= TOLERANCE ? 0 : ahead;
    if (Math.abs(this.#ahead - before) <= TOLERANCE) return;
    if (this.#ahead === 0) this.#log("info", "The clock of this machine is as that of NATS again");
    else
      this.#log("warn", "The clock of this machine is not as that of NATS: it is gone by that of NATS", {
        secondsAhead: Math.round(this.#ahead / SECOND),
      });
  }
}
