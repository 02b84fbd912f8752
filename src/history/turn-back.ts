import { readBlock, rolledSteps, type Steps, sampleSteps } from "./block.ts";
import { FrameWriter } from "./frames.ts";
import type { OpenBlocks } from "./open-blocks.ts";
import type { Tables } from "./tables.ts";
import { blockOf, PLACES, type Place, slotOf, TICK, TIERS, type Tier } from "./tiers.ts";

/**
 * Forgets everything from the tick `slot` on: it was recorded by a clock that was ahead. What of the blocks of now is packed already is made
 * frames again, from which they can be rebuilt. To be called within a transaction; what is in memory is not true any more then.
 */
export function turnBack(tables: Tables, blocks: OpenBlocks, slot: number): void {
  for (const place of PLACES) {
    const tier = TIERS[place];
    const now = slotOf(tier, slot * TICK);
    const index = blockOf(tier, now);
    if (tier.frames !== null && !hasAllFrames(blocks, place, index)) unpack(tables, tier, index);
    tables.removeBlocksFrom(tier, index);
    tables.removeFramesFrom(tier, now);
  }
}

/** Frames go when their block is written as a whole. */
function hasAllFrames(blocks: OpenBlocks, place: Place, index: number): boolean {
  return blocks.oldest(place, Number.POSITIVE_INFINITY) <= index;
}

function unpack(tables: Tables, tier: Tier, index: number): void {
  const slots = new Map<number, Steps>();
  for (const { series, block } of tables.blocksAt(tier, index))
    readBlock(block, tier, index, ({ slot, min, mean, max }) => {
      const steps = slots.get(slot) ?? (tier.isRolled ? rolledSteps() : sampleSteps());
      slots.set(slot, steps);
      steps.min.set(series, min);
      steps.mean.set(series, mean);
      steps.max.set(series, max);
    });
  tables.removeFramesFrom(tier, index * tier.slots);
  const writer = new FrameWriter();
  for (const [slot, steps] of [...slots].sort(([one], [other]) => one - other)) {
    const frame = writer.write(steps, tier.isRolled);
    if (frame) tables.addFrame({ tier, slot, frame });
  }
}
