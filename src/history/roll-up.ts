import { type OpenBlock, rolledSteps, type Step, type Steps } from "./block.ts";
import { CHUNK } from "./column.ts";
import { blockOf, type Tier } from "./tiers.ts";

/**
 * The step `slot` of `tier`, rolled up from those of the next finer tier, of which `finer` is the block that has them: the least, the
 * greatest, and the mean, for which each known step weighs the same. null: there is none.
 */
export function rollUp(tier: Tier, slot: number, finer: OpenBlock): Steps | null {
  const ratio = tier.step / finer.tier.step;
  const first = slot * ratio;
  if (blockOf(finer.tier, first) !== finer.index || !finer.knows(first, ratio)) return null;
  const rolled = rolledSteps();
  const sums = new Sums();
  for (let place = 0; place < finer.places; place++) {
    sums.clear();
    finer.readChunk(place, first, ratio, sums.add);
    sums.put(rolled, place * CHUNK);
  }
  return rolled;
}

/** What a chunk of series comes to. NOTE: at a half hour a million values are added; hence columns. */
class Sums {
  readonly #least = new Float64Array(CHUNK);
  readonly #greatest = new Float64Array(CHUNK);
  readonly #sum = new Float64Array(CHUNK);
  readonly #count = new Uint16Array(CHUNK);

  clear(): void {
    this.#least.fill(Number.POSITIVE_INFINITY);
    this.#greatest.fill(Number.NEGATIVE_INFINITY);
    this.#sum.fill(0);
    this.#count.fill(0);
  }

  readonly add = (at: number, min: number, mean: number, max: number): void => {
    if (min < (this.#least[at] ?? min)) this.#least[at] = min;
    if (max > (this.#greatest[at] ?? max)) this.#greatest[at] = max;
    this.#sum[at] = (this.#sum[at] ?? 0) + mean;
    this.#count[at] = (this.#count[at] ?? 0) + 1;
  };

  /** Sets the steps of the series from `first` on, of those of which anything is known. */
  put(steps: Steps, first: number): void {
    for (let at = 0; at < CHUNK; at++) {
      const count = this.#count[at] ?? 0;
      if (count === 0) continue;
      steps.min.set(first + at, this.#least[at] ?? Number.NaN);
      steps.mean.set(first + at, Math.round((this.#sum[at] ?? Number.NaN) / count));
      steps.max.set(first + at, this.#greatest[at] ?? Number.NaN);
    }
  }
}

/** The same of one series, whose `steps` these are; null: there are none. */
export function rollUpOne(slot: number, steps: readonly Step[]): Step | null {
  if (steps.length === 0) return null;
  return {
    slot,
    min: Math.min(...steps.map(({ min }) => min)),
    mean: Math.round(steps.reduce((sum, { mean }) => sum + mean, 0) / steps.length),
    max: Math.max(...steps.map(({ max }) => max)),
  };
}
