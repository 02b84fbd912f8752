import { CHUNK, Column } from "./column.ts";
import { type PackedRun, packRun, readRun, runOf } from "./packed-run.ts";
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

/** The same step of the series of one chunk. */
export interface StepChunk {
  mins: Float64Array;
  means: Float64Array;
  maxs: Float64Array;
}

function chunkOf({ min, mean, max }: Steps, place: number): StepChunk | undefined {
  const [mins, means, maxs] = [min.chunk(place), mean.chunk(place), max.chunk(place)];
  return mins && means && maxs && { mins, means, maxs };
}

export function rolledSteps(): Steps {
  return { min: new Column(), mean: new Column(), max: new Column() };
}

/**
 * A block that is not written yet: the steps of all series. The newest are columns, so that a tick touches only what lies together; a run
 * of steps that is complete is packed, a chunk of series at a time, and takes a sixth of the room then.
 */
export class OpenBlock {
  readonly tier: Tier;
  readonly index: number;
  /** The series before that one have been written. */
  written = 0;
  readonly #first: number;
  /** How many steps make a run. */
  readonly #length: number;
  /** By slot; those of packed runs are gone. */
  readonly #steps: (Steps | undefined)[] = [];
  /** By run, then by the chunk of series. */
  readonly #packed: (PackedRun | undefined)[][] = [];
  /** Which slots anything is known of. */
  readonly #known = new Set<number>();
  /** The chunks of columns that it has. */
  readonly #chunks = new Set<number>();
  /** How many there may be. */
  #places = 0;
  /** Where packing goes on. */
  readonly #next = { run: 0, place: 0 };
  #end = 0;

  constructor(tier: Tier, index: number) {
    this.tier = tier;
    this.index = index;
    this.#first = index * tier.slots;
    this.#length = runOf(tier);
  }

  /** The number after the greatest that a series in it has. */
  get end(): number {
    return this.#end;
  }

  /** How many chunks of series there may be. */
  get places(): number {
    return this.#places;
  }

  /** The first series that may be in it, from `series` on. */
  next(series: number): number {
    let next = series;
    while (next < this.#end && !this.#chunks.has(Math.floor(next / CHUNK))) next += CHUNK - (next % CHUNK);
    return next;
  }

  /** Whether anything is known of one of the `count` steps from `slot` on. */
  knows(slot: number, count = 1): boolean {
    for (let at = slot; at < slot + count; at++) if (this.#known.has(at)) return true;
    return false;
  }

  /** Takes over a step of all series whose numbers are below `end`. NOTE: steps come in order; a packed run takes no more of them. */
  put(slot: number, steps: Steps, end: number): void {
    this.#steps[slot - this.#first] = steps;
    this.#known.add(slot);
    this.#end = Math.max(this.#end, end);
    this.#places = Math.max(this.#places, steps.mean.chunks);
    for (let place = 0; place < steps.mean.chunks; place++) if (steps.mean.chunk(place)) this.#chunks.add(place);
  }

  /** Packs what is complete and not packed yet, `most` chunks at the most; answers how many it were. */
  tidy(most: number): number {
    const length = this.#length;
    let done = 0;
    while (done < most && this.#steps.length >= (this.#next.run + 1) * length) {
      const { run, place } = this.#next;
      // NOTE: a block that began in the middle has many runs without anything; they must not use up what may be done.
      if (place < this.#places && this.knows(this.#first + run * length, length)) {
        this.#pack(run, place);
        this.#next.place += 1;
        done += 1;
      } else {
        this.#steps.fill(undefined, run * length, (run + 1) * length);
        this.#next.run += 1;
        this.#next.place = 0;
      }
    }
    return done;
  }

  #pack(run: number, place: number): void {
    const steps = this.#steps.slice(run * this.#length, (run + 1) * this.#length);
    const packed = this.#packed[run] ?? [];
    this.#packed[run] = packed;
    const chunks = steps.map(columns => columns && chunkOf(columns, place));
    if (chunks.every(chunk => chunk === undefined)) return;
    packed[place] = packRun(chunks, this.tier.isRolled);
    for (const columns of steps) for (const column of columns ? Object.values(columns) : []) column.drop(place);
  }

  /** The steps of one series in order. */
  read(series: number, take: (slot: number, min: number, mean: number, max: number) => void): void {
    const place = Math.floor(series / CHUNK);
    const at = series % CHUNK;
    for (let run = 0; run * this.#length < this.#steps.length; run++) {
      const packed = this.#packed[run]?.[place];
      const first = this.#first + run * this.#length;
      if (packed) readRun(packed, at, this.tier.isRolled, first, take);
      else this.#readColumns(place, at, first, first + this.#length, take);
    }
  }

  /** The steps of all series of a chunk, `count` of them from `slot` on; those of one series are in order. */
  readChunk(
    place: number,
    slot: number,
    count: number,
    take: (at: number, min: number, mean: number, max: number) => void,
  ): void {
    const end = slot + count;
    let at = 0;
    const takeOne = (of: number, min: number, mean: number, max: number) => {
      if (of >= slot && of < end) take(at, min, mean, max);
    };
    for (let run = Math.floor((slot - this.#first) / this.#length); ; run++) {
      const first = this.#first + run * this.#length;
      if (first >= end) return;
      const packed = this.#packed[run]?.[place];
      if (packed) for (at = 0; at < CHUNK; at++) readRun(packed, at, this.tier.isRolled, first, takeOne);
      else this.#readRows(place, Math.max(first, slot), Math.min(first + this.#length, end), take);
    }
  }

  /** Step by step, as they lie in memory. */
  #readRows(
    place: number,
    from: number,
    to: number,
    take: (at: number, min: number, mean: number, max: number) => void,
  ): void {
    for (let slot = from; slot < to; slot++) {
      const columns = this.#steps[slot - this.#first];
      const chunk = columns && chunkOf(columns, place);
      if (!chunk) continue;
      const { mins, means, maxs } = chunk;
      for (let at = 0; at < CHUNK; at++) {
        const mean = means[at] ?? Number.NaN;
        if (!Number.isNaN(mean)) take(at, mins[at] ?? mean, mean, maxs[at] ?? mean);
      }
    }
  }

  #readColumns(
    place: number,
    at: number,
    from: number,
    to: number,
    take: (slot: number, min: number, mean: number, max: number) => void,
  ): void {
    for (let slot = from; slot < to; slot++) {
      const columns = this.#steps[slot - this.#first];
      const mean = columns?.mean.chunk(place)?.[at] ?? Number.NaN;
      if (columns === undefined || Number.isNaN(mean)) continue;
      take(slot, columns.min.chunk(place)?.[at] ?? mean, mean, columns.max.chunk(place)?.[at] ?? mean);
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
