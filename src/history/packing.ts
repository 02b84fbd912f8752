/**
 * How numbers become few bytes. A run of tokens, each a variable-length integer (seven bits a byte, the lowest first):
 * even: half of it is a zigzag-coded number; `…01`: a quarter of it says how many zeros follow each other; `…11`: how many positions in a
 * row have nothing. Where tokens carry a spread, two more integers follow each number; a zero without spread counts as a plain zero.
 */
export class TokenWriter {
  readonly #spread: boolean;
  #bytes = new Uint8Array(256);
  #length = 0;
  #next: number;
  #zeros = 0;

  /** `first`: the position that needs no gap before it. */
  constructor(spread: boolean, first = 0) {
    this.#spread = spread;
    this.#next = first;
  }

  /** The position after the last one written. */
  get next(): number {
    return this.#next;
  }

  /** `position` must not be before `next`; `below` and `above` must not be negative. */
  write(position: number, value: number, below = 0, above = 0): void {
    const gap = position - this.#next;
    if (gap > 0) {
      this.#endZeros();
      this.#integer(gap * 4 + 3);
    }
    this.#next = position + 1;
    if (value === 0 && below === 0 && above === 0) {
      this.#zeros += 1;
      return;
    }
    this.#endZeros();
    this.#integer(value >= 0 ? value * 4 : -value * 4 - 2);
    if (!this.#spread) return;
    this.#integer(below);
    this.#integer(above);
  }

  /** Begins another run of positions, which can be read by itself; answers where its bytes begin. */
  begin(first: number): number {
    this.#endZeros();
    this.#next = first;
    return this.#length;
  }

  /** A copy of what was written, after `head` bytes that are left free. Nothing may be written afterwards. */
  toBytes(head = 0): Uint8Array {
    this.#endZeros();
    const bytes = new Uint8Array(head + this.#length);
    bytes.set(this.#bytes.subarray(0, this.#length), head);
    return bytes;
  }

  #endZeros(): void {
    if (this.#zeros === 0) return;
    const zeros = this.#zeros;
    this.#zeros = 0;
    this.#integer(zeros * 4 + 1);
  }

  #integer(value: number): void {
    if (this.#length + LONGEST > this.#bytes.length) this.#grow();
    let rest = value;
    // NOTE: bit operators see 32 bits only.
    while (rest >= 2 ** 31) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  #grow(): void {
    const bytes = new Uint8Array(this.#bytes.length * 2);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** An integer below 2^53 takes eight bytes at the most. */
const LONGEST = 8;
/** Numbers beyond that, either way, cannot be written: a token is four times as large, and two of them may be that far apart. */
export const LARGEST = 2 ** 50 - 1;

/** Reads what TokenWriter wrote, from `begin` until `end`. Bytes that end in the middle of a number throw a RangeError. */
export function readTokens(
  bytes: Uint8Array,
  spread: boolean,
  take: (position: number, value: number, below: number, above: number) => void,
  first = 0,
  begin = 0,
  end = bytes.length,
): void {
  const reader = new IntegerReader(bytes, begin);
  let position = first;
  while (reader.at < end) {
    const token = reader.next();
    if (token % 2 === 0) {
      const value = token % 4 === 0 ? token / 4 : -(token + 2) / 4;
      take(position++, value, spread ? reader.next() : 0, spread ? reader.next() : 0);
    } else if (token % 4 === 3) position += Math.floor(token / 4);
    else for (let zeros = Math.floor(token / 4); zeros > 0; zeros--) take(position++, 0, 0, 0);
  }
}

class IntegerReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  next(): number {
    // Most are short.
    const first = this.#bytes[this.at];
    if (first !== undefined && first < 128) {
      this.at += 1;
      return first;
    }
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw new RangeError("A packed block ends in the middle of a number");
      if (byte < 128) return value + byte * scale;
      value += (byte - 128) * scale;
    }
  }
}
