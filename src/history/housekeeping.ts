import type { Bytes, Instant } from "../kit/units.ts";
import type { Retention } from "../model/retention.ts";
import type { Imported } from "./imported.ts";
import type { Late } from "./late.ts";
import type { OpenBlocks } from "./open-blocks.ts";
import type { Tables } from "./tables.ts";
import { blockOf, PLACES, slotOf, TICK, TIERS, type Tier } from "./tiers.ts";

/** What one tick removes at the most, so that none takes long. */
const MOST_BLOCKS = 500;
const MOST_FRAMES = 20;
/** Imported history is looked through for what is too old every so many ticks: once an hour. */
const CLEANED_EVERY = 360;
/** Of the coarsest tier: with each it is looked up whether it was the last one of its series. */
const MOST_COARSEST = 10;

/** Lets go of what is too old, or too much, a little with every tick. */
export class Housekeeping {
  readonly #tables: Tables;
  readonly #blocks: OpenBlocks;
  readonly #imported: Imported;
  readonly #late: Late;
  #keep: Retention;
  #limit: Bytes;

  constructor(
    tables: Tables,
    blocks: OpenBlocks,
    [imported, late]: readonly [Imported, Late],
    keep: Retention,
    limit: Bytes,
  ) {
    this.#imported = imported;
    this.#late = late;
    this.#tables = tables;
    this.#blocks = blocks;
    this.#keep = keep;
    this.#limit = limit;
  }

  /** From now on, so long and so much. */
  keepFor(keep: Retention, limit: Bytes): void {
    this.#keep = keep;
    this.#limit = limit;
  }

  /** Removes frames whose blocks are all written. */
  removeFrames(at: Instant): void {
    for (const place of PLACES) {
      const tier = TIERS[place];
      if (tier.frames === null) continue;
      const made = PLACES.filter(other => other === place || (other === place + 1 && TIERS[other].frames === null));
      const starts = made.map(other => {
        const { step, slots } = TIERS[other];
        return this.#blocks.oldest(other, blockOf(TIERS[other], slotOf(TIERS[other], at))) * slots * step;
      });
      this.#tables.removeFramesBefore(tier, slotOf(tier, Math.min(...starts)), MOST_FRAMES);
    }
  }

  /** Removes blocks that are too old at `at`, and, when the database is too large, the oldest ones. Answers which series ended with them. */
  removeBlocks(at: Instant): number[] {
    const gone = TIERS.flatMap(tier =>
      this.#removeBefore(tier, blockOf(tier, slotOf(tier, at - this.#keep[tier.name]))),
    );
    if (Math.floor(at / TICK) % CLEANED_EVERY === 0) {
      this.#imported.removeOld(at, this.#keep);
      this.#late.removeBefore(at - this.#keep.raw);
    }
    if (this.#tables.size() <= this.#limit) return gone;
    // What others remember goes before what we have seen ourselves.
    return this.#imported.removeOldest(MOST_BLOCKS) > 0 ? gone : [...gone, ...this.#removeOldest(at)];
  }

  /** Old is what has lasted the greatest share of the time that its tier is kept: all tiers shorten alike. */
  #removeOldest(at: Instant): number[] {
    let oldest: { tier: Tier; index: number; share: number } | null = null;
    for (const tier of TIERS) {
      const index = this.#tables.edge(tier, "min");
      if (index === null) continue;
      const share = (at - (index + 1) * tier.slots * tier.step) / this.#keep[tier.name];
      if (!oldest || share > oldest.share) oldest = { tier, index, share };
    }
    return oldest ? this.#removeBefore(oldest.tier, oldest.index + 1) : [];
  }

  #removeBefore(tier: Tier, index: number): number[] {
    const isCoarsest = tier === TIERS.at(-1);
    const removed = this.#tables.removeBlocksBefore(tier, index, isCoarsest ? MOST_COARSEST : MOST_BLOCKS);
    if (!isCoarsest) return [];
    const ended = removed.map(({ series }) => series).filter(series => this.#hasEnded(series));
    for (const series of ended) this.#tables.removeSeries(series);
    return ended;
  }

  #hasEnded(series: number): boolean {
    return !this.#blocks.has(series) && TIERS.every(tier => !this.#hasBlocks(tier, series));
  }

  #hasBlocks(tier: Tier, series: number): boolean {
    const [first, last] = [this.#tables.edge(tier, "min"), this.#tables.edge(tier, "max")];
    if (first === null || last === null) return false;
    for (let index = last; index >= first; index--) if (this.#tables.block(tier, index, series)) return true;
    return false;
  }
}
