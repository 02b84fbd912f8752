import assert from "node:assert/strict";
import { test } from "node:test";
import type { Guest } from "../../model/guest.ts";
import { idsText, MOST_LINES, toColours, toCompared, toIds } from "./compare-lines.ts";

const guest = (id: string, cpu: number | null, template = false) => ({ id, name: id, cpu, template }) as Guest;
const read = ({ cpu }: Guest) => cpu;
const everything = () => true;

test("what is compared: what was picked, else what is found, the greatest first, and not more than can be told apart", () => {
  const guests = [guest("a", 0.1), guest("b", null), guest("c", 0.9), guest("d", 0.5, true)];
  const cases: [name: string, picked: string[], test: (guest: Guest) => boolean, lines: string[], found: number][] = [
    ["a search, without templates, unknown last", [], everything, ["c", "a", "b"], 3],
    ["a search that finds one", [], ({ id }) => id === "b", ["b"], 1],
    ["picked, in their order, whatever the search", ["b", "a"], () => false, ["b", "a"], 2],
    ["picked, but gone", ["a", "gone"], everything, ["a"], 1],
  ];
  for (const [name, picked, test, lines, found] of cases) {
    const compared = toCompared(guests, { picked, test, read });
    assert.deepEqual([compared.lines.map(({ id }) => id), compared.found], [lines, found], name);
  }
  const many = Array.from({ length: 20 }, (_, at) => guest(`g${at}`, at));
  const compared = toCompared(many, { picked: [], test: everything, read });
  assert.deepEqual([compared.lines.length, compared.found, compared.lines[0]?.id], [MOST_LINES, 20, "g19"]);
});

test("ids survive the address", () => {
  assert.deepEqual(toIds(idsText(["a b", "c,d"])), ["a b", "c,d"]);
  assert.deepEqual(toIds(""), []);
  assert.deepEqual(toIds("a\na\n"), ["a"]);
});

test("colours stay with their guests", () => {
  const first = toColours(["a", "b", "c"], new Map());
  assert.deepEqual(
    [...first],
    [
      ["a", 0],
      ["b", 1],
      ["c", 2],
    ],
  );
  assert.deepEqual(
    [...toColours(["c", "d", "a"], first)],
    [
      ["a", 0],
      ["c", 2],
      ["d", 1],
    ],
  );
});
