import assert from "node:assert/strict";
import { test } from "node:test";
import { SECOND } from "../kit/units.ts";
import { type Sample, toCpuPercent, toSample } from "./usage.ts";

const READ = "2026-01-01T00:00:10.123456789Z";
const sample = (more: object = {}) => toSample({ read: READ, ...more });

const MEMORY: [sentence: string, memory: object, used: number | null][] = [
  ["without the inactive files of cgroup v2", { usage: 100, stats: { inactive_file: 30, cache: 60 } }, 70],
  [
    "without the inactive files of cgroup v1",
    { usage: 100, stats: { total_inactive_file: 40, inactive_file: 30 } },
    60,
  ],
  ["without the cache where only that is told", { usage: 100, stats: { cache: 20 } }, 80],
  ["as it is where no cache is told", { usage: 100, stats: null }, 100],
  ["as it is where the cache would be more than all", { usage: 100, stats: { inactive_file: 300 } }, 100],
  ["unknown where it is not told", {}, null],
  ["unknown where the engine writes 0", { usage: 0 }, null],
];
for (const [sentence, memory, used] of MEMORY)
  test(`memory is ${sentence}`, () => assert.equal(sample({ memory_stats: memory })?.memoryUsed, used));

test("counters are summed over networks and devices, whatever the case of their names", () => {
  const io = [
    { op: "Read", value: 1 },
    { op: "write", value: 2 },
    { op: "read", value: 4 },
    { op: "Total", value: 99 },
  ];
  const seen = sample({
    networks: { eth0: { rx_bytes: 1, tx_bytes: 2 }, eth1: { rx_bytes: 3, tx_bytes: 0 } },
    blkio_stats: { io_service_bytes_recursive: io },
    pids_stats: { current: 5 },
  });
  assert.deepEqual([seen?.received, seen?.sent, seen?.read, seen?.written, seen?.pids], [4, 2, 5, 2, 5]);
});

test("what an engine does not tell is unknown, not nothing", () => {
  const seen = sample({ blkio_stats: { io_service_bytes_recursive: null } });
  assert.deepEqual(
    [seen?.cpuTime, seen?.received, seen?.read, seen?.pids, seen?.memoryLimit],
    [null, null, null, null, null],
  );
  assert.equal(toSample({ read: "0001-01-01T00:00:00Z", cpu_stats: { cpu_usage: { total_usage: 0 } } }), null);
  assert.equal(toSample(null), null);
});

const at = (seconds: number, cpuSeconds: number | null, cpus: number | null = 4): Sample => ({
  at: seconds * SECOND,
  cpuTime: cpuSeconds === null ? null : cpuSeconds * 1e9,
  cpus,
  memoryUsed: null,
  memoryLimit: null,
  received: null,
  sent: null,
  read: null,
  written: null,
  pids: null,
});
const CPU: [sentence: string, before: Sample | null, now: Sample, percent: number | null][] = [
  ["half a CPU", at(0, 100), at(10, 105), 50],
  ["two CPUs", at(0, 100), at(10, 120), 200],
  ["nothing", at(0, 100), at(10, 100), 0],
  ["the first sample", null, at(10, 100), null],
  ["a counter that began anew", at(0, 100), at(10, 1), null],
  ["a clock that stood still", at(10, 100), at(10, 101), null],
  ["a clock that was set back", at(10, 100), at(5, 101), null],
  ["more than there are CPUs", at(0, 100), at(10, 200), null],
  ["as many as there are CPUs, a moment late", at(0, 100), at(10, 141), 410],
  ["an engine that does not tell how many CPUs there are", at(0, 100), at(10, 120, null), 200],
  ["a counter that is not told", at(0, null), at(10, 120), null],
];
for (const [sentence, before, now, percent] of CPU)
  test(`CPU of ${sentence}`, () => assert.equal(toCpuPercent(before, now), percent));
