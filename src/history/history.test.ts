import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { DAY, HOUR, type Instant, MINUTE } from "../kit/units.ts";
import type { HistorySettings } from "../model/retention.ts";
import { DATABASE_FILE, Database } from "../store/database.ts";
import { History } from "./history.ts";
import type { Samples } from "./metrics.ts";
import { TICK } from "./tiers.ts";

/** The beginning of a block in every tier. */
const START = Math.ceil(Date.UTC(2026, 0, 1) / (16 * DAY)) * 16 * DAY;
const NODE = "home:node:pve1";

interface Kept {
  database: Database;
  history: History;
  /** Records a processor share in percent; null: unknown. */
  record(at: Instant, cpu: number | null, resource?: string): void;
  cpu(from: Instant, to: Instant, points: number): { time: Instant; min: number; mean: number; max: number }[];
  /** Closes the database, and opens it again. */
  reopen(): Kept;
  count(table: string): number;
}

function keep(context: TestContext, options: HistorySettings = {}): Kept {
  const folder = mkdtempSync(join(tmpdir(), "pulse-history-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return open(context, folder, options);
}

function open(context: TestContext, folder: string, options: HistorySettings): Kept {
  const database = Database.open(folder, "a");
  let isOpen = true;
  const close = () => {
    if (isOpen) database[Symbol.dispose]();
    isOpen = false;
  };
  context.after(close);
  const history = new History(database, options);
  return {
    database,
    history,
    record: (at, cpu, resource = NODE) => history.record(at, [nodeSample(cpu, resource)]),
    cpu: (from, to, points) => history.range(NODE, "cpu", from, to, points) ?? [],
    reopen: () => {
      close();
      return open(context, folder, options);
    },
    count: table => Number(database.all(`SELECT count(*) AS count FROM ${table}`)[0]?.count),
  };
}

function nodeSample(cpu: number | null, resource = NODE): Samples {
  return { kind: "node", resource, values: [cpu, null, null] };
}

const same = (time: Instant, value: number) => ({ time, min: value, mean: value, max: value });

test("raw samples come back as they were, unknown ones as gaps", context => {
  const kept = keep(context);
  const values = [1.5, null, 0, 100, null, null, 2.25];
  for (const [tick, value] of values.entries()) kept.record(START + tick * TICK, value);
  assert.deepEqual(
    kept.cpu(START, START + MINUTE + TICK, 7),
    values.flatMap((value, tick) => (value === null ? [] : [same(START + tick * TICK, value)])),
  );
});

test("a minute has its least, mean and greatest sample, and the one that lasts is among them", context => {
  const kept = keep(context);
  for (const [tick, value] of [1, 2, 3, 4, 5, 9, 50, 60].entries()) kept.record(START + tick * TICK, value);
  assert.deepEqual(kept.cpu(START, START + 2 * MINUTE, 2), [
    { time: START, min: 1, mean: 4, max: 9 },
    { time: START + MINUTE, min: 50, mean: 55, max: 60 },
  ]);
});

test("every coarser tier keeps the extremes of a single sample", context => {
  let kept = keep(context);
  for (let at = START; at < START + 17 * DAY; at += 5 * MINUTE) kept.record(at, at === START + DAY ? 99 : 10);
  const end = START + 17 * DAY;
  for (const points of [17 * 48, 17 * 4, 17]) {
    const all = kept.cpu(START, end, points);
    assert.equal(all.length, points);
    assert.deepEqual(
      all.filter(({ max }) => max !== 10).map(({ time, min, max }) => [time, min, max]),
      [[START + DAY, 10, 99]],
    );
    kept = kept.reopen();
    assert.deepEqual(kept.cpu(START, end, points), all);
  }
});

test("a tick that is not later than the last is dropped, and a clock set back by an hour corrupts nothing", context => {
  let kept = keep(context);
  kept.record(START + 2 * HOUR, 1);
  for (const at of [START + 2 * HOUR, START + 2 * HOUR + TICK - 1, START + HOUR]) kept.record(at, 2);
  kept = kept.reopen();
  kept.record(START + HOUR, 3);
  kept.record(START + 2 * HOUR + TICK, 4);
  assert.deepEqual(kept.cpu(START, START + 3 * HOUR, 1080), [
    same(START + 2 * HOUR, 1),
    same(START + 2 * HOUR + TICK, 4),
  ]);
});

test("what a crash leaves open is rebuilt, whenever it comes", context => {
  let kept = keep(context);
  const reopenings = new Set([1, 5, 6, 7, 179, 180, 181, 359, 360, 361, 362, 900, 1081]);
  const written = [];
  for (let tick = 0; tick < 1200; tick++) {
    if (reopenings.has(tick)) kept = kept.reopen();
    const value = (tick * tick) % 97;
    kept.record(START + tick * TICK, value);
    written.push(same(START + tick * TICK, value));
  }
  const end = START + 1200 * TICK;
  assert.deepEqual(kept.cpu(START, end, 1200), written);
  for (const points of [200, 6]) {
    const untouched = keep(context);
    for (const { time, mean } of written) untouched.record(time, mean);
    assert.deepEqual(kept.cpu(START, end, points), untouched.cpu(START, end, points));
  }
});

test("frames go once the blocks are written that they stand for", context => {
  const kept = keep(context);
  for (let tick = 0; tick < 362; tick++) kept.record(START + tick * TICK, 1);
  assert.equal(kept.count("history_raw"), 1);
  assert.equal(kept.count("history_raw_frame"), 362);
  for (let tick = 362; tick < 500; tick++) kept.record(START + tick * TICK, 1);
  assert.equal(kept.count("history_raw_frame"), 140);
  assert.equal(kept.count("history_half_hour_frame"), 2);
});

test("blocks are written a few with every tick, and all of them are there to read meanwhile", context => {
  let kept = keep(context);
  const resources = Array.from({ length: 250 }, (_, at) => `home:node:${at}`);
  const record = (at: Instant) =>
    kept.history.record(
      at,
      resources.map(resource => nodeSample(7, resource)),
    );
  record(START);
  const counts = Array.from({ length: 9 }, (_, tick) => tick).map(tick => {
    record(START + HOUR + tick * TICK);
    if (tick === 2) kept = kept.reopen();
    for (const resource of resources)
      assert.equal(kept.history.range(resource, "cpu", START, START + HOUR, 360)?.length, 1);
    return kept.count("history_raw") + kept.count("history_minute");
  });
  // After the second one all begins again, and what is there already stays.
  assert.deepEqual(counts, [0, 100, 200, 200, 200, 300, 400, 500, 500]);
});

test("each tier goes when its time is over", context => {
  const kept = keep(context, { keep: { raw: 2 * HOUR, minute: DAY, "half-hour": 3 * DAY, "quarter-day": 40 * DAY } });
  for (let at = START; at <= START + 34 * DAY; at += 30 * MINUTE) kept.record(at, 1);
  assert.deepEqual(
    ["raw", "minute", "half_hour", "quarter_day"].map(tier => kept.count(`history_${tier}`)),
    [1, 23, 1, 2],
  );
  assert.equal(kept.cpu(START, START + 34 * DAY, 34 * 4).length, 34 * 4);
});

test("told to keep less, it lets go within the next ticks; told to keep more, it does so from then on", context => {
  const kept = keep(context, { keep: { raw: 2 * DAY } });
  for (let at = START; at <= START + DAY; at += 30 * MINUTE) kept.record(at, 1);
  const before = kept.count("history_raw");
  kept.history.keepFor({ keep: { raw: 2 * HOUR } });
  kept.record(START + DAY + TICK, 1);
  kept.history.keepFor({ keep: { raw: 2 * DAY } });
  for (let at = START + DAY + HOUR; at <= START + DAY + 6 * HOUR; at += 30 * MINUTE) kept.record(at, 1);
  assert.deepEqual([before, kept.count("history_raw")], [23, 7]);
});

test("a series ends with its last block, and only then", context => {
  const options = { keep: { raw: HOUR, minute: HOUR, "half-hour": DAY, "quarter-day": 20 * DAY } };
  let kept = keep(context, options);
  kept.record(START, 5, "home:guest:gone");
  for (let day = 0; day < 19; day++) kept.record(START + day * DAY + HOUR, 1);
  kept = kept.reopen();
  assert.deepEqual(kept.history.range("home:guest:gone", "cpu", START, START + DAY, 4), [same(START, 5)]);
  for (let day = 19; day < 36; day++) kept.record(START + day * DAY + HOUR, 1);
  assert.equal(kept.history.size, 2);
  for (let day = 36; day < 40; day++) kept.record(START + day * DAY + HOUR, 1);
  assert.equal(kept.history.size, 1);
  assert.equal(kept.history.range("home:guest:gone", "cpu", START, START + DAY, 4), null);
  kept = kept.reopen();
  assert.equal(kept.history.size, 1);
  kept.record(START + 41 * DAY + HOUR + MINUTE, 6, "home:guest:new");
  assert.equal(kept.history.range("home:guest:new", "cpu", START, START + 42 * DAY, 4)?.length, 1);
});

test("a database at its limit loses the oldest blocks and takes new ones", context => {
  const kept = keep(context, { limit: 400_000 });
  const resources = Array.from({ length: 60 }, (_, at) => `home:node:${at}`);
  for (let tick = 0; tick < 24 * 360; tick += 3)
    kept.history.record(
      START + tick * TICK,
      resources.map((resource, at) => nodeSample((tick * tick * (at + 7)) % 101, resource)),
    );
  const [pages, size] = ["page_count", "page_size"].map(name => Number(kept.database.all(`PRAGMA ${name}`)[0]?.[name]));
  assert.ok(Number(pages) * Number(size) < 500_000, `${pages} pages of ${size}`);
  const points = kept.history.range("home:node:1", "cpu", START, START + DAY, 24 * 360) ?? [];
  assert.ok((points[0]?.time ?? 0) > START);
  assert.equal(points.at(-1)?.time, START + (24 * 360 - 3) * TICK);
});

test("what the database refuses is written with the next tick it takes", context => {
  let kept = keep(context);
  kept.record(START, 1);
  kept.database.run("ALTER TABLE history_raw_frame RENAME TO away");
  for (const tick of [1, 2]) assert.throws(() => kept.record(START + tick * TICK, tick));
  kept.database.run("ALTER TABLE away RENAME TO history_raw_frame");
  kept.record(START + 3 * TICK, 3);
  kept = kept.reopen();
  assert.equal(kept.cpu(START, START + HOUR, 360).length, 4);
});

test("a broken database is set aside, and history begins anew", context => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-history-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, DATABASE_FILE), "no database at all, ".repeat(500));
  const kept = open(context, folder, {});
  assert.notEqual(kept.database.setAside, null);
  kept.record(START, 1);
  assert.equal(kept.cpu(START, START + MINUTE, 6).length, 1);
});

test("charts give all of a kind that has something to show", context => {
  const kept = keep(context);
  const guest: Samples = { kind: "guest", resource: "home:guest:1", values: [1, 2, null, 3, 4, 5, 6] };
  kept.history.record(START, [nodeSample(1), nodeSample(null, "home:node:dead"), guest]);
  assert.deepEqual(
    [...kept.history.charts("node", START, START + MINUTE, 6)],
    [{ resource: NODE, metrics: { cpu: [same(START, 1)], memory: [], disk: [] } }],
  );
  const [chart] = [...kept.history.charts("guest", START, START + MINUTE, 6)];
  assert.deepEqual(chart?.metrics.diskWrite, [same(START, 6)]);
  assert.deepEqual([...kept.history.charts("guest", START - HOUR, START - MINUTE, 6)], []);
});

test("what nobody knows of has no series", context => {
  const kept = keep(context);
  kept.record(START, 1);
  assert.equal(kept.history.range(NODE, "temperature", START, START + HOUR, 60), null);
  assert.equal(kept.history.range(NODE, "memory", START, START + HOUR, 60), null);
  assert.equal(kept.history.range("home:node:other", "cpu", START, START + HOUR, 60), null);
});
