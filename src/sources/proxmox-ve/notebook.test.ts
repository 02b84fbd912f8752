import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE } from "../../kit/units.ts";
import { LookFailed } from "../source.ts";
import { Notebook } from "./notebook.ts";

const told = (value: string) => () => Promise.resolve(value);
const failed = () => Promise.reject(new LookFailed("timeout", "No answer in time"));

test("what was told is fresh for three intervals, longer when rounds take longer", async () => {
  const notes = new Notebook<string>(MINUTE);
  assert.equal(notes.read("pve1", 0, 1), null);
  await notes.write("pve1", 1000, told("good"));
  assert.deepEqual(notes.read("pve1", 3 * MINUTE, 1), { value: "good", at: 1000, stale: false, fault: null });
  const late = { value: "good", at: 1000, stale: true, fault: "Not looked at in time" };
  assert.deepEqual(notes.read("pve1", 4 * MINUTE, 1), late);
  assert.equal(notes.read("pve1", 4 * MINUTE, 2)?.stale, false);
});

test("a look that fails makes what was told before stale, with the reason, until one succeeds", async () => {
  const notes = new Notebook<string>(MINUTE);
  await assert.rejects(notes.write("pve1", 0, failed), LookFailed);
  assert.equal(notes.read("pve1", 0, 1), null);
  await notes.write("pve1", 0, told("good"));
  await assert.rejects(notes.write("pve1", MINUTE, failed), LookFailed);
  assert.deepEqual(notes.read("pve1", MINUTE, 1), { value: "good", at: 0, stale: true, fault: "No answer in time" });
  await notes.write("pve1", 2 * MINUTE, told("better"));
  assert.equal(notes.read("pve1", 2 * MINUTE, 1)?.stale, false);
  notes.keep(["pve2"]);
  assert.equal(notes.read("pve1", 2 * MINUTE, 1), null);
});
