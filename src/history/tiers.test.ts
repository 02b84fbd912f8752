import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR, MINUTE, SECOND } from "../kit/units.ts";
import { placeFor } from "./reading.ts";
import { TICK, TIERS, toRetention, untilTick } from "./tiers.ts";

const NOW = Date.UTC(2026, 5, 1);
const [RAW, MINUTES, HALF_HOURS, QUARTER_DAYS] = [0, 1, 2, 3];

const CHOICES = [
  ["an hour as 360 points is read raw", HOUR, 0, 360, RAW],
  ["an hour as 60 points is read by the minute", HOUR, 0, 60, MINUTES],
  ["five minutes are never finer than raw", 5 * MINUTE, 0, 1000, RAW],
  ["a day as 1000 points is read by the minute", DAY, 0, 1000, MINUTES],
  ["a week as 300 points is read by the half hour", 7 * DAY, 0, 300, HALF_HOURS],
  ["a year as 300 points is read by the quarter of a day", 365 * DAY, 0, 300, QUARTER_DAYS],
  ["an hour of last week is no longer raw", HOUR, 7 * DAY, 360, MINUTES],
  ["an hour of last quarter is read by the half hour", HOUR, 90 * DAY, 360, HALF_HOURS],
  ["an hour of two years ago is in a quarter of a day", HOUR, 730 * DAY, 360, QUARTER_DAYS],
  ["what is older than everything is looked for in the coarsest", HOUR, 9000 * DAY, 360, QUARTER_DAYS],
] as const;

for (const [sentence, length, ago, points, place] of CHOICES)
  test(sentence, () => {
    const to = NOW - ago;
    assert.equal(placeFor({ from: to - length, to, points }, NOW, toRetention({})), place);
  });

test("blocks end where steps and blocks of finer tiers end", () => {
  for (const [place, { step, slots }] of TIERS.entries())
    for (const finer of TIERS.slice(0, place)) {
      assert.equal(step % finer.step, 0);
      assert.equal((step * slots) % (finer.step * finer.slots), 0);
      assert.equal((step * slots) % step, 0);
    }
});

test("a coarser tier is kept at least as long as each finer one", () => {
  const kept = toRetention({ raw: 20 * DAY, "half-hour": DAY });
  assert.deepEqual(
    TIERS.map(({ name }) => kept[name] / DAY),
    [20, 20, 20, 1825],
  );
  assert.deepEqual(
    TIERS.map(({ name }) => toRetention({})[name] / DAY),
    [3, 14, 395, 1825],
  );
});

test("ticks move to the middle of their step and stay there, however late they are", () => {
  for (let start = 0; start < TICK; start += 99) {
    let now = NOW + start;
    let slot = Math.floor(now / TICK);
    for (const late of [3, 900, 0, 4 * SECOND, 1]) {
      now += untilTick(now) + late;
      assert.equal(Math.floor(now / TICK), slot + 1, `from ${start}, ${late} ms late`);
      slot += 1;
    }
  }
});
