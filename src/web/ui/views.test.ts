import assert from "node:assert/strict";
import { test } from "node:test";
import { isSameAddress, renamed, withView } from "./views.ts";

const BIG = { name: "Big ones", search: "?q=memory%3E16G&sort=-memory" };
const FULL = { name: "Full", search: "?page=storage&storages-sort=-usage" };
const VIEWS = [BIG, FULL];

const ADDRESSES: [sentence: string, a: string, b: string, same: boolean][] = [
  ["the same in another order", "?q=web&sort=-cpu", "?sort=-cpu&q=web", true],
  ["written otherwise", "?q=a+b", "?q=a%20b", true],
  ["nothing at all", "", "", true],
  ["another search", "?q=web", "?q=db", false],
  ["another page", "?page=storage", "", false],
];

test("addresses are compared", () => {
  for (const [sentence, a, b, same] of ADDRESSES) assert.equal(isSameAddress(a, b), same, sentence);
});

test("a view is added, or takes the place of the one of its name on its page", () => {
  const other = { name: "big ONES", search: "?q=memory%3E32G" };
  assert.deepEqual(withView(VIEWS, other), [other, FULL]);
  const elsewhere = { name: "Full", search: "?page=backups" };
  assert.deepEqual(withView(VIEWS, elsewhere), [BIG, FULL, elsewhere]);
});

const NAMES: [sentence: string, name: string, after: string[] | null][] = [
  ["another name", " Huge ", ["Huge", "Full"]],
  ["its own name, in other letters", "BIG ones", ["BIG ones", "Full"]],
  ["the name of a view of another page", "full", ["full", "Full"]],
  ["no name", "  ", null],
];

test("a view gets another name", () => {
  for (const [sentence, name, after] of NAMES)
    assert.deepEqual(renamed(VIEWS, BIG, name)?.map(view => view.name) ?? null, after, sentence);
  const twin = { ...BIG, name: "Small ones" };
  assert.equal(renamed([BIG, twin], twin, "big ones"), null, "the name of another view of its page");
});
