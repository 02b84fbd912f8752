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
  await inSlices(
    steps(),
    () => now,
    async () => void log.push("others"),
  );
  assert.deepEqual(log, ["3 ms", "4 ms", "2 ms", "others", "20 ms", "others", "1 ms"]);
});
