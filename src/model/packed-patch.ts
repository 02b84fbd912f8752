import { percentOf } from "../kit/units.ts";
import type { Collection, Patch, PatchToTake } from "./picture.ts";

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

/** Calculates a field that follows from others of the same change, and writes it there; the order is that of the calculation. */
const FOLLOWS: Readonly<Record<string, (change: Fields) => void>> = {
  ...Object.fromEntries(
    MEASURES.flatMap(measure => {
      const within = (change: Fields) => change[measure] as Fields;
      const follow = (name: string, calculate: (total: unknown, used: unknown) => unknown) => (change: Fields) => {
        const { total, used } = within(change);
        within(change)[name] = calculate(total, used);
      };
      return [
        [`${measure}.free`, follow("free", free)],
        [`${measure}.usage`, follow("usage", usage)],
      ];
    }),
  ),
  mem: change => {
    change.mem = (change.memory as Fields).used;
  },
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

export function unpackPatch(packed: PackedPatch): Patch {
  const { changed, ...rest } = unpackedAsTaken(packed);
  return { ...rest, changed: mapped(changed, changes => [...changes]) } as Patch;
}

/** The patch whose changes are unpacked one by one as they are taken, once. */
export function unpackedAsTaken({ changed, ...rest }: PackedPatch): PatchToTake {
  return { ...rest, changed: mapped(changed, unpackedEach) };
}

/** The entities of groups one by one, in their order. */
export function* unpackedEach<T extends { id: string }>(groups: readonly Group[]): Generator<T> {
  for (const group of groups) yield* unpacked(group) as Generator<T>;
}

/** The entities as groups of columns. */
export function packed(entities: readonly { id: string }[]): Group[] {
  return pack(entities);
}

function mapped<A, B>(fields: { [name: string]: A }, change: (value: A) => B): { [name: string]: B } {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, change(value)]));
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

/** NOTE: runs for every guest in every cycle, so all changes of a group are copies of one that has its fields already. */
function* unpacked({ ids, keys, columns, follow }: Group): Generator<{ id: string }> {
  const fields = keys.map((key, at) => {
    const [outer = key, inner = null] = key.split(".");
    return { outer, inner, column: columns[at] ?? [] };
  });
  const calculate = Object.keys(FOLLOWS).flatMap(key => (follow.includes(key) ? (FOLLOWS[key] ?? []) : []));
  const blank = blankOf([...keys, ...follow]);
  const measures = MEASURES.filter(measure => typeof blank[measure] === "object" && blank[measure] !== null);
  let row = 0;
  for (const id of fromSteps(ids)) {
    const change: Fields & { id: string } = { ...blank, id };
    for (const measure of measures) change[measure] = { ...(blank[measure] as Fields) };
    for (const { outer, inner, column } of fields)
      if (inner === null) change[outer] = column[row];
      else (change[outer] as Fields)[inner] = column[row];
    for (const write of calculate) write(change);
    row += 1;
    yield change;
  }
}

/**
 * A change with these columns, empty. Made by the JSON parser: engines take an object that is given many fields one by one for a dictionary,
 * which takes several times the memory, and as long to copy.
 */
function blankOf(columns: readonly string[]): Fields & { id: string } {
  const fields: Fields = { id: "" };
  for (const column of columns) {
    const [outer = column, inner] = column.split(".");
    if (inner === undefined) fields[outer] = null;
    else fields[outer] = { ...(fields[outer] as Fields | undefined), [inner]: null };
  }
  return JSON.parse(JSON.stringify(fields)) as Fields & { id: string };
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
  let beginning = "";
  let last = 0;
  return steps.map(step => {
    if (typeof step === "number") {
      last += step;
      return `${beginning}${last}`;
    }
    const begin = numberBegin(step);
    beginning = step.slice(0, begin);
    last = Number(step.slice(begin));
    return step;
  });
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
