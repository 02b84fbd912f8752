import assert from "node:assert/strict";
import { after, test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../kit/units.ts";
import { call, present, rowsOf } from "./call.ts";
import { openEstate } from "./estate.ts";
import type { EstateOptions } from "./options.ts";

/** Ten seconds after the full hour: the guest that is backed up hourly is at it. */
const T0 = Date.UTC(2026, 0, 1, 10, 0, 10);

const OPTIONS: EstateOptions = {
  seed: "answers",
  clusters: [
    { name: "new", nodes: 3, guests: 60 },
    { name: "mid", nodes: 2, guests: 9, version: "8.4" },
    { name: "eight", nodes: 2, guests: 9, version: "8.0" },
    { name: "old", nodes: 1, guests: 9, version: "7.4", standalone: true },
  ],
};

const clock = new FakeClock(T0);
const estate = await openEstate({ ...OPTIONS, clock });
after(() => estate[Symbol.asyncDispose]());
const [fresh, mid, eight, old] = estate.instances.map(present) as [I, I, I, I];
type I = (typeof estate.instances)[number];
type Row = Record<string, unknown>;

const resources = (await rowsOf(fresh, "/cluster/resources")) as Row[];
const one = (id: string, rows = resources): Row => present(rows.find(row => row.id === id));

test("two estates of one seed and clock answer alike, one of another seed does not", async () => {
  await using twin = await openEstate({ ...OPTIONS, clock: new FakeClock(T0) });
  await using other = await openEstate({ ...OPTIONS, seed: "other", clock: new FakeClock(T0) });
  for (const path of [
    "/cluster/resources",
    "/cluster/status",
    "/nodes/pve2/status",
    "/nodes/pve1/qemu",
    "/nodes/pve1/storage",
  ]) {
    const { text } = await call(fresh, path);
    assert.equal((await call(present(twin.instances[0]), path)).text, text, path);
    if (path !== "/cluster/status") assert.notEqual((await call(present(other.instances[0]), path)).text, text, path);
  }
});

test("values stand still within a tick and move with the next", async () => {
  const clock = new FakeClock(T0);
  await using estate = await openEstate({ ...OPTIONS, clock });
  const instance = present(estate.instances[0]);
  const first = await call(instance, "/cluster/resources");
  await clock.advance(9 * SECOND);
  assert.equal((await call(instance, "/cluster/resources")).text, first.text);
  await clock.advance(SECOND);
  assert.notEqual((await call(instance, "/cluster/resources")).text, first.text);
});

const rows: [string, () => unknown, unknown][] = [
  ["a VM never tells how full its disk is", () => resources.filter(row => row.type === "qemu" && row.disk !== 0), []],
  ["a VM may have no disk to measure", () => one("qemu/121").maxdisk, 0],
  ["a container tells how full its disk is", () => Number(one("lxc/102").disk) > 0, true],
  [
    "on 9 a process may hold more memory than the guest has",
    () => Number(one("qemu/104").mem) > Number(one("qemu/104").maxmem),
    true,
  ],
  [
    "on 9 guests tell what they cost the host",
    () => Number(one("qemu/100").memhost) > Number(one("qemu/100").mem),
    true,
  ],
  ["tags are separated by semicolons", () => one("qemu/100").tags, "db;prod"],
  ["a guest without tags has no such field", () => "tags" in one("qemu/119"), false],
  ["a template is marked", () => [one("qemu/119").template, one("qemu/100").template], [1, 0]],
  ["a backup locks its guest", () => one("lxc/114").lock, "backup"],
  ["HA says its state", () => one("qemu/107").hastate, "started"],
  ["pools are named", () => one("qemu/100").pool, "production"],
  ["paused is known here", () => one("qemu/133").status, "paused"],
  [
    "stopped guests use nothing",
    () => [one("lxc/111").status, one("lxc/111").cpu, one("lxc/111").uptime],
    ["stopped", 0, 0],
  ],
  [
    "a shared storage is listed once per node",
    () => resources.filter(row => row.storage === "ceph-vm").map(row => row.node),
    ["pve1", "pve2", "pve3"],
  ],
  [
    "one storage is nearly full",
    () => Number(one("storage/pve1/nas-backup").disk) / Number(one("storage/pve1/nas-backup").maxdisk) > 0.9,
    true,
  ],
  [
    "a storage tells kind, content and whether it is shared",
    () => [one("storage/pve1/pbs").plugintype, one("storage/pve1/pbs").content, one("storage/pve1/pbs").shared],
    ["pbs", "backup", 1],
  ],
  ["a storage that is off is not listed", () => resources.some(row => row.storage === "old-nas"), false],
  ["a restricted storage is listed where it is", () => resources.filter(row => row.storage === "fast-nvme").length, 1],
  ["networks are there as well", () => one("network/pve1/zone/localnetwork").type, "network"],
  ["VMIDs repeat across clusters", () => one("qemu/100").vmid, 100],
];
for (const [name, of, expected] of rows) test(`cluster/resources: ${name}`, () => assert.deepEqual(of(), expected));

const calls: [string, I, string, (data: never) => unknown, unknown][] = [
  [
    "resources by type: guests only",
    fresh,
    "/cluster/resources?type=vm",
    (d: Row[]) => [...new Set(d.map(r => r.type))].sort(),
    ["lxc", "qemu"],
  ],
  [
    "resources of 8.4 know no memhost",
    mid,
    "/cluster/resources?type=vm",
    (d: Row[]) => d.some(r => "memhost" in r),
    false,
  ],
  [
    "resources of 8 list networks as sdn",
    mid,
    "/cluster/resources?type=sdn",
    (d: Row[]) => d[0]?.id,
    "sdn/pve1/localnetwork",
  ],
  [
    "status/current calls a paused VM running",
    fresh,
    "/nodes/pve1/qemu/133/status/current",
    (d: Row) => [d.status, d.qmpstatus],
    ["running", "paused"],
  ],
  [
    "the list calls a paused VM running",
    fresh,
    "/nodes/pve1/qemu",
    (d: Row[]) => d.find(r => r.vmid === 133)?.status,
    "running",
  ],
  ["agent may be missing", fresh, "/nodes/pve1/qemu/109/status/current", (d: Row) => "agent" in d, false],
  ["agent may be a flag", fresh, "/nodes/pve1/qemu/100/status/current", (d: Row) => d.agent, 1],
  [
    "agent may be an object",
    fresh,
    "/nodes/pve2/qemu/104/status/current",
    (d: Row) => d.agent,
    { enabled: 1, available: 1 },
  ],
  [
    "pressure of a container is a string",
    fresh,
    "/nodes/pve3/lxc/102/status/current",
    (d: Row) => typeof d.pressurecpusome,
    "string",
  ],
  [
    "old releases give a container's numbers as strings",
    old,
    "/nodes/old/lxc",
    (d: Row[]) => [d[0]?.vmid, typeof d[0]?.cpus],
    ["102", "string"],
  ],
  [
    "load averages are strings",
    fresh,
    "/nodes/pve1/status",
    (d: { loadavg: unknown[] }) => d.loadavg.map(l => typeof l),
    ["string", "string", "string"],
  ],
  [
    "mhz and hvm are strings",
    fresh,
    "/nodes/pve1/status",
    (d: { cpuinfo: Row }) => [typeof d.cpuinfo.mhz, d.cpuinfo.hvm],
    ["string", "1"],
  ],
  [
    "new releases tell available memory",
    mid,
    "/nodes/pve1/status",
    (d: { memory: Row }) => "available" in d.memory,
    true,
  ],
  ["old releases do not", eight, "/nodes/pve1/status", (d: { memory: Row }) => "available" in d.memory, false],
  [
    "the kernel of 7.4 stands in kversion only",
    old,
    "/nodes/old/status",
    (d: Row) => ["current-kernel" in d, String(d.kversion).split(" ")[1]],
    [false, "5.15.158-2-pve"],
  ],
  [
    "a standalone host has no cluster entry, number 0, no ip",
    old,
    "/cluster/status",
    (d: Row[]) => [d.length, d[0]?.nodeid, "ip" in (d[0] ?? {})],
    [1, 0, false],
  ],
  [
    "a cluster says that it is quorate",
    fresh,
    "/cluster/status",
    (d: Row[]) => [d[0]?.type, d[0]?.quorate, d.length],
    ["cluster", 1, 4],
  ],
  [
    "switched-off storages are listed with zeros",
    fresh,
    "/nodes/pve1/storage",
    (d: Row[]) => {
      const s = d.find(r => r.storage === "old-nas");
      return [s?.enabled, s?.active, s?.total];
    },
    [0, 0, 0],
  ],
  [
    "restricted storages are listed as not enabled elsewhere",
    fresh,
    "/nodes/pve2/storage",
    (d: Row[]) => d.find(r => r.storage === "fast-nvme")?.enabled,
    0,
  ],
  [
    "directories keep a reserve",
    fresh,
    "/nodes/pve1/storage",
    (d: Row[]) => {
      const s = present(d.find(r => r.storage === "local"));
      return Number(s.used) + Number(s.avail) < Number(s.total);
    },
    true,
  ],
  [
    "flags of the storage configuration are absent for false",
    fresh,
    "/storage",
    (d: Row[]) => [d.filter(r => "disable" in r).map(r => r.storage), d.some(r => "shared" in r)],
    [["old-nas"], false],
  ],
  ["versions differ by instance", old, "/version", (d: Row) => d.version, "7.4-18"],
  [
    "offline and online nodes are listed",
    fresh,
    "/nodes",
    (d: Row[]) => d.map(r => r.status),
    ["online", "online", "online"],
  ],
];
for (const [name, instance, path, of, expected] of calls)
  test(`${name}`, async () => {
    const answer = await call(instance, path);
    assert.deepEqual((of as (data: unknown) => unknown)(answer.data), expected);
  });

test("`local` is true for whoever is asked", async () => {
  for (const node of ["pve1", "pve3"]) {
    const local = (await rowsOf(fresh, "/cluster/status", node)).filter(row => row.local === 1).map(row => row.name);
    assert.deepEqual(local, [node]);
  }
});

test("a member is reached at the ip that the cluster tells, with the port that one knows", {
  skip: process.platform !== "linux",
}, async () => {
  const status = await rowsOf(fresh, "/cluster/status");
  for (const { node, url } of fresh.endpoints) {
    const { hostname, port } = new URL(url);
    assert.equal(status.find(row => row.name === node)?.ip, hostname);
    assert.equal(port, new URL(present(fresh.endpoints[0]).url).port);
  }
});

test("on systems with one loopback address every node has its own port and tells no ip", async () => {
  await using estate = await openEstate({
    seed: "one",
    clusters: [{ name: "c", nodes: 3, guests: 3 }],
    clock,
    loopback: "one",
  });
  const instance = present(estate.instances[0]);
  assert.equal(new Set(instance.endpoints.map(one => new URL(one.url).port)).size, 3);
  assert.ok((await rowsOf(instance, "/cluster/status", "pve3")).every(row => !("ip" in row)));
});

test("a node's certificate is good for some months, its cluster's authority for longer", async () => {
  for (const { node } of fresh.endpoints) {
    const [root, own] = await rowsOf(fresh, `/nodes/${node}/certificates/info`);
    const until = Number(own?.notafter) * 1000;
    const days = (until - clock.now()) / DAY;
    assert.ok(days >= 160 && days <= 251, String(days));
    assert.ok(Number(root?.notafter) > Number(own?.notafter));
  }
});

test("every node shows the certificate that the API tells, and it can be verified", async () => {
  for (const { node, fingerprint } of fresh.endpoints) {
    const info = await rowsOf(fresh, `/nodes/${node}/certificates/info`);
    const own = present(info.find(row => row.filename === "pve-ssl.pem"));
    assert.equal(own.fingerprint, fingerprint);
    assert.equal((await call(fresh, "/version", { ca: String(own.pem) }, node)).fingerprint, fingerprint);
  }
  const join = (await call(fresh, "/cluster/config/join")).data as { nodelist: Row[] };
  assert.deepEqual(
    join.nodelist.map(row => row.pve_fp),
    fresh.endpoints.map(one => one.fingerprint),
  );
});

const refusals: [string, I, string, number, string, RegExp][] = [
  ["an unknown path", fresh, "/cluster/ceph/df", 501, "Method 'GET /cluster/ceph/df' not implemented", /"message"/],
  [
    "the export before 8.2.5",
    eight,
    "/cluster/metrics/export",
    501,
    "Method 'GET /cluster/metrics/export' not implemented",
    /^\{"data":null\}$/,
  ],
  [
    "an unknown parameter",
    fresh,
    "/cluster/resources?full=1",
    400,
    "Parameter verification failed.",
    /"errors":\{"full":"property is not defined/,
  ],
  [
    "an unknown kind of resource",
    fresh,
    "/cluster/resources?type=disk",
    400,
    "Parameter verification failed.",
    /enumeration/,
  ],
  [
    "an unknown node",
    fresh,
    "/nodes/nope/status",
    500,
    "hostname lookup 'nope' failed - failed to get address info for: nope: Name or service not known",
    /hostname lookup/,
  ],
  [
    "a guest that is elsewhere",
    fresh,
    "/nodes/pve2/qemu/100/status/current",
    500,
    "Configuration file 'nodes/pve2/qemu-server/100.conf' does not exist",
    /does not exist/,
  ],
  [
    "joining a host that stands alone",
    old,
    "/cluster/config/join",
    500,
    "node is not in a cluster, no join info available!",
    /^\{"data":null\}$/,
  ],
];
for (const [name, instance, path, status, reason, body] of refusals)
  test(`${name} is refused with the reason in the status line`, async () => {
    const answer = await call(instance, path);
    assert.deepEqual([answer.status, answer.reason, answer.headers.connection], [status, reason, "close"]);
    assert.match(answer.text, body);
  });

interface Records {
  data: { id: string; metric: string; timestamp: number; type: string; value: number }[];
}

test("the export gives the newest tick, and what resources say", async () => {
  const { data } = (await call(fresh, "/cluster/metrics/export")).data as Records;
  const net = present(data.find(record => record.id === "qemu/100" && record.metric === "net_in"));
  assert.deepEqual(net, { ...net, timestamp: T0 / 1000, type: "derive", value: one("qemu/100").netin });
  assert.deepEqual(
    data.filter(record => record.id === "lxc/111").map(record => record.metric),
    ["uptime", "cpu_max", "mem_total", "disk_total"],
  );
});

const exports: [string, string, number, number][] = [
  ["half an hour of history", "history=1", 181, T0 / 1000],
  ["history after a start", `history=1&start-time=${T0 / 1000 - 60}`, 6, T0 / 1000],
  ["nothing when nothing is newer", `history=1&start-time=${T0 / 1000}`, 0, 0],
];
for (const [name, query, ticks, newest] of exports)
  test(`the export gives ${name}`, async () => {
    const { data } = (await call(mid, `/cluster/metrics/export?${query}`)).data as Records;
    const times = [...new Set(data.map(record => record.timestamp))];
    assert.deepEqual([times.length, times.at(-1) ?? 0], [ticks, newest]);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  });

test("the export of one node tells of that node only", async () => {
  const { data } = (await call(mid, "/cluster/metrics/export?local-only=1", {}, "pve2")).data as Records;
  const names = new Set(data.filter(record => record.id.startsWith("node/")).map(record => record.id));
  assert.deepEqual([...names], ["node/pve2"]);
});

test("the backup ends, and an hour later there is another", async () => {
  const clock = new FakeClock(T0);
  await using estate = await openEstate({ ...OPTIONS, clock });
  const lock = async () =>
    (await rowsOf(present(estate.instances[0]), "/cluster/resources")).find(row => row.id === "lxc/114")?.lock;
  const seen = [await lock()];
  for (const step of [6 * MINUTE, HOUR - 6 * MINUTE]) {
    await clock.advance(step);
    seen.push(await lock());
  }
  assert.deepEqual(seen, ["backup", undefined, "backup"]);
});
