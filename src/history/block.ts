import { readTokens, TokenWriter } from "./packing.ts";

/** One step of a series, in whole units of its metric: the least, the mean and the greatest value. Of a sample, all three are the same. */
export interface Step {
  slot: number;
  min: number;
  mean: number;
  max: number;
}

/** A block that is still open: the steps of one series, packed as they come. */
export class OpenBlock {
  readonly index: number;
  readonly #tokens: TokenWriter;
  #last = 0;

  /** `first`: the slot it begins with. `spread`: its steps have a min and a max of their own. */
  constructor(index: number, first: number, spread: boolean) {
    this.index = index;
    this.#tokens = new TokenWriter(spread, first);
  }

  /** Steps not later than the last are dropped: false. */
  put(slot: number, min: number, mean: number, max: number): boolean {
    if (slot < this.#tokens.next) return false;
    this.#tokens.write(slot, mean - this.#last, mean - min, max - mean);
    this.#last = mean;
    return true;
  }

  toBytes(): Uint8Array {
    return this.#tokens.toBytes();
  }
}

/** The steps of a packed block in order. */
export function readBlock(bytes: Uint8Array, first: number, spread: boolean, take: (step: Step) => void): void {
  let mean = 0;
  readTokens(
    bytes,
    spread,
    (slot, change, below, above) => {
      mean += change;
      take({ slot, min: mean - below, mean, max: mean + above });
    },
    first,
  );
}
