import assert from "node:assert/strict";
import { test } from "node:test";
import { LookFailed } from "../source.ts";
import { type CephAnswers, toCephCluster } from "./ceph.ts";

const STATUS = {
  fsid: "4f7c",
  health: { status: "HEALTH_OK", checks: {} },
  monmap: { mons: [{ name: "a" }, { name: "b" }, { name: "c" }] },
  mgrmap: { available: true, active_name: "a", standbys: [{ name: "b" }] },
  osdmap: { num_osds: 4, num_up_osds: 3, num_in_osds: 4 },
  pgmap: { bytes_total: 1000, bytes_used: 250, bytes_avail: 750, num_pgs: 129 },
};
const NOTHING: CephAnswers = { status: STATUS, pools: null, mons: null, mgrs: null, mdss: null, osds: null };
const ceph = (more: Partial<CephAnswers>) => toCephCluster({ ...NOTHING, ...more }, "home", 1_767_225_600_500);
const status = (more: Record<string, unknown>) => ceph({ status: { ...STATUS, ...more } });

test("counts and sizes come from the status", () => {
  const cluster = ceph({});
  assert.deepEqual(
    [
      cluster.numMons,
      cluster.numMgrs,
      cluster.numOsds,
      cluster.numOsdsUp,
      cluster.numPGs,
      cluster.usagePercent,
      cluster.lastUpdated,
    ],
    [3, 2, 4, 3, 129, 25, 1_767_225_600],
  );
});

const SHAPES: [sentence: string, more: Record<string, unknown>, field: string, expected: unknown][] = [
  ["monitors as a number", { monmap: { num_mons: 5 } }, "numMons", 5],
  ["a map within the map", { osdmap: { osdmap: { num_osds: 9 } } }, "numOsds", 9],
  ["standbys as a number", { mgrmap: { available: true, num_standbys: 2 } }, "numMgrs", 3],
  ["no manager that is told of", { mgrmap: undefined }, "numMgrs", null],
  ["no sizes yet", { pgmap: {} }, "usagePercent", null],
  [
    "the sentences of all checks but the muted",
    {
      health: {
        status: "HEALTH_WARN",
        checks: {
          OSD_DOWN: { summary: { message: "1 osds down" } },
          PG_DEGRADED: { summary: { message: "Degraded data redundancy" } },
          OLD: { muted: true, summary: { message: "whatever" } },
        },
      },
    },
    "healthMessage",
    "1 osds down; Degraded data redundancy",
  ],
];
for (const [sentence, more, field, expected] of SHAPES)
  test(sentence, () => assert.equal((status(more) as Record<string, unknown>)[field], expected));

test("a pool's free space follows from its share", () => {
  const [pool, empty] = ceph({
    pools: [
      { pool: 2, pool_name: "vm", bytes_used: 250, percent_used: 0.25 },
      { pool: 1, pool_name: ".mgr", bytes_used: 0, percent_used: 0 },
      {},
    ],
  }).pools;
  assert.deepEqual([pool?.availableBytes, pool?.percentUsed, pool?.objects], [750, 25, null]);
  assert.equal(empty?.availableBytes, null);
});

test("what is offline is named, with its host", () => {
  const osd = (id: number, status: string) => ({ id: String(id), name: `osd.${id}`, type: "osd", status });
  const { services } = ceph({
    mons: [
      { name: "a", host: "pve1", quorum: 1 },
      { name: "b", host: "pve2", quorum: 0 },
    ],
    mgrs: [
      { name: "a", host: "pve1", state: "active" },
      { name: "x", host: "pve2", state: "unknown" },
    ],
    mdss: [],
    osds: {
      root: {
        children: [
          {
            type: "root",
            name: "default",
            children: [{ type: "host", name: "pve1", children: [osd(0, "up"), osd(1, "down")] }],
          },
        ],
      },
    },
  });
  assert.deepEqual(services, [
    { type: "mon", running: 1, total: 2, message: "Offline: mon.b@pve2" },
    { type: "mgr", running: 1, total: 2, message: "Offline: mgr.x@pve2" },
    { type: "osd", running: 1, total: 2, message: "Offline: osd.1@pve1" },
  ]);
});

test("without a health it is no status", () => assert.throws(() => ceph({ status: {} }), LookFailed));
