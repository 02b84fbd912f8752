import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY } from "./units.ts";
import { clockText, wallTime } from "./wall-clock.ts";

const NOW = Date.UTC(2026, 0, 10, 12);

const TEXTS: [sentence: string, at: number, expected: string][] = [
  ["the same day", NOW + 3_600_000, "14:00"],
  ["within the week, with its day", NOW + 2 * DAY, "Monday 13:00"],
  ["later, with its date", NOW + 20 * DAY, "2026-01-30 13:00"],
];
for (const [sentence, at, expected] of TEXTS)
  test(`the clock on the wall: ${sentence}`, () => assert.equal(clockText(at, "Europe/Berlin", NOW), expected));

test("a time beyond all dates is one of the last of them", () => {
  for (const zone of ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
    assert.match(clockText(1e308, zone, NOW), /^9999-12-\d\d /);
    assert.ok(Number.isFinite(wallTime(8.64e15, zone).day));
  }
});
