import assert from "node:assert/strict";
import { test } from "node:test";
import { atMostEvery } from "./at-most-every.ts";
import { FakeClock } from "./clock.ts";

test("a call within the pause is passed over, one after it or after a clock was set back is not", () => {
  const clock = new FakeClock(5_000);
  let runs = 0;
  const run = atMostEvery(1_000, () => void runs++, clock);
  const after: [at: number, runs: number][] = [
    [5_000, 1],
    [5_999, 1],
    [6_000, 2],
    [6_500, 2],
    [100, 3],
    [1_099, 3],
    [1_100, 4],
  ];
  for (const [at, expected] of after) {
    clock.set(at);
    run();
    assert.equal(runs, expected, `at ${at}`);
  }
});
