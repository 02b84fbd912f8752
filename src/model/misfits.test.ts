import assert from "node:assert/strict";
import { test } from "node:test";
import { type TSchema, Type } from "typebox";
import { misfitsOf, toSentence } from "./misfits.ts";
import { Nullable } from "./schema.ts";

const KIND = Type.Union([Type.Literal("pve"), Type.Literal("pbs"), Type.Literal("pmg")]);
const SECRET = Type.Union([
  Type.String({ minLength: 1 }),
  Type.Object({ file: Type.String() }, { additionalProperties: false }),
]);
const SHAPES = Type.Union([
  Type.Object({ kind: Type.Literal("mail"), to: Type.String() }),
  Type.Object({ kind: Type.Literal("hook"), url: Type.String({ pattern: "^https:" }) }),
]);
const object = (fields: Record<string, TSchema>) => Type.Object(fields, { additionalProperties: false });

const CASES: [sentence: string, schema: TSchema, value: unknown, ...told: string[]][] = [
  ["what fits is not told", object({ kind: KIND }), { kind: "pve" }],
  ["words are named", object({ kind: KIND }), { kind: "esx" }, 'kind: must be one of "pve", "pbs", "pmg"'],
  ["so they are for a number", object({ kind: KIND }), { kind: 7 }, 'kind: must be one of "pve", "pbs", "pmg"'],
  ["an enumeration, too", Type.Enum(["a", "b"]), "c", 'it: must be one of "a", "b"'],
  ["a single word", object({ on: Type.Literal(true) }), { on: false }, "on: must be true"],
  [
    "words, or unknown",
    object({ kind: Nullable(KIND) }),
    { kind: "esx" },
    'kind: must be one of "pve", "pbs", "pmg", null',
  ],
  ["a kind of value", object({ n: Type.Integer() }), { n: "1" }, "n: must be a whole number"],
  ["half a number", object({ n: Type.Integer() }), { n: 1.5 }, "n: must be a whole number"],
  ["several kinds", object({ n: Nullable(Type.Number()) }), { n: "1" }, "n: must be a number or null"],
  [
    "of several kinds the one that is meant",
    object({ n: Nullable(Type.Number({ minimum: 5 })) }),
    { n: 1 },
    "n: must be >= 5",
  ],
  ["a text that is empty", object({ s: SECRET }), { s: "" }, "s: must not have fewer than 1 characters"],
  ["neither text nor object", object({ s: SECRET }), { s: 5 }, "s: must be a text or an object"],
  ["the object is meant", object({ s: SECRET }), { s: { fil: "x" } }, "s.file: missing", "s.fil: unknown field"],
  ["its mark tells which", SHAPES, { kind: "hook", url: "ftp:" }, 'url: must match pattern "^https:"'],
  ["no mark fits", SHAPES, { kind: "fax" }, 'kind: must be one of "mail", "hook"'],
  ["no mark at all", SHAPES, {}, "kind: missing"],
  [
    "all places, more than a few, in lists and records",
    object({ list: Type.Array(KIND, { maxItems: 12 }), by: Type.Record(Type.String(), Type.Boolean()) }),
    { list: ["x", "pve", ...Array(8).fill("y")], by: { a: true, b: 0 }, more: 1 },
    'list.0: must be one of "pve", "pbs", "pmg"',
    ...Array.from({ length: 8 }, (_, at) => `list.${at + 2}: must be one of "pve", "pbs", "pmg"`),
    "by.b: must be true or false",
    "more: unknown field",
  ],
  [
    "a list that is too long",
    Type.Array(Type.String(), { maxItems: 1 }),
    ["a", "b"],
    "it: must not have more than 1 items",
  ],
  [
    "its own words go first",
    object({ t: Type.String({ pattern: "^x", must: "must be an x" }) }),
    { t: 1 },
    "t: must be an x",
  ],
];
for (const [sentence, schema, value, ...told] of CASES)
  test(`${sentence}: ${JSON.stringify(value)}`, () =>
    assert.deepEqual(
      misfitsOf(schema, value).map(misfit => toSentence(misfit, "it")),
      told,
    ));
