import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { MINUTE, SECOND } from "../kit/units.ts";
import { NatsClock } from "./nats-clock.ts";

test("it is gone by the clock of NATS where this machine's is wrong, and that is said once", () => {
  const own = new FakeClock();
  const said: string[] = [];
  const nats = new NatsClock(own, (_, message) => void said.push(message));
  assert.equal(nats.now(), null);
  nats.hear(own.now(), null);
  assert.equal(nats.now(), null, "it did not say");
  nats.hear(own.now(), own.now() - SECOND);
  assert.equal(nats.now(), own.now(), "a little is left as it is");
  for (let again = 0; again < 3; again++) nats.hear(own.now(), own.now() - 5 * MINUTE);
  assert.equal(nats.now(), own.now() - 5 * MINUTE);
  nats.hear(own.now() - 3 * SECOND, own.now());
  assert.equal(nats.now(), own.now() - 5 * MINUTE, "an answer that took long says nothing");
  nats.hear(own.now(), own.now() + MINUTE);
  assert.equal(nats.at(own.now()), own.now() + MINUTE);
  nats.hear(own.now(), own.now());
  assert.equal(nats.now(), own.now());
  assert.equal(said.length, 3, said.join("; "));
  nats.hear(own.now(), own.now() - 5 * MINUTE);
  assert.equal(nats.clock.now(), own.now() - 5 * MINUTE);
  assert.equal(nats.own(nats.clock.now()), own.now());
});
