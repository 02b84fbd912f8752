import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { DAY, HOUR, type Instant, MINUTE } from "../kit/units.ts";
import type { PastFrame, PastSeen } from "../model/observation.ts";
import type { HistorySettings } from "../model/retention.ts";
import { Database } from "../store/database.ts";
import { History } from "./history.ts";

const NODE = "home:node:pve1";
const NOW = Date.UTC(2026, 0, 10);

function open(context: TestContext, settings: HistorySettings = {}) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-past-"));
  let database = Database.open(folder, "a");
  context.after(() => {
    database[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const kept = {
    history: new History(database, settings),
    reopen() {
      database[Symbol.dispose]();
      database = Database.open(folder, "a");
      kept.history = new History(database);
    },
    record: (at: Instant, cpu: number) =>
      kept.history.record(at, [{ kind: "node", resource: NODE, values: [cpu, null, null] }]),
    cpu: (from: Instant, to: Instant, points: number) => kept.history.range(NODE, "cpu", from, to, points) ?? [],
  };
  return kept;
}

const frame = (step: number, from: Instant, values: number[]): PastFrame => ({
  step,
  metrics: { cpu: { starts: values.map((_, index) => from + index * step), means: values } },
});
const past = (...frames: PastFrame[]): PastSeen => ({
  kind: "seen",
  scope: "past",
  instance: "home",
  at: NOW,
  took: 0,
  interval: 0,
  resource: NODE,
  of: "node",
  frames,
  whole: true,
});

test("what is imported fills what we have not seen, is marked, and outlives a restart", context => {
  const kept = open(context);
  kept.record(NOW, 50);
  assert.equal(kept.history.isPastKnown(NODE), false);
  kept.history.importPast(past(frame(MINUTE, NOW - 10 * MINUTE, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99])));
  kept.reopen();
  assert.equal(kept.history.isPastKnown(NODE), true);
  const points = kept.cpu(NOW - 10 * MINUTE, NOW + MINUTE, 11);
  assert.deepEqual(
    points.map(({ mean, imported }) => [mean, imported ?? false]),
    [...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(value => [value, true]), [50, false]],
    "our own sample stays, whatever was imported for its time",
  );
});

test("of two imports of a time the finer one counts, and a coarse one stands for all that it covers", context => {
  const kept = open(context);
  kept.record(NOW, 50);
  const from = NOW - 8 * HOUR;
  kept.history.importPast(past(frame(30 * MINUTE, NOW - 2 * HOUR, [1, 2, 3, 4]), frame(4 * HOUR, from, [70, 80])));
  const points = kept.cpu(from, NOW, 16);
  assert.deepEqual(
    points.map(({ mean }) => mean),
    [...Array<number>(8).fill(70), ...Array<number>(4).fill(80), 1, 2, 3, 4],
  );
});

test("several steps of one span become its mean, least and greatest", context => {
  const kept = open(context);
  kept.history.importPast(past(frame(30 * MINUTE, NOW - 6 * HOUR, [0, 10, 20, 30, 40, 50, 0, 0, 0, 0, 0, 0])));
  kept.record(NOW, 50);
  const [first] = kept.cpu(NOW - 6 * HOUR, NOW, 2);
  assert.deepEqual([first?.min, first?.mean, first?.max, first?.imported], [0, 25, 50, true]);
});

test("in however many pieces something was said, and once more, it is the same; of a step what was said last counts", context => {
  const [whole, pieces] = [open(context), open(context)];
  const from = NOW - 2 * HOUR;
  const values = Array.from({ length: 700 }, (_, at) => at % 50);
  const piece = (begin: number, end: number) => past(frame(10_000, from + begin * 10_000, values.slice(begin, end)));
  whole.history.importPast(past(frame(10_000, from, values)));
  pieces.history.importPast(past(frame(10_000, from + 40_000, [99, 98, 97, 96, 95, 94])));
  for (const [begin, end] of [
    [3, 11],
    [0, 5],
    [4, 5],
    [600, 700],
    [5, 620],
  ] as const)
    pieces.history.importPast(piece(begin, end));
  for (const kept of [whole, pieces]) kept.record(NOW, 50);
  for (const points of [720, 240, 24])
    assert.deepEqual(pieces.cpu(from, NOW, points), whole.cpu(from, NOW, points), `${points} points`);
  assert.equal(whole.cpu(from, NOW, 720).length, 700);
});

test("a resource that remembers nothing is not asked again, and metrics nobody knows are left aside", context => {
  const kept = open(context);
  kept.history.importPast({
    ...past(),
    frames: [{ step: MINUTE, metrics: { weight: { starts: [NOW], means: [1] } } }],
  });
  assert.equal(kept.history.isPastKnown(NODE), true);
  assert.equal(kept.history.range(NODE, "cpu", NOW - HOUR, NOW, 10), null);
});

test("at the limit what others remember goes before what we have seen ourselves", context => {
  const kept = open(context, { limit: 1 });
  kept.history.importPast(past(frame(MINUTE, NOW - 10 * MINUTE, [1, 2, 3])));
  kept.record(NOW, 50);
  assert.deepEqual(
    kept.cpu(NOW - HOUR, NOW + MINUTE, 61).map(({ mean }) => mean),
    [50],
  );
});

test("what is imported goes when its resolution is no longer kept", context => {
  const kept = open(context);
  kept.history.importPast(past(frame(MINUTE, NOW - 20 * DAY, [1, 2]), frame(6 * HOUR, NOW - 20 * DAY, [7, 8])));
  kept.record(NOW, 50);
  assert.deepEqual(
    kept.cpu(NOW - 21 * DAY, NOW - 19 * DAY, 8).map(({ mean }) => mean),
    [7, 8],
  );
});
