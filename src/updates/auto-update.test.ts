import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { DAY, HOUR, type Instant, MINUTE } from "../kit/units.ts";
import { type AutoUpdateSettings, isApplyDue, isLookDue, toOwnUpdate } from "./auto-update.ts";
import { AutoUpdates, type AutoUpdatesOptions } from "./auto-updates.ts";
import type { Attempt } from "./update-book.ts";
import { UpdateFault } from "./update-fault.ts";

const ON: AutoUpdateSettings = {
  autoUpdateEnabled: true,
  autoUpdateCheckInterval: 24,
  autoUpdateTime: "03:00",
  updateChannel: "stable",
};
const MIDNIGHT = Date.UTC(2026, 0, 10);
const at = (hours: number, minutes = 0): Instant => MIDNIGHT + hours * HOUR + minutes * MINUTE;
const attempt = (change: Partial<Attempt> = {}): Attempt => ({
  ...{ id: "1", began: at(3), ended: at(3, 5), stage: "handing-over", status: "completed", channel: "stable" },
  ...{ from: "5.0.0", to: "5.1.0", by: null, via: "auto", backup: null, fault: null },
  ...change,
});
const failed = (change: Partial<Attempt> = {}) =>
  attempt({ status: "rolled_back", fault: { code: "unwell", message: "v5.1.0 was not well" }, ...change });

const LOOKS: [sentence: string, settings: AutoUpdateSettings, last: Instant | null, is: boolean][] = [
  ["never looked", ON, null, true],
  ["a day ago", ON, at(12) - DAY, true],
  ["an hour ago", ON, at(11), false],
  ["an hour ago, and it is to look each hour", { ...ON, autoUpdateCheckInterval: 1 }, at(11), true],
  ["by a clock that was ahead", ON, at(12) + DAY, true],
  ["switched off", { ...ON, autoUpdateEnabled: false }, null, false],
];
for (const [sentence, settings, last, is] of LOOKS)
  test(`a look is ${is ? "" : "not "}due: ${sentence}`, () => assert.equal(isLookDue(settings, last, at(12)), is));

const OFFER = { version: "5.1.0", isMajor: false };
const APPLIES: [
  sentence: string,
  settings: AutoUpdateSettings,
  offer: typeof OFFER | null,
  attempts: Attempt[],
  now: Instant,
  is: boolean,
][] = [
  ["at the hour", ON, OFFER, [], at(3), true],
  ["in the last minute of it", ON, OFFER, [], at(3, 59), true],
  ["after it", ON, OFFER, [], at(4), false],
  ["before it", ON, OFFER, [], at(2, 59), false],
  ["an hour over midnight", { ...ON, autoUpdateTime: "23:30" }, OFFER, [], at(0, 15), true],
  ["nothing is offered", ON, null, [], at(3), false],
  ["another major version", ON, { ...OFFER, isMajor: true }, [], at(3), false],
  ["releases that are tried out", { ...ON, updateChannel: "rc" }, OFFER, [], at(3), false],
  ["it was tried, in vain", ON, OFFER, [failed()], at(3), false],
  ["a person tried it, in vain", ON, OFFER, [failed({ via: "ui" })], at(3), true],
  ["one before it was tried", ON, { ...OFFER, version: "5.1.1" }, [failed()], at(3), true],
  ["switched off", { ...ON, autoUpdateEnabled: false }, OFFER, [], at(3), false],
];
for (const [sentence, settings, offer, attempts, now, is] of APPLIES)
  test(`it is ${is ? "" : "not "}gone over to: ${sentence}`, () =>
    assert.equal(isApplyDue(settings, offer, attempts, { now, zone: "UTC" }), is));

const NOTHING = { failed: false, done: false };
const TOLD: [sentence: string, attempts: Attempt[], current: string, now: Instant, told: object][] = [
  ["nothing was tried", [], "5.0.0", at(4), NOTHING],
  ["it was done just now", [attempt()], "5.1.0", at(4), { failed: false, done: { from: "v5.0.0", to: "v5.1.0" } }],
  ["it was done a while ago", [attempt()], "5.1.0", at(5), NOTHING],
  ["it went back", [failed()], "5.0.0", at(30), { failed: "v5.1.0 was not well", done: false }],
  ["somebody did it by hand then", [failed()], "5.1.0", at(30), NOTHING],
  ["somebody tried it again", [failed({ via: "ui" }), failed()], "5.0.0", at(30), NOTHING],
  ["it goes on", [attempt({ ended: null, status: "in_progress" })], "5.0.0", at(3, 1), NOTHING],
];
for (const [sentence, attempts, current, now, told] of TOLD)
  test(`what is told: ${sentence}`, () => assert.deepEqual(toOwnUpdate(ON, attempts, current, now), told));

/** From noon on, by a clock that is set forward. */
function start(change: Partial<AutoUpdatesOptions> = {}) {
  const clock = new FakeClock(at(12));
  const done: string[] = [];
  const log: string[] = [];
  const found = { offer: { release: { version: "5.1.0" } }, isMajor: false };
  const updates = new AutoUpdates({
    ...{ settings: () => ON, book: { all: () => [] }, hindrance: () => null, current: "5.0.0", clock, zone: "UTC" },
    log: (level, message) => log.push(`${level} ${message}`),
    updater: {
      look: async () => {
        done.push(`look ${(clock.now() - MIDNIGHT) / HOUR}`);
        return found as never;
      },
      apply: async ({ version, via, by }) => {
        done.push(`apply ${version} ${via} ${by} ${(clock.now() - MIDNIGHT) / HOUR}`);
        return { started: String(version) };
      },
    },
    ...change,
  });
  updates.start();
  return { clock, done, log, updates };
}

test("it looks some minutes after the start and then as often as is set, and goes over in the hour", async () => {
  const attempts: Attempt[] = [];
  const { clock, done, log, updates } = start({ book: { all: () => attempts } });
  await clock.advance(4 * MINUTE);
  assert.equal(done.length, 0);
  await clock.advance(14 * HOUR);
  assert.deepEqual(done, [`look ${12 + 5 / 60}`]);
  await clock.advance(HOUR);
  assert.equal(done[1], "apply 5.1.0 auto null 27");
  attempts.push(attempt());
  await clock.advance(12 * HOUR);
  assert.deepEqual(
    done.map(line => line.split(" ")[0]).filter((word, place) => word === "look" || place === 1),
    ["look", "apply", "look"],
  );
  assert.deepEqual(log, ["info A newer version is to be had"]);
  await updates[Symbol.asyncDispose]();
});

test("where Pulse cannot replace itself it looks, and no more; a look in vain is told", async () => {
  const tied = start({ hindrance: () => "A container does not update itself" });
  await tied.clock.advance(DAY);
  assert.deepEqual([...new Set(tied.done.map(line => line.split(" ")[0]))], ["look"]);
  await tied.updates[Symbol.asyncDispose]();
  const lost = start({
    updater: {
      look: () => Promise.reject(new UpdateFault("unreachable", 'Cannot reach "releases.example"')),
      apply: () => Promise.reject(new Error("not to be called")),
    },
  });
  await lost.clock.advance(DAY);
  assert.deepEqual(lost.log, ['warn Newer versions: Cannot reach "releases.example"']);
  await lost.updates[Symbol.asyncDispose]();
});
