import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Explanation } from "../model/alert.ts";
import { Database } from "../store/database.ts";
import { Alerts } from "./alerts.ts";
import { addGuest, NO_PAST, samplePicture } from "./sample-estate.ts";

const START = Date.UTC(2026, 0, 1);

function open(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-explain-"));
  const database = Database.open(folder, "a");
  context.after(() => {
    database[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const picture = samplePicture();
  const alerts = new Alerts(database, { now: START, past: NO_PAST });
  let now = START;
  return {
    picture,
    alerts,
    tick: (count = 1) => {
      for (let tick = 0; tick < count; tick++) {
        now += 10_000;
        alerts.evaluate(picture, now);
      }
      return now;
    },
    why: (resource: string, type: string, untold: string[] = []) => {
      const [found] = alerts.explain({ resource, type, untold: () => untold }, picture, now) ?? [];
      return found as Explanation;
    },
  };
}

const CPU = "home:guest:1";

test("each signal of a resource is explained, with where its rule comes from", context => {
  const it = open(context);
  addGuest(it.picture, 1, { cpu: 0.5, tags: "prod" });
  it.alerts.configure({ tagOverrides: { prod: { cpu: 70 } }, overrides: { [CPU]: { disk: 60 } } });
  it.tick();
  const all = it.alerts.explain({ resource: CPU, type: null, untold: () => [] }, it.picture, START) ?? [];
  assert.ok(all.length > 10 && new Set(all.map(({ type }) => type)).size === all.length);
  const { origin, value, trigger, clear, hold, phase, wouldTake } = it.why(CPU, "cpu");
  assert.deepEqual(
    [origin, value, trigger, clear, hold, phase],
    [{ kind: "tag", tag: "prod" }, 50, 70, 65, 600, "inactive"],
  );
  assert.equal(wouldTake, "It fires at 70 % or more, once it has been so for 10 minutes");
  assert.deepEqual(it.why(CPU, "disk").origin, { kind: "override", resourceId: CPU });
  assert.equal(it.alerts.explain({ resource: "nobody", type: null, untold: () => [] }, it.picture, START), null);
});

test("what is pending tells how long it takes, what fires what ends it, and why nobody is told", context => {
  const it = open(context);
  addGuest(it.picture, 1, { cpu: 0.95, tags: "pulse-monitor-only" });
  it.tick(4);
  assert.match(it.why(CPU, "cpu").wouldTake, /^It fires when it has been so for 10 minutes more/);
  const now = it.tick(60);
  it.alerts.act("acknowledge", `${CPU}-cpu`, "anna", now);
  const { phase, level, since, suppressedBy, wouldTake } = it.why(CPU, "cpu", ["Quiet hours until 08:00"]);
  assert.deepEqual([phase, level, since], ["firing", "warning", START + 610_000]);
  assert.equal(wouldTake, "It resolves at 80 % or less");
  assert.deepEqual(suppressedBy, ["Quiet hours until 08:00"], "as those say who tell people");
});

const OFF: [change: object, reason: RegExp][] = [
  [{ enabled: false }, /Alerts are switched off/],
  [{ disableAllGuests: true }, /"disableAllGuests" is on/],
  [{ overrides: { [CPU]: { cpu: -1 } } }, /Its threshold is switched off/],
  [{ overrides: { [CPU]: { disabled: true } } }, /Its alerts are switched off/],
];
for (const [change, reason] of OFF)
  test(`what is off says by what: ${JSON.stringify(change)}`, context => {
    const it = open(context);
    addGuest(it.picture, 1, { cpu: 0.95 });
    it.alerts.configure(change);
    it.tick();
    const { enabled, suppressedBy, wouldTake } = it.why(CPU, "cpu");
    assert.equal(enabled, false);
    assert.match(suppressedBy.join(), reason);
    assert.match(wouldTake, reason);
  });

test("what is stale says that nobody knows", context => {
  const it = open(context);
  addGuest(it.picture, 1, { cpu: 0.95, stale: true });
  it.tick();
  const { stale, value, wouldTake } = it.why(CPU, "cpu");
  assert.deepEqual([stale, value], [true, null]);
  assert.match(wouldTake, /^Nobody knows just now how it is; once that is known, it fires at 90 %/);
});
