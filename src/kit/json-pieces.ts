import { type Bytes, KIB } from "./units.ts";

/** Elements of a list that are made into text together. */
const TOGETHER = 50;
/** Shorter pieces go along with the next. */
const WORTHWHILE: Bytes = 64 * KIB;
/** So far down objects and lists are taken apart. */
const DEPTH = 3;

/**
 * What `JSON.stringify` makes of `value`, but piece by piece, so that a text of many megabytes is never there as a whole. The parts of
 * `value` must not change in between, but for figures within an entity.
 */
export function* jsonPieces(value: object): Generator<string> {
  let gathered = "";
  for (const piece of takenApart(value, DEPTH)) {
    gathered += piece;
    if (gathered.length < WORTHWHILE) continue;
    yield gathered;
    gathered = "";
  }
  if (gathered !== "") yield gathered;
}

function* takenApart(value: unknown, depth: number): Generator<string> {
  if (depth === 0 || typeof value !== "object" || value === null) yield JSON.stringify(value);
  else if (Array.isArray(value)) yield* ofList(value);
  else yield* ofObject(value, depth);
}

function* ofList(list: readonly unknown[]): Generator<string> {
  yield "[";
  for (let at = 0; at < list.length; at += TOGETHER)
    yield (at === 0 ? "" : ",") + JSON.stringify(list.slice(at, at + TOGETHER)).slice(1, -1);
  yield "]";
}

function* ofObject(fields: object, depth: number): Generator<string> {
  yield "{";
  let comma = "";
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    yield `${comma}${JSON.stringify(key)}:`;
    yield* takenApart(value, depth - 1);
    comma = ",";
  }
  yield "}";
}
