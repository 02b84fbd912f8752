/**
 * What judging costs: 20,000 guests on 400 nodes, a tick every ten seconds of their clock. Well: nothing fires. Busy: values move, CPU goes
 * over its threshold now and then, a few fire. Storm: every fifth guest fires for good. Outage: an instance of all of them cannot be reached.
 * Trial: other thresholds for the CPU of 100 guests over 30 days of history, and how long the server stands still at the most meanwhile.
 * Bytes are what the system was made to write to the disk, by what the alerts alone keep.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Alerts } from "../alerts/alerts.ts";
import { addGuest, addNode, NO_PAST, samplePicture } from "../alerts/sample-estate.ts";
import { History } from "../history/history.ts";
import { TICK } from "../history/tiers.ts";
import { DAY, MIB, SECOND } from "../kit/units.ts";
import type { Picture } from "../model/picture.ts";
import { Database } from "../store/database.ts";
import { randomNumbers } from "../test/random-numbers.ts";

const GUESTS = 20_000;
const NODES = 400;
const TICKS = 200;
const random = randomNumbers(7);

function estate(): Picture {
  const picture = samplePicture();
  for (let node = 0; node < NODES; node++) addNode(picture, `pve${node}`);
  for (let vmid = 0; vmid < GUESTS; vmid++)
    addGuest(picture, vmid, {
      node: `pve${vmid % NODES}`,
      tags: vmid % 2 === 0 ? `prod,team${vmid % 20}` : null,
      memory: { total: 100, used: 50, free: 50, usage: 50, source: "guest-meminfo" },
      lastBackup: Date.now(),
    });
  return picture;
}

/** Every guest's CPU is another each time; it is over the threshold in one of `rarely`. */
function move(picture: Picture, rarely: number): void {
  for (const guest of Object.values(picture.vms)) guest.cpu = random() < 1 / rarely ? 0.95 : random() * 0.7;
}

const SCENES: readonly [name: string, before: (picture: Picture) => void, each: (picture: Picture) => void][] = [
  ["well", () => {}, () => {}],
  ["busy", () => {}, picture => move(picture, 50)],
  [
    "storm",
    picture => {
      for (const guest of Object.values(picture.vms)) if (guest.vmid % 5 === 0) guest.cpu = 0.95;
    },
    picture => {
      for (const guest of Object.values(picture.vms)) if (guest.vmid % 5 === 0) guest.cpu = 0.91 + random() * 0.09;
    },
  ],
  [
    "outage",
    picture => {
      Object.assign(picture.instances.home ?? {}, { status: "offline" });
      for (const guest of Object.values(picture.vms)) Object.assign(guest, { status: "unknown", stale: true });
    },
    () => {},
  ],
];

function measure([name, before, each]: (typeof SCENES)[number]): string {
  const folder = mkdtempSync(join(tmpdir(), "pulse-bench-"));
  const database = Database.open(folder, "a");
  let now = Date.UTC(2026, 0, 1);
  const alerts = new Alerts(database, { now, past: NO_PAST });
  alerts.configure({ metricTimeThresholds: { guest: { cpu: 30 } } });
  const picture = estate();
  before(picture);
  const took: number[] = [];
  const bytes = written();
  let steps = 0;
  let longest = 0;
  for (let tick = 0; tick < TICKS; tick++) {
    now += 10 * SECOND;
    each(picture);
    const cpu = process.threadCpuUsage();
    steps += alerts.evaluate(picture, now).length;
    if (alerts.due) database.transaction(() => alerts.write(now), alerts.due);
    alerts.written();
    alerts.takeChanges();
    const { user, system } = process.threadCpuUsage(cpu);
    took.push((user + system) / 1000);
    longest = Math.max(longest, took.at(-1) ?? 0);
  }
  const firing = alerts.active().length;
  const file = written() - bytes;
  database[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
  const middle = took.sort((one, other) => one - other)[Math.floor(TICKS / 2)] ?? 0;
  globalThis.gc?.();
  return [
    `alerts ${name} guests=${GUESTS} ticks=${TICKS} firing=${firing} steps=${steps}`,
    `cpu/tick median=${middle.toFixed(1)}ms longest=${longest.toFixed(1)}ms`,
    `written=${(file / 1024).toFixed(0)}KiB a step=${steps > 0 ? (file / steps).toFixed(0) : 0}B`,
    `heap=${Math.round(process.memoryUsage().heapUsed / MIB)}MiB`,
  ].join(" ");
}

/** Bytes that this process has made the system write to disks. */
function written(): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
}

/** Thirty days of the CPU of a hundred guests, a sample a minute so that it is soon there, and thresholds tried on them. */
async function measureTrial(): Promise<string> {
  const [guests, days] = [100, 30];
  const folder = mkdtempSync(join(tmpdir(), "pulse-bench-"));
  using database = Database.open(folder, "a");
  const history = new History(database);
  const picture = samplePicture();
  const ids = Array.from({ length: guests }, (_, vmid) => addGuest(picture, vmid).id);
  const start = Math.ceil(Date.UTC(2026, 0, 1) / TICK) * TICK;
  const ticks = (days * DAY) / TICK;
  for (let tick = 0; tick < ticks; tick += 6)
    history.record(
      start + tick * TICK,
      ids.map((resource, at) => ({
        kind: "guest",
        resource,
        values: [20 + 75 * Math.abs(Math.sin(tick / 3000 + at))],
      })),
    );
  const now = start + ticks * TICK;
  const alerts = new Alerts(database, { now, past: NO_PAST });
  const gap = monitorEventLoopDelay({ resolution: 5 });
  gap.enable();
  const cpu = process.threadCpuUsage();
  const trial = { type: "cpu", resources: null, of: "guest", tag: null, hold: null, days };
  const { firings, step } = await alerts.replay({ ...trial, thresholds: { cpu: 92 } }, picture, history, now);
  const { user, system } = process.threadCpuUsage(cpu);
  gap.disable();
  rmSync(folder, { recursive: true, force: true });
  return [
    `alerts trial guests=${guests} days=${days} step=${step / SECOND}s firings=${firings}`,
    `cpu=${((user + system) / 1e6).toFixed(2)}s longest pause=${(gap.max / 1e6).toFixed(0)}ms`,
  ].join(" ");
}

for (const scene of SCENES) process.stdout.write(`${measure(scene)}\n`);
process.stdout.write(`${await measureTrial()}\n`);
