import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../kit/clock.ts";
import { HOUR, MINUTE, SECOND } from "../../kit/units.ts";
import { LookLog } from "../look-log.ts";
import { Agenda, backOff, callsPerSecond, type Errand } from "./agenda.ts";

/** An agenda with so many errands that each count their turns. */
function agenda(clock: FakeClock, count: number, more: Partial<Errand> = {}) {
  const turns = new Map<string, number>();
  const errands = Array.from({ length: count }, (_, index): Errand => {
    const key = `errand ${index}`;
    const run: Errand["run"] = async () => {
      turns.set(key, (turns.get(key) ?? 0) + 1);
      return { calls: 1, pause: null, fault: null };
    };
    return { scope: "test", part: key, node: `node${index % 10}`, interval: MINUTE, run, ...more };
  });
  const stop = new AbortController();
  const made = new Agenda(clock, new LookLog());
  const total = () => [...turns.values()].reduce((sum, count) => sum + count, 0);
  return { agenda: made, errands, turns, total, running: made.run(stop.signal), stop };
}

test("as many turns as the intervals ask for, when the budget allows them", async () => {
  const clock = new FakeClock();
  const { agenda: made, errands, turns, running, stop } = agenda(clock, 20);
  made.keep(errands, 5);
  await clock.advance(10 * MINUTE);
  assert.ok([...turns.values()].every(count => count >= 9 && count <= 11));
  stop.abort();
  await running;
});

test("an errand that trips has its next turn like all others", async () => {
  const clock = new FakeClock();
  let turns = 0;
  const run = async () => {
    turns++;
    throw new TypeError("x");
  };
  const { agenda: made, errands, running, stop } = agenda(clock, 1, { run });
  made.keep(errands, 5);
  await clock.advance(10 * MINUTE);
  assert.ok(turns >= 9 && turns <= 11, String(turns));
  stop.abort();
  await running;
});

test("however many errands there are, the budget holds, and everybody gets a turn", async () => {
  for (const count of [200, 1000]) {
    const clock = new FakeClock();
    const { agenda: made, errands, turns, total, running, stop } = agenda(clock, count);
    made.keep(errands, 2);
    await clock.advance(10 * MINUTE);
    assert.ok(total() <= 2 * 630 + 10 && total() >= 2 * 600 - 100, `${total()} calls for ${count}`);
    assert.equal(turns.size, count);
    assert.ok(Math.max(...turns.values()) - Math.min(...turns.values()) <= 2, "fairly");
    made.keep(errands, 2);
    assert.ok(Math.abs(made.stretch - Math.max(1, count / 120)) < 0.2, `a round takes ${made.stretch} times as long`);
    stop.abort();
    await running;
  }
});

test("at the beginning, kinds with few members go before those with many", async () => {
  const clock = new FakeClock();
  const order: string[] = [];
  const { agenda: made, running, stop } = agenda(clock, 0);
  const errand = (scope: string, part: number): Errand => ({
    scope,
    part: String(part),
    node: `node${part % 10}`,
    interval: scope === "disks" ? 5 * MINUTE : MINUTE,
    run: async () => {
      order.push(scope);
      return { calls: 1, pause: null, fault: null };
    },
  });
  const many = Array.from({ length: 500 }, (_, part) => errand("guests", part));
  const few = Array.from({ length: 10 }, (_, part) => errand("disks", part));
  made.keep([...many, ...few], 2);
  await clock.advance(30 * SECOND);
  assert.equal(order.filter(scope => scope === "disks").length, 10);
  await clock.advance(4 * MINUTE);
  assert.ok(order.length <= 2 * 300, `${order.length} calls`);
  stop.abort();
  await running;
});

test("two at a place at the most, one that hangs holds up no other place", async () => {
  const clock = new FakeClock();
  const hanging = Promise.withResolvers<void>();
  let underWay = 0;
  const run: Errand["run"] = async () => {
    underWay++;
    await hanging.promise;
    return { calls: 1, pause: null, fault: null };
  };
  const { agenda: made, running, stop } = agenda(clock, 0);
  const errand = (part: string, node: string): Errand => ({ scope: "test", part, node, interval: MINUTE, run });
  made.keep([errand("a", "x"), errand("b", "x"), errand("c", "x"), errand("d", "y")], 5);
  await clock.advance(MINUTE);
  assert.equal(underWay, 3);
  stop.abort();
  hanging.resolve();
  await running;
});

test("a slow server is asked less", async () => {
  const clock = new FakeClock();
  let calls = 0;
  const run: Errand["run"] = async () => {
    calls++;
    await clock.sleep(5 * SECOND);
    return { calls: 1, pause: null, fault: null };
  };
  const { agenda: made, errands, running, stop } = agenda(clock, 50, { run });
  made.keep(errands, 2);
  await clock.advance(5 * MINUTE);
  assert.ok(calls < 80, `${calls} calls of 600`);
  stop.abort();
  await clock.advance(10 * SECOND);
  await running;
});

test("nothing begins while it is held, and what is no longer kept is no longer run", async () => {
  const clock = new FakeClock();
  const { agenda: made, errands, turns, total, running, stop } = agenda(clock, 4);
  made.keep(errands, 5);
  made.hold();
  await clock.advance(5 * MINUTE);
  assert.equal(total(), 0);
  made.keep(errands.slice(0, 1), 5);
  await clock.advance(5 * MINUTE);
  assert.deepEqual([...turns.keys()], ["errand 0"]);
  stop.abort();
  await running;
});

test("what begins to move has its turn within its interval, however long it was to rest", async () => {
  const clock = new FakeClock();
  let turns = 0;
  const run: Errand["run"] = async () => {
    turns++;
    return { calls: 1, pause: HOUR, fault: null };
  };
  const { agenda: made, errands, running, stop } = agenda(clock, 1, { run });
  made.keep(errands, 5);
  await clock.advance(10 * MINUTE);
  assert.equal(turns, 1);
  made.keep(
    errands.map(errand => ({ ...errand, soon: true })),
    5,
  );
  await clock.advance(2 * MINUTE);
  assert.equal(turns, 2);
  stop.abort();
  await running;
});

test("heavy errands are under way one at a time, with a share of the calls, and hold up no other", async () => {
  const clock = new FakeClock();
  let [underWay, most, heavy] = [0, 0, 0];
  const run: Errand["run"] = async () => {
    most = Math.max(most, ++underWay);
    heavy++;
    await clock.sleep(SECOND);
    underWay--;
    return { calls: 5, pause: HOUR, fault: null };
  };
  const { agenda: made, errands, total, running, stop } = agenda(clock, 100);
  const large = Array.from({ length: 100 }, (_, part): Errand => {
    return { scope: "past", part: String(part), node: `node${part}`, interval: HOUR, patient: true, heavy: true, run };
  });
  made.keep([...errands, ...large], 10);
  await clock.advance(2 * MINUTE);
  assert.equal(most, 1);
  // Five calls each, at two and a half a second.
  assert.ok(heavy >= 40 && heavy <= 61, `${heavy} of them`);
  assert.ok(total() >= 180, `${total()} of the others`);
  stop.abort();
  await clock.advance(2 * SECOND);
  await running;
});

test("pauses double up to half an hour, the budget grows with nodes within bounds", () => {
  assert.deepEqual(
    [0, 1, 3, 20].map(failures => backOff(MINUTE, failures)),
    [MINUTE, 2 * MINUTE, 8 * MINUTE, HOUR / 2],
  );
  assert.equal(backOff(HOUR, 5), 2 * HOUR);
  assert.deepEqual([1, 10, 100].map(callsPerSecond), [2, 5, 10]);
});
