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
        [`${measure}.free`, (fields: Fields) => Number(fields[total]) - Number(fields[used])],
        [`${measure}.usage`, (fields: Fields) => percentOf(Number(fields[used]), Number(fields[total]))],
      ];
    }),
  ),
  mem: fields => fields["memory.used"],
};

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
    const fields = flatten(change);
    const follow = Object.keys(FOLLOWS).filter(key => key in fields && Object.is(fields[key], FOLLOWS[key]?.(fields)));
    for (const key of follow) delete fields[key];
    const keys = Object.keys(fields);
    const shape = `${keys} ${follow}`;
    const group = groups.get(shape) ?? { ids: [], keys, follow, columns: keys.map(() => []) };
    groups.set(shape, group);
    group.ids.push(id);
    for (const [at, key] of keys.entries()) group.columns[at]?.push(fields[key]);
  }
  return [...groups.values()].map(group => ({ ...group, ids: toSteps(group.ids) }));
}

/** The changes by id: groups may come in another order than the changes did, so one entity must be in one of them only. */
function merged(changes: readonly { id: string }[]): Map<string, Fields> {
  const byId = new Map<string, Fields>();
  for (const { id, ...change } of changes) {
    const earlier = byId.get(id);
    byId.set(id, earlier ? { ...earlier, ...change } : change);
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

function flatten(change: Fields): Fields {
  const fields: Fields = {};
  for (const [key, value] of Object.entries(change))
    if (isMeasure(key, value))
      for (const [name, part] of Object.entries(value)) setIfSaid(fields, `${key}.${name}`, part);
    else setIfSaid(fields, key, value);
  return fields;
}

function setIfSaid(fields: Fields, key: string, value: unknown): void {
  if (value !== undefined) fields[key] = value;
}

function isMeasure(key: string, value: unknown): value is Fields {
  return MEASURES.some(measure => measure === key) && typeof value === "object" && value !== null && "total" in value;
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
  return ids.map((id, at) => {
    const [beginning, number] = split(id);
    const [known, last] = split(ids[at - 1] ?? "");
    return number !== null && last !== null && beginning === known ? number - last : id;
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
