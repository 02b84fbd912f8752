import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { MINUTE } from "../kit/units.ts";
import { COMING_FILE, takeOver } from "../store/take-over.ts";
import { alertOf, NOON, Room } from "./fixture.ts";

/**
 * A room that has told the channel "hook" of the alert "x", which began at noon, and goes on with the memory of another one that has not heard of
 * that; `firing`: what that one knows. And under which key "hook" knows the alert.
 */
async function openReplaced(context: TestContext, firing: ReadonlyMap<string, ReturnType<typeof alertOf>>) {
  const clock = new FakeClock(NOON);
  const newRoom = (name: string) => {
    const folder = mkdtempSync(join(tmpdir(), `pulse-${name}-`));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    const room = new Room(folder, { clock, others: true });
    room.webhook("hook");
    return { folder, room };
  };
  const own = newRoom("own");
  own.room.notify.start();
  own.room.happen("fired", alertOf("x"));
  await clock.advance(MINUTE);
  assert.deepEqual(
    own.room.got.map(({ message: { reason, alerts } }) => [reason, alerts.length]),
    [["firing", 1]],
  );
  const key = own.room.got[0]?.message.dedupKey;
  own.room.database.run(
    "INSERT INTO alert_episode (alert_id, resource_id, type, worst, began, alert) VALUES ('x', '', 'cpu', 'warning', ?, ?)",
    ...[NOON, JSON.stringify(alertOf("x"))],
  );
  await own.room[Symbol.asyncDispose]();

  const other = newRoom("other");
  await other.room.database.backup(join(own.folder, COMING_FILE));
  await other.room[Symbol.asyncDispose]();
  assert.ok(takeOver(own.folder, clock.now()));

  const room = new Room(own.folder, { clock, others: true });
  context.after(() => room[Symbol.asyncDispose]());
  for (const [id, alert] of firing) room.firing.set(id, alert);
  room.notify.start();
  return { room, clock, key };
}

const ends = (room: Room) =>
  room.got
    .splice(0)
    .map(({ message: { reason, alerts, dedupKey } }) => [reason, dedupKey, ...alerts.map(one => one.startTime)]);
const START = new Date(NOON).toISOString();

test("who was told of what only the replaced memory knew is told its end, under the key that is known there", async context => {
  const { room, clock, key } = await openReplaced(context, new Map());
  await clock.advance(MINUTE);
  assert.deepEqual(ends(room), [["resolved", key, START]]);
  await clock.advance(5 * MINUTE);
  assert.deepEqual(ends(room), []);
});

test("... when nothing of it fires any more", async context => {
  const again = alertOf("x", { startTime: new Date(NOON + MINUTE).toISOString() });
  const { room, clock, key } = await openReplaced(context, new Map([["x", again]]));
  await clock.advance(5 * MINUTE);
  assert.deepEqual(ends(room), []);
  room.happen("resolved", again);
  await clock.advance(3 * MINUTE);
  assert.deepEqual(
    ends(room).sort((one, other) => String(one).localeCompare(String(other))),
    [
      ["resolved", key, START],
      ["resolved", key, again.startTime],
    ],
  );
});
