import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE, SECOND } from "../kit/units.ts";
import { CallCounter } from "./call-counter.ts";
import { LookLog } from "./look-log.ts";

const FAULT = { kind: "timeout", message: "No answer in time" } as const;
const note = (part: string, at: number, fault: typeof FAULT | null = null) => ({
  scope: "disks",
  part,
  at,
  took: 5,
  interval: MINUTE,
  fault,
});

test("a scope is as old as its newest look, and fails as long as one of its parts does", () => {
  const log = new LookLog();
  log.note(note("pve1", 10));
  log.note(note("pve2", 20, FAULT));
  log.note(note("pve1", 30));
  log.note({ ...note("", 7), scope: "cluster" });
  assert.deepEqual(log.report(), [
    { scope: "cluster", parts: 1, interval: MINUTE, startedAt: 7, took: 5, failing: 0, fault: null },
    { scope: "disks", parts: 2, interval: MINUTE, startedAt: 30, took: 5, failing: 1, fault: FAULT },
  ]);
  log.note(note("pve2", 40));
  assert.equal(log.report()[1]?.fault, null);
  log.forget({ scope: "disks", part: "pve2" });
  assert.equal(log.report()[1]?.parts, 1);
});

test("calls are counted for a minute", () => {
  const calls = new CallCounter();
  for (let second = 0; second < 90; second++) for (let call = 0; call < 2; call++) calls.count(second * SECOND);
  assert.equal(calls.lastMinute(89 * SECOND), 120);
  assert.equal(calls.lastMinute(119 * SECOND), 60);
  assert.equal(calls.lastMinute(300 * SECOND), 0);
});
