import assert from "node:assert/strict";
import { test } from "node:test";
import type { Grouping } from "./column.ts";
import { isSorted, keepOrder, toLines } from "./table-lines.ts";

interface Row {
  id: string;
  stale: boolean;
  tags: string[];
  cpu: number;
}
const row = (id: string, cpu: number, ...tags: string[]): Row => ({ id, stale: false, tags, cpu });
const ROWS = [row("a", 1, "prod", "web"), row("b", 2), row("c", 3, "web")];
const TAGS: Grouping<Row> = {
  key: "tag",
  name: "Tag",
  of: ({ tags }) => (tags.length === 0 ? [{ id: " ", name: "none" }] : tags.map(tag => ({ id: tag, name: tag }))),
  rank: (_, id) => (id === " " ? 1 : 0),
};
const ids = (grouping: Grouping<Row> | null, folded: string[] = []) =>
  toLines(ROWS, grouping, new Set(folded)).map(({ id }) => id);

test("without groups a line is a row", () => {
  assert.deepEqual(ids(null), ["a", "b", "c"]);
});

test("a row stands below each of its groups, under an id of its own; those without come last", () => {
  assert.deepEqual(ids(TAGS), ["group prod", "a", "group web", "a web", "c", "group  ", "b"]);
});

test("what is folded is out of sight, and its rows are lines elsewhere", () => {
  assert.deepEqual(ids(TAGS, ["prod"]), ["group prod", "group web", "a", "c", "group  ", "b"]);
});

test("groups are sorted as people count, or by what they say", () => {
  const byCpu: Grouping<Row> = {
    key: "cpu",
    name: "CPU",
    of: ({ cpu }) => [{ id: `n${cpu * 5}`, name: `n${cpu * 5}` }],
  };
  assert.deepEqual(ids(byCpu, ["n5", "n10", "n15"]), ["group n5", "group n10", "group n15"]);
  const backwards = { ...byCpu, of: ({ cpu }: Row) => [{ id: `n${cpu}`, name: "n", order: String(9 - cpu) }] };
  assert.deepEqual(ids(backwards, ["n1", "n2", "n3"]), ["group n3", "group n2", "group n1"]);
});

const byCpu = (a: Row, b: Row) => a.cpu - b.cpu;
const ORDERS: [sentence: string, rows: Row[], before: string[], after: string[], sorted: boolean][] = [
  ["rows stay where they are, whatever their numbers", [row("a", 9), row("b", 1)], ["a", "b"], ["a", "b"], false],
  ["what is gone leaves no gap", [row("c", 3), row("a", 1)], ["a", "b", "c"], ["a", "c"], true],
  ["what is new comes where it belongs", [row("a", 1), row("c", 3), row("n", 2)], ["a", "c"], ["a", "n", "c"], true],
  ["what is new and the greatest comes last", [row("n", 7), row("a", 1)], ["a"], ["a", "n"], true],
  [
    "several that are new, among some that are out of order",
    [row("a", 5), row("b", 2), row("y", 6), row("x", 1), row("z", 3)],
    ["a", "b"],
    ["x", "z", "a", "b", "y"],
    false,
  ],
  ["nothing was there before", [row("b", 2), row("a", 1)], [], ["a", "b"], true],
];

test("an order is held", () => {
  for (const [sentence, rows, before, after, sorted] of ORDERS) {
    const kept = keepOrder(rows, before, byCpu);
    assert.deepEqual(
      kept.map(({ id }) => id),
      after,
      sentence,
    );
    assert.equal(isSorted(kept, byCpu), sorted, sentence);
  }
});

test("thousands that are new, as when an estate is seen for the first time, take no more than to be sorted", () => {
  let compared = 0;
  const rows = Array.from({ length: 5000 }, (_, at) => row(`r${at}`, (at * 7919) % 5003));
  const kept = keepOrder(rows, ["r1"], (a, b) => {
    compared += 1;
    return byCpu(a, b);
  });
  assert.ok(isSorted(kept, byCpu));
  assert.ok(compared < 5000 * 20, `${compared} comparisons`);
});
