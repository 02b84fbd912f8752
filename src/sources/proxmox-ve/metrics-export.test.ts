import assert from "node:assert/strict";
import { test } from "node:test";
import { toExportedFrames } from "./metrics-export.ts";

const record = (id: string, metric: string, timestamp: number, value: number) => ({
  id,
  metric,
  timestamp,
  value,
  type: "gauge",
});

test("records become a frame for each id: shares in percent, counters as rates, a restarted one as a gap", () => {
  const at = (time: number, counter: number) => [
    record("qemu/100", "cpu_current", time, 0.25),
    record("qemu/100", "mem_used", time, 50),
    record("qemu/100", "mem_total", time, 200),
    record("qemu/100", "net_in", time, counter),
  ];
  const frames = toExportedFrames({ data: [...at(20, 300), ...at(10, 100), ...at(30, 0)] });
  const [{ id, kind, frame } = assert.fail()] = frames;
  assert.deepEqual([id, kind, frame.step], ["qemu/100", "guest", 10_000]);
  assert.deepEqual(frame.metrics, {
    cpu: { starts: [10_000, 20_000, 30_000], means: [25, 25, 25] },
    memory: { starts: [10_000, 20_000, 30_000], means: [25, 25, 25] },
    networkIn: { starts: [20_000], means: [20] },
  });
});

const NOTHING: [sentence: string, data: unknown][] = [
  ["no answer", null],
  ["no records", { data: [] }],
  ["records of something else", { data: [record("sdn/zone", "x", 10, 1)] }],
  ["records without a time", { data: [{ id: "qemu/1", metric: "cpu_current", value: 1 }] }],
];
for (const [sentence, data] of NOTHING)
  test(`nothing comes of ${sentence}`, () => assert.deepEqual(toExportedFrames(data), []));
