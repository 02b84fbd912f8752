import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column } from "./column.ts";
import { compareNames, comparing, nextSorts, sortKeys, toSorts } from "./sort.ts";

const NATURAL = new Intl.Collator("en", { numeric: true });

test("names are in the order of the collator, whatever they are made of", () => {
  const pieces = ["", "a", "b", "web", "-", "_", ".", " ", "0", "1", "9", "10", "007", "Z", "ä", "é", "(", "日", "'"];
  const names = pieces.flatMap(one => pieces.flatMap(two => ["", "-2", "x"].map(three => `${one}${two}${three}`)));
  for (const a of names)
    for (const b of names)
      if (Math.sign(compareNames(a, b)) !== NATURAL.compare(a, b)) assert.fail(`"${a}" and "${b}"`);
});

interface Row {
  name: string;
  cpu: number | null;
  node: string;
}
const column = (key: keyof Row, numeric: boolean): Column<Row> => ({
  key,
  name: key,
  numeric,
  hint: null,
  width: "1fr",
  sortBy: row => row[key],
  cell: () => null,
});
const COLUMNS = [column("name", false), column("cpu", true), column("node", false)];
const ROWS: Row[] = [
  { name: "web-10", cpu: 0.5, node: "b" },
  { name: "web-2", cpu: 0.5, node: "a" },
  { name: "db", cpu: null, node: "a" },
  { name: "mail", cpu: 0.9, node: "a" },
];

const ORDERS: [sentence: string, keys: string[], names: string[]][] = [
  ["by nothing: as they come", [], ["web-10", "web-2", "db", "mail"]],
  ["names as people count", ["name"], ["db", "mail", "web-2", "web-10"]],
  ["the unknown comes last…", ["cpu"], ["web-2", "web-10", "mail", "db"]],
  ["…in both directions; equals by the columns in their order", ["-cpu"], ["mail", "web-2", "web-10", "db"]],
  ["by two", ["node", "-cpu"], ["mail", "web-2", "db", "web-10"]],
  ["by a column that is gone", ["colour", "name"], ["db", "mail", "web-2", "web-10"]],
];

test("rows are sorted by several columns", () => {
  for (const [sentence, keys, names] of ORDERS) {
    const sorted = ROWS.toSorted(comparing(COLUMNS, toSorts(keys, COLUMNS)));
    assert.deepEqual(
      sorted.map(({ name }) => name),
      names,
      sentence,
    );
  }
});

const PRESSES: [sentence: string, before: string[], key: number, further: boolean, after: string[]][] = [
  ["texts begin with the first", [], 0, false, ["name"]],
  ["numbers with the greatest", ["name"], 1, false, ["-cpu"]],
  ["once more: the other way round", ["-cpu"], 1, false, ["cpu"]],
  ["a press alone leaves one", ["-cpu", "name"], 1, false, ["cpu"]],
  ["one of the further ones becomes the only one", ["-cpu", "name"], 0, false, ["name"]],
  ["a further one comes last", ["-cpu"], 0, true, ["-cpu", "name"]],
  ["once more: the other way round, where it is", ["name", "-cpu"], 0, true, ["-name", "-cpu"]],
  ["and then no more", ["-name", "-cpu"], 0, true, ["-cpu"]],
  ["a fifth takes the place of the fourth", ["a", "b", "c", "d"], 0, true, ["a", "b", "c", "name"]],
];

test("a press on a head sorts", () => {
  const all = [...COLUMNS, ..."abcd"].map(one =>
    typeof one === "string" ? { ...column("name", false), key: one } : one,
  );
  for (const [sentence, before, at, further, after] of PRESSES) {
    const pressed = COLUMNS[at];
    assert.ok(pressed);
    assert.deepEqual(sortKeys(nextSorts(toSorts(before, all), pressed, further)), after, sentence);
  }
});

test("what an address says twice, or of no column, is left out", () => {
  assert.deepEqual(sortKeys(toSorts(["-cpu", "cpu", "x", "", "name"], COLUMNS)), ["-cpu", "name"]);
});
