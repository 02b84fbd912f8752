import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Alerts } from "./alerts/alerts.ts";
import { addGuest, NO_PAST, samplePicture } from "./alerts/sample-estate.ts";
import { Changes } from "./changes/changes.ts";
import { History } from "./history/history.ts";
import { Database } from "./store/database.ts";
import { Tick } from "./tick.ts";

const START = Date.UTC(2026, 0, 1);

/** A tick on a real database, with a room that follows within its transaction. */
function open(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-tick-"));
  const database = Database.open(folder, "a");
  context.after(() => {
    database[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const picture = samplePicture();
  const history = new History(database);
  const alerts = new Alerts(database, { now: START, past: NO_PAST });
  alerts.configure({ metricTimeThresholds: null, timeThreshold: 0 });
  database.run("CREATE TABLE told (number INTEGER NOT NULL)");
  const shown: string[] = [];
  const logged: string[] = [];
  const tick = new Tick({
    ...{ database, history, alerts, picture, changes: new Changes(database, null) },
    log: (level, message) => logged.push(`${level} ${message}`),
    follow: transitions => {
      for (const { number } of transitions) database.run("INSERT INTO told VALUES (?)", number);
    },
    shelter: () => [{ table: "told", rows: "true" }],
    backup: () => false,
    update: () => ({ failed: false, done: false }),
    show: transitions => shown.push(...transitions.map(({ kind, alert }) => `${kind} ${alert.id}`)),
  });
  let now = START;
  const rows = (table: string) => database.all(`SELECT * FROM ${table}`).length;
  return {
    ...{ picture, alerts, history, tick, shown, logged, rows },
    run: () => {
      now += 10_000;
      tick.run(now);
    },
    get now() {
      return now;
    },
    refuse: (refused: boolean) => database.all(`PRAGMA query_only = ${Number(refused)}`),
  };
}

test("what is known, what came of it and what follows are kept together", context => {
  const it = open(context);
  addGuest(it.picture, 1, { cpu: 0.95 });
  it.run();
  it.run();
  assert.deepEqual([it.rows("alert_transition"), it.rows("told"), it.rows("history_raw_frame")], [1, 1, 2]);
  assert.deepEqual(it.shown, ["fired home:guest:1-cpu"]);
});

test("while the disk is full alerts go on and are shown; when it is not, each is kept and told, once", context => {
  const it = open(context);
  const guest = addGuest(it.picture, 1, { cpu: 0.95 });
  it.refuse(true);
  it.run();
  it.run();
  addGuest(it.picture, 2, { cpu: 0.95 });
  it.run();
  guest.cpu = 0.1;
  it.run();
  assert.deepEqual([it.rows("alert_transition"), it.rows("told")], [0, 0]);
  const steps = [
    "fired home:guest:1-cpu",
    "fired pulse itself-unwritten",
    "fired home:guest:2-cpu",
    "resolved home:guest:1-cpu",
  ];
  assert.deepEqual(it.shown, steps);
  it.refuse(false);
  it.run();
  it.run();
  assert.deepEqual([it.rows("alert_transition"), it.rows("told"), it.rows("alert_episode")], [5, 5, 3]);
  assert.deepEqual(it.shown, [...steps, "resolved pulse itself-unwritten"], "nothing is shown twice");
  assert.deepEqual(it.logged, [
    "error The database cannot be written: the data folder is read-only",
    "info The database is written again",
  ]);
});

test("an acknowledgement that cannot be written says so, and is written when it can be", context => {
  const it = open(context);
  addGuest(it.picture, 1, { cpu: 0.95 });
  it.run();
  it.refuse(true);
  assert.equal(it.alerts.act("acknowledge", "home:guest:1-cpu", "anna", it.now), true);
  assert.equal(it.tick.keep(it.now), false);
  it.refuse(false);
  it.run();
  assert.equal(it.rows("alert_transition"), 2);
  assert.equal(it.alerts.firing("home:guest:1-cpu")?.ackUser, "anna");
});

test("after the clock was set back alerts are judged and kept all the same", context => {
  const it = open(context);
  it.run();
  addGuest(it.picture, 1, { cpu: 0.95 });
  it.tick.run(START - 3_600_000);
  assert.deepEqual([it.rows("alert_transition"), it.rows("history_raw_frame")], [1, 1]);
});
