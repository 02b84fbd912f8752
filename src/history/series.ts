import { OpenBlock, readBlock, type Step } from "./block.ts";
import { fromUnits } from "./metrics.ts";
import { blockOf, TIERS, type Tier } from "./tiers.ts";

/** A step of a coarser tier while it lasts: what it has of the finer tier's steps, each of which weighs the same. */
interface Sum {
  slot: number;
  min: number;
  sum: number;
  max: number;
  count: number;
}

/** A block that is complete and waits to be written. */
export interface Closed {
  series: Series;
  place: number;
  tier: Tier;
  block: OpenBlock;
}

/** Takes steps that have just been completed. */
type TakeStep = (slot: number, min: number, mean: number, max: number) => void;

/** The tiers with their places in a series. */
export const PLACES: readonly (readonly [number, Tier])[] = [...TIERS.entries()];

/** One metric of one resource: its open blocks in every tier, and the steps that are not complete yet. */
export class Series {
  /** Names it in keys and frames; below 2^20. */
  readonly number: number;
  readonly decimals: number;
  /** The last sample: its place on the raw grid, and its value in whole units. */
  taken = -1;
  units = 0;
  /** It has something in memory; the book keeps account of it. */
  isActive = false;
  readonly #open: (OpenBlock | null)[] = TIERS.map(() => null);
  readonly #sums: (Sum | null)[] = TIERS.map(() => null);
  /** Blocks that wait to be written, for each tier. */
  readonly #waiting: OpenBlock[][] = TIERS.map(() => []);
  readonly #queues: readonly Closed[][];

  /** `queues`: where it puts its blocks once they are complete, a queue a tier. */
  constructor(number: number, decimals: number, queues: readonly Closed[][]) {
    this.number = number;
    this.decimals = decimals;
    this.#queues = queues;
  }

  /** Adds a step to the tier at `place`, and to the coarser step it belongs to. Steps not later than the last are dropped. */
  append(place: number, slot: number, min: number, mean: number, max: number): void {
    const tier = TIERS[place];
    if (!tier) return;
    const index = blockOf(tier, slot);
    this.closeBefore(place, index);
    const open = this.#open[place] ?? new OpenBlock(index, index * tier.slots, place > 0);
    if (index < open.index || !open.put(slot, min, mean, max)) return;
    this.#open[place] = open;
    this.#add(place + 1, Math.floor((slot * tier.step) / (TIERS[place + 1]?.step ?? 1)), min, mean, max);
  }

  #add(place: number, slot: number, min: number, mean: number, max: number): void {
    if (place >= TIERS.length) return;
    this.completeBefore(place, slot);
    const sum = this.#sums[place];
    if (!sum) this.#sums[place] = { slot, min, sum: mean, max, count: 1 };
    else addTo(sum, min, mean, max);
  }

  /** Completes the tier's unfinished step if it is one before `slot`. */
  completeBefore(place: number, slot: number, take?: TakeStep): void {
    const sum = this.#sums[place];
    if (!sum || sum.slot >= slot) return;
    this.#sums[place] = null;
    const mean = meanOf(sum);
    this.append(place, sum.slot, sum.min, mean, sum.max);
    take?.(sum.slot, sum.min, mean, sum.max);
  }

  /** Hands the tier's open block over if it is one before `index`. */
  closeBefore(place: number, index: number): void {
    const block = this.#open[place];
    if (!block || block.index >= index) return;
    const tier = TIERS[place];
    if (!tier) return;
    this.#open[place] = null;
    this.#waiting[place]?.push(block);
    this.#queues[place]?.push({ series: this, place, tier, block });
  }

  /** A block of the tier has been written, or given up. */
  settle(place: number, block: OpenBlock): void {
    this.#waiting[place] = this.#waiting[place]?.filter(other => other !== block) ?? [];
  }

  /** Nothing of it is in memory only. */
  get isIdle(): boolean {
    return (
      this.#open.every(block => !block) && this.#sums.every(sum => !sum) && this.#waiting.every(list => !list.length)
    );
  }

  /** Gives the steps of a block that is still in memory; false: it is not. */
  readOpen(place: number, tier: Tier, index: number, take: (step: Step) => void): boolean {
    const block = [...(this.#waiting[place] ?? []), this.#open[place]].find(other => other?.index === index);
    if (block) readBlock(block.toBytes(), index * tier.slots, place > 0, take);
    return block !== undefined && block !== null;
  }

  /** The tier's unfinished step, with what the unfinished steps of the finer tiers add to it; null: there is none. */
  unfinished(place: number): Step | null {
    const sum = this.#unfinishedSum(place);
    return sum && { slot: sum.slot, min: sum.min, mean: meanOf(sum), max: sum.max };
  }

  #unfinishedSum(place: number): Sum | null {
    const own = this.#sums[place] ?? null;
    const finer = place > 1 ? this.#unfinishedSum(place - 1) : null;
    const [tier, finerTier] = [TIERS[place], TIERS[place - 1]];
    if (!finer || !tier || !finerTier) return own;
    const slot = Math.floor((finer.slot * finerTier.step) / tier.step);
    const sum = own?.slot === slot ? { ...own } : { slot, min: finer.min, sum: 0, max: finer.max, count: 0 };
    addTo(sum, finer.min, meanOf(finer), finer.max);
    return sum;
  }

  /** `step` as a reader sees it. */
  toValues({ min, mean, max }: Step): { min: number; mean: number; max: number } {
    const value = (units: number) => fromUnits(units, this.decimals);
    return { min: value(min), mean: value(mean), max: value(max) };
  }
}

function addTo(sum: Sum, min: number, mean: number, max: number): void {
  sum.min = Math.min(sum.min, min);
  sum.sum += mean;
  sum.max = Math.max(sum.max, max);
  sum.count += 1;
}

function meanOf({ sum, count }: Sum): number {
  return Math.round(sum / count);
}
