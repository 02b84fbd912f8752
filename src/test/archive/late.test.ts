import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Archive } from "../../archive/archive.ts";
import { PositionBook } from "../../archive/position-book.ts";
import { History } from "../../history/history.ts";
import { TICK } from "../../history/tiers.ts";
import { FakeClock } from "../../kit/clock.ts";
import { silent } from "../../kit/log.ts";
import { HOUR, type Instant, SECOND } from "../../kit/units.ts";
import type { PastSeen } from "../../model/observation.ts";
import { Database } from "../../store/database.ts";
import { until } from "../cluster/processes.ts";
import { openStrictStore, type StrictStore } from "./strict-store.ts";

const GUEST = "home:guest:100";
const START = Date.UTC(2026, 0, 1);

/** A history, and an archive that is sent to while the test says how time goes by. */
function open(context: TestContext, store: StrictStore) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-late-"));
  const database = Database.open(folder, "a");
  const history = new History(database);
  context.after(() => {
    database[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const clock = new FakeClock();
  const archive = () =>
    new Archive({
      ...{ history, clock, log: silent, isSender: () => true, positions: new PositionBook(database) },
      settings: () => ({ url: store.url, writeUrl: null, user: null, password: null }),
    });
  return {
    history,
    archive,
    record: (from: number, to: number, cpu: (at: number) => number | null) => {
      for (let at = from; at < to; at += 10) {
        const values = [cpu(at)];
        history.record(START + at * SECOND + TICK / 2, [{ kind: "guest", resource: GUEST, values }]);
      }
    },
    late: (tick: number, ...samples: [at: number, cpu: number][]) => {
      const starts = samples.map(([at]) => START + at * SECOND);
      const frames = [{ step: TICK, metrics: { cpu: { starts, means: samples.map(([, cpu]) => cpu) } } }];
      const about = { kind: "seen", scope: "past", instance: "home", at: START + tick * SECOND, took: 0 } as const;
      const seen: PastSeen = { ...about, interval: TICK, resource: GUEST, of: "guest", frames, whole: false };
      history.importPast(seen, "late");
    },
    /** Until all that can be sent is. */
    sent: async (running: Archive, to: number) => {
      await until(
        async () => {
          await clock.advance(5 * SECOND);
          return running.state.until === START + to * SECOND;
        },
        `sent: ${JSON.stringify(running.state)}`,
      );
      const before = store.writes;
      for (let turn = 0; turn < 5; turn++) await clock.advance(5 * SECOND);
      return store.writes - before;
    },
  };
}

/** `seconds value` of what the store has; `x`: that nothing is known. */
function linesOf(store: StrictStore): string[] {
  const samples = [...(store.series.get(`pulse_history_guest_cpu ${GUEST}`)?.values() ?? [])];
  const line = ({ at, value, isStale }: { at: Instant; value: number; isStale: boolean }) =>
    `${(at - START) / SECOND} ${isStale ? "x" : value}`;
  return samples.sort((a, b) => a.at - b.at).map(line);
}

test("what came late is sent once when it is settled, where nothing else is known; nothing that servers remember is", async context => {
  await using store = await openStrictStore();
  const it = open(context, store);
  it.record(0, 120, at => (at >= 20 && at < 80 ? null : at));
  await using first = it.archive();
  first.start();
  await it.sent(first, 120);
  assert.deepEqual(linesOf(store).slice(0, 5), ["0 0", "10 10", "19.999 x", "80 80", "90 90"]);

  // Of one tick a later one says otherwise, and of one there is a sample already.
  it.late(125, [20, 1], [30, 2], [40, 3]);
  it.record(120, 130, at => at);
  it.late(135, [40, 4], [50, 5], [80, 6]);
  const frames = [{ step: TICK, metrics: { cpu: { starts: [START + 60 * SECOND], means: [99] } } }];
  const about = { kind: "seen", scope: "past", instance: "home", at: START, took: 0, interval: 0 } as const;
  it.history.importPast({ ...about, resource: GUEST, of: "guest", frames, whole: false });
  it.record(130, 300, at => at);
  await it.sent(first, 300);
  const expected = ["0 0", "10 10", "19.999 x", "20 1", "30 2", "40 4", "50 5", "59.999 x", "80 80", "90 90"];
  await until(() => linesOf(store).includes("50 5"), "sent late");
  assert.deepEqual(linesOf(store).slice(0, expected.length), expected);
  assert.equal(await it.sent(first, 300), 0, "once");

  await first[Symbol.asyncDispose]();
  await using second = it.archive();
  second.start();
  it.record(300, 400, at => at);
  await it.sent(second, 400);
  assert.equal(second.state.sent, 10, "nor by who goes on");
  assert.deepEqual(store.complaints, []);
});

test("a store that takes nothing out of order refuses what came late, and gets all that follows", async context => {
  await using store = await openStrictStore();
  const it = open(context, store);
  it.record(0, 120, at => (at >= 20 && at < 80 ? null : at));
  await using archive = it.archive();
  archive.start();
  await it.sent(archive, 120);
  it.late(125, [20, 1], [30, 2]);
  it.record(120, 300, at => at);
  store.isInOrder = true;
  await it.sent(archive, 300);
  await until(() => archive.state.rejected === 2, "refused");
  it.record(300, 400, at => at);
  await it.sent(archive, 400);
  assert.equal(archive.state.failure, null);
  assert.ok(linesOf(store).includes("390 390"));
  assert.ok(!linesOf(store).includes("20 1"));
});

test("what came late before there was an archive is not sent, nor what is too old to be kept", async context => {
  await using store = await openStrictStore();
  const it = open(context, store);
  it.record(0, 120, at => (at >= 20 && at < 80 ? null : at));
  it.late(115, [20, 1]);
  await using archive = it.archive();
  archive.start();
  await it.sent(archive, 120);
  it.record(120, 300, at => at);
  await it.sent(archive, 300);
  assert.ok(!linesOf(store).includes("20 1"));
  it.history.record(START + 5 * 24 * HOUR, []);
  it.record(5 * 24 * 3600 + 10, 5 * 24 * 3600 + 8 * 3600, () => null);
  assert.deepEqual([...it.history.late(START, START + 10 * 24 * HOUR)], []);
});
