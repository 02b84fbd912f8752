import assert from "node:assert/strict";
import { test } from "node:test";
import { between, turned } from "./selection.ts";

const ORDER = ["a", "b", "c", "d"];

test("what stands between two rows, from either side, is chosen with them", () => {
  const cases: readonly [name: string, from: string, to: string, expected: readonly string[]][] = [
    ["downwards", "b", "d", ["b", "c", "d"]],
    ["upwards", "c", "a", ["a", "b", "c"]],
    ["one alone", "b", "b", ["b"]],
    ["the first is no longer listed", "gone", "b", []],
  ];
  for (const [name, from, to, expected] of cases) assert.deepEqual(between(ORDER, from, to), expected, name);
});

test("all of a stretch become what the row becomes that was pressed", () => {
  const cases: readonly [name: string, before: string[], id: string, stretch: string[], after: string[]][] = [
    ["one is chosen", [], "b", [], ["b"]],
    ["one no longer", ["a", "b"], "b", [], ["a"]],
    ["a stretch is chosen, one of it was", ["a", "c"], "d", ["b", "c", "d"], ["a", "c", "d", "b"]],
    ["a stretch no longer", ["a", "b", "c"], "c", ["b", "c"], ["a"]],
  ];
  for (const [name, before, id, stretch, after] of cases)
    assert.deepEqual([...turned(new Set(before), id, stretch)].sort(), after.sort(), name);
});
