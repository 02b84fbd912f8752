/** The text is compressed in pieces of that length, as the format's own tools do: an offset fits into two bytes. */
const PIECE = 65_536;
const HASH_BITS = 14;
const SHORTEST = 4;
const LONGEST_COPY = 64;

/**
 * Compresses by Snappy's block format, which remote write asks for (google/snappy, format_description.txt): literals, and copies of what
 * came before, found by a hash of four bytes.
 */
export function snappy(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(32 + data.length + Math.ceil(data.length / 6));
  let end = putVarint(out, 0, data.length);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const table = new Uint16Array(1 << HASH_BITS);
  for (let begin = 0; begin < data.length; begin += PIECE) {
    const stop = Math.min(begin + PIECE, data.length);
    table.fill(0);
    let literal = begin;
    for (let at = begin + 1; at + SHORTEST <= stop; ) {
      const word = view.getUint32(at, true);
      const hash = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS);
      const before = begin + (table[hash] ?? 0);
      table[hash] = at - begin;
      if (before >= at || view.getUint32(before, true) !== word) {
        at += 1;
        continue;
      }
      let length = SHORTEST;
      while (at + length < stop && data[before + length] === data[at + length]) length += 1;
      end = putLiteral(out, end, data.subarray(literal, at));
      end = putCopy(out, end, at - before, length);
      at += length;
      literal = at;
    }
    end = putLiteral(out, end, data.subarray(literal, stop));
  }
  return out.subarray(0, end);
}

/** An unsigned number in groups of seven bits; answers where it ends. */
export function putVarint(out: Uint8Array, at: number, value: number): number {
  let [end, rest] = [at, value];
  for (; rest >= 128; rest = Math.floor(rest / 128)) out[end++] = (rest % 128) + 128;
  out[end++] = rest;
  return end;
}

function putLiteral(out: Uint8Array, at: number, bytes: Uint8Array): number {
  if (bytes.length === 0) return at;
  const last = bytes.length - 1;
  let end = at;
  if (last < 60) out[end++] = last << 2;
  else if (last < 256) {
    out[end++] = 60 << 2;
    out[end++] = last;
  } else {
    out[end++] = 61 << 2;
    out[end++] = last & 255;
    out[end++] = last >> 8;
  }
  out.set(bytes, end);
  return end + bytes.length;
}

/** Of `length` bytes that stand `offset` bytes before. */
function putCopy(out: Uint8Array, at: number, offset: number, length: number): number {
  let end = at;
  for (let left = length; left > 0; ) {
    const part = Math.min(left, LONGEST_COPY);
    out[end++] = ((part - 1) << 2) | 2;
    out[end++] = offset & 255;
    out[end++] = offset >> 8;
    left -= part;
  }
  return end;
}
