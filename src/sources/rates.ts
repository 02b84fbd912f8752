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
  /** By what the counters are of, then by counter. NOTE: there are tens of thousands, read at each look: nothing is made but for new ones. */
  readonly #readings = new Map<string, Map<string, Reading>>();
  readonly #standstill: Millis;

  /** `standstill`: how long a counter may stand still before it counts as idle; 0 where it is read as it is at that moment. */
  constructor(standstill: Millis) {
    this.#standstill = standstill;
  }

  /**
   * The rate of `counter` of something, whole units a second, after it was read as `value` at `now`.
   * null: not known yet, on the first reading and after the counter restarted (reboot or migration).
   */
  read(counter: string, value: number | null, now: Instant, of = ""): number | null {
    const known = this.#readings.get(of);
    if (value === null) {
      known?.delete(counter);
      return null;
    }
    const last = known?.get(counter);
    if (last) return follow(last, value, now, this.#standstill);
    const first = { value, at: now, rate: null };
    if (known) known.set(counter, first);
    else this.#readings.set(of, new Map([[counter, first]]));
    return null;
  }

  /** Forgets every counter that `isGone`, so that memory follows the estate. */
  forget(isGone: (of: string, counter: string) => boolean): void {
    for (const [of, readings] of this.#readings) {
      for (const counter of readings.keys()) if (isGone(of, counter)) readings.delete(counter);
      if (readings.size === 0) this.#readings.delete(of);
    }
  }
}

/** Makes `last` what follows from it by the next reading, and answers the rate. */
function follow(last: Reading, value: number, now: Instant, standstill: Millis): number | null {
  if (value < last.value || now < last.at) [last.value, last.at, last.rate] = [value, now, null];
  else if (now > last.at && (value > last.value || now - last.at >= standstill)) {
    last.rate = Math.round(((value - last.value) * SECOND) / (now - last.at));
    [last.value, last.at] = [value, now];
  }
  return last.rate;
}
