import assert from "node:assert/strict";
import { test } from "node:test";
import { errors } from "@nats-io/transport-node";
import { FakeClock } from "../kit/clock.ts";
import { SECOND } from "../kit/units.ts";
import { Storing } from "./storing.ts";

const OFF = Object.assign(new Error("jetstream is not enabled"), { name: "JetStreamNotEnabled" });

test("that NATS stores nothing is told once, and when that is over; not while another leader is found", () => {
  const clock = new FakeClock();
  const said: string[] = [];
  const storing = new Storing(clock, (_, message) => said.push(message));
  const after = (seconds: number, error: Error | null) => {
    clock.set(clock.now() + seconds * SECOND);
    if (error) storing.failed(error);
    else storing.stored();
  };
  const began = clock.now() + 30 * SECOND;
  after(1, null);
  for (const error of [new errors.TimeoutError(), OFF]) after(5, error);
  after(1, null);
  assert.deepEqual([said, storing.refusal], [[], null]);
  after(18, new errors.TimeoutError());
  after(13, new errors.TimeoutError());
  assert.deepEqual(storing.refusal, { since: began, reason: "no server says that it is stored" });
  after(1, OFF);
  after(60, new Error("insufficient resources"));
  assert.deepEqual(storing.refusal, { since: began, reason: "insufficient resources" });
  after(1, null);
  after(1, null);
  assert.equal(storing.refusal, null);
  assert.deepEqual(said, [
    "NATS does not store what it is given: no server says that it is stored",
    "NATS stores again what it is given",
  ]);
});
