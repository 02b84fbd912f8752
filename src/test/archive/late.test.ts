import assert from "node:assert/strict";
import { test } from "node:test";
import { TICK } from "../../history/tiers.ts";
import { HOUR, type Instant, SECOND } from "../../kit/units.ts";
import { until } from "../cluster/processes.ts";
import { LATE_GUEST as GUEST, openLate, passesLateExam } from "./late-exam.ts";
import { openStrictStore, type StrictStore } from "./strict-store.ts";

const START = Date.UTC(2026, 0, 1);

/** `seconds value` of what the store has; `x`: that nothing is known. */
function linesOf(store: StrictStore): string[] {
  const samples = [...(store.series.get(`pulse_history_guest_cpu ${GUEST}`)?.values() ?? [])];
  const line = ({ at, value, isStale }: { at: Instant; value: number; isStale: boolean }) =>
    `${(at - START) / SECOND} ${isStale ? "x" : value}`;
  return samples.sort((a, b) => a.at - b.at).map(line);
}

test("what came late is sent once when it is settled, where nothing else is known; nothing that servers remember is", async () => {
  await using store = await openStrictStore();
  using it = openLate(store.url, START);
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
  const { writes } = store;
  await it.sent(first, 300);
  assert.equal(store.writes, writes, "once");

  await first[Symbol.asyncDispose]();
  await using second = it.archive();
  second.start();
  it.record(300, 400, at => at);
  await it.sent(second, 400);
  assert.equal(second.state.sent, 10, "nor by who goes on");
  assert.deepEqual(store.complaints, []);
});

test("a store that takes nothing out of order refuses what came late, and gets all that follows", async () => {
  await using store = await openStrictStore();
  using it = openLate(store.url, START);
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

test("a store that is named later gets what came late before as well, once, and from whoever goes on; nothing that is too old to be kept", async () => {
  await using store = await openStrictStore();
  using it = openLate(store.url, START);
  it.record(0, 120, at => (at >= 20 && at < 80 ? null : at));
  it.late(115, [20, 1], [30, 2]);
  it.record(120, 3 * 3600, at => at);
  it.late(3 * 3600 - 100, [40, 3]);
  it.record(3 * 3600, 3 * 3600 + 120, at => at);
  await using first = it.archive();
  first.start();
  const end = 3 * 3600 + 120;
  await it.sent(first, end);
  await until(() => linesOf(store).includes("40 3"), "sent late");
  const expected = ["0 0", "10 10", "19.999 x", "20 1", "30 2", "39.999 x", "40 3", "49.999 x", "80 80"];
  assert.deepEqual(linesOf(store).slice(0, expected.length), expected);
  await first[Symbol.asyncDispose]();
  await using second = it.archive();
  second.start();
  it.record(end, end + 120, at => at);
  await it.sent(second, end + 120);
  assert.equal(second.state.sent, 12, "nothing of it again");
  assert.deepEqual(store.complaints, []);
  it.history.record(START + 5 * 24 * HOUR, []);
  it.record(5 * 24 * 3600 + 10, 5 * 24 * 3600 + 8 * 3600, () => null);
  assert.deepEqual([...it.history.late(START, START + 10 * 24 * HOUR)], []);
});

test("what came late is looked through once where there is none of it, and sent from there on", async () => {
  await using store = await openStrictStore();
  using it = openLate(store.url, START);
  it.record(0, 8 * 3600, at => (at >= 20 && at < 80 ? null : at));
  await using archive = it.archive();
  archive.start();
  await it.sent(archive, 8 * 3600);
  const late = async () => Number((await it.positions.read(store.url))?.late) - START;
  assert.ok((await late()) >= 6 * HOUR, String(await late()));
  it.late(8 * 3600 + 5, [20, 1]);
  it.record(8 * 3600, 8 * 3600 + 120, at => at);
  await it.sent(archive, 8 * 3600 + 120);
  await until(() => linesOf(store).includes("20 1"), "sent late");
  assert.deepEqual(store.complaints, []);
});

test("a store has what came late where it left a gap", async () => {
  await using store = await openStrictStore();
  await passesLateExam(store.url);
  assert.deepEqual(store.complaints, []);
});
