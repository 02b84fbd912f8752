import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { HOUR, MINUTE, SECOND } from "../kit/units.ts";
import { type Mark, type Marks, TELLING, Teller } from "./teller.ts";

/** The one that is to tell, on NATS whose leases are there whatever becomes of the marks. */
function tellerOn(marks: Map<string, Mark>, isFull: () => boolean) {
  const clock = new FakeClock();
  const said: string[] = [];
  const write = async (key: string, value: unknown) => {
    if (isFull()) throw new Error("timeout");
    marks.set(key, JSON.parse(String(value)) as Mark);
    return marks.size;
  };
  const bucket: Marks = { get: async () => null, create: write, update: write, put: write, delete: async () => {} };
  const teller = new Teller({
    ...{
      name: "one",
      clock,
      log: (level, message) => void (level === "debug" || said.push(message)),
      isCurrent: () => true,
    },
    bucket: () => bucket,
    leases: () => ({ held: new Map([[TELLING, 1]]) }),
  });
  const claim = () => teller.claim(["key"], { at: clock.now(), dedup: "it", overdue: "told" });
  const hear = async () => {
    teller.hear();
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  /** Asks again and again, for no longer than that, while NATS is heard. */
  const claimFor = async (most: number) => {
    const before = clock.now() + most;
    for (;;) {
      await hear();
      let isOver = false;
      const asked = claim().finally(() => {
        isOver = true;
      });
      while (!isOver) {
        await hear();
        if (clock.sleeping > 0) await clock.advance(2 * SECOND);
      }
      const claimed = await asked;
      if (claimed || clock.now() > before) return claimed;
    }
  };
  return { clock, teller, said, claimFor, hear };
}

test("where NATS answers and stores no marks, it is told after a minute, marked; with room the mark is made", async () => {
  const marks = new Map<string, Mark>();
  let isFull = true;
  const { clock, teller, said, claimFor, hear } = tellerOn(marks, () => isFull);
  const began = clock.now();
  assert.equal(await claimFor(40 * SECOND), null);
  assert.equal(teller.heard.isAlone, false);
  const claimed = await claimFor(MINUTE);
  assert.ok(clock.now() - began > MINUTE && clock.now() - began < 80 * SECOND);
  assert.deepEqual([[...(claimed?.ours ?? [])], claimed?.uncertain], [["key"], true]);
  await claimed?.done();
  await hear();
  assert.equal(teller.heard.isAlone, true);

  isFull = false;
  for (let times = 0; times < 2; times++) await hear();
  assert.equal(marks.get("key")?.state, "told");
  assert.equal(teller.heard.isAlone, false);
  assert.deepEqual(said, [
    "NATS does not answer, or stores nothing: this core tells for itself, perhaps others do, too",
    "NATS answers again: one core tells for all",
  ]);
});

test("a mark that was not stored long ago says nothing of what is so now", async () => {
  const marks = new Map<string, Mark>();
  let isFull = true;
  const { clock, teller, claimFor } = tellerOn(marks, () => isFull);
  assert.equal(await claimFor(10 * SECOND), null);
  isFull = false;
  clock.set(clock.now() + HOUR);
  teller.hear();
  teller.remembers(0);
  assert.equal(teller.heard.isAlone, false);
  assert.ok(await claimFor(SECOND));
  assert.equal(marks.get("key")?.state, "telling");
});

test("what is read again after an outage says that NATS answers, before the answer about leases does: what others told is asked", async () => {
  const clock = new FakeClock();
  const told: Mark = { state: "told", by: "two", fence: 1, dedup: "it" };
  const mark = { operation: "PUT", json: () => told };
  let isThere = false;
  const get = async () => {
    if (!isThere) throw new Error("timeout");
    return mark as unknown as Awaited<ReturnType<Marks["get"]>>;
  };
  const never = () => assert.fail("it writes nothing");
  const bucket: Marks = { get, create: never, update: never, put: never, delete: never };
  const teller = new Teller({
    ...{ name: "one", clock, log: () => {}, isCurrent: () => true, bucket: () => bucket },
    leases: () => ({ held: new Map([[TELLING, 1]]) }),
  });
  teller.hear();
  await clock.advance(2 * MINUTE);
  isThere = true;
  const claim = () => teller.claim(["key"], { at: clock.now(), dedup: "it", overdue: "told" });
  assert.equal((await claim())?.ours.size, 1, "nothing was read yet");
  teller.read();
  assert.equal(teller.heard.answers, false, "what it held may be another's");
  assert.equal((await claim())?.ours.size, 0);
  await clock.advance(20 * SECOND);
  teller.read();
  assert.equal((await claim())?.ours.size, 1, "nothing is said about leases: it tells for itself again");
});
