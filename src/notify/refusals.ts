import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { type Instant, MINUTE, SECOND } from "../kit/units.ts";
import { isRefusal } from "../store/database.ts";

const AGAIN_AFTER = 5 * SECOND;
/** Refusals that follow within this time are the same trouble. */
const SAME_WITHIN = 10 * MINUTE;

/** A database that says no, as on a full disk, stops nothing but what needs it, for as long as it does; it is told once. */
export class Refusals {
  readonly #clock: Clock;
  readonly #log: Log;
  #last: Instant | null = null;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** false: the database refused; it is to be tried again with the next turn. */
  survive(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const now = this.#clock.now();
      if (this.#last === null || Math.abs(now - this.#last) > SAME_WITHIN)
        this.#log("error", "Notifications cannot be written", { reason: error.message });
      this.#last = now;
      return false;
    }
  }

  /** Does what must not be left out, once the database takes it, or not at all when `isOver`. */
  async insist(work: () => void, isOver: () => boolean): Promise<void> {
    while (!isOver() && !this.survive(work)) await this.#clock.sleep(AGAIN_AFTER);
  }
}
