import { CHUNK, Column } from "./column.ts";
import { readTokens, TokenWriter } from "./packing.ts";
import type { Tier } from "./tiers.ts";

/** One step of a series, in whole units of its metric: the least, the mean and the greatest value. Of a sample, all three are the same. */
export interface Step {
  slot: number;
  min: number;
  mean: number;
  max: number;
}

/** The same step of all series. Of samples, all three are one column. */
export interface Steps {
  readonly min: Column;
  readonly mean: Column;
  readonly max: Column;
}

export function sampleSteps(): Steps {
  const column = new Column();
  return { min: column, mean: column, max: column };
}

export function rolledSteps(): Steps {
  return { min: new Column(), mean: new Column(), max: new Column() };
}

/** A block that is not written yet: the steps of all series, each step a column, so that a tick touches only what lies together. */
export class OpenBlock {
  readonly tier: Tier;
  readonly index: number;
  /** The series before that one have been written. */
  written = 0;
  readonly #first: number;
  readonly #steps: (Steps | undefined)[] = [];
  /** The chunks of columns that it has. */
  readonly #chunks = new Set<number>();
  #end = 0;

  constructor(tier: Tier, index: number) {
    this.tier = tier;
    this.index = index;
    this.#first = index * tier.slots;
  }

  /** The number after the greatest that a series in it has. */
  get end(): number {
    return this.#end;
  }

  /** The first series that may be in it, from `series` on. */
  next(series: number): number {
    let next = series;
    while (next < this.#end && !this.#chunks.has(Math.floor(next / CHUNK))) next += CHUNK - (next % CHUNK);
    return next;
  }

  steps(slot: number): Steps | undefined {
    return this.#steps[slot - this.#first];
  }

  /** Takes over a step of all series whose numbers are below `end`. */
  put(slot: number, steps: Steps, end: number): void {
    this.#steps[slot - this.#first] = steps;
    this.#end = Math.max(this.#end, end);
    for (let place = 0; place < steps.mean.chunks; place++) if (steps.mean.chunk(place)) this.#chunks.add(place);
  }

  /** The steps of one series in order. */
  read(series: number, take: (slot: number, min: number, mean: number, max: number) => void): void {
    const place = Math.floor(series / CHUNK);
    const at = series % CHUNK;
    const steps = this.#steps;
    for (let slot = 0; slot < steps.length; slot++) {
      const columns = steps[slot];
      const mean = columns?.mean.chunk(place)?.[at] ?? Number.NaN;
      if (columns === undefined || Number.isNaN(mean)) continue;
      if (!this.tier.isRolled) take(this.#first + slot, mean, mean, mean);
      else take(this.#first + slot, columns.min.get(series), mean, columns.max.get(series));
    }
  }

  /** The steps of one series, packed; null: it has none. */
  pack(series: number): Uint8Array | null {
    const tokens = new TokenWriter(this.tier.isRolled, this.#first);
    let last = 0;
    this.read(series, (slot, min, mean, max) => {
      tokens.write(slot, mean - last, mean - min, max - mean);
      last = mean;
    });
    return tokens.next === this.#first ? null : tokens.toBytes();
  }
}

/** The steps of a packed block in order. */
export function readBlock(bytes: Uint8Array, tier: Tier, index: number, take: (step: Step) => void): void {
  let mean = 0;
  readTokens(
    bytes,
    tier.isRolled,
    (slot, change, below, above) => {
      mean += change;
      take({ slot, min: mean - below, mean, max: mean + above });
    },
    index * tier.slots,
  );
}
