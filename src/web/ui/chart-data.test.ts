import assert from "node:assert/strict";
import { test } from "node:test";
import type { Point } from "../../model/point.ts";
import {
  type ChartLine,
  type ChartMark,
  grow,
  importedSpans,
  isolated,
  marksAt,
  stepOf,
  summaryOf,
  toColumns,
} from "./chart-data.ts";

const at = (time: number, mean: number, spread = 0): Point => ({ time, min: mean - spread, mean, max: mean + spread });
const line = (points: Point[], key = "a"): ChartLine => ({ key, name: key, colour: 0, points });

test("lines side by side: gaps are gaps, and what only another line has is no gap", () => {
  const cases: [name: string, lines: Point[][], times: number[], means: (number | null | undefined)[][]][] = [
    ["nothing", [], [], []],
    ["without a gap", [[at(0, 1), at(10_000, 2)]], [0, 10], [[1, 2]]],
    [
      "a gap gets a null at its first span",
      [[at(0, 1), at(10_000, 2), at(40_000, 5)]],
      [0, 10, 20, 40],
      [[1, 2, null, 5]],
    ],
    [
      "another grid leaves holes, not gaps",
      [
        [at(0, 1), at(20_000, 3)],
        [at(10_000, 7), at(20_000, 8)],
      ],
      [0, 10, 20],
      [
        [1, undefined, 3],
        [undefined, 7, 8],
      ],
    ],
    [
      "a gap of one is none of the other",
      [
        [at(0, 1), at(10_000, 1), at(30_000, 1)],
        [at(0, 2), at(10_000, 2), at(20_000, 2), at(30_000, 2)],
      ],
      [0, 10, 20, 30],
      [
        [1, 1, null, 1],
        [2, 2, 2, 2],
      ],
    ],
  ];
  for (const [name, lines, times, means] of cases) {
    const columns = toColumns(lines.map(points => line(points)));
    assert.deepEqual(columns.times, times, name);
    assert.deepEqual(columns.means, means, name);
  }
  const { lows, highs } = toColumns([line([at(0, 5, 2)])]);
  assert.deepEqual([lows, highs], [[[3]], [[7]]]);
});

test("the step is the least distance", () => {
  assert.equal(stepOf([]), null);
  assert.equal(stepOf([at(5, 1)]), null);
  assert.equal(stepOf([at(0, 1), at(60, 1), at(80, 1), at(100, 1)]), 20);
});

test("a value between gaps needs a dot", () => {
  const cases: [values: (number | null | undefined)[], dots: number[]][] = [
    [[], []],
    [[1], [0]],
    [[1, 2], []],
    [[1, null, 2, 3], [0]],
    [[1, 2, null, 3], [3]],
    [[null, undefined, 4, undefined, null], [2]],
    [[1, undefined, 4], []],
  ];
  for (const [values, dots] of cases) assert.deepEqual(isolated(values), dots, JSON.stringify(values));
});

test("the newest span grows, then the next begins", () => {
  const grid = { step: 20_000, from: 0 };
  const first = grow([], { at: 21_000, value: 10 }, grid);
  assert.deepEqual(first, [{ time: 20_000, min: 10, mean: 10, max: 10 }]);
  const grown = grow(first, { at: 31_000, value: 20 }, grid);
  assert.deepEqual(grown, [{ time: 20_000, min: 10, mean: 15, max: 20 }]);
  const next = grow(grown, { at: 40_000, value: 3 }, grid);
  assert.deepEqual(next.at(-1), { time: 40_000, min: 3, mean: 3, max: 3 });
  assert.equal(grow(next, { at: 30_000, value: 99 }, grid), next);
  assert.deepEqual(
    grow(next, { at: 60_000, value: 4 }, { step: 20_000, from: 40_000 }).map(({ time }) => time),
    [40_000, 60_000],
  );
});

test("a summary is of what is in sight, and null where nothing is", () => {
  const points = [at(0, 100), at(10, 1, 1), at(20, 3, 2)];
  assert.deepEqual(summaryOf(points, 10, 30), { min: 0, mean: 2, max: 5, last: 3 });
  assert.equal(summaryOf(points, 30, 40), null);
});

test("what was imported is a span up to what Pulse saw itself, or to the end of its step", () => {
  const told = (time: number): Point => ({ ...at(time, 1), imported: true });
  const cases: [sentence: string, lines: Point[][], spans: (readonly [number, number])[]][] = [
    ["nothing", [[at(0, 1), at(10_000, 1)]], []],
    ["before we came", [[told(0), told(10_000), at(20_000, 1)]], [[0, 20]]],
    ["all of it", [[told(0), told(10_000)]], [[0, 20]]],
    ["a gap that was filled", [[at(0, 1), told(10_000), at(20_000, 1)]], [[10, 20]]],
    ["a gap that stayed ends it", [[told(0), told(10_000), told(40_000)]], [[0, 20], [40, 50]]],
    ["another line saw it", [[told(0), told(10_000)], [at(10_000, 1)]], [[0, 10]]],
  ]; // biome-ignore format: a line a case
  for (const [sentence, lines, spans] of cases)
    assert.deepEqual(importedSpans(toColumns(lines.map(points => line(points)))), spans, sentence);
});

test("a mark is where its line or its band is", () => {
  const marks: ChartMark[] = [
    { at: 20_000, label: "instant", level: "warning" },
    { at: 40_000, to: 60_000, label: "band", level: "critical" },
  ];
  const labels = (time: number) => marksAt(marks, time, 10_000).map(({ label }) => label);
  assert.deepEqual([0, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000].map(labels), [
    [],
    ["instant"],
    [],
    ["band"],
    ["band"],
    ["band"],
    [],
  ]);
});
