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

function pack(changes: readonly { id: string }[]): Group[] {
  const groups = new Map<string, { ids: string[]; keys: string[]; follow: string[]; columns: unknown[][] }>();
  for (const [id, change] of merged(changes)) {
    const { keys, values, follow } = flatten(change);
    const shape = `${keys.join()} ${follow.join()}`;
    const group = groups.get(shape) ?? { ids: [], keys, follow, columns: keys.map(() => []) };
    groups.set(shape, group);
    group.ids.push(id);
    for (let at = 0; at < values.length; at++) group.columns[at]?.push(values[at]);
  }
  return [...groups.values()].map(group => ({ ...group, ids: toSteps(group.ids) }));
}

/** The changes by id: groups may come in another order than the changes did, so one entity must be in one of them only. */
function merged(changes: readonly { id: string }[]): Map<string, Fields> {
  const byId = new Map<string, Fields>();
  for (const change of changes) {
    const earlier = byId.get(change.id);
    byId.set(change.id, earlier ? { ...earlier, ...change } : (change as Fields));
  }
  return byId;
}

function unpack({ ids, keys, columns, follow }: Group): { id: string }[] {
  return fromSteps(ids).map((id, row) => {
    const fields: Fields = Object.fromEntries(keys.map((key, at) => [key, columns[at]?.[row]]));
    for (const [key, calculate] of Object.entries(FOLLOWS)) if (follow.includes(key)) fields[key] = calculate(fields);
    return { id, ...nest(fields) };
  });
}

interface Flat {
  keys: string[];
  values: unknown[];
  follow: string[];
}

/** The fields of a change but its id, side by side. NOTE: runs for every guest in every cycle; it makes no objects on the way. */
function flatten(change: Fields): Flat {
  const flat: Flat = { keys: [], values: [], follow: [] };
  for (const key in change) {
    const value = change[key];
    if (key === "id" || value === undefined) continue;
    if (isMeasure(key, value)) flattenMeasure(flat, key, value);
    else if (key === "mem" && isMeasure("memory", change.memory) && Object.is(value, change.memory.used))
      flat.follow.push(key);
    else {
      flat.keys.push(key);
      flat.values.push(value);
    }
  }
  return flat;
}

function flattenMeasure(flat: Flat, measure: string, fields: Fields): void {
  const { total, used } = fields;
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined) continue;
    const key = `${measure}.${name}`;
    const follows =
      (name === "free" && Object.is(value, free(total, used))) ||
      (name === "usage" && Object.is(value, usage(total, used)));
    if (follows) flat.follow.push(key);
    else {
      flat.keys.push(key);
      flat.values.push(value);
    }
  }
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
  let [known, last] = split("");
  return ids.map(id => {
    const [beginning, number] = split(id);
    const step = number !== null && last !== null && beginning === known ? number - last : id;
    [known, last] = [beginning, number];
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
  const digits = /(?:0|[1-9]\d{0,14})$/.exec(id)?.[0];
  return digits === undefined ? [id, null] : [id.slice(0, -digits.length), Number(digits)];
}
