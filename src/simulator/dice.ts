/** Chance that always falls the same way: every throw is decided by the words the dice were made from. */
export interface Dice {
  /** 0 (included) to 1 (excluded). */
  share(): number;
  between(low: number, high: number): number;
  /** One of `list`, which must not be empty. */
  pick<T>(list: readonly [T, ...T[]]): T;
}

/** Dice of their own for the thing that `words` name. */
export function diceOf(...words: readonly (string | number)[]): Dice {
  let state = hash(words.join("/"));
  const share = () => {
    state = (state + 0x6d2b79f5) | 0;
    return mix(state) / 2 ** 32;
  };
  return {
    share,
    between: (low, high) => low + (high - low) * share(),
    pick: list => list[Math.floor(share() * list.length)] ?? list[0],
  };
}

/** FNV-1a over UTF-16 units, stirred once more. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  return mix(sum);
}

/** The finisher of MurmurHash3: each bit of the input moves half of the output. */
function mix(bits: number): number {
  let sum = bits ^ (bits >>> 16);
  sum = Math.imul(sum, 0x85ebca6b);
  sum ^= sum >>> 13;
  sum = Math.imul(sum, 0xc2b2ae35);
  return (sum ^ (sum >>> 16)) >>> 0;
}
