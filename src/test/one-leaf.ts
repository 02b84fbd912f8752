/** Values that nobody has meant: at the edges of numbers, of texts and of objects, and of another kind than the one that is due. */
export const NASTY: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  2 ** 53,
  8.64e15 + 1,
  "",
  "x",
  "0",
  "-1",
  "NaN",
  "1e400",
  "00:00",
  "2026-13-45",
  "\u0000",
  "\ud800",
  "💥\u202e",
  "\r\nX: y",
  "../../etc/passwd",
  "http://[::1",
  "__proto__",
  "constructor",
  "a".repeat(20_000),
  [],
  {},
  [null],
  [[]],
  { a: null },
];

export type Place = readonly (string | number)[];

/** Every place in a JSON value, itself first; of a list only its first `most` members. */
export function* placesIn(value: unknown, most = Number.POSITIVE_INFINITY, at: Place = []): Generator<Place> {
  yield at;
  if (Array.isArray(value))
    for (const [index, item] of value.slice(0, most).entries()) yield* placesIn(item, most, [...at, index]);
  else if (typeof value === "object" && value !== null)
    for (const [name, item] of Object.entries(value)) yield* placesIn(item, most, [...at, name]);
}

/** The same value but for one place; undefined: that is left out. */
export function changedAt(value: unknown, [first, ...rest]: Place, to: unknown): unknown {
  if (first === undefined) return to;
  if (Array.isArray(value)) {
    const copy: unknown[] = [...value];
    if (rest.length === 0 && to === undefined) copy.splice(Number(first), 1);
    else copy[Number(first)] = changedAt(copy[Number(first)], rest, to);
    return copy;
  }
  const row = (value ?? {}) as Readonly<Record<string, unknown>>;
  const { [first]: before, ...others } = row;
  return rest.length === 0 && to === undefined ? others : { ...row, [first]: changedAt(before, rest, to) };
}

/** So many of the list, by lot. */
export function drawn<T>(list: readonly T[], count: number, roll: () => number): T[] {
  const left = [...list];
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(Math.floor(roll() * left.length), 1)[0] as T,
  );
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "left out").slice(0, 60);
}
