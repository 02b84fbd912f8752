import { percentOf } from "../kit/units.ts";
import type { Collection, Patch } from "./picture.ts";

/** The changes of entities that changed in the same fields, as columns: alike stands by alike, so it deflates to a fraction. */
interface Group {
  /** Ids; a number is how far the number at the end of an id is from the one before: "a:7", 2 stands for "a:7" and "a:9". */
  ids: (string | number)[];
  /** Names of the columns; "memory.used" is a field within `memory`. */
  keys: string[];
  /** A column for each key, a value for each id. */
  columns: unknown[][];
  /** Fields that follow from the others, as FOLLOWS says. */
  follow: string[];
}

/** A patch as it crosses the wire. Nothing is lost: `unpackPatch` gives the very patch again. */
export type PackedPatch = Omit<Patch, "changed"> & { changed: { [C in Collection]?: Group[] } };

type Fields = Record<string, unknown>;

/** Fields with a total and what is used of it; these are objects whose fields become columns of their own. */
const MEASURES = ["memory", "disk"] as const;

/** What a field is when it follows from others of the same change; the order is that of the calculation. */
const FOLLOWS: Readonly<Record<string, (fields: Fields) => unknown>> = {
  ...Object.fromEntries(
    MEASURES.flatMap(measure => {
      const [total, used] = [`${measure}.total`, `${measure}.used`];
      return [
        [`${measure}.free`, (fields: Fields) => free(fields[total], fields[used])],
        [`${measure}.usage`, (fields: Fields) => usage(fields[total], fields[used])],
      ];
    }),
  ),
  mem: fields => fields["memory.used"],
};

function free(total: unknown, used: unknown): number {
  return Number(total) - Number(used);
}

function usage(total: unknown, used: unknown): number | null {
  return percentOf(Number(used), Number(total));
}

export function packPatch({ changed, ...rest }: Patch): PackedPatch {
  const packed = Object.entries(changed).map(([collection, changes]) => [collection, pack(changes)]);
  return { ...rest, changed: Object.fromEntries(packed) };
}

export function unpackPatch({ changed, ...rest }: PackedPatch): Patch {
  const unpacked = Object.entries(changed).map(([collection, groups]) => [collection, groups.flatMap(unpack)]);
  return { ...rest, changed: Object.fromEntries(unpacked) };
}

/** NOTE: runs for every guest in every cycle; it makes nothing on the way but the columns. */
function pack(changes: readonly { id: string }[]): Group[] {
  const root = new Shape([], []);
  const groups: Group[] = [];
  const values: unknown[] = [];
  for (const change of distinct(changes)) {
    values.length = 0;
    const shape = shapeOf(change as Fields, root, values);
    if (!shape.group) {
      const columns = shape.keys.map(() => []);
      shape.group = { ids: [], keys: [...shape.keys], columns, follow: [...shape.follow] };
      groups.push(shape.group);
    }
    shape.group.ids.push(change.id);
    for (let at = 0; at < values.length; at++) shape.group.columns[at]?.push(values[at]);
  }
  return groups.map(group => ({ ...group, ids: toSteps(group.ids as string[]) }));
}

/** Which fields a change has, one after the other; changes with the same are in one group. */
class Shape {
  readonly keys: readonly string[];
  readonly follow: readonly string[];
  group: Group | null = null;
  readonly #with = new Map<string, Shape>();
  readonly #following = new Map<string, Shape>();

  constructor(keys: readonly string[], follow: readonly string[]) {
    this.keys = keys;
    this.follow = follow;
  }

  /** With one more column. */
  with(key: string): Shape {
    const known = this.#with.get(key);
    if (known) return known;
    const next = new Shape([...this.keys, key], this.follow);
    this.#with.set(key, next);
    return next;
  }

  /** With one more field that follows from the others. */
  following(key: string): Shape {
    const known = this.#following.get(key);
    if (known) return known;
    const next = new Shape(this.keys, [...this.follow, key]);
    this.#following.set(key, next);
    return next;
  }
}

/** Each entity once: groups may come in another order than the changes did, so one entity must be in one of them only. */
function distinct(changes: readonly { id: string }[]): Iterable<{ id: string }> {
  const ids = new Set<string>();
  for (const { id } of changes) ids.add(id);
  if (ids.size === changes.length) return changes;
  const byId = new Map<string, { id: string }>();
  for (const change of changes) byId.set(change.id, { ...byId.get(change.id), ...change });
  return byId.values();
}

function unpack({ ids, keys, columns, follow }: Group): { id: string }[] {
  return fromSteps(ids).map((id, row) => {
    const fields: Fields = Object.fromEntries(keys.map((key, at) => [key, columns[at]?.[row]]));
    for (const [key, calculate] of Object.entries(FOLLOWS)) if (follow.includes(key)) fields[key] = calculate(fields);
    return { id, ...nest(fields) };
  });
}

/** The shape of a change without its id, from `begin` on; its values go into `values`, in the order of the columns. */
function shapeOf(change: Fields, begin: Shape, values: unknown[]): Shape {
  let shape = begin;
  for (const key in change) {
    const value = change[key];
    if (key === "id" || value === undefined) continue;
    if (isMeasure(key, value)) shape = shapeOfMeasure(key, value, shape, values);
    else if (key === "mem" && isMeasure("memory", change.memory) && Object.is(value, change.memory.used))
      shape = shape.following(key);
    else {
      shape = shape.with(key);
      values.push(value);
    }
  }
  return shape;
}

function shapeOfMeasure(measure: string, fields: Fields, begin: Shape, values: unknown[]): Shape {
  const { total, used } = fields;
  let shape = begin;
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined) continue;
    const follows =
      (name === "free" && Object.is(value, free(total, used))) ||
      (name === "usage" && Object.is(value, usage(total, used)));
    if (follows) shape = shape.following(columnOf(measure, name));
    else {
      shape = shape.with(columnOf(measure, name));
      values.push(value);
    }
  }
  return shape;
}

/** By measure and name: so that none is put together anew for every guest. */
const columns = new Map<string, Map<string, string>>();

/** The column of a field within a measure. */
function columnOf(measure: string, name: string): string {
  const known = columns.get(measure) ?? new Map<string, string>();
  columns.set(measure, known);
  const column = known.get(name) ?? `${measure}.${name}`;
  known.set(name, column);
  return column;
}

function isMeasure(key: string, value: unknown): value is Fields {
  return (key === "memory" || key === "disk") && typeof value === "object" && value !== null && "total" in value;
}

function nest(fields: Fields): Fields {
  const change: Fields = {};
  for (const [key, value] of Object.entries(fields)) {
    const [outer = key, inner] = key.split(".");
    if (inner === undefined) change[key] = value;
    else change[outer] = { ...(change[outer] as Fields | undefined), [inner]: value };
  }
  return change;
}

function toSteps(ids: readonly string[]): (string | number)[] {
  let known = "";
  let last: number | null = null;
  return ids.map(id => {
    const begin = numberBegin(id);
    if (begin === id.length) {
      [known, last] = [id, null];
      return id;
    }
    const number = Number(id.slice(begin));
    const step = last !== null && begin === known.length && id.startsWith(known) ? number - last : id;
    if (step === id) known = id.slice(0, begin);
    last = number;
    return step;
  });
}

function fromSteps(steps: readonly (string | number)[]): string[] {
  const ids: string[] = [];
  for (const step of steps) {
    const [beginning, last] = split(ids.at(-1) ?? "");
    ids.push(typeof step === "string" ? step : `${beginning}${(last ?? 0) + step}`);
  }
  return ids;
}

/** The beginning of an id, and the whole number that it ends on; null when there is none that is written just as it would be anew. */
function split(id: string): [beginning: string, number: number | null] {
  const begin = numberBegin(id);
  return begin === id.length ? [id, null] : [id.slice(0, begin), Number(id.slice(begin))];
}

const [ZERO, NINE] = [48, 57];
/** So many digits are a whole number that is exact. */
const MOST_DIGITS = 15;

/** Where in an id the number begins that it ends on; its length: it ends on none. A number has no zero before it but when it is one. */
function numberBegin(id: string): number {
  let begin = id.length;
  let leading = id.length;
  while (begin > 0 && id.length - begin < MOST_DIGITS) {
    const code = id.charCodeAt(begin - 1);
    if (code < ZERO || code > NINE) break;
    begin -= 1;
    if (code !== ZERO) leading = begin;
  }
  return leading < id.length ? leading : Math.min(id.length, begin < id.length ? id.length - 1 : begin);
}
