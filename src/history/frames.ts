import { readTokens, TokenWriter } from "./packing.ts";

/** Marks the first frame of a chain, whose values are not differences. */
const KEY = 1;
const FOLLOWING = 0;

/**
 * The frames of one tier: each holds one step of every series, as differences to the frame before it, so that an idle estate costs next
 * to nothing. A chain of them begins with a key frame, which needs none before it.
 */
export class FrameWriter {
  readonly #spread: boolean;
  #bases: number[] = [];
  #tokens: TokenWriter | null = null;
  #isKey = true;

  constructor(spread: boolean) {
    this.#spread = spread;
  }

  /** Begins a new chain with the next frame. */
  restart(): void {
    this.#isKey = true;
    this.#bases = [];
  }

  /** Adds a step of a series; to be called in the order of the series' numbers. */
  add(series: number, min: number, mean: number, max: number): void {
    this.#tokens ??= new TokenWriter(this.#spread);
    this.#tokens.write(series, mean - (this.#bases[series] ?? 0), mean - min, max - mean);
    this.#bases[series] = mean;
  }

  /** The frame of what was added since the last one; null: nothing was. */
  end(): Uint8Array | null {
    if (!this.#tokens) return null;
    const tokens = this.#tokens.toBytes();
    const frame = new Uint8Array(tokens.length + 1);
    frame[0] = this.#isKey ? KEY : FOLLOWING;
    frame.set(tokens, 1);
    this.#tokens = null;
    this.#isKey = false;
    return frame;
  }
}

/** Reads a tier's frames, which must come in the order they were made; what comes before the first key frame cannot be read and is skipped. */
export class FrameReader {
  readonly #spread: boolean;
  #bases: number[] | null = null;

  constructor(spread: boolean) {
    this.#spread = spread;
  }

  read(frame: Uint8Array, take: (series: number, min: number, mean: number, max: number) => void): void {
    if (frame[0] === KEY) this.#bases = [];
    const bases = this.#bases;
    if (!bases) return;
    readTokens(frame.subarray(1), this.#spread, (series, change, below, above) => {
      const mean = (bases[series] ?? 0) + change;
      bases[series] = mean;
      take(series, mean - below, mean, mean + above);
    });
  }
}
