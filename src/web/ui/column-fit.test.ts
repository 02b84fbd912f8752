import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column } from "./column.ts";
import { fittingColumns, moved, wantedColumns } from "./column-fit.ts";

const column = (key: string, width: string, more: Partial<Column<object>> = {}): Column<object> => ({
  key,
  name: key,
  numeric: false,
  hint: null,
  width,
  sortBy: () => null,
  cell: () => null,
  ...more,
});
const COLUMNS = [
  column("node", "minmax(5rem, 1fr)", { saidBy: "node" }),
  column("name", "minmax(10rem, 2fr)", { onPhone: "title" }),
  column("cpu", "6rem"),
  column("io", "10rem", { from: 1400 }),
  column("pool", "5rem", { extra: true }),
];
const keys = (columns: readonly Column<object>[]) => columns.map(({ key }) => key).join(" ");

const WANTED: [sentence: string, chosen: string[] | null, group: string, window: number, shown: string][] = [
  ["the usual ones, where there is room", null, "none", 1400, "node name cpu io"],
  ["fewer on a narrow window", null, "none", 1000, "node name cpu"],
  ["not what the group's line says", null, "node", 1000, "name cpu"],
  ["what is picked, in that order, however narrow", ["io", "name", "pool"], "none", 1000, "io name pool"],
  ["what is picked, though the group's line says it", ["name", "node"], "node", 1000, "name node"],
  ["never without the title", ["cpu"], "none", 1400, "name cpu"],
  ["each once, and none that is gone", ["name", "cpu", "cpu", "colour"], "none", 1400, "name cpu"],
];

test("columns are picked", () => {
  for (const [sentence, chosen, group, window, shown] of WANTED)
    assert.equal(keys(wantedColumns(COLUMNS, chosen, { group, window })), shown, sentence);
});

const FITS: [sentence: string, table: number, shown: string][] = [
  ["all of them", (5 + 10 + 6 + 10 + 3 * 0.75 + 1.75) * 16, "node name cpu io"],
  ["one pixel less: the last one goes", (5 + 10 + 6 + 10 + 3 * 0.75 + 1.75) * 16 - 1, "node name cpu"],
  ["hardly any room: the title stays", 10, "name"],
  ["nobody has measured yet: all of them", 0, "node name cpu io"],
];

test("columns go where there is no room", () => {
  for (const [sentence, table, shown] of FITS)
    assert.equal(keys(fittingColumns(COLUMNS.slice(0, 4), { window: 1400, table, rem: 16 })), shown, sentence);
});

test("one of an order is moved", () => {
  assert.deepEqual(moved(["a", "b", "c"], 0, 2), ["b", "c", "a"]);
  assert.deepEqual(moved(["a", "b", "c"], 2, 0), ["c", "a", "b"]);
  assert.deepEqual(moved(["a", "b", "c"], 0, -1), ["a", "b", "c"]);
  assert.deepEqual(moved(["a"], 3, 0), ["a"]);
});
