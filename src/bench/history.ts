/**
 * What history costs. Idle: an estate of 20 guests over eight days, whose writes are counted as the system counts them, with a flush
 * every 30 s of its clock, as Linux does for files that are only written to. Large: 20,000 series; the longest tick is how long the
 * server stands still at the most. Killed: the time until a process that was killed with 20,000 open series has them again. Hour: the
 * last hour of 2,000 guests, five metrics each, as one reader wants it all. Import: what Proxmox VE 9 remembers of 500 guests (a day by the
 * minute, and 1,440 steps of each coarser resolution), until it is kept.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { History } from "../history/history.ts";
import { METRICS } from "../history/metrics.ts";
import { TICK } from "../history/tiers.ts";
import { DAY, HOUR, type Instant, MIB, MINUTE, SECOND } from "../kit/units.ts";
import type { PastFrame } from "../model/observation.ts";
import { DATABASE_FILE, Database } from "../store/database.ts";
import { randomNumbers } from "../test/random-numbers.ts";
import { entitiesOf, IdleEstate } from "./parts/idle-estate.ts";

/** Just after a block of every tier began. */
const START = Math.ceil(Date.UTC(2026, 0, 1) / (16 * DAY)) * 16 * DAY;
const TICKS_A_FLUSH = (30 * SECOND) / TICK;

const SMALL = { node: 3, guest: 20, storage: 12 };
const LARGE = { node: 50, guest: 2700, storage: 240 };

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "pulse-bench-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measureIdle(folder: string): string {
  using database = Database.open(folder, "a");
  const history = new History(database);
  const estate = new IdleEstate(entitiesOf(SMALL));
  const log = openSync(join(folder, `${DATABASE_FILE}-wal`), "r");
  const [days, ticks] = [8, (8 * DAY) / TICK];
  const before = written();
  const stopwatch = new Stopwatch();
  for (let tick = 0; tick < ticks; tick++) {
    const samples = estate.samples();
    stopwatch.run(() => history.record(START + tick * TICK, samples));
    if (tick % TICKS_A_FLUSH === 0) fdatasyncSync(log);
  }
  const bytes = written() - before;
  closeSync(log);
  const [size] = database.all("SELECT sum(length(block)) AS size FROM history_raw");
  const samples = 3 * (DAY / TICK) * estate.series;
  return [
    `history idle series=${estate.series} days=${days}`,
    `written/day=${(bytes / days / 1e6).toFixed(1)}MB`,
    `cpu/sample=${(stopwatch.cpu / (ticks * estate.series)).toFixed(2)}µs`,
    `raw/sample=${(Number(size?.size) / samples).toFixed(2)}B`,
    `file=${Math.round(statSync(join(folder, DATABASE_FILE)).size / MIB)}MiB`,
    ...[300, 10_080].map(points => `read7d(${points})=${readTime(history, START + ticks * TICK, points)}`),
  ].join(" ");
}

function readTime(history: History, to: Instant, points: number): string {
  const times = Array.from({ length: 21 }, () => {
    const from = performance.now();
    history.range("home:guest:7", "cpu", to - 7 * DAY, to, points);
    return performance.now() - from;
  });
  return `${times.sort((a, b) => a - b)[10]?.toFixed(2)}ms`;
}

function measureLarge(folder: string): string {
  using database = Database.open(folder, "a");
  const history = new History(database);
  const estate = new IdleEstate(entitiesOf(LARGE));
  const [hours, ticks] = [13, (13 * HOUR) / TICK];
  const before = written();
  const stopwatch = new Stopwatch();
  for (let tick = 0; tick < ticks; tick++) {
    const samples = estate.samples();
    stopwatch.run(() => history.record(START + tick * TICK, samples));
  }
  const [size] = database.all("SELECT sum(length(block)) AS size FROM history_raw");
  const seconds = stopwatch.cpu / 1e6;
  return [
    `history large series=${estate.series} hours=${hours}`,
    `samples/s=${Math.round((ticks * estate.series) / seconds).toLocaleString("en")}`,
    `written/hour=${((written() - before) / hours / 1e6).toFixed(0)}MB`,
    `cpu/sample=${(stopwatch.cpu / (ticks * estate.series)).toFixed(2)}µs`,
    `raw/sample=${(Number(size?.size) / ((hours - 1) * (HOUR / TICK) * estate.series)).toFixed(2)}B`,
    stopwatch.ticks(),
    `memory=${Math.round(process.memoryUsage().rss / MIB)}MiB`,
  ].join(" ");
}

/** One chart after the other, as the API answers it. */
function measureHour(folder: string): string {
  using database = Database.open(folder, "a");
  const history = new History(database);
  const estate = new IdleEstate(entitiesOf({ guest: 2000 }));
  const ticks = (2 * HOUR) / TICK;
  for (let tick = 0; tick < ticks; tick++) history.record(START + tick * TICK, estate.samples());
  const to = START + ticks * TICK;
  const read = (points: number) => {
    const from = performance.now();
    let count = 0;
    for (let guest = 0; guest < 2000; guest++)
      for (const metric of ["cpu", "memory", "disk", "networkIn", "networkOut"])
        count += history.range(`home:guest:${guest}`, metric, to - HOUR, to, points)?.length ?? 0;
    return `points=${count.toLocaleString("en")} in ${Math.round(performance.now() - from)}ms`;
  };
  return `history hour guests=2000 metrics=5 by the minute: ${read(60)}; by 10 s: ${read(360)}`;
}

function measureImport(folder: string): string {
  using database = Database.open(folder, "a");
  const history = new History(database);
  const [guests, steps] = [500, 1440];
  const metrics = METRICS.guest.map(({ name }) => name);
  const random = randomNumbers(3);
  const frames = [MINUTE, 30 * MINUTE, 6 * HOUR].map((step): PastFrame => {
    const starts = Array.from({ length: steps }, (_, at) => START - (steps - at) * step);
    const samples = () => ({ starts, means: starts.map(() => Math.round(random() * 1e4) / 100) });
    return { step, metrics: Object.fromEntries(metrics.map(name => [name, samples()])) };
  });
  const before = written();
  const [cpu, from] = [process.cpuUsage(), performance.now()];
  const common = {
    kind: "seen",
    scope: "past",
    instance: "home",
    at: START,
    took: 0,
    interval: 0,
    of: "guest",
  } as const;
  for (let guest = 0; guest < guests; guest++)
    history.importPast({ ...common, resource: `home:guest:${guest}`, frames, whole: true });
  const took = performance.now() - from;
  const { user, system } = process.cpuUsage(cpu);
  const samples = guests * frames.length * steps * metrics.length;
  return [
    `history import guests=${guests} samples=${samples.toLocaleString("en")} took=${(took / 1000).toFixed(1)}s`,
    `cpu/sample=${((user + system) / samples).toFixed(2)}µs written=${((written() - before) / 1e6).toFixed(0)}MB`,
  ].join(" ");
}

/** Writes nearly two hours and says so, then waits to be killed. */
function writeUntilKilled(folder: string): void {
  const history = new History(Database.open(folder, "a"));
  const estate = new IdleEstate(entitiesOf(LARGE));
  for (let tick = 0; tick < 719; tick++) history.record(START + tick * TICK, estate.samples());
  process.stdout.write("written\n");
  setInterval(() => history.size, HOUR);
}

async function measureKilled(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "pulse-bench-"));
  const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(createInterface({ input: child.stdout }), "line");
  child.kill("SIGKILL");
  await once(child, "exit");
  try {
    const from = performance.now();
    using database = Database.open(folder, "a");
    const history = new History(database);
    const reopened = performance.now() - from;
    const end = START + 719 * TICK;
    const points = history.range("home:guest:7", "cpu", START, end, 719)?.length;
    return `history killed series=${history.size} reopened=${reopened.toFixed(0)}ms points=${points}/719`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Adds up what ticks took, and remembers the longest. */
class Stopwatch {
  /** CPU time of the whole process, µs. */
  cpu = 0;
  readonly #took: number[] = [];
  /** CPU time of the thread that serves requests: what a tick takes when nothing else runs on the machine, and its disk is fast. */
  readonly #busy: number[] = [];

  run(tick: () => void): void {
    const cpu = process.cpuUsage();
    const thread = process.threadCpuUsage();
    const from = performance.now();
    tick();
    this.#took.push(performance.now() - from);
    const busy = process.threadCpuUsage(thread);
    this.#busy.push((busy.user + busy.system) / 1000);
    const { user, system } = process.cpuUsage(cpu);
    this.cpu += user + system;
  }

  ticks(): string {
    return `tick: ${spread(this.#took)} of which cpu: ${spread(this.#busy)}`;
  }
}

/** How long the first took, ms, and how long the others did. */
function spread([first, ...others]: readonly number[]): string {
  others.sort((a, b) => a - b);
  const at = (share: number) => `${others[Math.floor((others.length - 1) * share)]?.toFixed(1)}ms`;
  return `first=${first?.toFixed(0)}ms median=${at(0.5)} 99%=${at(0.99)} 99.9%=${at(0.999)} longest=${at(1)}`;
}

/** Bytes that this process has made the system write to disks. */
function written(): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
}

const [folderToFill] = process.argv.slice(2);
if (folderToFill !== undefined) writeUntilKilled(folderToFill);
else {
  process.stdout.write(`${inFolder(measureIdle)}\n${inFolder(measureLarge)}\n`);
  process.stdout.write(`${inFolder(measureHour)}\n${inFolder(measureImport)}\n${await measureKilled()}\n`);
}
