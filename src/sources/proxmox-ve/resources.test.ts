import assert from "node:assert/strict";
import { test } from "node:test";
import { RateMeter } from "../rates.ts";
import { LookFailed } from "../source.ts";
import { type Resources, toMemory, toResources } from "./resources.ts";

const NODE = {
  type: "node",
  id: "node/pve1",
  node: "pve1",
  status: "online",
  cpu: 0.123456,
  mem: 6,
  maxmem: 8,
  disk: 1,
  maxdisk: 4,
  uptime: 60,
};
const VM = {
  type: "qemu",
  id: "qemu/100",
  vmid: 100,
  name: "web",
  node: "pve1",
  status: "running",
  cpu: 0.5,
  maxcpu: 2,
  mem: 1024,
  maxmem: 4096,
  disk: 0,
  maxdisk: 8192,
  netin: 1000,
  netout: 500,
  diskread: 10,
  diskwrite: 20,
  uptime: 3600,
  template: 0,
};
/** All steps at once. */
function whole(data: unknown, meter: RateMeter, at: number): Resources {
  const steps = toResources(data, "home", meter, at);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

const translate = (...rows: object[]) => whole([NODE, ...rows], new RateMeter(0), 0);
const guestOf = (row: object) => translate(row).guests[0];

test("a running VM has its figures; how full its disk is, PVE does not know", () => {
  const guest = guestOf(VM);
  assert.equal(guest?.id, "home:guest:100");
  assert.equal(guest?.cpu, 0.5);
  assert.deepEqual(guest?.memory, { total: 4096, used: 1024, free: 3072, usage: 25, source: "cluster-resources" });
  assert.deepEqual(guest?.disk, { total: 8192, used: null, free: null, usage: -1 });
  assert.equal(guest?.networkIn, null, "a first reading has no rate");
});

test("a running container knows how full its disk is", () => {
  assert.deepEqual(guestOf({ ...VM, type: "lxc", disk: 2048 })?.disk, {
    total: 8192,
    used: 2048,
    free: 6144,
    usage: 25,
  });
});

type Expectation = Record<string, unknown>;
const GUESTS: [sentence: string, row: object, expected: Expectation][] = [
  [
    "numbers may be strings, as older releases give them for containers",
    { ...VM, vmid: "100", maxcpu: "2", cpu: "0.25" },
    { vmid: 100, cpus: 2, cpu: 0.25 },
  ],
  ["tags are separated by semicolons", { ...VM, tags: "prod;web" }, { tags: "prod,web" }],
  ["no tags are null, not an empty text", { ...VM, tags: "" }, { tags: null }],
  ["a template is one", { ...VM, status: "stopped", template: 1 }, { template: true, status: "stopped" }],
  ["a lock is carried", { ...VM, lock: "backup" }, { lock: "backup" }],
  ["a lock that went is null", VM, { lock: null }],
  [
    "a stopped guest uses nothing",
    { ...VM, status: "stopped", cpu: 0, mem: 0, uptime: 0 },
    { cpu: 0, mem: 0, uptime: 0, networkIn: 0 },
  ],
  ["a paused guest keeps its memory", { ...VM, status: "paused" }, { status: "paused", mem: 1024 }],
  ["a missing cpu is unknown, not 0", { ...VM, cpu: undefined }, { cpu: null }],
  [
    "memory above the maximum is that of the process on the host, so unknown",
    { ...VM, mem: 5000 },
    { memory: null, mem: null, maxmem: 4096 },
  ],
  ["a boot disk of size 0 is unknown", { ...VM, maxdisk: 0 }, { disk: null }],
];
for (const [sentence, row, expected] of GUESTS)
  test(sentence, () => {
    const guest: Record<string, unknown> = { ...guestOf(row) };
    for (const [field, value] of Object.entries(expected)) assert.deepEqual(guest[field], value, field);
  });

test("a guest of a dead node says only who it is, so that its last name and numbers stand", () => {
  const guest = guestOf({ type: "qemu", id: "qemu/100", vmid: 100, node: "pve2", status: "unknown" });
  assert.equal(guest?.withheld, 'Node "pve2" does not answer for its guests');
  for (const field of ["name", "cpu", "memory", "maxmem", "template"] as const)
    assert.ok(!(guest && field in guest), field);
});

test("a guest that is listed at both ends of its way is where it runs, whichever comes first", () => {
  const there = { ...VM, node: "pve2", status: "stopped", lock: "migrate", uptime: 0 };
  for (const rows of [
    [VM, there],
    [there, VM],
  ])
    assert.deepEqual(
      translate(...rows).guests.map(({ node, status }) => [node, status]),
      [["pve1", "running"]],
    );
});

test("an offline node has no numbers, and says so", () => {
  const { nodes } = translate({ type: "node", node: "pve2", status: "offline" });
  assert.equal(nodes[1]?.status, "offline");
  assert.equal(nodes[1]?.withheld, 'Node "pve2" is offline to its cluster');
  assert.ok(!(nodes[1] && "cpu" in nodes[1]));
});

test("a reboot restarts the counters without a negative rate", () => {
  const meter = new RateMeter(0);
  const read = (netin: number, at: number) => whole([NODE, { ...VM, netin }], meter, at).guests[0]?.networkIn;
  assert.deepEqual(
    [read(1000, 0), read(11_000, 10_000), read(50, 20_000), read(10_050, 30_000)],
    [null, 1000, null, 1000],
  );
});

const STORAGE = {
  type: "storage",
  storage: "local",
  node: "pve1",
  status: "available",
  plugintype: "dir",
  content: "iso,backup",
  disk: 25,
  maxdisk: 100,
};
test("a local storage is one per node", () => {
  const { storages } = translate(STORAGE, { ...STORAGE, node: "pve2" });
  assert.deepEqual(
    storages.map(({ id, node, shared }) => ({ id, node, shared })),
    [
      { id: "home:storage:local@pve1", node: "pve1", shared: false },
      { id: "home:storage:local@pve2", node: "pve2", shared: false },
    ],
  );
});

test("a shared storage is listed once with its nodes, also where PVE forgets to say that it is shared", () => {
  const nfs = { ...STORAGE, storage: "nas", plugintype: "nfs" };
  const { storages } = translate({ ...nfs, node: "pve2", status: "unknown", disk: undefined }, nfs);
  assert.equal(storages.length, 1);
  assert.deepEqual(storages[0]?.nodes, ["pve1", "pve2"]);
  assert.deepEqual([storages[0]?.id, storages[0]?.node, storages[0]?.usage], ["home:storage:nas", "shared", 25]);
});

test("a storage that is not active keeps its last numbers and says why", () => {
  const [storage] = translate({ ...STORAGE, status: "unknown", disk: undefined, maxdisk: undefined }).storages;
  assert.equal(storage?.active, false);
  assert.ok(storage && !("total" in storage));
  assert.match(storage?.withheld ?? "", /"local" is not active on "pve1"/);
});

const REFUSED: [sentence: string, data: unknown, kind: string][] = [
  ["an answer that is no list", { nodes: [] }, "garbled"],
  ["an empty list", [], "empty"],
  ["null in place of a list", null, "empty"],
  ["a list without nodes", [VM], "empty"],
  ["a guest without a VMID", [NODE, { ...VM, vmid: undefined }], "garbled"],
  ["a guest without a node", [NODE, { ...VM, node: "" }], "garbled"],
];
for (const [sentence, data, kind] of REFUSED)
  test(`${sentence} is a failed look, not an empty estate`, () => {
    assert.throws(
      () => whole(data, new RateMeter(0), 0),
      (error: unknown) => error instanceof LookFailed && error.fault.kind === kind,
    );
  });

const MEMORY: [used: number | null, total: number | null, usage: number | undefined][] = [
  [1, 4, 25],
  [0, 4, 0],
  [4, 4, 100],
  [5, 4, undefined],
  [1, 0, undefined],
  [null, 4, undefined],
  [1, null, undefined],
];
for (const [used, total, usage] of MEMORY)
  test(`${used} of ${total} bytes is ${usage ?? "an unknown"} percent`, () => {
    assert.equal(toMemory(used, total, "cluster-resources")?.usage, usage);
  });
