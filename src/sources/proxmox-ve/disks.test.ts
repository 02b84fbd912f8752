import assert from "node:assert/strict";
import { test } from "node:test";
import { LookFailed } from "../source.ts";
import { toNvme, toPhysicalDisks, toTemperature } from "./disks.ts";
import { toNodeMemory } from "./node-status.ts";
import { type StorageKnowledge, toNodeStorages, toStorageConfigs, withKnowledge } from "./storage-config.ts";
import { toZfsPool } from "./zfs.ts";

const AT = Date.UTC(2026, 0, 1);
const disk = (row: Record<string, unknown>) =>
  toPhysicalDisks([{ devpath: "/dev/sda", ...row }], "home", "pve1", AT)[0];

const FIELDS: [sentence: string, row: Record<string, unknown>, field: string, expected: unknown][] = [
  ["wear is the life that is left", { wearout: 97 }, "wearout", 97],
  ["wear as text", { wearout: "97" }, "wearout", 97],
  ["wear that is not told", { wearout: "N/A" }, "wearout", -1],
  ["wear that is empty", { wearout: "" }, "wearout", -1],
  ["no wear at all", { wearout: null }, "wearout", -1],
  ["a worn-out disk", { wearout: 0 }, "wearout", 0],
  ["unknown turns", { rpm: -1 }, "rpm", null],
  ["no turns", { rpm: 0 }, "rpm", 0],
  ["turns as text", { rpm: "7200" }, "rpm", 7200],
  ["health of ATA", { health: "PASSED" }, "health", "PASSED"],
  ["health of SCSI", { health: "OK" }, "health", "PASSED"],
  ["a failure", { health: "FAILED!" }, "health", "FAILED"],
  ["health that is not told is no failure", { health: "" }, "health", "UNKNOWN"],
  ["a padded vendor that is none", { vendor: "ATA     ", model: "ST4000VN008" }, "model", "ST4000VN008"],
  ["a padded vendor", { vendor: "SEAGATE ", model: "ST8000NM001A" }, "model", "SEAGATE ST8000NM001A"],
  ["SATA by its vendor", { vendor: "ATA     ", type: "hdd" }, "type", "sata"],
  ["SAS by its vendor", { vendor: "SEAGATE ", type: "hdd" }, "type", "sas"],
  ["NVMe", { vendor: "unknown", type: "nvme" }, "type", "nvme"],
  ["an OSD by a text", { osdid: "3", "osdid-list": ["3"] }, "osd", "3"],
  ["no OSD by a number", { osdid: -1, "osdid-list": null }, "osd", null],
  ["several OSDs", { osdid: "3", "osdid-list": ["3", "4"] }, "osd", "3,4"],
  ["a serial number that is none", { serial: "unknown" }, "serial", ""],
];
for (const [sentence, row, field, expected] of FIELDS)
  test(sentence, () => assert.equal(disk(row)?.[field as keyof typeof disk], expected));

test("a disk keeps its id when its device is renamed; two of one serial number stay two", () => {
  assert.equal(disk({ serial: "S1" })?.id, disk({ serial: "S1", devpath: "/dev/sdz" })?.id);
  const two = toPhysicalDisks(
    [{ devpath: "/dev/sda", serial: "S1" }, { devpath: "/dev/sdb", serial: "S1" }, {}],
    "home",
    "pve1",
    AT,
  );
  assert.deepEqual(
    two.map(({ id }) => id),
    ["home:disk:pve1/S1", "home:disk:pve1//dev/sdb"],
  );
  assert.throws(() => toPhysicalDisks({}, "home", "pve1", AT), LookFailed);
});

const SMART: [sentence: string, data: unknown, degrees: number | null][] = [
  [
    "attribute 194",
    {
      attributes: [
        { id: "190", raw: "60" },
        { id: "194", raw: "35 (Min/Max 18/52)" },
      ],
    },
    35,
  ],
  ["attribute 190 in its place", { attributes: [{ id: "190", raw: "31" }] }, 31],
  ["a padded id", { attributes: [{ id: " 194", raw: "29" }] }, 29],
  [
    "NVMe as text",
    { text: "Critical Warning: 0x00\nTemperature:                        41 Celsius\nAvailable Spare: 100%" },
    41,
  ],
  ["SAS as text", { text: "Current Drive Temperature:     34 C\nDrive Trip Temperature:        60 C" }, 34],
  ["a disk that does not know", { attributes: [{ id: "194", raw: "0" }] }, null],
  ["nothing", { text: "" }, null],
];
for (const [sentence, data, degrees] of SMART)
  test(`temperature: ${sentence}`, () => assert.equal(toTemperature(data), degrees));

test("a node shows the temperatures of its NVMe disks", () => {
  const nvme = toNvme(
    [
      { type: "nvme", devPath: "/dev/nvme0n1", temperature: 40 },
      { type: "sata", devPath: "/dev/sda", temperature: 30 },
    ],
    AT,
  );
  assert.deepEqual(nvme?.nvme, [{ device: "nvme0n1", temp: 40 }]);
  assert.equal(toNvme([{ type: "nvme", devPath: "/dev/nvme0n1", temperature: null }], AT), null);
});

test("a pool has its devices in one list; spares and caches have no counters, groups no state", () => {
  const leaf = (name: string) => ({ name, state: "ONLINE", read: 0, write: 0, cksum: 0, leaf: 1 });
  const pool = toZfsPool(
    {
      state: "DEGRADED",
      status: "One or more devices are faulted.\n",
      children: [
        {
          name: "tank",
          state: "DEGRADED",
          read: 0,
          write: 0,
          cksum: 3,
          children: [
            {
              name: "raidz1-0",
              state: "DEGRADED",
              read: 0,
              write: 0,
              cksum: 0,
              children: [leaf("sda"), { ...leaf("sdb"), state: "FAULTED", cksum: "14", msg: "too many errors" }],
            },
          ],
        },
        { name: "logs", children: [leaf("nvme0n1p5")] },
        { name: "spares", children: [{ name: "sdh", state: "AVAIL" }] },
      ],
    },
    { name: "tank", health: "DEGRADED", size: 100, free: 40, frag: 12 },
  );
  assert.deepEqual(
    [pool.state, pool.status, pool.checksumErrors, pool.free],
    ["DEGRADED", "One or more devices are faulted.", 3, 40],
  );
  assert.deepEqual(
    pool.devices.map(({ name, type, state, checksumErrors }) => [name, type, state, checksumErrors]),
    [
      ["raidz1-0", "raidz1", "DEGRADED", 0],
      ["sda", "disk", "ONLINE", 0],
      ["sdb", "disk", "FAULTED", 14],
      ["nvme0n1p5", "log", "ONLINE", 0],
      ["sdh", "spare", "AVAIL", null],
    ],
  );
});

test("a pool whose devices nobody may see is known by the list", () => {
  const pool = toZfsPool(null, { name: "rpool", health: "ONLINE" });
  assert.deepEqual([pool.state, pool.devices, pool.readErrors], ["ONLINE", [], null]);
});

const MEMORY: [sentence: string, memory: Record<string, unknown>, used: number | null, source: string | undefined][] = [
  ["by what is available", { total: 100, used: 99, free: 1, available: 60 }, 40, "node-available"],
  ["by what is used, where nobody says what is available", { total: 100, used: 45, free: 55 }, 45, "node-used"],
  ["by what is used, where what is available cannot be", { total: 100, used: 45, available: 200 }, 45, "node-used"],
  ["not at all, where nothing is told", { total: 100 }, null, undefined],
];
for (const [sentence, memory, used, source] of MEMORY)
  test(`memory of a node ${sentence}`, () => {
    const told = toNodeMemory({ memory, swap: { used: 1, total: 8 } });
    assert.deepEqual([told?.used ?? null, told?.source], [used, source]);
  });

const CONFIGS = toStorageConfigs([
  { storage: "local-zfs", type: "zfspool", pool: "rpool/data", content: "images" },
  { storage: "nas", type: "nfs", content: "backup" },
  { storage: "old", type: "nfs", content: "images", disable: 1 },
  { storage: "scratch", type: "dir", content: "images", disable: 1, nodes: "pve1,pve9" },
]);
const POOL = { ...toZfsPool(null, { name: "rpool", health: "ONLINE" }), lastSeen: 0, stale: false, fault: null };
const KNOWN: StorageKnowledge = {
  configs: CONFIGS,
  onNode: new Map([
    [
      "pve1",
      toNodeStorages([
        { storage: "local-zfs", enabled: 1, active: 1, total: 10, avail: 7 },
        { storage: "nas", enabled: 1, active: 0, total: 0, avail: 0 },
        { storage: "old", enabled: 0, total: 0, avail: 0 },
      ]),
    ],
  ]),
  pools: new Map([
    ["pve1", [POOL]],
    ["pve2", [{ ...POOL, name: "other" }]],
  ]),
};
const listed = (storage: string, nodes: string[]) => ({
  id: `home:storage:${storage}`,
  storage,
  instance: "home",
  nodes,
  active: true,
  withheld: null,
});

test("a storage's pool comes by its configuration, not by its name; what is free leaves the reserve out", () => {
  const [zfs] = withKnowledge([listed("local-zfs", ["pve1"])], KNOWN, "home", ["pve1"]);
  assert.deepEqual([zfs?.zfsPool?.name, zfs?.avail, zfs?.active, zfs?.enabled], ["rpool", 7, true, true]);
  const [nas] = withKnowledge([listed("nas", ["pve1"])], KNOWN, "home", ["pve1"]);
  assert.deepEqual([nas?.zfsPool, nas?.active], [null, false]);
});

test("storages that are switched off are listed, local ones once a node they are for", () => {
  const all = withKnowledge([], KNOWN, "home", ["pve1", "pve2"]);
  assert.deepEqual(
    all.map(({ id, enabled, status }) => [id, enabled, status]),
    [
      ["home:storage:old", false, "disabled"],
      ["home:storage:scratch@pve1", false, "disabled"],
    ],
  );
});
