import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { MIB, MINUTE, SECOND } from "../kit/units.ts";
import { deliver, toWait } from "./deliver.ts";
import { Outbox } from "./outbox.ts";
import type { Outcome } from "./post.ts";

const TAKEN: Outcome = { kind: "taken" };
const DOWN: Outcome = { kind: "later", reason: "down", after: null };

/** Delivers to a server that answers as `answer` says. */
function start(answer: (text: string) => Outcome) {
  const clock = new FakeClock(0);
  const outbox = new Outbox();
  const stop = new AbortController();
  const sent: [at: number, text: string][] = [];
  const logged: [string, unknown][] = [];
  const done = deliver(
    {
      url: "http://pulse",
      outbox,
      send: async text => {
        sent.push([clock.now(), text]);
        return answer(text);
      },
      clock,
      log: (_, message, fields) => logged.push([message, fields]),
      random: () => 1,
    },
    stop.signal,
  );
  const end = () => {
    stop.abort();
    return done;
  };
  return { clock, outbox, sent, logged, stop: end };
}

test("a report goes as soon as it is there, and once", async () => {
  const { clock, outbox, sent, logged, stop } = start(() => TAKEN);
  await clock.advance(SECOND);
  outbox.add("a");
  await clock.advance(SECOND);
  outbox.add("b");
  await clock.advance(MINUTE);
  assert.deepEqual(sent, [
    [SECOND, "a"],
    [2 * SECOND, "b"],
  ]);
  assert.deepEqual(logged, [["The server takes reports", { server: "http://pulse" }]]);
  await stop();
  assert.equal(clock.sleeping, 0);
});

test("what waited for a server that was down goes in order, once each, and the log tells only what changed", async () => {
  let isUp = false;
  const { clock, outbox, sent, logged, stop } = start(() => (isUp ? TAKEN : DOWN));
  for (const text of ["a", "b", "c"]) {
    outbox.add(text);
    await clock.advance(30 * SECOND);
  }
  assert.ok(sent.every(([, text]) => text === "a"));
  const tries = sent.length;
  isUp = true;
  await clock.advance(2 * MINUTE);
  assert.deepEqual(
    sent.slice(tries).map(([, text]) => text),
    ["a", "b", "c"],
  );
  assert.deepEqual(
    logged.map(([message]) => message),
    ["The server does not take reports", "The server takes reports"],
  );
  await stop();
});

test("a report that no server will ever take does not keep back the next", async () => {
  const { clock, outbox, sent, logged, stop } = start(text =>
    text === "bad" ? { kind: "never", reason: "400" } : TAKEN,
  );
  outbox.add("bad");
  outbox.add("good");
  await clock.advance(SECOND);
  assert.deepEqual(
    sent.map(([, text]) => text),
    ["bad", "good"],
  );
  assert.deepEqual(logged[0], ["The server refuses a report", { server: "http://pulse", reason: "400" }]);
  await stop();
});

test("a server that says when to come back is left alone until then", async () => {
  let tries = 0;
  const { clock, outbox, sent, stop } = start(() => (tries++ === 0 ? { ...DOWN, after: 100 * SECOND } : TAKEN));
  outbox.add("a");
  await clock.advance(3 * MINUTE);
  assert.deepEqual(
    sent.map(([at]) => at),
    [0, 100 * SECOND],
  );
  await stop();
});

test("waits grow to a minute, and chance takes off up to half", () => {
  assert.deepEqual(
    [0, 1, 2, 5, 6, 7, 1000].map(failures => toWait(failures, 1) / SECOND),
    [1, 2, 4, 32, 60, 60, 60],
  );
  assert.equal(toWait(6, 0), 30 * SECOND);
});

test("when there is no more room the oldest go, and the newest stays", () => {
  const outbox = new Outbox();
  for (let index = 0; index < 125; index++) outbox.add(`report ${index}`);
  assert.deepEqual([outbox.size, outbox.first, outbox.takeDropped(), outbox.takeDropped()], [120, "report 5", 5, 0]);
  outbox.add("x".repeat(3 * MIB));
  outbox.add("y".repeat(3 * MIB));
  assert.deepEqual([outbox.size, outbox.first?.at(0)], [1, "y"]);
  outbox.add("z".repeat(5 * MIB));
  assert.deepEqual([outbox.size, outbox.first?.at(0)], [1, "z"]);
});

test("what was dropped while it was on its way does not take the next one with it", () => {
  const outbox = new Outbox();
  outbox.add("a");
  for (let index = 0; index < 120; index++) outbox.add(`${index}`);
  outbox.remove("a");
  assert.deepEqual([outbox.size, outbox.first], [120, "0"]);
});
