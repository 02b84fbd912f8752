import assert from "node:assert/strict";
import { test } from "node:test";
import { KIB } from "../kit/units.ts";
import { readMachine, toBusyPercent, toCpuTicks, toMemory } from "./machine.ts";

test("ticks: what waits for a disk is idle, guests are counted once", () => {
  const stat = "cpu  100 20 30 400 50 6 7 8 90 10\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 5\n";
  assert.deepEqual(toCpuTicks(stat), { busy: 171, all: 621 });
  assert.equal(toCpuTicks("no such thing"), null);
});

const BUSY: [sentence: string, before: [number, number] | null, now: [number, number], percent: number | null][] = [
  ["a quarter", [0, 0], [100, 400], 25],
  ["nothing", [10, 100], [10, 200], 0],
  ["no more than all", [0, 0], [401, 400], 100],
  ["no less than nothing", [10, 100], [9, 200], 0],
  ["unknown at first", null, [10, 100], null],
  ["unknown where no time passed", [10, 100], [10, 100], null],
  ["unknown after a restart", [10, 100], [1, 10], null],
];
for (const [sentence, before, now, percent] of BUSY)
  test(`busy: ${sentence}`, () => {
    const ticks = ([busy, all]: [number, number]) => ({ busy, all });
    assert.equal(toBusyPercent(before && ticks(before), ticks(now)), percent);
  });

test("used memory is what nobody could have", () => {
  const text = "MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    600 kB\n";
  assert.deepEqual(toMemory(text), { total: 1000 * KIB, used: 400 * KIB });
  assert.deepEqual(toMemory("MemTotal: 1000 kB\n"), { total: 1000 * KIB, used: null });
});

test("what cannot be read is unknown", () => {
  const { machineId, memoryTotal, memoryUsed, loadAverage, uptimeSeconds, cpu } = readMachine("/nowhere");
  assert.deepEqual(
    [machineId, memoryTotal, memoryUsed, loadAverage, uptimeSeconds, cpu],
    [null, null, null, null, null, null],
  );
});
