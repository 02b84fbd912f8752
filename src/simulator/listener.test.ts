import assert from "node:assert/strict";
import { Agent } from "node:https";
import { after, test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { call, present, tokenOf } from "./call.ts";
import { openEstate } from "./estate.ts";

const estate = await openEstate({
  seed: "wire",
  clusters: [{ name: "c", nodes: 2, guests: 40 }],
  clock: new FakeClock(),
});
after(() => estate[Symbol.asyncDispose]());
const instance = present(estate.instances[0]);

test("answers are compressed only when that is asked for", async () => {
  const plain = await call(instance, "/cluster/resources");
  const headers = { ...tokenOf(instance), "accept-encoding": "gzip" };
  const packed = await call(instance, "/cluster/resources", { headers });
  assert.equal(plain.headers["content-encoding"], undefined);
  assert.equal(packed.headers["content-encoding"], "gzip");
  assert.equal(packed.text, plain.text);
  assert.ok(packed.size < plain.size / 3);
  assert.equal((await call(instance, "/version", { headers })).headers["content-encoding"], undefined);
});

test("a connection is kept for five seconds and a hundred requests", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const said: (string | string[] | undefined)[] = [];
  for (let count = 1; count <= 100; count++)
    said.push((await call(instance, "/version", { agent })).headers.connection);
  assert.deepEqual([said[0], said[98], said[99]], ["keep-alive", "keep-alive", "close"]);
  const { headers } = await call(instance, "/version", { agent });
  assert.match(String(headers["keep-alive"]), /^timeout=5\b/);
  agent.destroy();
});

test("requests are counted by path pattern", async () => {
  estate.requests.reset();
  await call(instance, "/nodes/pve1/status");
  await call(instance, "/nodes/pve2/status");
  await call(instance, "/cluster/ceph/df");
  await call(instance, "/access/ticket", { method: "POST" });
  assert.deepEqual(estate.requests.read(), {
    total: 4,
    byPath: { "/nodes/{node}/status": 2, other: 1, "POST /access/ticket": 1 },
  });
});

const oddities: [string, string, number][] = [
  ["a malformed escape in a path", "/nodes/%E0%A4%A/status", 500],
  ["a doubled slash", "//cluster//resources", 501],
  ["an empty path", "", 501],
];
for (const [name, path, status] of oddities)
  test(`${name} is answered with ${status}`, async () => assert.equal((await call(instance, path)).status, status));

test("the latency and the wait after a refused login are spent in real time", async () => {
  const options = { seed: "slow", clusters: [{ name: "c", nodes: 1, guests: 1 }], latency: 40, authDelay: 80 };
  await using slow = await openEstate(options);
  const patient = present(slow.instances[0]);
  const timed = async (headers: Record<string, string>) => {
    const start = performance.now();
    await call(patient, "/version", { headers });
    return performance.now() - start;
  };
  assert.ok((await timed(tokenOf(patient))) >= 39);
  assert.ok((await timed({})) >= 119);
});
