import { type Instant, type Millis, SECOND } from "../kit/units.ts";

interface Reading {
  value: number;
  /** When the counter was first seen at `value`, or last confirmed to be idle. */
  at: Instant;
  rate: number | null;
}

/**
 * Turns counters into rates per second. Looks do not fall together with the counters' own turns, so a rate is taken from one movement
 * of the counter to the next, never from look to look: otherwise it would show 0 and double in turn.
 */
export class RateMeter {
  readonly #readings = new Map<string, Reading>();
  readonly #standstill: Millis;

  /** `standstill`: how long a counter may stand still before it counts as idle; 0 where it is read as it is at that moment. */
  constructor(standstill: Millis) {
    this.#standstill = standstill;
  }

  /**
   * The rate of counter `key`, whole units a second, after it was read as `value` at `now`.
   * null: not known yet, on the first reading and after the counter restarted (reboot or migration).
   */
  read(key: string, value: number | null, now: Instant): number | null {
    if (value === null) {
      this.#readings.delete(key);
      return null;
    }
    const next = nextReading(this.#readings.get(key), value, now, this.#standstill);
    this.#readings.set(key, next);
    return next.rate;
  }

  /** Forgets every counter whose key `isGone`, so that memory follows the estate. */
  forget(isGone: (key: string) => boolean): void {
    for (const key of this.#readings.keys()) if (isGone(key)) this.#readings.delete(key);
  }
}

function nextReading(last: Reading | undefined, value: number, now: Instant, standstill: Millis): Reading {
  if (!last || value < last.value || now < last.at) return { value, at: now, rate: null };
  if (now === last.at) return last;
  if (value > last.value) {
    return { value, at: now, rate: Math.round(((value - last.value) * SECOND) / (now - last.at)) };
  }
  return now - last.at < standstill ? last : { value, at: now, rate: 0 };
}
