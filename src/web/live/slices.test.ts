import assert from "node:assert/strict";
import { test } from "node:test";
import { inSlices } from "./slices.ts";

test("a slice is some milliseconds of steps; others have their turn in between", async () => {
  let now = 0;
  const log: string[] = [];
  const steps = function* () {
    for (const took of [3, 4, 2, 20, 1]) {
      now += took;
      log.push(`${took} ms`);
      yield;
    }
  };
  const options = { now: () => now, breathe: async () => void log.push("others") };
  await inSlices(steps(), options);
  assert.deepEqual(log, ["3 ms", "4 ms", "2 ms", "others", "20 ms", "others", "1 ms"]);
  log.length = 0;
  await inSlices(steps(), { ...options, slice: 0 });
  assert.deepEqual(log.slice(0, 4), ["3 ms", "others", "4 ms", "others"], "of large steps, each is one");
});
