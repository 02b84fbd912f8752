import assert from "node:assert/strict";
import { test } from "node:test";
import type { KV, KvEntry } from "@nats-io/kv";
import { type Instant, MINUTE, SECOND } from "../kit/units.ts";
import type { Observation } from "../model/observation.ts";
import { Holes } from "./holes.ts";

const START = Date.UTC(2026, 0, 1);

/** What lies in NATS; `isDown`: nobody answers. */
function openBucket() {
  const values = new Map<string, string>();
  const state = { isDown: false };
  const answering = <T>(value: T) => (state.isDown ? Promise.reject(new Error("timeout")) : Promise.resolve(value));
  const bucket: Pick<KV, "get" | "put" | "delete"> = {
    get: key => {
      const value = values.get(key);
      return answering(value === undefined ? null : ({ operation: "PUT", string: () => value } as unknown as KvEntry));
    },
    put: async (key, value) => {
      await answering(null);
      return values.set(key, String(value)).size;
    },
    delete: key => answering(undefined).then(() => void values.delete(key)),
  };
  const lying = () => [...values].map(([key, value]) => `${key} ${(Number(value) - START) / SECOND}`);
  return { bucket, state, lying };
}

function look(kind: "seen" | "missed", seconds: number): Observation {
  const about = { kind, scope: "resources", instance: "home", at: START + seconds * SECOND, took: 0 };
  return { ...about, interval: 10 * SECOND } as unknown as Observation;
}
/** Begins to watch when what was heard of it is fresh still. */
const begin = (holes: Holes, bucket: Parameters<Holes["begin"]>[0], heard: Instant | null) =>
  holes.begin(bucket, "home", { heard, fresh: (heard ?? START) - 10 * SECOND });
const gap = (from: number, to: number) => ({ from: START + from * SECOND, to: START + to * SECOND });

test("what was missed lies there until it has been asked for and told", async () => {
  const { bucket, lying } = openBucket();
  const holes = new Holes("north");
  assert.equal(await begin(holes, bucket, null), null);
  holes.see(look("seen", 10));
  await holes.tell(bucket, true);
  assert.deepEqual(lying(), []);
  holes.miss("home", gap(10, 100));
  holes.see(look("seen", 100));
  await holes.tell(bucket, true);
  assert.deepEqual(lying(), ["north.home.=hole 10"]);
  holes.miss("home", null);
  await holes.tell(bucket, false);
  assert.equal(lying().length, 1, "what it asked for is still on its way");
  await holes.tell(bucket, true);
  assert.deepEqual(lying(), []);
});

test("looks that fail for long are a hole that is still growing; a few are none", async () => {
  const { bucket, lying } = openBucket();
  const holes = new Holes("north");
  await begin(holes, bucket, START);
  for (const at of [10, 20, 30]) holes.see(look("missed", at));
  await holes.tell(bucket, true);
  assert.deepEqual(lying(), []);
  for (const at of [40, 50]) holes.see(look("missed", at));
  await holes.tell(bucket, true);
  assert.deepEqual(lying(), ["north.home.=hole 0"]);
});

test("who takes over asks from there on, however late the stream has heard of it, and forgets it only when it has", async () => {
  const { bucket, lying } = openBucket();
  const lost = new Holes("north");
  await begin(lost, bucket, START);
  lost.miss("home", gap(0, 100));
  await lost.tell(bucket, true);

  const next = new Holes("north");
  assert.equal(await begin(next, bucket, START + 5 * MINUTE), START);
  await next.tell(bucket, true);
  assert.equal(lying().length, 1, "nothing was seen yet");
  next.miss("home", gap(0, 310));
  next.see(look("seen", 310));
  await next.tell(bucket, true);
  assert.equal(lying().length, 1, "not yet asked for");
  next.miss("home", null);
  await next.tell(bucket, true);
  assert.deepEqual(lying(), []);
});

test("what cannot be told, or was lost there, is told later", async () => {
  const { bucket, state, lying } = openBucket();
  const holes = new Holes("north");
  await begin(holes, bucket, START);
  holes.miss("home", gap(0, 100));
  state.isDown = true;
  await assert.rejects(holes.tell(bucket, true));
  state.isDown = false;
  await holes.tell(bucket, true);
  assert.equal(lying().length, 1);
  await bucket.delete("north.home.=hole");
  holes.startAnew();
  await holes.tell(bucket, true);
  assert.equal(lying().length, 1);
});

test("what was heard of too long ago is told to be missing before it is seen", async () => {
  const { bucket, lying } = openBucket();
  const holes = new Holes("north");
  assert.equal(await holes.begin(bucket, "home", { heard: START, fresh: START + 20 * SECOND }), START);
  await holes.tell(bucket, true);
  assert.deepEqual(lying(), ["north.home.=hole 0"]);
  holes.miss("home", gap(0, 50));
  holes.see(look("seen", 50));
  holes.miss("home", null);
  await holes.tell(bucket, true);
  assert.deepEqual(lying(), []);
});

test("what NATS has lost of what an edge saw is asked for by the one that has taken over since", async () => {
  const { bucket, lying } = openBucket();
  const [lost, next] = [new Holes("north"), new Holes("north")];
  await begin(lost, bucket, START);
  lost.end("home");
  await begin(next, bucket, START + MINUTE);
  assert.deepEqual(await next.compare(bucket), []);
  lost.lose("home", START);
  await lost.tell(bucket, true);
  assert.deepEqual(lying(), ["north.home.=hole 0"]);
  assert.deepEqual(await next.compare(bucket), ["home"]);
  assert.equal(await begin(next, bucket, START + MINUTE), START);
  assert.deepEqual(await next.compare(bucket), [], "it knows of that now");
  next.see(look("seen", 70));
  await next.tell(bucket, true);
  assert.deepEqual(lying(), []);
  await lost.tell(bucket, true);
  assert.deepEqual(lying(), [], "it is told once");
});

test("a loss takes nothing from what is to be asked for already, and what NATS loses of that is told again", async () => {
  const { bucket, lying } = openBucket();
  const [lost, next] = [new Holes("north"), new Holes("north")];
  await begin(next, bucket, START);
  next.miss("home", gap(0, 100));
  await next.tell(bucket, true);
  lost.lose("home", START + MINUTE);
  await lost.tell(bucket, true);
  assert.deepEqual(lying(), ["north.home.=hole 0"]);
  assert.deepEqual(await next.compare(bucket), []);
  await bucket.delete("north.home.=hole");
  assert.deepEqual(await next.compare(bucket), []);
  await next.tell(bucket, true);
  assert.deepEqual(lying(), ["north.home.=hole 0"]);
});

test("of many instances some are compared at once, and all in turn", async () => {
  const { bucket } = openBucket();
  const holes = new Holes("north");
  const names = Array.from({ length: 40 }, (_, at) => `i${at}`);
  for (const name of names) await holes.begin(bucket, name, { heard: START, fresh: START });
  for (const name of names) await bucket.put(`north.${name}.=hole`, String(START));
  const found = await holes.compare(bucket);
  assert.equal(found.length, 2);
  for (let turn = 1; turn < 20; turn++) found.push(...(await holes.compare(bucket)));
  assert.deepEqual(found.sort(), names.sort());
});
