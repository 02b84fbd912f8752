import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, GIB, HOUR, KIB, MIB, MINUTE, SECOND } from "../../kit/units.ts";
import { plural } from "../words/words.ts";
import {
  dayName,
  formatAgo,
  formatBytes,
  formatDuration,
  formatExpiry,
  formatPercent,
  formatRate,
  formatUptime,
  unbroken,
  weekOrder,
} from "./format.ts";

const CASES: [sentence: string, shown: string, expected: string][] = [
  ["unknown bytes", formatBytes(null), "–"],
  ["no bytes", formatBytes(0), "0 B"],
  ["bytes are whole", formatBytes(999), "999 B"],
  ["a KiB", formatBytes(KIB), "1.0 KiB"],
  ["two figures below ten", formatBytes(3.44 * GIB), "3.4 GiB"],
  ["no decimals from ten on", formatBytes(34.4 * GIB), "34 GiB"],
  ["four figures are one of the next unit", formatBytes(1000 * MIB), "1.0 GiB"],
  ["9.99 does not become 10.0", formatBytes(9.99 * MIB), "10 MiB"],
  ["an unknown rate", formatRate(null), "–"],
  ["a rate of nothing", formatRate(0), "0"],
  ["a rate", formatRate(1.5 * MIB), "1.5 MiB/s"],
  ["percentages in one piece", unbroken("is 95.1 % (threshold 95 %)"), "is 95.1\u00a0% (threshold 95\u00a0%)"],
  ["an unknown share", formatPercent(null), "–"],
  ["a small share", formatPercent(0.42), "0.4 %"],
  ["nothing at all", formatPercent(0), "0 %"],
  ["a large share", formatPercent(99.6), "100 %"],
  ["seconds", formatDuration(45 * SECOND), "45s"],
  ["minutes", formatDuration(3 * MINUTE + 2 * SECOND), "3m 2s"],
  ["hours", formatDuration(3 * HOUR + 12 * MINUTE), "3h 12m"],
  ["days", formatDuration(12 * DAY + 4 * HOUR), "12d 4h"],
  ["whole minutes", formatDuration(2 * MINUTE, "whole"), "2m"],
  ["no whole minutes", formatDuration(150 * SECOND, "whole"), "2m 30s"],
  ["a day of the week", dayName(6, "long"), "Sunday"],
  ["a week as the calendar has it", weekOrder().join(), "6,0,1,2,3,4,5"],
  ["a negative length is none", formatDuration(-5), "0s"],
  ["not running", formatUptime(0), "–"],
  ["uptime in seconds", formatUptime(3600), "1h 0m"],
  ["now", formatAgo(1000, 1500), "just now"],
  ["a clock that is ahead of ours", formatAgo(9000, 1500), "just now"],
  ["a while ago", formatAgo(0, 8 * SECOND), "8 s ago"],
  ["minutes ago", formatAgo(0, 3 * MINUTE), "3 min ago"],
  ["days ago", formatAgo(0, 5 * DAY), "5 days ago"],
  ["a certificate that is good", formatExpiry(42.5 * DAY, 0), "good for 42 more days"],
  ["a certificate that is not", formatExpiry(0, 3 * DAY), "expired 3 days ago"],
  ["one", plural(1, "guest"), "1 guest"],
  ["many", plural(3, "instance"), "3 instances"],
];

test("values as they are shown", () => {
  for (const [sentence, shown, expected] of CASES) assert.equal(shown, expected, sentence);
});
