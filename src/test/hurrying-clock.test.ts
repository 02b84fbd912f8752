import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { systemClock } from "../kit/clock.ts";
import { every } from "../kit/every.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../kit/units.ts";
import { HurryingClock, type HurryingClockOptions } from "./hurrying-clock.ts";

const open = (change: Partial<HurryingClockOptions> = {}) =>
  new HurryingClock({ speed: 1, hurries: true, isBusy: () => false, ...change });

test("time in which nothing happens is passed over, and who sleeps wakes in order, each at his time", async () => {
  const clock = open();
  const began = clock.now();
  const woken: number[] = [];
  const stop = new AbortController();
  for (const hours of [3, 1, 2, 30])
    void clock.sleep(hours * HOUR, stop.signal).then(() => woken.push(Math.round((clock.now() - began) / HOUR)));
  await clock.pass(DAY);
  assert.deepEqual(woken, [1, 2, 3]);
  stop.abort();
  assert.equal(Math.round((clock.now() - began) / HOUR), 24);
});

test("a loop has its every turn, and what it asks for is there before the next", async context => {
  const clock = open();
  const server = createServer((_, response) => response.end("x")).listen(0, "127.0.0.1");
  context.after(() => server.close());
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = new AbortController();
  let [asked, answered, late] = [0, 0, 0];
  const turn = async () => {
    if (asked > answered) late += 1;
    asked += 1;
    await (await fetch(url, { headers: { connection: "close" } })).text();
    answered += 1;
  };
  const loop = every(10 * SECOND, () => void turn(), clock, stop.signal);
  await clock.pass(10 * MINUTE - SECOND);
  stop.abort();
  await loop;
  assert.deepEqual([asked, answered, late], [60, 60, 0]);
});

test("while somebody is busy it goes on as by itself", async () => {
  let isBusy = true;
  const clock = open({ speed: 1000, isBusy: () => isBusy });
  const began = clock.now();
  const real = performance.now();
  void systemClock.sleep(100).then(() => {
    isBusy = false;
  });
  await clock.pass(10 * MINUTE);
  assert.ok(performance.now() - real >= 99);
  assert.ok(clock.now() - began >= 10 * MINUTE);
});

test("who gives up sleeping wakes at once; where nobody waits, and where nothing is passed over, time goes by itself", async () => {
  const stop = new AbortController();
  const clock = open({ speed: 10_000 });
  const slept = clock.sleep(DAY, stop.signal);
  stop.abort();
  await slept;
  await clock.sleep(5 * MINUTE);
  const slow = open({ speed: 10_000, hurries: false });
  const real = performance.now();
  await slow.pass(10 * MINUTE);
  assert.ok(performance.now() - real >= 59);
});
