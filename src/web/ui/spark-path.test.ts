import assert from "node:assert/strict";
import { test } from "node:test";
import { toPath } from "./spark-path.ts";

test("a small line: scaled from zero, gaps are gaps, lone values are dots", () => {
  const cases: [name: string, values: (number | null)[], path: string, least?: number][] = [
    ["nothing", [], ""],
    ["nothing known", [null, null], ""],
    ["from zero to its greatest", [0, 50, 100], "M0 15L30 8L60 1"],
    ["half full", [50, 50], "M0 8L60 8", 100],
    ["noise stays small", [0, 2.5], "M0 15L60 13.6"],
    ["a gap, and a lone value", [100, null, 100, 0], "M0 1h.1M40 1L60 15"],
  ];
  for (const [name, values, path, least = 25] of cases) assert.equal(toPath(values, least), path, name);
});
