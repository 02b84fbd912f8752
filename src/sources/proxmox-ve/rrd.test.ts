import assert from "node:assert/strict";
import { test } from "node:test";
import { toPastFrame, withoutRepeats } from "./rrd.ts";

const ROW = { time: 120, cpu: 0.25, mem: 50, maxmem: 200, disk: 0, maxdisk: 100, netin: 10 };

test("a row's time is the end of its step, and shares become percent", () => {
  const frame = toPastFrame([ROW, { ...ROW, time: 180, cpu: "0.5" }, { time: 240 }], "guest");
  assert.equal(frame?.step, 60_000);
  assert.deepEqual(frame?.metrics.cpu, { starts: [60_000, 120_000], means: [25, 50] });
  assert.deepEqual(frame?.metrics.memory, { starts: [60_000, 120_000], means: [25, 25] });
  assert.deepEqual(frame?.metrics.networkIn, { starts: [60_000, 120_000], means: [10, 10] });
  assert.equal(frame?.metrics.disk, undefined, "PVE does not know how full a VM's disk is");
});

test("a process that holds more than its guest has says nothing of the guest", () => {
  const frame = toPastFrame(
    [
      { ...ROW, mem: 300 },
      { ...ROW, time: 180 },
    ],
    "guest",
  );
  assert.deepEqual(frame?.metrics.memory, { starts: [120_000], means: [25] });
});

const NOTHING: [sentence: string, data: unknown][] = [
  ["no list", null],
  ["an empty list", []],
  ["one row alone", [ROW]],
  ["rows without a time", [{ cpu: 1 }, { cpu: 2 }]],
];
for (const [sentence, data] of NOTHING)
  test(`nothing can be told of ${sentence}`, () => assert.equal(toPastFrame(data, "guest"), null));

test("of frames with one step the longer one stays", () => {
  const frame = (step: number, begin: number) => ({ step, metrics: { cpu: { starts: [begin], means: [1] } } });
  assert.deepEqual(withoutRepeats([frame(60, 500), frame(60, 100), frame(1800, 0)]), [frame(60, 100), frame(1800, 0)]);
});
