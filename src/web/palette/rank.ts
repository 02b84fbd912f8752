/** Something that can be found. The texts are as `folded` makes them. */
export interface Findable {
  /** By which it is remembered. */
  readonly id: string;
  readonly title: string;
  /** What else it is known by: where it is, its tags. */
  readonly also: string;
  /** The VMID, as digits; null: it has none. */
  readonly number: string | null;
}

/** As texts are compared: in small letters, without accents. */
export function folded(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}+/gu, "");
}

/** How well a word fits; each kind of fit is worth more than any of the next kind. */
const NUMBER = 1000;
const WHOLE = 900;
const BEGINNING = 800;
const WORD = 700;
const WITHIN = 600;
const NUMBER_BEGINS = 500;
const ALSO_WORD = 400;
const ALSO_WITHIN = 300;
const SCATTERED = 200;
/** What was chosen lately goes before its like, and no further. */
const RECENT = 50;

/**
 * The best of `all` for what was typed, the best first; at the most `most`. Each word of it must fit. `recent`: ids, the latest first.
 * Equals stay in the order of `all`.
 */
export function rank<T extends Findable>(
  all: readonly T[],
  typed: string,
  recent: readonly string[],
  most: number,
): { best: T[]; found: T[] } {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  const found: T[] = [];
  const best: { one: T; worth: number }[] = [];
  for (const one of all) {
    const fit = worthOf(one, words);
    if (fit === null) continue;
    found.push(one);
    const at = recent.indexOf(one.id);
    insert(best, { one, worth: fit + (at === -1 ? 0 : RECENT - at) }, most);
  }
  return { best: best.map(({ one }) => one), found };
}

/** Keeps `best` sorted and short. */
function insert<T>(best: { one: T; worth: number }[], next: { one: T; worth: number }, most: number): void {
  let at = best.length;
  while (at > 0 && (best[at - 1]?.worth ?? 0) < next.worth) at -= 1;
  if (at >= most) return;
  best.splice(at, 0, next);
  if (best.length > most) best.pop();
}

/** How well something fits; null: a word does not. A long title is worth a little less than a short one. */
function worthOf(one: Findable, words: readonly string[]): number | null {
  let worth = 0;
  for (const word of words) {
    const fit = fitOf(one, word);
    if (fit === null) return null;
    worth += fit;
  }
  return worth / Math.max(1, words.length) - Math.min(40, one.title.length) / 2;
}

function fitOf({ title, also, number }: Findable, word: string): number | null {
  if (number === word) return NUMBER;
  const at = title.indexOf(word);
  if (at === 0) return title.length === word.length ? WHOLE : BEGINNING;
  if (at > 0) return beginsWord(title, word, at) ? WORD : WITHIN;
  if (number?.startsWith(word)) return NUMBER_BEGINS;
  const there = also.indexOf(word);
  if (there !== -1) return beginsWord(also, word, there) ? ALSO_WORD : ALSO_WITHIN;
  const gaps = gapsIn(title, word);
  return gaps === null ? null : SCATTERED - Math.min(99, gaps);
}

/** Whether `word` begins a word of `text`, at `at` or further on. */
function beginsWord(text: string, word: string, at: number): boolean {
  for (let next = at; next !== -1; next = text.indexOf(word, next + 1))
    if (next === 0 || !isOfWord(text.charCodeAt(next - 1))) return true;
  return false;
}

/** A letter or a digit. */
function isOfWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code > 127;
}

/** How many letters lie between those of `word`, which all occur in their order; null: they do not. */
function gapsIn(text: string, word: string): number | null {
  let at = -1;
  let first = 0;
  for (let letter = 0; letter < word.length; letter += 1) {
    at = text.indexOf(word.charAt(letter), at + 1);
    if (at === -1) return null;
    if (letter === 0) first = at;
  }
  return at - first + 1 - word.length;
}
