import { rolledSteps, type Steps, sampleSteps } from "./block.ts";
import { CHUNK, Column } from "./column.ts";
import { readTokens, TokenWriter } from "./packing.ts";

/** How a frame begins: it is the first of a chain, whose values are no differences, or it follows another. */
const KEY = 1;
const FOLLOWING = 0;
const NONE = new Float64Array(0);

/** Writes the frames of one tier: each holds one step of every series, as differences to the frame before it, so that little change costs little. */
export class FrameWriter {
  #bases = new Column();
  #isKey = true;

  /** Begins a new chain with the next frame. */
  restart(): void {
    this.#isKey = true;
    this.#bases = new Column();
  }

  /** The frame of a step of all series; null: no series has one. */
  write(steps: Steps, isRolled: boolean): Uint8Array | null {
    const tokens = new TokenWriter(isRolled);
    for (let place = 0; place < steps.mean.chunks; place++) this.#writeChunk(tokens, steps, place, isRolled);
    if (tokens.next === 0) return null;
    const frame = tokens.toBytes(1);
    frame[0] = this.#isKey ? KEY : FOLLOWING;
    this.#isKey = false;
    return frame;
  }

  /** NOTE: a tick writes hundreds of thousands of these numbers; hence no look-up for each. */
  #writeChunk(tokens: TokenWriter, { min, mean, max }: Steps, place: number, isRolled: boolean): void {
    const means = mean.chunk(place);
    if (!means) return;
    const bases = this.#bases.own(place);
    const [mins, maxs] = [min.chunk(place) ?? means, max.chunk(place) ?? means];
    for (let at = 0; at < CHUNK; at++) {
      const value = means[at] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const base = bases[at] ?? Number.NaN;
      const change = Number.isNaN(base) ? value : value - base;
      const series = place * CHUNK + at;
      if (isRolled) tokens.write(series, change, value - (mins[at] ?? value), (maxs[at] ?? value) - value);
      else tokens.write(series, change, 0, 0);
      bases[at] = value;
    }
  }
}

/** Reads a tier's frames, which must come in the order they were made; what comes before the first key frame cannot be read. */
export class FrameReader {
  #bases: Column | null = null;

  /** What the frame holds, and the number after its greatest series'; null: it follows a frame that is gone. */
  read(frame: Uint8Array, isRolled: boolean): { steps: Steps; end: number } | null {
    if (frame[0] === KEY) this.#bases = new Column();
    const bases = this.#bases;
    if (!bases) return null;
    const steps = isRolled ? rolledSteps() : sampleSteps();
    let end = 0;
    // NOTE: a start reads half a million of these numbers and more; hence no look-up for each.
    let place = -1;
    let base: Float64Array = NONE;
    let [means, mins, maxs] = [base, base, base];
    readTokens(frame.subarray(1), isRolled, (series, change, below, above) => {
      const at = series % CHUNK;
      if (series - at !== place * CHUNK) {
        place = (series - at) / CHUNK;
        base = bases.own(place);
        means = steps.mean.own(place);
        mins = steps.min.own(place);
        maxs = steps.max.own(place);
      }
      const before = base[at] ?? Number.NaN;
      const mean = Number.isNaN(before) ? change : before + change;
      base[at] = mean;
      means[at] = mean;
      end = series + 1;
      if (!isRolled) return;
      mins[at] = mean - below;
      maxs[at] = mean + above;
    });
    return { steps, end };
  }
}
