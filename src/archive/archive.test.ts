import assert from "node:assert/strict";
import { test } from "node:test";
import { withEnds } from "./archive.ts";

// A letter a tick, from a tick before the window on: "x" is a sample, "." none; what is sent of the window: "x", "e" that nothing is known, "." nothing.
const CASES: readonly [name: string, history: string, sent: string][] = [
  ["all is there", "xxxx", "xxx"],
  ["a gap begins within", "xx..", "xe."],
  ["a gap begins with the window", "x...", "e.."],
  ["a gap goes on", "....", "..."],
  ["a gap is over", "..xx", ".xx"],
  ["one sample", "..x.", ".xe"],
  ["what ends with the window may go on in the next", "...x", "..x"],
];

for (const [name, history, expected] of CASES)
  test(`${name}: ${history} is sent as ${expected}`, () => {
    const samples = [...history].flatMap((letter, at) => (letter === "x" ? [{ at: at * 10, value: at }] : []));
    const sent = withEnds(samples, { from: 10, to: history.length * 10, tick: 10 });
    const text = Array.from({ length: history.length - 1 }, (_, at) => {
      const found = sent.find(one => one.at === (at + 1) * 10 - (one.value === null ? 1 : 0));
      return found ? (found.value === null ? "e" : "x") : ".";
    });
    assert.equal(text.join(""), expected);
    assert.deepEqual(
      sent.map(({ at }) => at),
      sent.map(({ at }) => at).toSorted((a, b) => a - b),
    );
  });
