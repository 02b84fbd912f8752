import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyPicture } from "../../model/picture.ts";
import { ShownPicture } from "./shown-picture.ts";

const NOTHING = { changed: {}, removed: {}, seen: {} };
const GUEST = { ...NOTHING, changed: { vms: [] as never[] } };
GUEST.changed.vms.push({ ids: ["a"], keys: [], columns: [], follow: [] } as never);
const ALERT = { ...NOTHING, removed: { activeAlerts: ["a"] } };
const SEEN = { ...NOTHING, seen: { nodes: { home: 5 } } };

/** Timers go off when the time is moved on. */
function open() {
  const told: string[] = [];
  const tracked: string[] = [];
  const timers: { at: number; then: () => void }[] = [];
  let held = emptyPicture();
  const state = { now: 0, isSeen: true, pause: 0 };
  const shown = new ShownPicture(
    () => held,
    {
      pause: () => state.pause,
      isSeen: () => state.isSeen,
      now: () => state.now,
      after: (wait, then) => void timers.push({ at: state.now + wait, then }),
    },
    name => [() => tracked.push(name), () => told.push(name)],
  );
  const pass = (time: number) => {
    state.now += time;
    for (const timer of timers.splice(0)) {
      if (timer.at <= state.now) timer.then();
      else timers.push(timer);
    }
    return told.splice(0).join(" ");
  };
  const hold = (version: number) => {
    held = { ...emptyPicture(), version };
  };
  return { shown, state, pass, hold, tracked, told };
}

test("who reads a collection is told of that one, and reads it from the picture that is held", () => {
  const { shown, pass, hold, tracked } = open();
  hold(7);
  assert.deepEqual([shown.picture.version, shown.picture.vms], [7, {}]);
  assert.deepEqual(tracked, ["", "vms"]);
  assert.deepEqual({ ...shown.picture }, { ...emptyPicture(), version: 7, own: undefined });
  shown.show(GUEST);
  assert.equal(pass(0), " vms", "the version and the guests");
});

test("patches within a second, or as long as the reader wants, are shown together", () => {
  const { shown, state, pass } = open();
  shown.show(GUEST);
  assert.equal(pass(0), " vms");
  shown.show(SEEN);
  shown.show(ALERT);
  assert.deepEqual([pass(999), pass(1)], ["", " nodes activeAlerts"]);
  state.pause = 30_000;
  shown.show(GUEST);
  assert.deepEqual([pass(1000), pass(28_999), pass(1)], ["", "", " vms"]);
});

test("nothing is drawn in a page that nobody sees but alerts, which its title counts, until somebody does", () => {
  const { shown, state, pass, told } = open();
  state.isSeen = false;
  shown.show(GUEST);
  assert.equal(pass(60_000), "");
  shown.show(ALERT);
  assert.equal(pass(0), "activeAlerts");
  shown.show(SEEN);
  assert.equal(pass(60_000), "");
  state.isSeen = true;
  shown.catchUp();
  assert.deepEqual(told, ["", "vms", "nodes"]);
});
