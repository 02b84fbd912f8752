import assert from "node:assert/strict";
import { test } from "node:test";
import { leapWatch } from "./leaps.ts";
import { DAY, HOUR, MINUTE, type Millis, SECOND } from "./units.ts";

const CASES: [sentence: string, passed: Millis, told: Millis, words: string | null][] = [
  ["a clock that goes right", 10 * SECOND, 10 * SECOND, null],
  ["one that is kept right", 10 * SECOND, 12 * SECOND, null],
  [
    "a summer's hour that the system's clock got by mistake",
    10 * SECOND,
    HOUR,
    "The clock was set forward by 59.8 min, or this machine slept",
  ],
  ["a night", 10 * SECOND, 8 * HOUR + 10 * SECOND, "The clock was set forward by 8 h, or this machine slept"],
  ["back by a minute and a half", 10 * SECOND, -80 * SECOND, "The clock was set back by 1.5 min"],
  ["back by years", 0, -400 * DAY, "The clock was set back by 400 d"],
  ["just enough", 0, 10 * SECOND, "The clock was set forward by 10 s, or this machine slept"],
];
for (const [sentence, passed, told, words] of CASES)
  test(`leaps of a clock: ${sentence}`, () => {
    const at = { now: 1_000 * DAY, steady: 5 * MINUTE };
    const leap = leapWatch({ now: () => at.now, steady: () => at.steady, sleep: async () => {} });
    assert.equal(leap(), null);
    at.now += told;
    at.steady += passed;
    assert.equal(leap(), words);
    assert.equal(leap(), null, "once");
  });

test("leaps of a clock of which only the time is known are not told", () => {
  let now = 0;
  const leap = leapWatch({ now: () => now, sleep: async () => {} });
  now = DAY;
  assert.equal(leap(), null);
});
