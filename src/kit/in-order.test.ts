import assert from "node:assert/strict";
import { test } from "node:test";
import { InOrder } from "./in-order.ts";

interface One {
  id: string;
}

/** What is asked for in rounds, and how often it had to be looked up. */
function rounds(...asked: string[]): { found: string[]; lookUps: number[] } {
  const known = new Map(["a", "b", "c", "d", "e"].map((id): [string, One] => [id, { id }]));
  let lookUps = 0;
  const inOrder = new InOrder<One>(id => {
    lookUps += 1;
    return known.get(id);
  });
  const counts = asked.map(round => {
    inOrder.begin();
    const found = [...round].map(id => inOrder.find(id)?.id ?? "-");
    const counted = lookUps;
    lookUps = 0;
    return { found: found.join(""), counted };
  });
  return { found: counts.map(({ found }) => found), lookUps: counts.map(({ counted }) => counted) };
}

const CASES: [sentence: string, asked: string[], found: string[], lookUps: number[]][] = [
  ["the second round finds all where the first did", ["abc", "abc"], ["abc", "abc"], [3, 0]],
  ["one that is new among them costs one round", ["abd", "abcd", "abcd"], ["abd", "abcd", "abcd"], [3, 2, 0]],
  ["one that is left out, too", ["abcd", "acd", "acd"], ["abcd", "acd", "acd"], [4, 2, 0]],
  ["what nobody knows is not found, and in nobody's way", ["axb", "axb"], ["a-b", "a-b"], [3, 1]],
  ["another order finds the same", ["abc", "cab"], ["abc", "cab"], [3, 3]],
  [
    "nothing of a longer round stands in a shorter one's place",
    ["abcde", "ab", "abc"],
    ["abcde", "ab", "abc"],
    [5, 0, 1],
  ],
];
for (const [sentence, asked, found, lookUps] of CASES)
  test(sentence, () => assert.deepEqual(rounds(...asked), { found, lookUps }));

test("what is forgotten is looked up", () => {
  const known = new Map([["a", { id: "a" }]]);
  const inOrder = new InOrder<One>(id => known.get(id));
  assert.ok(inOrder.find("a"));
  known.delete("a");
  inOrder.forget();
  assert.equal(inOrder.find("a"), undefined);
});
