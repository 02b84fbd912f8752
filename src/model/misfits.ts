import type { TSchema } from "typebox";
import { Value } from "typebox/value";

/** Where a value is not as its schema says. */
export interface Misfit {
  /** Names of fields, and places in lists. */
  path: readonly (string | number)[];
  /** What of the schema it misses, as JSON Schema calls it. */
  keyword: string;
  /** What it must be, as the end of a sentence. */
  message: string;
}

/** What is read of a schema; all of it is JSON Schema, but for `must`. */
interface Shape {
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly Shape[];
  items?: Shape;
  properties?: Readonly<Record<string, Shape>>;
  patternProperties?: Readonly<Record<string, Shape>>;
  additionalProperties?: boolean | Shape;
  required?: readonly string[];
  /** How the schema itself says what a value must be. */
  must?: string;
}

type Path = Misfit["path"];
type Row = Readonly<Record<string, unknown>>;

/**
 * Where `value` is not as `schema` says, in the order of the schema, each place once; empty: it is as it says. A closed choice names what may
 * be chosen; of a choice of shapes, the one that is meant is followed.
 */
export function misfitsOf(schema: TSchema, value: unknown): Misfit[] {
  return Value.Check(schema, value) ? [] : [...misfits(schema as Shape, value, [])];
}

/** The place of a misfit, and what is wrong there: `webhooks.0.url: missing`. `whole`: what the value itself is called. */
export function toSentence({ path, message }: Misfit, whole: string): string {
  return `${path.join(".") || whole}: ${message}`;
}

function* misfits(shape: Shape, value: unknown, path: Path): Generator<Misfit> {
  if (Value.Check(shape as TSchema, value)) return;
  if (shape.must !== undefined && !isKind("object", value))
    yield { path, keyword: keywordOf(shape, value), message: shape.must };
  else if (shape.anyOf) yield* ofChoice(shape.anyOf, value, path);
  else if (isLiteral(shape)) yield { path, keyword: "enum", message: mustBe([shape]) };
  else if (!isOfKind(shape, value)) yield { path, keyword: "type", message: mustBe([shape]) };
  else if (shape.type === "object") yield* ofObject(shape, value as Row, path);
  else if (shape.type === "array" && shape.items) yield* ofList(shape, shape.items, value as unknown[], path);
  else yield* ofItself(shape, value, path);
}

/** What its own words say of it, and nothing within it. */
function* ofItself(shape: Shape, value: unknown, path: Path): Generator<Misfit> {
  const [first] = Value.Errors(shape as TSchema, value);
  if (first?.instancePath === "") yield { path, keyword: first.keyword, message: first.message };
}

function keywordOf(shape: Shape, value: unknown): string {
  return Value.Errors(shape as TSchema, value)[0]?.keyword ?? "type";
}

function* ofList(shape: Shape, items: Shape, list: readonly unknown[], path: Path): Generator<Misfit> {
  let found = false;
  for (const [at, item] of list.entries())
    for (const misfit of misfits(items, item, [...path, at])) {
      found = true;
      yield misfit;
    }
  if (!found) yield* ofItself(shape, list, path);
}

function* ofObject(shape: Shape, row: Row, path: Path): Generator<Misfit> {
  const { properties = {}, required = [], patternProperties = {}, additionalProperties = true } = shape;
  let found = false;
  const tell = function* (all: Iterable<Misfit>) {
    for (const misfit of all) {
      found = true;
      yield misfit;
    }
  };
  for (const name of required)
    if (!Object.hasOwn(row, name)) yield* tell([{ path: [...path, name], keyword: "required", message: "missing" }]);
  for (const [name, field] of Object.entries(row)) {
    const inner = Object.hasOwn(properties, name)
      ? properties[name]
      : (Object.entries(patternProperties).find(([pattern]) => new RegExp(pattern, "u").test(name))?.[1] ??
        additionalProperties);
    const place = [...path, name];
    if (inner === false) yield* tell([{ path: place, keyword: "additionalProperties", message: "unknown field" }]);
    else if (typeof inner === "object" && field !== undefined) yield* tell(misfits(inner, field, place));
  }
  if (!found) yield* ofItself(shape, row, path);
}

/** Of the shapes that are of the value's kind, the one that is meant says what is wrong; where none is, all are named. */
function* ofChoice(choices: readonly Shape[], value: unknown, path: Path): Generator<Misfit> {
  const all = choices.flatMap(flat);
  const meant = all.filter(shape => !isLiteral(shape) && isOfKind(shape, value));
  const alike = isKind("object", value)
    ? []
    : all.filter(shape => isLiteral(shape) && typeof shape.const === typeof value);
  if (meant.length === 0 || alike.length > 0 || (meant.length > 1 && !isKind("object", value))) {
    yield { path, keyword: "enum", message: mustBe(all) };
    return;
  }
  const mark = markOf(meant);
  const marked = mark === null ? meant : meant.filter(shape => isMarked(shape, mark, value as Row));
  if (mark !== null && marked.length === 0) {
    const inner = meant.flatMap(({ properties = {} }) => properties[mark] ?? []);
    const isThere = Object.hasOwn(value as Row, mark);
    const message = isThere ? mustBe(inner.flatMap(flat)) : "missing";
    yield { path: [...path, mark], keyword: isThere ? "enum" : "required", message };
    return;
  }
  const told = marked.map(shape => [...misfits(shape, value, path)]);
  yield* told.reduce((best, one) => (one.length < best.length ? one : best));
}

/** The field by which shapes are told apart: each requires it, and has words for it; null: there is none. */
function markOf(shapes: readonly Shape[]): string | null {
  if (shapes.length < 2) return null;
  const [{ required = [] } = {}] = shapes;
  const isMark = (name: string) =>
    shapes.every(({ properties = {}, required: needs = [] }) => {
      const inner = properties[name];
      return inner !== undefined && needs.includes(name) && flat(inner).every(isLiteral);
    });
  return required.find(isMark) ?? null;
}

function isMarked({ properties = {} }: Shape, mark: string, row: Row): boolean {
  const inner = properties[mark];
  return inner !== undefined && Value.Check(inner as TSchema, row[mark]);
}

function flat(shape: Shape): Shape[] {
  return shape.anyOf ? shape.anyOf.flatMap(flat) : [shape];
}

/** It is one of a few values. */
function isLiteral(shape: Shape): boolean {
  return "const" in shape || shape.enum !== undefined;
}

function isOfKind({ type }: Shape, value: unknown): boolean {
  return type === undefined || isKind(type, value);
}

function isKind(type: string, value: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};

/** What may be chosen: words first, then kinds of values. */
function mustBe(shapes: readonly Shape[]): string {
  const literals = shapes.filter(isLiteral);
  const words = literals.flatMap(({ const: only, enum: some }) => some ?? [only]).map(word => JSON.stringify(word));
  const kinds = shapes.filter(shape => !isLiteral(shape)).map(({ type = "" }) => KINDS[type] ?? "something else");
  const all = [...new Set([...words, ...kinds])];
  if (kinds.every(kind => kind === "null") && words.length > 1) return `must be one of ${all.join(", ")}`;
  return `must be ${all.length > 1 ? `${all.slice(0, -1).join(", ")} or ${all.at(-1)}` : all.join("")}`;
}
