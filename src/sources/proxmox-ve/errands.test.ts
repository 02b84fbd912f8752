import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../kit/clock.ts";
import { MINUTE } from "../../kit/units.ts";
import type { Observation, PartLists } from "../../model/observation.ts";
import { LookFailed } from "../source.ts";
import { Errands } from "./errands.ts";

const NOBODY = new AbortController().signal;

/** Errands about one storage, whose lists are what `tell` says. */
function errandsAbout(tell: () => PartLists) {
  const seen: Observation[] = [];
  const errands = new Errands({
    instance: "home",
    clock: new FakeClock(),
    ask: () => Promise.resolve(null),
  });
  errands.observe = observation => void seen.push(observation);
  const look = async () => tell();
  const visit = async (moves: boolean | undefined, stretch = 1) => {
    const options = { scope: "archives" as const, part: "nas", node: "pve1", interval: 10 * MINUTE, look };
    const errand = errands.part(moves === undefined ? options : { ...options, moves });
    const { pause } = await errand.run(0, NOBODY, stretch);
    return { pause: pause === null ? null : pause / MINUTE, soon: errand.soon ?? false };
  };
  return { visit, seen, errands };
}

const archive = (size: number): PartLists => ({ storageBackups: [{ id: "a", size } as never] });

test("what stays the same is looked at more and more rarely, and at once as before when it differs", async () => {
  let size = 1;
  const { visit, seen } = errandsAbout(() => archive(size));
  const pauses = [];
  for (let turn = 0; turn < 7; turn++) pauses.push((await visit(false)).pause);
  assert.deepEqual(pauses, [10, 15, 20, 25, 30, 30, 30]);
  assert.equal((seen.at(-1) as { interval: number }).interval, 30 * MINUTE, "silence is measured against that");
  size = 2;
  assert.equal((await visit(false)).pause, 10);
});

test("what begins to move is looked at as before, and soon", async () => {
  const { visit } = errandsAbout(() => archive(1));
  for (let turn = 0; turn < 5; turn++) await visit(false);
  assert.deepEqual(await visit(true), { pause: 10, soon: true });
  assert.deepEqual(await visit(false), { pause: 15, soon: false });
});

test("what is forgotten begins anew, and what has no calm keeps its interval", async () => {
  const { visit, errands } = errandsAbout(() => archive(1));
  for (let turn = 0; turn < 5; turn++) await visit(false);
  errands.keep(() => false);
  assert.equal((await visit(false)).pause, 10);
  assert.equal((await visit(undefined)).pause, null);
});

test("what trips over an answer costs that look and no other", async () => {
  const { visit, seen } = errandsAbout(() => {
    throw new RangeError("Invalid time value");
  });
  assert.equal((await visit(false)).pause, 10);
  const [missed] = seen;
  assert.deepEqual(missed?.kind === "missed" && missed.fault, {
    kind: "garbled",
    message: '"home" told something that cannot be read (RangeError: Invalid time value)',
  });
});

test("a failure keeps its own pauses, and the calm before it", async () => {
  let fails = false;
  const { visit, seen } = errandsAbout(() => {
    if (fails) throw new LookFailed("timeout", "No answer in time");
    return archive(1);
  });
  await visit(false);
  await visit(false);
  fails = true;
  assert.equal((await visit(false)).pause, 10);
  assert.equal(seen.at(-1)?.kind, "missed");
  fails = false;
  assert.equal((await visit(false)).pause, 20);
});
