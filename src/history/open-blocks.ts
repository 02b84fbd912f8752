import { OpenBlock, type Step, type Steps } from "./block.ts";
import { rollUp, rollUpOne } from "./roll-up.ts";
import { blockOf, DELAYS, type Place, slotOf, TICK, TIERS, type Tier } from "./tiers.ts";

/** Of which tier each is rolled up. */
const FINER = { 1: 0, 2: 1, 3: 2 } as const;

/** How much is packed with every tick: a twelfth for the samples, a third of that for the minutes, little for the others, and some more. */
const TIDIED = 1 / 6;

/** A block of one series, ready to be written. */
interface Packed {
  tier: Tier;
  index: number;
  series: number;
  bytes: Uint8Array;
}

/** What is in memory: the block of every tier that is still growing, and those that are complete and wait to be written. */
export class OpenBlocks {
  readonly #open: (OpenBlock | null)[] = TIERS.map(() => null);
  /** For each tier the oldest first. */
  readonly #waiting: OpenBlock[][] = TIERS.map(() => []);

  /** Takes a step of all series whose numbers are below `end`; one that belongs to an older block than the open one is dropped. */
  put(place: Place, slot: number, steps: Steps, end: number): void {
    const tier = TIERS[place];
    const index = blockOf(tier, slot);
    this.closeBefore(place, index);
    const open = this.#open[place] ?? new OpenBlock(tier, index);
    if (open.index !== index) return;
    open.put(slot, steps, end);
    this.#open[place] = open;
  }

  /** Rolls up the step `slot` of the tier, of which nothing more can come; null: nothing is known of it, or it is there already. */
  complete(place: 1 | 2 | 3, slot: number): Steps | null {
    const tier = TIERS[place];
    const { step, slots } = TIERS[FINER[place]];
    const finer = this.#find(FINER[place], Math.floor((slot * tier.step) / step / slots));
    if (!finer || this.#open[place]?.knows(slot)) return null;
    const steps = rollUp(tier, slot, finer);
    if (steps) this.put(place, slot, steps, finer.end);
    return steps;
  }

  /**
   * Packs steps that are complete, a little at a time, the finest first. With every tick a share of the chunks of series, a bit more than
   * become complete by then; `all`: whatever there is.
   */
  tidy(all = false): void {
    const blocks = [...this.#waiting.flat(), ...this.#open].filter(block => block !== null);
    let left = all ? Number.POSITIVE_INFINITY : Math.ceil(Math.max(0, ...blocks.map(({ places }) => places)) * TIDIED);
    for (const block of blocks) left -= block.tidy(left);
  }

  /** Lets the tier's open block wait to be written if it is one before `index`. */
  closeBefore(place: Place, index: number): boolean {
    const open = this.#open[place];
    if (!open || open.index >= index) return false;
    this.#open[place] = null;
    this.#waiting[place]?.push(open);
    return true;
  }

  /** Packs at most `most` of the blocks that wait, the finest first: their frames are the most. `written` is called when they are. */
  due(most: number): { packed: Packed[]; written: () => void } {
    const packed: Packed[] = [];
    const reached = new Map<OpenBlock, number>();
    for (const block of this.#waiting.flat()) {
      if (packed.length >= most) break;
      const { tier, index } = block;
      let series = block.next(block.written);
      for (; series < block.end && packed.length < most; series = block.next(series + 1)) {
        const bytes = block.pack(series);
        if (bytes) packed.push({ tier, index, series, bytes });
      }
      reached.set(block, series);
    }
    return { packed, written: () => this.#settle(reached) };
  }

  #settle(reached: ReadonlyMap<OpenBlock, number>): void {
    for (const [block, series] of reached) block.written = series;
    for (const queue of this.#waiting) while (queue[0] && queue[0].written >= queue[0].end) queue.shift();
  }

  /** Everything is lost. */
  clear(): void {
    this.#open.fill(null);
    this.giveUp();
  }

  /** Everything that waits is lost. */
  giveUp(): void {
    for (const queue of this.#waiting) queue.length = 0;
  }

  /** The index of the tier's oldest block that is not written; `otherwise`: there is none. */
  oldest(place: Place, otherwise: number): number {
    return (this.#waiting[place]?.[0] ?? this.#open[place])?.index ?? otherwise;
  }

  /** Whether anything of the series is in memory. */
  has(series: number): boolean {
    let found = false;
    for (const block of [...this.#waiting.flat(), ...this.#open])
      block?.read(series, () => {
        found = true;
      });
    return found;
  }

  /** The steps that a block in memory has of a series; false: that block is not in memory. */
  read(place: Place, index: number, series: number, take: (step: Step) => void): boolean {
    const block = this.#find(place, index);
    block?.read(series, (slot, min, mean, max) => take({ slot, min, mean, max }));
    return block !== undefined;
  }

  #find(place: Place, index: number): OpenBlock | undefined {
    const open = this.#open[place];
    return open?.index === index ? open : this.#waiting[place]?.find(block => block.index === index);
  }

  /** The tier's step that is not complete at the tick `last`, with what is known of it so far; null: nothing is. */
  unfinished(place: Place, series: number, last: number): Step | null {
    if (place === 0) return null;
    const tier = TIERS[place];
    const finer = TIERS[FINER[place]];
    const slot = slotOf(tier, (last - DELAYS[place]) * TICK);
    const steps: Step[] = [];
    const take = (step: Step | null) => {
      if (step && slotOf(tier, step.slot * finer.step) === slot) steps.push(step);
    };
    this.read(FINER[place], blockOf(finer, (slot * tier.step) / finer.step), series, take);
    take(this.unfinished(FINER[place], series, last));
    return rollUpOne(slot, steps);
  }
}
