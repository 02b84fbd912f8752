import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "./clock.ts";
import { every } from "./every.ts";
import { SECOND } from "./units.ts";

test("a task runs at once and then once an interval, on the grid", async () => {
  const clock = new FakeClock(0);
  const stop = new AbortController();
  const starts: number[] = [];
  const done = every(10 * SECOND, at => void starts.push(at), clock, stop.signal);
  await clock.advance(25 * SECOND);
  assert.deepEqual(starts, [0, 10_000, 20_000]);
  stop.abort();
  await done;
  assert.equal(clock.sleeping, 0);
});

test("a task that outlasts its interval skips turns, never overlaps, and returns to the grid", async () => {
  const clock = new FakeClock(0);
  const stop = new AbortController();
  const starts: number[] = [];
  let running = 0;
  const done = every(
    10 * SECOND,
    async at => {
      assert.equal(++running, 1);
      starts.push(at);
      if (starts.length === 1) await clock.sleep(23 * SECOND);
      running--;
    },
    clock,
    stop.signal,
  );
  await clock.advance(45 * SECOND);
  assert.deepEqual(starts, [0, 30_000, 40_000]);
  stop.abort();
  await done;
});

test("an abort while asleep ends the loop without another run", async () => {
  const clock = new FakeClock(0);
  const stop = new AbortController();
  let runs = 0;
  const done = every(SECOND, () => void runs++, clock, stop.signal);
  await clock.advance(500);
  stop.abort();
  await done;
  assert.equal(runs, 1);
});

const SET: [sentence: string, shift: number, starts: number[]][] = [
  ["a clock set back by an hour delays no run by more than an interval", -3600, [-3_590_000, -3_580_000]],
  ["a clock set forward by an hour costs no more than an interval", 3600, [3_610_000, 3_620_000]],
];
for (const [sentence, shift, expected] of SET)
  test(sentence, async () => {
    const clock = new FakeClock(0);
    const stop = new AbortController();
    const starts: number[] = [];
    const done = every(10 * SECOND, at => void starts.push(at), clock, stop.signal);
    await clock.advance(SECOND);
    clock.set(SECOND + shift * SECOND);
    await clock.advance(24 * SECOND);
    assert.deepEqual(starts, [0, ...expected]);
    stop.abort();
    await done;
  });
