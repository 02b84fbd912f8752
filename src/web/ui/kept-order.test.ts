import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptOrder } from "./kept-order.ts";

interface Row {
  id: string;
  stale: boolean;
  cpu: number;
}
const toRows = (...rows: [id: string, cpu: number][]): Row[] => rows.map(([id, cpu]) => ({ id, stale: false, cpu }));
const byCpu = (a: Row, b: Row) => a.cpu - b.cpu;
const told = (rows: readonly Row[]) => rows.map(({ id, cpu }) => `${id}${cpu}`).join(" ");

test("the same rows stand as before with their new numbers, in whatever order they come", () => {
  const order = new KeptOrder<Row>();
  const first = toRows(["a", 3], ["b", 1], ["c", 2]);
  order.keep(first, first.toSorted(byCpu));
  for (const next of [toRows(["a", 1], ["b", 9], ["c", 5]), toRows(["c", 5], ["b", 9], ["a", 1])]) {
    const kept = order.of(next, byCpu);
    assert.equal(told(kept), "b9 c5 a1");
    order.keep(next, kept);
  }
});

test("sorted anew they stand so from then on", () => {
  const order = new KeptOrder<Row>();
  const rows = toRows(["a", 3], ["b", 1], ["c", 2]);
  order.keep(rows, rows);
  assert.equal(told(order.of(rows, byCpu)), "a3 b1 c2");
  order.keep(rows, rows.toSorted(byCpu));
  assert.equal(told(order.of(toRows(["a", 0], ["b", 0], ["c", 0]), byCpu)), "b0 c0 a0");
});

test("what is new comes where it belongs, and what is gone leaves no gap", () => {
  const order = new KeptOrder<Row>();
  const rows = toRows(["a", 3], ["b", 1], ["c", 2]);
  order.keep(rows, rows.toSorted(byCpu));
  assert.equal(told(order.of(toRows(["a", 3], ["n", 2.5], ["b", 1]), byCpu)), "b1 n2.5 a3");
});
