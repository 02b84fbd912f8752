import { ValueFault } from "./fault.ts";
import { print, printAll, printFormatted, printLine } from "./format.ts";
import { compare, isEqual, isList, isMap, isTrue, Ready, toJsonText, typeOf, type Value } from "./value.ts";

type Call = (...values: Value[]) => Value | Ready;

/** What templates can call. `and` and `or` are not here: they do not evaluate all that they are given. */
const FUNCTIONS: Readonly<Record<string, { least: number; most?: number; call: Call }>> = {
  title: { least: 1, most: 1, call: value => toTitleCase(text(value)) },
  upper: { least: 1, most: 1, call: value => text(value).toUpperCase() },
  lower: { least: 1, most: 1, call: value => text(value).toLowerCase() },
  printf: { least: 1, call: (format, ...operands) => printFormatted(text(format), operands) },
  print: { least: 0, call: (...values) => printAll(values) },
  println: { least: 0, call: (...values) => printLine(values) },
  not: { least: 1, most: 1, call: value => !isTrue(value ?? null) },
  eq: { least: 2, call: (first, ...others) => others.some(other => isEqual(first ?? null, other)) },
  ne: { least: 2, most: 2, call: (a, b) => !isEqual(a ?? null, b ?? null) },
  lt: { least: 2, most: 2, call: (a, b) => compare(a ?? null, b ?? null) < 0 },
  le: { least: 2, most: 2, call: (a, b) => compare(a ?? null, b ?? null) <= 0 },
  gt: { least: 2, most: 2, call: (a, b) => compare(a ?? null, b ?? null) > 0 },
  ge: { least: 2, most: 2, call: (a, b) => compare(a ?? null, b ?? null) >= 0 },
  len: { least: 1, most: 1, call: lengthOf },
  index: { least: 1, call: (of, ...keys) => keys.reduce<Value>(at, of ?? null) },
  slice: { least: 1, most: 3, call: (of, from, to) => sliceOf(of ?? null, from, to) },
  html: { least: 1, call: (...values) => escapeHtml(joined(values)) },
  js: { least: 1, call: (...values) => escapeJs(joined(values)) },
  urlquery: { least: 1, call: (...values) => new Ready(escapeQuery(joined(values))) },
  join: { least: 2, most: 2, call: (a, b) => (isList(a ?? null) ? join(a, b) : join(b, a)) },
  default: { least: 2, most: 2, call: (fallback, value) => (isTrue(value ?? null) ? value : fallback) ?? null },
  clip: { least: 2, most: 2, call: (most, value) => clipped(text(value), most ?? null) },
  toJson: { least: 1, most: 1, call: value => new Ready(toJsonText(value ?? null)) },
};

export const FUNCTION_NAMES: ReadonlySet<string> = new Set([...Object.keys(FUNCTIONS), "and", "or"]);

/** Throws ValueFault. */
export function call(name: string, values: readonly Value[]): Value | Ready {
  const found = FUNCTIONS[name];
  if (found === undefined) throw new ValueFault(`there is no function "${name}"`);
  const { least, most = Number.POSITIVE_INFINITY } = found;
  if (values.length >= least && values.length <= most) return found.call(...values);
  const wanted =
    least === most ? `${least}` : most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`;
  throw new ValueFault(`${name} wants ${wanted} arguments and has ${values.length}`);
}

function text(value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw new ValueFault(`a text is due, and this is ${typeOf(value ?? null)}`);
}

function joined(values: readonly Value[]): string {
  const [first] = values;
  if (values.length === 1 && typeof first === "string") return first;
  return values.length === 1 ? print(first ?? null) : printAll(values);
}

function join(list: Value | undefined, separator: Value | undefined): string {
  if (!isList(list ?? null)) throw new ValueFault(`join wants a list, and this is ${typeOf(list ?? null)}`);
  return (list as readonly Value[]).map(print).join(text(separator));
}

/** Texts have as many as they have bytes, as in Go. */
function lengthOf(value: Value | undefined): bigint {
  if (typeof value === "string") return BigInt(Buffer.byteLength(value));
  const of = value ?? null;
  if (isList(of)) return BigInt(of.length);
  if (isMap(of)) return BigInt(of.size);
  throw new ValueFault(`${typeOf(of)} has no length`);
}

function at(of: Value, key: Value): Value {
  if (isMap(of)) return of.get(text(key)) ?? null;
  const list = typeof of === "string" ? [...Buffer.from(of)].map(BigInt) : of;
  if (!isList(list)) throw new ValueFault(`${typeOf(of)} cannot be indexed`);
  if (typeof key !== "bigint") throw new ValueFault(`an int is due, and this is ${typeOf(key)}`);
  const value = list[Number(key)];
  if (value === undefined) throw new ValueFault(`there is no element ${key}: there are ${list.length}`);
  return value;
}

function sliceOf(of: Value, from: Value | undefined, to: Value | undefined): Value {
  const bytes = typeof of === "string" ? Buffer.from(of) : null;
  const list = bytes ?? (isList(of) ? of : null);
  if (list === null) throw new ValueFault(`${typeOf(of)} cannot be sliced`);
  const bound = (value: Value | undefined, otherwise: number) => {
    if (value === undefined) return otherwise;
    if (typeof value !== "bigint") throw new ValueFault(`an int is due, and this is ${typeOf(value)}`);
    if (value < 0n || value > BigInt(list.length))
      throw new ValueFault(`there is no element ${value}: there are ${list.length}`);
    return Number(value);
  };
  const [first, last] = [bound(from, 0), bound(to, list.length)];
  if (first > last) throw new ValueFault(`a slice from ${first} to ${last}`);
  if (bytes !== null) return bytes.subarray(first, last).toString("utf8");
  return isList(of) ? of.slice(first, last) : null;
}

/** At most so many characters, the last of them an ellipsis where something was cut off. */
function clipped(value: string, most: Value): string {
  if (typeof most !== "bigint" || most < 1n) throw new ValueFault("clip wants a length, then the text");
  const characters = [...value];
  return characters.length <= most ? value : `${characters.slice(0, Number(most) - 1).join("")}…`;
}

/** "zfs-state of web" becomes "Zfs-State Of Web": a capital after all that is neither letter, digit nor underscore. */
function toTitleCase(value: string): string {
  return value.replaceAll(/(?<![\p{L}\p{Nd}_]|[^\p{ASCII}\p{White_Space}])\p{L}/gu, letter => letter.toUpperCase());
}

const HTML: Readonly<Record<string, string>> = {
  "\0": "\ufffd",
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

function escapeHtml(value: string): string {
  return value.replaceAll(/[\0"'&<>]/g, sign => HTML[sign] ?? sign);
}

function escapeJs(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
  return value.replaceAll(/[\\'"]|[<>&=\0-\x1f]|[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, sign =>
    /[\\'"]/.test(sign) ? `\\${sign}` : `\\u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
}

/** As in the query of a URL: a space is a plus. */
function escapeQuery(value: string): string {
  const escaped = encodeURIComponent(value.toWellFormed());
  return escaped
    .replaceAll(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}
