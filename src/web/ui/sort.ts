import { locale } from "../words/words.ts";
import type { Column, Sort } from "./column.ts";

/** Made when it is first asked for: most names are compared without it. */
let natural: Intl.Collator | undefined;

/** What most names are made of, in the order of the collator; digits are numbers. */
const PLAIN = " _-.";
const RANKS = Uint8Array.from({ length: 128 }, (_, code) => {
  const letter = String.fromCharCode(code);
  if (PLAIN.includes(letter)) return 1 + PLAIN.indexOf(letter);
  if (/[0-9]/.test(letter)) return 10;
  return /[a-z]/.test(letter) ? 20 + code - 97 : 0;
});
const DIGIT = 10;

/** More columns than that tell nobody anything. */
export const MOST_SORTS = 4;

/** Compares names as people count: "web-2" before "web-10". */
export function compareNames(a: string, b: string): number {
  const plain = comparePlain(a, b);
  if (plain !== null) return plain;
  natural ??= new Intl.Collator(locale(), { numeric: true });
  return natural.compare(a, b);
}

/**
 * Names of small letters, digits and a few marks as the collator compares them, ten times as fast: thousands are sorted with each patch. null:
 * there is something else in them.
 */
function comparePlain(a: string, b: string): number | null {
  let [at, to] = [0, 0];
  while (at < a.length && to < b.length) {
    const [one, other] = [rankAt(a, at), rankAt(b, to)];
    if (one === 0 || other === 0) return null;
    if (one !== other) return one - other;
    if (one === DIGIT) {
      const [begin, start] = [afterZeros(a, at), afterZeros(b, to)];
      [at, to] = [afterDigits(a, begin), afterDigits(b, start)];
      const longer = at - begin - (to - start);
      if (longer !== 0) return longer;
      for (let digit = 0; begin + digit < at; digit++) {
        const difference = a.charCodeAt(begin + digit) - b.charCodeAt(start + digit);
        if (difference !== 0) return difference;
      }
    } else {
      at += 1;
      to += 1;
    }
  }
  for (let rest = at; rest < a.length; rest++) if (rankAt(a, rest) === 0) return null;
  for (let rest = to; rest < b.length; rest++) if (rankAt(b, rest) === 0) return null;
  return a.length - at - (b.length - to);
}

/** 0: not plain. */
function rankAt(text: string, at: number): number {
  return RANKS[text.charCodeAt(at)] ?? 0;
}

function afterZeros(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 48) at += 1;
  return at;
}

function afterDigits(text: string, from: number): number {
  let at = from;
  while (rankAt(text, at) === DIGIT) at += 1;
  return at;
}

/** Compares by a key; null, which is unknown, comes last in both directions. Equal keys: 0. */
export function compareKeys(a: string | number | null, b: string | number | null, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = typeof a === "number" && typeof b === "number" ? a - b : compareNames(String(a), String(b));
  return descending ? -order : order;
}

/** What is known of two numbers together; null: nothing. */
export function sumOf(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}

/** Sorts as addresses and settings have them: "cpu", or "-cpu" for the greatest first. What is no column of the table is left out. */
export function toSorts<T>(keys: readonly string[], columns: readonly Column<T>[]): Sort[] {
  const sorts = keys.map(text => ({ key: text.replace(/^-/, ""), descending: text.startsWith("-") }));
  return sorts
    .filter(
      ({ key }, at) => columns.some(column => column.key === key) && sorts.findIndex(one => one.key === key) === at,
    )
    .slice(0, MOST_SORTS);
}

/** The other way round. */
export function sortKeys(sorts: readonly Sort[]): string[] {
  return sorts.map(({ key, descending }) => `${descending ? "-" : ""}${key}`);
}

/**
 * The sorts after a press on a column's head: by that column alone, or the other way round where it was first. `further`: beside the others,
 * then the other way round, then no more.
 */
export function nextSorts(sorts: readonly Sort[], column: { key: string; numeric: boolean }, further: boolean): Sort[] {
  const { key, numeric } = column;
  const before = sorts.find(sort => sort.key === key);
  if (!further) return [{ key, descending: before && before === sorts[0] ? !before.descending : numeric }];
  if (!before) return [...sorts.slice(0, MOST_SORTS - 1), { key, descending: numeric }];
  if (before.descending !== numeric) return sorts.filter(sort => sort !== before);
  return sorts.map(sort => (sort === before ? { key, descending: !numeric } : sort));
}

/** By `sorts`, equals by the columns in their order. By no sort at all, all are equal: they stay as they come. */
export function comparing<T>(columns: readonly Column<T>[], sorts: readonly Sort[]): (a: T, b: T) => number {
  const chosen = sorts.flatMap(({ key, descending }) => {
    const column = columns.find(one => one.key === key);
    return column ? [{ sortBy: column.sortBy, descending }] : [];
  });
  if (chosen.length === 0) return () => 0;
  const all = [...chosen, ...columns.map(({ sortBy }) => ({ sortBy, descending: false }))];
  return (a, b) => {
    for (const { sortBy, descending } of all) {
      const order = compareKeys(sortBy(a), sortBy(b), descending);
      if (order !== 0) return order;
    }
    return 0;
  };
}
