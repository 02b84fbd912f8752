import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { type Bytes, GIB, SECOND } from "../kit/units.ts";
import { Database } from "../store/database.ts";
import { Outbox, type Outgoing } from "./outbox.ts";

/** An outbox on a real database, and a stream that can be cut off. */
function bench(context: TestContext, limit: Bytes = GIB) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-outbox-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const arrived: string[] = [];
  const said: string[] = [];
  const line = { isUp: true, takes: true };
  const publish = async ({ id }: Outgoing) => {
    if (!line.takes) throw new Error("no answer");
    arrived.push(id);
  };
  const open = () => {
    const clock = new FakeClock();
    const database = Database.open(folder, "a");
    const log: Log = (level, message) => void (level === "debug" || said.push(message));
    const outbox = new Outbox({ database, publish, isUp: () => line.isUp, limit, clock, log });
    const stop = async () => {
      const ended = outbox[Symbol.asyncDispose]();
      await clock.advance(SECOND);
      await ended;
      database[Symbol.dispose]();
    };
    return { clock, outbox, stop, database };
  };
  return { line, arrived, said, open };
}

const entry = (id: string, size = 10): Outgoing => ({
  subject: "pulse.seen.a.b.resources",
  id,
  body: Buffer.alloc(size),
});

test("what the stream takes at once never comes to the disk", async context => {
  const it = bench(context);
  const { clock, outbox, stop, database } = it.open();
  let stored = 0;
  for (const id of ["1", "2", "3"]) outbox.put(entry(id), () => stored++);
  await clock.advance(10);
  assert.deepEqual(it.arrived, ["1", "2", "3"]);
  assert.equal(stored, 3);
  await clock.advance(5 * SECOND);
  assert.equal(database.all("SELECT count(*) AS n FROM cluster_outbox")[0]?.n, 0);
  await stop();
});

test("what waits while the line is down outlives the process, and leaves in the order of its coming", async context => {
  const it = bench(context);
  it.line.isUp = false;
  const first = it.open();
  for (const id of ["1", "2", "3"]) first.outbox.put(entry(id));
  await first.clock.advance(3 * SECOND);
  assert.deepEqual(first.outbox.waiting, { entries: 3, bytes: 30, dropped: 0 });
  first.database[Symbol.dispose]();
  const second = it.open();
  second.outbox.put(entry("4"));
  it.line.isUp = true;
  await second.clock.advance(3 * SECOND);
  assert.deepEqual(it.arrived, ["1", "2", "3", "4"]);
  assert.equal(second.outbox.waiting.entries, 0);
  await second.stop();
});

test("what is not acknowledged is sent until it is, and is on the disk by then", async context => {
  const it = bench(context);
  it.line.takes = false;
  const { clock, outbox, stop, database } = it.open();
  outbox.put(entry("1"));
  await clock.advance(3 * SECOND);
  assert.equal(database.all("SELECT count(*) AS n FROM cluster_outbox")[0]?.n, 1);
  it.line.takes = true;
  await clock.advance(SECOND);
  assert.deepEqual(it.arrived, ["1"]);
  await stop();
});

test("an orderly end writes down what was just put in", async context => {
  const it = bench(context);
  it.line.isUp = false;
  const first = it.open();
  first.outbox.put(entry("1"));
  await first.stop();
  const second = it.open();
  assert.equal(second.outbox.waiting.entries, 1);
  await second.stop();
});

test("when there is no room the oldest goes, and is counted", async context => {
  const it = bench(context, 500);
  it.line.isUp = false;
  const { clock, outbox, stop } = it.open();
  for (let number = 0; number < 8; number++) outbox.put(entry(String(number), 100));
  await clock.advance(20 * SECOND);
  assert.deepEqual(outbox.waiting, { entries: 5, bytes: 500, dropped: 3 });
  it.line.isUp = true;
  await clock.advance(SECOND);
  assert.deepEqual(it.arrived, ["3", "4", "5", "6", "7"]);
  await stop();
});

test("what the disk does not take waits in memory, which is told once, and is written down when it does", async context => {
  const it = bench(context);
  it.line.isUp = false;
  const { clock, outbox, stop, database } = it.open();
  database.run("CREATE TRIGGER full BEFORE INSERT ON cluster_outbox BEGIN SELECT RAISE(FAIL, 'full'); END");
  for (const id of ["1", "2"]) {
    outbox.put(entry(id));
    await clock.advance(3 * SECOND);
  }
  const [told, over] = [
    "The disk does not take what NATS has not taken yet: it waits in memory, and is lost if this edge ends",
    "What waited in memory is on the disk, or has been taken by NATS",
  ];
  assert.deepEqual([it.said, outbox.waiting.entries, outbox.waiting.bytes], [[told], 2, 0]);
  database.run("DROP TRIGGER full");
  await clock.advance(3 * SECOND);
  assert.deepEqual([it.said, outbox.waiting.bytes], [[told, over], 20]);
  it.line.isUp = true;
  await clock.advance(SECOND);
  assert.deepEqual(it.arrived, ["1", "2"]);
  await stop();
});
