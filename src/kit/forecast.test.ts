import assert from "node:assert/strict";
import { test } from "node:test";
import { forecast } from "./forecast.ts";
import { DAY, GIB, HOUR } from "./units.ts";

const NOW = Date.UTC(2026, 0, 31);
/** `days` up to now, a point every six hours, of `value` GiB by the days before now. */
const points = (days: number, value: (daysAgo: number) => number) =>
  Array.from({ length: days * 4 + 1 }, (_, at) => {
    const ago = days - at / 4;
    return { time: NOW - ago * DAY, value: value(ago) * GIB };
  });

test("when a storage will be full", () => {
  const day = (kind: ReturnType<typeof forecast>) =>
    kind.kind === "full" ? Math.round((kind.at - NOW) / DAY) : kind.kind;
  const cases: [name: string, used: ReturnType<typeof points>, total: number | null, expected: string | number][] = [
    ["nothing known", [], 100, "too-little-history"],
    ["a single point", points(0, () => 50), 100, "too-little-history"],
    ["an hour short of three days", points(3, ago => 50 - ago).slice(1), 100, "too-little-history"],
    ["three days", points(3, ago => 70 - ago), 100, 30],
    ["of an unknown size", points(30, ago => 70 - ago), null, "too-little-history"],
    ["steady growth", points(30, ago => 80 - ago), 100, 20],
    ["level", points(30, () => 50), 100, "not-growing"],
    ["shrinking", points(30, ago => 50 + ago), 100, "not-growing"],
    ["so slow that it does not count", points(30, ago => 50 - ago / 1000), 100, "not-growing"],
    ["one day's outlier bends nothing", points(30, ago => (ago > 9 && ago <= 10 ? 99 : 80 - ago)), 100, 20],
    ["a saw's teeth over steady growth", points(30, ago => 80 - ago + (Math.floor(ago) % 2)), 100, 20],
    ["full already", points(30, () => 100), 100, 0],
    [
      "days without a look",
      points(30, ago => 80 - ago).filter(({ time }) => (NOW - time) / DAY > 20 || time > NOW - 2 * DAY),
      100,
      20,
    ],
  ];
  for (const [name, used, total, expected] of cases) {
    const got = day(forecast(used, total === null ? null : total * GIB, NOW));
    if (typeof expected === "number" && typeof got === "number")
      assert.ok(Math.abs(got - expected) <= 1, `${name}: ${got}`);
    else assert.equal(got, expected, name);
  }
});

test("three days are three days, not two days and three dates", () => {
  const used = [0, 24, 71].map(hours => ({ time: NOW - 71 * HOUR + hours * HOUR, value: hours * GIB }));
  assert.deepEqual(forecast(used, 1000 * GIB, NOW), { kind: "too-little-history" });
});
