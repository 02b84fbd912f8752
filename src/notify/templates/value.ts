import { ValueFault } from "./fault.ts";

/**
 * A value as Go has it: a number is a float64 and a bigint an int; a Map has keys that may be missing, a Struct has its fields and no
 * others; null is nil, and what is not there.
 */
export type Value = string | number | bigint | boolean | null | readonly Value[] | ReadonlyMap<string, Value> | Struct;

export class Struct {
  readonly fields: Readonly<Record<string, Value>>;
  /** What `toJson` makes of it. */
  readonly json: unknown;

  constructor(fields: Readonly<Record<string, Value>>, json: unknown = fields) {
    this.fields = fields;
    this.json = json;
  }
}

/** A text that a function has made for the place it goes to, as `toJson` does: it is not escaped once more. */
export class Ready {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Any JSON as a value: objects are maps, numbers float64. */
export function toValue(json: unknown): Value {
  if (Array.isArray(json)) return json.map(toValue);
  if (typeof json === "object" && json !== null)
    return new Map(
      Object.entries(json)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => [key, toValue(value)]),
    );
  if (typeof json === "string" || typeof json === "number" || typeof json === "boolean") return json;
  return null;
}

/** The reverse: a value as JSON. */
export function toJsonText(value: Value): string {
  return JSON.stringify(plain(value));
}

function plain(value: Value): unknown {
  if (value instanceof Struct) return value.json;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]) => [key, plain(one)]));
  return typeof value === "bigint" ? Number(value) : value;
}

/** The name of its type in Go. */
export function typeOf(value: Value): string {
  if (value === null) return "<nil>";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "float64";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (Array.isArray(value)) return "[]interface {}";
  return value instanceof Map ? "map[string]interface {}" : "struct";
}

/** What counts as true in `if`, `and`, `or`: all but false, 0, nil, and what is empty. */
export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  return value instanceof Struct || Boolean(value);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map;
}

/** -1, 0, 1; only what is of one kind can be compared: an int is no float64. */
export function compare(a: Value, b: Value): number {
  const kind = typeOf(a);
  if (kind !== typeOf(b)) throw new ValueFault(`${kind} and ${typeOf(b)} cannot be compared${hint(a, b)}`);
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if ((typeof a !== "number" || typeof b !== "number") && (typeof a !== "bigint" || typeof b !== "bigint"))
    throw new ValueFault(`${kind} has no order`);
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isEqual(a: Value, b: Value): boolean {
  if (a === null || b === null) return a === b;
  if (typeOf(a) !== typeOf(b)) throw new ValueFault(`${typeOf(a)} and ${typeOf(b)} cannot be compared${hint(a, b)}`);
  if (typeof a === "object") throw new ValueFault(`${typeOf(a)} cannot be compared`);
  return a === b;
}

function hint(a: Value, b: Value): string {
  const mixed = [typeOf(a), typeOf(b)].sort().join();
  return mixed === "float64,int" ? ": a float64 is compared with 90.0, an int with 90" : "";
}
