import { type Instant, SECOND } from "../../kit/units.ts";

/** PVE's pvestatd moves the counters every 10 s; a counter that stands still for longer than two and a half turns is idle. */
const STANDSTILL = 25 * SECOND;

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

  /**
   * The rate of counter `key`, whole units a second, after it was read as `value` at `now`.
   * null: not known yet, on the first reading and after the counter restarted (reboot or migration).
   */
  read(key: string, value: number | null, now: Instant): number | null {
    if (value === null) {
      this.#readings.delete(key);
      return null;
    }
    const next = nextReading(this.#readings.get(key), value, now);
    this.#readings.set(key, next);
    return next.rate;
  }

  /** Forgets every counter whose key `isGone`, so that memory follows the estate. */
  forget(isGone: (key: string) => boolean): void {
    for (const key of this.#readings.keys()) if (isGone(key)) this.#readings.delete(key);
  }
}

function nextReading(last: Reading | undefined, value: number, now: Instant): Reading {
  if (!last || value < last.value || now < last.at) return { value, at: now, rate: null };
  if (value > last.value && now > last.at) {
    return { value, at: now, rate: Math.round(((value - last.value) * SECOND) / (now - last.at)) };
  }
  return now - last.at < STANDSTILL ? last : { value, at: now, rate: 0 };
}
