import assert from "node:assert/strict";
import { request } from "node:https";
import { after, afterEach, test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { MIB, MINUTE, SECOND } from "../kit/units.ts";
import { type Answer, call, present, rowsOf, tokenOf } from "./call.ts";
import { openEstate } from "./estate.ts";
import { type Fault, UnknownFault } from "./fault.ts";

const clock = new FakeClock(Date.UTC(2026, 0, 1, 10));
const estate = await openEstate({
  seed: "faults",
  clusters: [
    { name: "c", nodes: 3, guests: 30 },
    { name: "d", nodes: 1, guests: 3, standalone: true },
  ],
  clock,
});
const { faults } = estate;
after(() => estate[Symbol.asyncDispose]());
afterEach(() => faults.clear());
const c = present(estate.instances[0]);
const d = present(estate.instances[1]);

/** The error code of a call that should fail. */
async function failureOf(promise: Promise<Answer>): Promise<string> {
  try {
    return `answered ${(await promise).status}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

const spoiled: [string, Fault, string, (answer: Answer) => unknown, unknown][] = [
  [
    "a status",
    { kind: "status", status: 500, reason: "got timeout" },
    "/version",
    a => [a.status, a.reason],
    [500, "got timeout"],
  ],
  [
    "a refused login",
    { kind: "status", status: 401 },
    "/version",
    a => [a.status, a.text, a.headers["content-type"]],
    [401, "", undefined],
  ],
  [
    "a path unknown to this version",
    { kind: "status", status: 501, path: "/cluster/metrics/*" },
    "/cluster/metrics/export",
    a => a.status,
    501,
  ],
  [
    "failed proxying",
    { kind: "status", status: 595, path: "/nodes/pve2/*" },
    "/nodes/pve2/status",
    a => [a.status, a.reason, a.text],
    [595, "Connection refused", ""],
  ],
  ["cut JSON", { kind: "cut-json" }, "/cluster/resources", a => [a.status, isJson(a.text)], [200, false]],
  [
    "a proxy's page",
    { kind: "html-502" },
    "/version",
    a => [a.status, a.headers["content-type"], a.text.includes("nginx")],
    [502, "text/html", true],
  ],
  ["20 MB", { kind: "huge-body" }, "/version", a => [a.status, a.size], [200, 20 * MIB]],
  ["nothing where a list is due", { kind: "null-data", path: "/nodes/*/lxc" }, "/nodes/pve1/lxc", a => a.data, null],
  ["an empty list", { kind: "empty-resources" }, "/cluster/resources", a => a.data, []],
  ["an empty list only where it belongs", { kind: "empty-resources" }, "/nodes", a => (a.data as unknown[]).length, 3],
  [
    "nothing when it is for another path",
    { kind: "status", status: 500, path: "/nodes/*/status" },
    "/version",
    a => a.status,
    200,
  ],
  [
    "nothing when it is for another instance",
    { kind: "status", status: 500, instance: "d" },
    "/version",
    a => a.status,
    200,
  ],
  [
    "nothing when it is for another socket",
    { kind: "status", status: 500, instance: "c", node: "pve2" },
    "/version",
    a => a.status,
    200,
  ],
];
for (const [name, fault, path, of, expected] of spoiled)
  test(`the fault gives ${name}`, async () => {
    await faults.cause(fault);
    assert.deepEqual(of(await call(c, path)), expected);
    await faults.clear();
    assert.equal((await call(c, path)).status, 200);
  });

test("a reset comes instead of an answer", async () => {
  await faults.cause({ kind: "reset" });
  assert.equal(await failureOf(call(c, "/version")), "ECONNRESET");
});

test("latency is added", async () => {
  await faults.cause({ kind: "latency", delay: 30 });
  await faults.cause({ kind: "latency", delay: 30, node: "pve1", instance: "c" });
  const start = performance.now();
  await call(c, "/version");
  assert.ok(performance.now() - start >= 59);
});

for (const [kind, enough] of [
  ["slow-body", 12],
  ["endless-body", 3 * MIB],
] as const)
  test(`a ${kind} goes on after ${enough} bytes until the client has had enough`, async () => {
    await faults.cause({ kind });
    const url = `${present(c.endpoints[0]).url}/api2/json/version`;
    const size = await new Promise<number>((resolve, reject) => {
      const sent = request(url, { headers: tokenOf(c), rejectUnauthorized: false, agent: false }, response => {
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size < enough) return;
          resolve(size);
          response.destroy();
        });
        response.on("end", () => reject(new Error("It ended")));
      });
      sent.on("error", reject);
      sent.end();
    });
    assert.ok(size >= enough);
  });

test("a node that is off refuses connections, the others call it offline and know its guests by number only", async () => {
  const ids = new Set((await rowsOf(c, "/cluster/resources?type=vm")).filter(r => r.node === "pve2").map(r => r.id));
  await faults.cause({ kind: "node-off", instance: "c", node: "pve2" });
  assert.equal(await failureOf(call(c, "/version", {}, "pve2")), "ECONNREFUSED");
  const rows = await rowsOf(c, "/cluster/resources", "pve3");
  const node = present(rows.find(row => row.id === "node/pve2"));
  assert.deepEqual(node, { id: "node/pve2", node: "pve2", type: "node", status: "offline" });
  const guests = rows.filter(row => ids.has(row.id));
  assert.equal(guests.length, 10);
  const known = new Set(["id", "vmid", "node", "type", "status", "pool", "tags", "lock"]);
  for (const guest of guests) {
    assert.equal(guest.status, "unknown");
    assert.ok(Object.keys(guest).every(field => known.has(field)));
  }
  assert.ok(rows.filter(row => row.type === "storage" && row.node === "pve2").every(row => row.status === "unknown"));
  const list = await rowsOf(c, "/nodes", "pve1");
  assert.ok(!("cpu" in present(list.find(row => row.node === "pve2"))));
  const status = await rowsOf(c, "/cluster/status", "pve1");
  assert.equal(status.find(row => row.name === "pve2")?.online, 0);
  assert.equal(status.find(row => row.type === "cluster")?.quorate, 1);
  const proxied = await call(c, "/nodes/pve2/status", {}, "pve1");
  assert.deepEqual([proxied.status, proxied.reason, proxied.text], [595, "No route to host", ""]);
});

test("half of the nodes off, and the rest, lose the quorum", async () => {
  for (const node of ["pve2", "pve3"]) await faults.cause({ kind: "node-off", instance: "c", node });
  assert.equal((await rowsOf(c, "/cluster/status")).find(row => row.type === "cluster")?.quorate, 0);
});

test("a node that is off for five minutes is back after them, with counters from 0", async () => {
  await faults.cause({ kind: "node-off", instance: "c", node: "pve1", lasts: 5 * MINUTE });
  await clock.advance(5 * MINUTE - 1);
  await faults.settled();
  assert.equal(await failureOf(call(c, "/version", {}, "pve1")), "ECONNREFUSED");
  await clock.advance(1);
  await faults.settled();
  const guest = (await call(c, "/nodes/pve1/qemu/100/status/current", {}, "pve1")).data as Record<string, unknown>;
  assert.deepEqual([guest.status, guest.uptime, guest.netin], ["running", 0, 0]);
});

test("a changed certificate is shown, and told, until the fault is cleared", async () => {
  const before = present(c.endpoints[0]).fingerprint;
  await faults.cause({ kind: "certificate-changed", instance: "c", node: "pve1" });
  const after = present(c.endpoints[0]).fingerprint;
  assert.notEqual(after, before);
  assert.equal((await call(c, "/version")).fingerprint, after);
  await faults.clear();
  assert.equal((await call(c, "/version")).fingerprint, before);
});

type Row = Record<string, unknown>;
const G = { instance: "c", vmid: 100 } as const;
const guests: [string, Fault, (row: Row | undefined) => unknown, unknown][] = [
  ["migrates", { ...G, kind: "guest-migrated", to: "pve3" }, r => [r?.node, r?.netin, r?.uptime], ["pve3", 0, 0]],
  ["stops", { ...G, kind: "guest-stopped" }, r => r?.status, "stopped"],
  ["reboots", { ...G, kind: "guest-rebooted" }, r => [r?.status, r?.uptime], ["running", 0]],
  ["is deleted", { ...G, kind: "guest-deleted" }, r => r, undefined],
  ["has a CPU spike", { ...G, kind: "guest-cpu", cpu: 0.99 }, r => r?.cpu, 0.99],
  ["is locked", { ...G, kind: "guest-locked", lock: "backup" }, r => r?.lock, "backup"],
];
for (const [name, fault, of, expected] of guests)
  test(`a guest ${name}, and is as before when the fault has passed`, async () => {
    const look = async () => (await rowsOf(c, "/cluster/resources?type=vm")).find(row => row.id === "qemu/100");
    const before = present(await look());
    await faults.cause({ ...fault, lasts: MINUTE });
    assert.deepEqual(of(await look()), expected);
    await clock.advance(MINUTE);
    const after = present(await look());
    assert.deepEqual([after.node, after.status, after.lock], [before.node, before.status, before.lock]);
  });

test("a guest is made, and a stopped one started", async () => {
  await faults.cause({ kind: "guest-created", instance: "c", vmid: 500, node: "pve2", type: "lxc" });
  await faults.cause({ kind: "guest-started", instance: "c", vmid: 111 });
  await clock.advance(20 * SECOND);
  const rows = await rowsOf(c, "/cluster/resources?type=vm");
  const made = present(rows.find(row => row.id === "lxc/500"));
  assert.deepEqual([made.name, made.node, made.uptime], ["new-500", "pve2", 20]);
  assert.equal(rows.find(row => row.vmid === 111)?.status, "running");
});

test("a guest that was made and has passed can be made again", async () => {
  const fault = { kind: "guest-created", instance: "c", vmid: 501, node: "pve2" } as const;
  await faults.cause(fault);
  await assert.rejects(faults.cause(fault), UnknownFault);
  await faults.clear();
  await faults.cause(fault);
});

const unknown: [string, Fault][] = [
  ["instance", { kind: "token-revoked", instance: "x" }],
  ["node", { kind: "node-off", instance: "c", node: "x" }],
  ["target", { kind: "guest-migrated", instance: "c", vmid: 100, to: "x" }],
  ["guest", { kind: "guest-stopped", instance: "c", vmid: 9 }],
];
for (const [name, fault] of unknown)
  test(`a fault about an unknown ${name} is refused`, () => assert.rejects(faults.cause(fault), UnknownFault));

test("faults of a cluster leave the others alone", async () => {
  await faults.cause({ kind: "token-revoked", instance: "c" });
  await faults.cause({ kind: "reset", instance: "c" });
  assert.equal((await call(d, "/version")).status, 200);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
