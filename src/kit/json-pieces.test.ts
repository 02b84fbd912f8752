import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonPieces } from "./json-pieces.ts";

const long = Array.from({ length: 5000 }, (_, id) => ({ id, name: `ünï "${id}"`, gone: undefined, none: null }));
const VALUES: [sentence: string, value: object][] = [
  ["nothing", {}],
  ["an empty list", { list: [], more: {} }],
  ["fields that are undefined are left out, also the first", { a: undefined, b: 1, c: undefined, d: [undefined] }],
  ["short lists and deep objects", { a: { b: { c: { d: { e: [1, [2, { f: "x" }]] } } } }, g: "h", i: true }],
  ["long lists, also within an object", { long, within: { long, none: null }, end: 1.5 }],
  ["a list of exactly one bundle, and one more", { fifty: long.slice(0, 50), next: long.slice(0, 51) }],
];
for (const [sentence, value] of VALUES)
  test(`pieces together are the text: ${sentence}`, () =>
    assert.equal([...jsonPieces(value)].join(""), JSON.stringify(value)));

test("no piece is much larger than it must be", () => {
  const pieces = [...jsonPieces({ long, other: long })];
  assert.ok(pieces.length > 5, `${pieces.length} pieces`);
  assert.ok(Math.max(...pieces.map(({ length }) => length)) < 80 * 1024);
});
