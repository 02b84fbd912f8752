import assert from "node:assert/strict";
import { after, test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { call, present } from "./call.ts";
import { openEstate } from "./estate.ts";

const clusters = [{ name: "c", nodes: 2, guests: 3 }];
const estate = await openEstate({ seed: "admin", clusters, clock: new FakeClock() });
after(() => estate[Symbol.asyncDispose]());
const instance = present(estate.instances[0]);

async function admin(method: string, path: string, body?: unknown) {
  const init =
    body === undefined ? { method } : { method, body: typeof body === "string" ? body : JSON.stringify(body) };
  const answer = await fetch(`${estate.adminUrl}${path}`, init);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

test("a fault is caused, listed and cleared by its id", async () => {
  const fault = { kind: "status", status: 500, path: "/version" };
  const { status, body } = await admin("POST", "/fault", fault);
  assert.equal(status, 201);
  assert.equal((await call(instance, "/version")).status, 500);
  const listed = (await admin("GET", "/")).body.faults as { id: string; fault: unknown }[];
  assert.deepEqual(
    listed.map(entry => [entry.id, entry.fault]),
    [[body.id, fault]],
  );
  await admin("DELETE", `/fault/${body.id}`);
  assert.equal((await call(instance, "/version")).status, 200);
});

test("all faults are cleared at once", async () => {
  await admin("POST", "/fault", { kind: "reset" });
  await admin("POST", "/fault", { kind: "html-502" });
  assert.deepEqual((await admin("DELETE", "/fault")).body, { faults: [] });
});

const wrong: [string, unknown, RegExp][] = [
  ["what is not JSON", "{", /JSON/],
  ["what is not an object", 5, /object/],
  ["an unknown kind", { kind: "fire" }, /Unknown "kind": "fire"; known: status/],
  ["a missing field", { kind: "node-off", instance: "c" }, /"node"/],
  ["a field of the wrong type", { kind: "latency", delay: "x" }, /"delay" of "latency" is a number/],
  ["a field too many", { kind: "reset", colour: "red" }, /no field "colour"/],
  ["an unknown node", { kind: "node-off", instance: "c", node: "x" }, /no node "x"/],
];
for (const [name, body, message] of wrong)
  test(`${name} is refused, saying why`, async () => {
    const answer = await admin("POST", "/fault", body);
    assert.equal(answer.status, 400);
    assert.match(String(answer.body.error), message);
  });

test("requests are counted until the count is reset", async () => {
  await admin("DELETE", "/requests");
  await call(instance, "/nodes/pve1/qemu/100/status/current");
  assert.deepEqual((await admin("GET", "/requests")).body, {
    total: 1,
    byPath: { "/nodes/{node}/qemu/{vmid}/status/current": 1 },
  });
  assert.equal((await admin("DELETE", "/requests")).body.total, 0);
});

test("other addresses are not known", async () => assert.equal((await admin("GET", "/other")).status, 404));
