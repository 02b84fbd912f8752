import assert from "node:assert/strict";
import { test } from "node:test";
import type { AlertLevel } from "../model/alert.ts";
import type { QuietHours } from "../model/alert-config.ts";
import { alertOf } from "./fixture.ts";
import { quietUntil } from "./quiet-hours.ts";

const NIGHT: QuietHours = {
  ...{ enabled: true, start: "22:00", end: "08:00", timezone: "Europe/Berlin", days: null },
  suppress: { performance: true, storage: true, offline: false },
};
const WORK = {
  monday: true,
  tuesday: true,
  wednesday: true,
  thursday: true,
  friday: true,
  saturday: false,
  sunday: false,
};
const WEEKDAYS: QuietHours = { ...NIGHT, days: WORK };
const NEVER: QuietHours = { ...NIGHT, enabled: false };
const ALL_DAY: QuietHours = { ...NIGHT, start: "00:00", end: "00:00" };
const EARLY: QuietHours = { ...NIGHT, start: "01:00", end: "03:30" };

// Summer time in Berlin: 2026 from 29 March 02:00 (→ 03:00) until 25 October 03:00 (→ 02:00).
const CASES: [
  sentence: string,
  quiet: QuietHours,
  type: string,
  level: AlertLevel,
  now: string,
  until: string | null,
][] = [
  ["a warning at noon is told", NIGHT, "cpu", "warning", "2026-06-01T10:00Z", null],
  ["at the very beginning it is held back", NIGHT, "cpu", "warning", "2026-06-01T20:00Z", "2026-06-02T06:00Z"],
  ["a moment before it is not", NIGHT, "cpu", "warning", "2026-06-01T19:59:59Z", null],
  ["after midnight it still is", NIGHT, "cpu", "warning", "2026-06-02T01:00Z", "2026-06-02T06:00Z"],
  ["at the end it is told", NIGHT, "cpu", "warning", "2026-06-02T06:00Z", null],
  ["switched off they hold nothing back", NEVER, "cpu", "warning", "2026-06-02T01:00Z", null],
  [
    "critical performance is held back where it is to be",
    NIGHT,
    "memory",
    "critical",
    "2026-06-02T01:00Z",
    "2026-06-02T06:00Z",
  ],
  ["critical storage too", NIGHT, "zfs-state", "critical", "2026-06-02T01:00Z", "2026-06-02T06:00Z"],
  ["what is offline and critical is told where it is not", NIGHT, "offline", "critical", "2026-06-02T01:00Z", null],
  [
    "what is offline and only a warning is held back",
    NIGHT,
    "offline",
    "warning",
    "2026-06-02T01:00Z",
    "2026-06-02T06:00Z",
  ],
  [
    "a type that nobody knows counts as performance",
    NIGHT,
    "new",
    "critical",
    "2026-06-02T01:00Z",
    "2026-06-02T06:00Z",
  ],
  ["Friday's night ends on Saturday morning", WEEKDAYS, "cpu", "warning", "2026-06-06T01:00Z", "2026-06-06T06:00Z"],
  ["Saturday's night does not begin", WEEKDAYS, "cpu", "warning", "2026-06-06T21:00Z", null],
  ["nor is it there on Sunday morning", WEEKDAYS, "cpu", "warning", "2026-06-07T01:00Z", null],
  ["the same beginning and end is a whole day", ALL_DAY, "cpu", "warning", "2026-06-01T10:00Z", "2026-06-01T22:00Z"],
  [
    "the night in which summer begins is an hour shorter",
    NIGHT,
    "cpu",
    "warning",
    "2026-03-28T22:00Z",
    "2026-03-29T06:00Z",
  ],
  ["and has begun in winter's time", NIGHT, "cpu", "warning", "2026-03-28T21:00Z", "2026-03-29T06:00Z"],
  [
    "the night in which summer ends is an hour longer",
    NIGHT,
    "cpu",
    "warning",
    "2026-10-24T21:00Z",
    "2026-10-25T07:00Z",
  ],
  ["an end that the wall shows after the gap", EARLY, "cpu", "warning", "2026-03-29T00:30Z", "2026-03-29T01:30Z"],
  ["hours that are lived twice belong to it", EARLY, "cpu", "warning", "2026-10-25T01:30Z", "2026-10-25T02:30Z"],
];
for (const [sentence, quiet, type, level, now, until] of CASES)
  test(sentence, () => {
    const got = quietUntil(alertOf("a", { type, level }), quiet, Date.parse(now));
    assert.equal(got && new Date(got).toISOString(), until && new Date(until).toISOString());
  });
