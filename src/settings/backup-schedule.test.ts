import assert from "node:assert/strict";
import { test } from "node:test";
import { backupName, readBackupName } from "../model/own-backup.ts";
import { type BackupSchedule, isDue, lastTurn, nextTurn } from "./backup-schedule.ts";

const ZONE = "Europe/Berlin";
const daily = (backupTime: string): BackupSchedule => ({ backupSchedule: "daily", backupTime, backupDay: "sunday" });
const SUNDAYS: BackupSchedule = { backupSchedule: "weekly", backupTime: "03:30", backupDay: "sunday" };
const at = (text: string) => Date.parse(text);
const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString().slice(0, 16));

const TURNS: [sentence: string, schedule: BackupSchedule, now: string, last: string | null, next: string | null][] = [
  ["off", { ...SUNDAYS, backupSchedule: "off" }, "2026-11-29T12:00Z", null, null],
  ["daily, later that day", daily("03:30"), "2026-11-29T12:00Z", "2026-11-29T02:30", "2026-11-30T02:30"],
  ["daily, before it that day", daily("22:00"), "2026-11-29T12:00Z", "2026-11-28T21:00", "2026-11-29T21:00"],
  ["daily, at that very moment", daily("03:30"), "2026-11-29T02:30Z", "2026-11-29T02:30", "2026-11-30T02:30"],
  ["weekly, on the day before", SUNDAYS, "2026-11-28T12:00Z", "2026-11-22T02:30", "2026-11-29T02:30"],
  ["weekly, a moment before it on its day", SUNDAYS, "2026-11-29T02:29Z", "2026-11-22T02:30", "2026-11-29T02:30"],
  [
    "summer time begins, and the time is not on the wall",
    daily("02:30"),
    "2026-03-29T12:00Z",
    "2026-03-29T01:30",
    "2026-03-30T00:30",
  ],
  [
    "summer time ends, and the time is there twice: once",
    daily("02:30"),
    "2026-10-25T12:00Z",
    "2026-10-25T00:30",
    "2026-10-26T01:30",
  ],
  ["between the two of them", daily("02:30"), "2026-10-25T01:00Z", "2026-10-25T00:30", "2026-10-26T01:30"],
];
for (const [sentence, schedule, now, last, next] of TURNS)
  test(`turns of a schedule: ${sentence}`, () => {
    assert.deepEqual([iso(lastTurn(schedule, at(now), ZONE)), iso(nextTurn(schedule, at(now), ZONE))], [last, next]);
  });

const backup = (text: string, kind: "manual" | "scheduled" = "scheduled") => ({
  name: text,
  kind,
  at: at(text),
  size: 1,
});
const DUE: [sentence: string, schedule: BackupSchedule, backups: ReturnType<typeof backup>[], due: boolean][] = [
  ["there is none", SUNDAYS, [], true],
  ["off", { ...SUNDAYS, backupSchedule: "off" }, [], false],
  ["one of this week", SUNDAYS, [backup("2026-11-29T02:31Z")], false],
  ["one of last week: the turn was missed", SUNDAYS, [backup("2026-11-22T02:31Z")], true],
  ["one that a person made counts for no turn", SUNDAYS, [backup("2026-11-29T02:31Z", "manual")], true],
  ["one that was made up later", SUNDAYS, [backup("2026-11-29T09:00Z")], false],
  ["one that a wrong clock dated into the future", SUNDAYS, [backup("2031-01-01T00:00Z")], true],
];
for (const [sentence, schedule, backups, due] of DUE)
  test(`a backup is due: ${sentence}: ${due ? "yes" : "no"}`, () => {
    assert.equal(isDue(schedule, backups, at("2026-11-29T12:00Z"), ZONE), due);
  });

test("a backup's name says what it is, and no other name does", () => {
  const name = backupName("scheduled", at("2026-11-29T02:30:07.123Z"));
  assert.equal(name, "pulse-scheduled-2026-11-29T02-30-07Z.db");
  assert.deepEqual(readBackupName(name), { kind: "scheduled", at: at("2026-11-29T02:30:07Z") });
  for (const other of [
    "pulse.db",
    `${name}.unchecked`,
    `../${name}`,
    "pulse-manual-2026-99-29T02-30-07Z.db",
    `x${name}`,
  ])
    assert.equal(readBackupName(other), null);
});
