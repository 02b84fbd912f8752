import type { StepChunk } from "./block.ts";
import { CHUNK } from "./column.ts";
import { readTokens, TokenWriter } from "./packing.ts";
import type { Tier } from "./tiers.ts";

/**
 * How many steps are packed together: few, so that few wait for it as columns; not too few, because each series begins anew. The coarser
 * tiers' steps would wait for hours and days.
 */
export function runOf({ name }: Tier): number {
  return RUNS[name];
}
const RUNS = { raw: 12, minute: 6, "half-hour": 2, "quarter-day": 1 } as const satisfies Record<Tier["name"], number>;

/** Some steps next to each other of a chunk of series, each series by itself, so that one can be read without the others. */
export interface PackedRun {
  bytes: Uint8Array;
  /** Where in the bytes each series begins; the last one is where they end. They are few: a chunk has 256 series. */
  begins: Uint16Array;
}

/** `chunks`: a step each, undefined where nothing is known. */
export function packRun(chunks: readonly (StepChunk | undefined)[], isRolled: boolean): PackedRun {
  const tokens = new TokenWriter(isRolled);
  const begins = new Uint16Array(CHUNK + 1);
  for (let at = 0; at < CHUNK; at++) {
    begins[at] = tokens.begin(0);
    let last = 0;
    for (let offset = 0; offset < chunks.length; offset++) {
      const chunk = chunks[offset];
      const mean = chunk?.means[at] ?? Number.NaN;
      if (chunk === undefined || Number.isNaN(mean)) continue;
      tokens.write(offset, mean - last, mean - (chunk.mins[at] ?? mean), (chunk.maxs[at] ?? mean) - mean);
      last = mean;
    }
  }
  begins[CHUNK] = tokens.begin(0);
  return { bytes: tokens.toBytes(), begins };
}

/** The steps of the series at that place of its chunk; `first`: the number of the run's first. */
export function readRun(
  { bytes, begins }: PackedRun,
  at: number,
  isRolled: boolean,
  first: number,
  take: (slot: number, min: number, mean: number, max: number) => void,
): void {
  let mean = 0;
  readTokens(
    bytes,
    isRolled,
    (slot, change, below, above) => {
      mean += change;
      take(slot, mean - below, mean, mean + above);
    },
    first,
    begins[at],
    begins[at + 1],
  );
}
