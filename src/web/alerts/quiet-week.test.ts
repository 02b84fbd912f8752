import assert from "node:assert/strict";
import { test } from "node:test";
import { quietWeek, windowOf, withDay } from "./quiet-week.ts";

const MONDAY_ONLY = {
  monday: true,
  tuesday: false,
  wednesday: false,
  thursday: false,
  friday: false,
  saturday: false,
  sunday: false,
};

test("a night begins on one day and ends on the next", () => {
  const [monday, tuesday, wednesday] = quietWeek({ start: "22:30", end: "06:00", days: MONDAY_ONLY });
  assert.deepEqual(monday?.slice(21), [0, 0.5, 1]);
  assert.deepEqual(tuesday?.slice(0, 7), [1, 1, 1, 1, 1, 1, 0]);
  assert.ok(wednesday?.every(share => share === 0));
});

test("Sunday's night ends on Monday", () => {
  const [monday] = quietWeek({ start: "23:00", end: "01:00", days: { ...MONDAY_ONLY, monday: false, sunday: true } });
  assert.deepEqual(monday?.slice(0, 2), [1, 0]);
});

test("the same start and end are a whole day; without days it is every day", () => {
  assert.ok(quietWeek({ start: "08:00", end: "08:00", days: null }).every(row => row.every(share => share === 1)));
});

test("hours make a window, over midnight too", () => {
  assert.deepEqual(windowOf(9, 16), { start: "09:00", end: "17:00" });
  assert.deepEqual(windowOf(22, 23), { start: "22:00", end: "00:00" });
  assert.deepEqual(windowOf(22, 5), { start: "22:00", end: "06:00" });
});

test("days are turned on and off; all of them are none in particular", () => {
  const without = withDay(null, "sunday");
  assert.equal(without?.sunday, false);
  assert.equal(without?.monday, true);
  assert.equal(withDay(without, "sunday"), null);
});
