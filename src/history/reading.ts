import type { Instant, Millis } from "../kit/units.ts";
import type { Point } from "../model/point.ts";
import type { Retention } from "../model/retention.ts";
import type { Step } from "./block.ts";
import { fromUnits } from "./metrics.ts";
import { PLACES, type Place, TIERS, type Tier } from "./tiers.ts";

/** A stretch of time, and how many points a reader wants of it at the most. */
export interface Range {
  from: Instant;
  /** Not included. */
  to: Instant;
  points: number;
}

/**
 * The place of the tier to read: the coarsest whose steps are no longer than the points wanted, and so fine that raw samples are read
 * where a step is asked for that only they have; but one that still reaches back to the beginning.
 */
export function placeFor({ from, to, points }: Range, now: Instant, keep: Retention): Place {
  const wanted = (to - from) / points;
  const fits = PLACES.findLast(place => TIERS[place].step <= wanted) ?? 0;
  const reaches = PLACES.find(place => from >= now - keep[TIERS[place].name]) ?? 3;
  return fits > reaches ? fits : reaches;
}

/** The span of one point: whole steps of the tier, so many that there are no more points than wanted, but for one that is cut. */
export function spanOf({ step }: Tier, { from, to, points }: Range): Millis {
  return Math.max(1, Math.ceil((to - from) / points / step)) * step;
}

/** Makes points of a series' steps as they come, in order. Spans lie on the grid of the clock, so that the same data gives the same points. */
export class Gatherer {
  readonly points: Point[] = [];
  readonly #decimals: number;
  readonly #step: Millis;
  readonly #span: Millis;
  #time: Instant = Number.NaN;
  #min = 0;
  #sum = 0;
  #max = 0;
  #count = 0;

  constructor(decimals: number, step: Millis, span: Millis) {
    this.#decimals = decimals;
    this.#step = step;
    this.#span = span;
  }

  take({ slot, min, mean, max }: Step): void {
    const time = Math.floor((slot * this.#step) / this.#span) * this.#span;
    if (time !== this.#time) {
      this.#end();
      this.#time = time;
      this.#min = min;
      this.#max = max;
    }
    this.#min = Math.min(this.#min, min);
    this.#max = Math.max(this.#max, max);
    this.#sum += mean;
    this.#count += 1;
  }

  end(): Point[] {
    this.#end();
    return this.points;
  }

  #end(): void {
    if (this.#count === 0) return;
    const value = (units: number) => fromUnits(units, this.#decimals);
    const mean = value(this.#sum / this.#count);
    this.points.push({ time: this.#time, min: value(this.#min), mean, max: value(this.#max) });
    this.#sum = 0;
    this.#count = 0;
  }
}
