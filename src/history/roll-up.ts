import { type OpenBlock, rolledSteps, type Step, type Steps } from "./block.ts";
import { CHUNK } from "./column.ts";
import { blockOf, type Tier } from "./tiers.ts";

/**
 * The step `slot` of `tier`, rolled up from those of the next finer tier, of which `finer` is the block that has them: the least, the
 * greatest, and the mean, for which each known step weighs the same. null: there is none.
 */
export function rollUp(tier: Tier, slot: number, finer: OpenBlock): Steps | null {
  const parts = partsOf(tier, slot, finer);
  if (parts.length === 0) return null;
  const rolled = rolledSteps();
  const chunks = Math.max(...parts.map(({ mean }) => mean.chunks));
  for (let place = 0; place < chunks; place++) rollUpChunk(parts, rolled, place);
  return rolled;
}

/** NOTE: at a half hour this goes through a million values; hence no call in the inner loop. */
function rollUpChunk(parts: readonly Steps[], rolled: Steps, place: number): void {
  const chunks = parts.flatMap(({ min, mean, max }) => {
    const [mins, means, maxs] = [min.chunk(place), mean.chunk(place), max.chunk(place)];
    return mins && means && maxs ? [{ mins, means, maxs }] : [];
  });
  if (chunks.length === 0) return;
  for (let at = 0; at < CHUNK; at++) {
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    let sum = 0;
    let count = 0;
    for (let part = 0; part < chunks.length; part++) {
      const { mins, means, maxs } = chunks[part] ?? NONE;
      const mean = means[at] ?? Number.NaN;
      if (Number.isNaN(mean)) continue;
      const min = mins[at] ?? mean;
      const max = maxs[at] ?? mean;
      if (min < least) least = min;
      if (max > greatest) greatest = max;
      sum += mean;
      count += 1;
    }
    if (count === 0) continue;
    const series = place * CHUNK + at;
    rolled.min.set(series, least);
    rolled.mean.set(series, Math.round(sum / count));
    rolled.max.set(series, greatest);
  }
}

const NONE = { mins: new Float64Array(), means: new Float64Array(), maxs: new Float64Array() };

function partsOf(tier: Tier, slot: number, finer: OpenBlock): Steps[] {
  const ratio = tier.step / finer.tier.step;
  if (blockOf(finer.tier, slot * ratio) !== finer.index) return [];
  return Array.from({ length: ratio }, (_, at) => finer.steps(slot * ratio + at)).filter(steps => steps !== undefined);
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
