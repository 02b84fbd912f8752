import { DAY, HOUR, type Instant, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { Retention } from "../model/retention.ts";

/** One resolution in which history is kept. */
export interface Tier {
  readonly name: TierName;
  /** Its steps have a least and a greatest value besides the mean; samples have not. */
  readonly isRolled: boolean;
  /** The length of a step: a sample, or what the steps of the finer tier before it are rolled up to. */
  readonly step: Millis;
  /** How many steps one packed block holds. A block's end is also the end of a step of every finer tier. */
  readonly slots: number;
  /** Table of the packed blocks. */
  readonly blocks: string;
  /** Table of the frames from which the open blocks are rebuilt; null: they follow from those of the finer tier. */
  readonly frames: string | null;
  /** How long it is kept unless told otherwise. */
  readonly keep: Millis;
}
type TierName = keyof Retention;

/**
 * From fine to coarse. Each is made of the one before it, so that the steps of a finer tier never outlive their own.
 * NOTE: steps and slots are baked into stored blocks; a change needs other tables.
 */
export const TIERS = [
  {
    name: "raw",
    isRolled: false,
    step: 10 * SECOND,
    slots: 360,
    blocks: "history_raw",
    frames: "history_raw_frame",
    keep: 3 * DAY,
  },
  { name: "minute", isRolled: true, step: MINUTE, slots: 60, blocks: "history_minute", frames: null, keep: 14 * DAY },
  {
    name: "half-hour",
    isRolled: true,
    step: 30 * MINUTE,
    slots: 96,
    blocks: "history_half_hour",
    frames: "history_half_hour_frame",
    keep: 395 * DAY,
  },
  {
    name: "quarter-day",
    isRolled: true,
    step: 6 * HOUR,
    slots: 64,
    blocks: "history_quarter_day",
    frames: "history_quarter_day_frame",
    keep: 5 * 365 * DAY,
  },
] as const satisfies readonly Tier[];

/** Where a tier stands in the order, 0 the finest. */
export type Place = 0 | 1 | 2 | 3;
/** The tiers with their places. */
export const PLACES = [0, 1, 2, 3] as const satisfies readonly Place[];

/** How many ticks after its end a step is completed, and a block closed. */
export const DELAYS = [0, 0, 1, 2] as const;

/** The length of a sample's place on the grid. */
export const TICK: Millis = TIERS[0].step;

/** The number of the step in which `at` lies, counted from the Unix epoch. */
export function slotOf(tier: Tier, at: Instant): number {
  return Math.floor(at / tier.step);
}

/** The number of the block that has the step `slot`. */
export function blockOf(tier: Tier, slot: number): number {
  return Math.floor(slot / tier.slots);
}

/** A coarser tier is kept at least as long as each finer one: a series ends with its coarsest block. */
export function toRetention(wanted: Partial<Retention>): Retention {
  let longest = 0;
  const rows = TIERS.map(({ name, keep }) => {
    longest = Math.max(longest, wanted[name] ?? keep);
    return [name, longest];
  });
  return Object.fromEntries(rows) as Retention;
}

/**
 * How long to wait at `now` for the next tick. Ticks aim at the middle of their step: a timer that is late, or a look that takes a
 * while, does not move one into its neighbour's step.
 */
export function untilTick(now: Instant): Millis {
  return TICK + TICK / 2 - (now % TICK);
}
