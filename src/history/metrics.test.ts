import assert from "node:assert/strict";
import { test } from "node:test";
import { type Picture, pictureOf } from "../model/picture.ts";
import type { State } from "../model/state.ts";
import { fromUnits, samplesOf, toUnits } from "./metrics.ts";

const ROUNDINGS = [
  ["percentages keep two decimals", 12.3456, 2, 12.35],
  ["bytes a second keep none", 1234.6, 0, 1235],
  ["bytes of a storage keep whole thousands", 1_234_567_890_123, -3, 1_234_567_890_000],
  ["an exabyte is no trouble", 1e18, -3, 1e18],
  ["zero is zero", 0, 2, 0],
  ["unknown stays unknown", null, 2, null],
  ["what is no number is unknown", Number.NaN, 2, null],
  ["what is too large to be kept is unknown", 1e300, 0, null],
] as const;

for (const [sentence, value, decimals, kept] of ROUNDINGS)
  test(sentence, () => {
    const units = toUnits(value, decimals);
    assert.equal(units === null ? null : fromUnits(units, decimals), kept);
  });

const fresh = { stale: false, lastSeen: 1, fault: null };
const node = { id: "a:node:n1", cpu: 0.5, memory: { usage: 40 }, disk: { usage: 30 }, ...fresh };
const guest = { id: "a:guest:1", cpu: 1.25, memory: null, disk: { usage: -1 }, networkIn: 7, networkOut: 8, ...fresh };
const container = { id: "a:guest:2", cpu: null, memory: null, disk: null, diskRead: 1, diskWrite: 0, ...fresh };
const storage = { id: "a:storage:s", usage: 10, used: 1, total: 10, avail: 9, ...fresh };

/** A picture with parts of entities: all that history reads. */
function pictureWith(lists: { [name: string]: unknown[] }): Picture {
  const none = { backupTasks: [], storageBackups: [], guestSnapshots: [] };
  const empty = new Proxy(lists, { get: (known, name) => known[String(name)] ?? (name === "pveBackups" ? none : []) });
  return pictureOf(empty as unknown as State);
}

test("nodes, guests and storages give their metrics in the order of the table, gaps where nobody knows", () => {
  const picture = pictureWith({ nodes: [node], vms: [guest], containers: [container], storage: [storage] });
  const unknown = undefined;
  assert.deepEqual(
    [...samplesOf(picture)],
    [
      { kind: "node", resource: "a:node:n1", values: [50, 40, 30] },
      { kind: "guest", resource: "a:guest:1", values: [125, null, null, 7, 8, unknown, unknown] },
      { kind: "guest", resource: "a:guest:2", values: [null, null, null, unknown, unknown, 1, 0] },
      { kind: "storage", resource: "a:storage:s", values: [10, 1, 10, 9] },
    ],
  );
});

test("what is stale gives nothing at all", () => {
  const stale = { stale: true, fault: "It does not answer" };
  const picture = pictureWith({ nodes: [{ ...node, ...stale }], vms: [{ ...guest, ...stale }, container] });
  assert.deepEqual(
    [...samplesOf(picture)].map(({ resource }) => resource),
    ["a:guest:2"],
  );
});

test("ZFS pools and Ceph clusters are remembered by how full they are", () => {
  const pool = { name: "tank", size: 200, free: 50, ...fresh };
  const zfsPools = [pool, { ...pool, name: "old", stale: true }, { ...pool, name: "new", size: null, free: null }];
  const ceph = { id: "a:ceph", usagePercent: 66, usedBytes: 2, totalBytes: 9, ...fresh };
  const picture = pictureWith({ nodes: [{ ...node, instance: "a", node: "n1", zfsPools }], cephClusters: [ceph] });
  assert.deepEqual([...samplesOf(picture)].slice(1), [
    { kind: "zfs", resource: "a:zfs:n1/tank", values: [75, 150, 200] },
    { kind: "zfs", resource: "a:zfs:n1/new", values: [null, null, null] },
    { kind: "ceph", resource: "a:ceph", values: [66, 2, 9] },
  ]);
});
