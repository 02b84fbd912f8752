import assert from "node:assert/strict";
import { test } from "node:test";
import { toCounts, toProblems, toVerdict } from "./problems.ts";
import { type Sample, samplePicture } from "./sample.ts";

const FAULT = { kind: "unreachable", message: "No route" } as const;
const POOL = {
  name: "rpool",
  state: "ONLINE",
  status: null,
  scan: null,
  readErrors: 0,
  writeErrors: 0,
  checksumErrors: 0,
  devices: [],
  size: 100,
  free: 60,
  fragmentation: 1,
};
const OLD = { stale: true, fault: "No route" };

const CASES: [sentence: string, sample: Sample, problems: string[]][] = [
  ["all is well", { nodes: [{}], guests: [{}], storage: [{}] }, []],
  [
    "a dead instance is told once, not with each of its nodes, guests and storages",
    {
      instances: [{ status: "offline", fault: FAULT }],
      nodes: [{ status: "offline", ...OLD }],
      guests: [{ status: "unknown", ...OLD }],
      storage: [{ ...OLD, active: false }],
    },
    ["critical: home cannot be reached (No route)"],
  ],
  [
    "an instance that refuses us",
    { instances: [{ status: "degraded", fault: { kind: "auth", message: "Token refused" } }], nodes: [OLD] },
    ["warning: home does not answer as it should (Token refused)"],
  ],
  ["lost quorum", { instances: [{ quorate: false }] }, ["critical: home has lost its quorum"]],
  [
    "one silent address",
    {
      instances: [
        {
          endpoints: [
            { url: "https://a:8006", node: "a", fault: null },
            { url: "https://b:8006", node: "b", fault: FAULT },
          ],
        },
      ],
    },
    ["warning: home answers at 1 of 2 addresses (No route)"],
  ],
  [
    "a dead node carries its guests and storages",
    {
      nodes: [{ status: "offline", ...OLD }, { node: "pve2" }],
      guests: [
        { status: "unknown", ...OLD },
        { vmid: 101, node: "pve2" },
      ],
      storage: [{ active: false, ...OLD }],
    },
    ["critical: pve1 is offline, and with it 1 guest (No route)"],
  ],
  [
    "a guest that HA gave up",
    { nodes: [{}], guests: [{ name: "web", hastate: "error" }] },
    ["critical: web was given up by high availability (Its HA state is error)"],
  ],
  ["a stale node", { nodes: [OLD] }, ["warning: pve1 shows old numbers (No route)"]],
  [
    "a root filesystem that fills up",
    { nodes: [{ disk: { total: 100, used: 92, free: 8, usage: 92 } }] },
    ["warning: pve1 has a root filesystem that is 92 % full"],
  ],
  [
    "storages that fill up, the worst first",
    { nodes: [{}], storage: [{ usage: 91 }, { storage: "nas", shared: true, usage: 98 }] },
    ["critical: Storage nas is 98 % full", "warning: Storage local on pve1 is 91 % full"],
  ],
  [
    "a storage that is not active",
    { nodes: [{}], storage: [{ active: false }] },
    ["warning: Storage local on pve1 is not active"],
  ],
  ["a disabled storage is meant to be so", { nodes: [{}], storage: [{ active: false, enabled: false }] }, []],
  [
    "a disk that fails, one that is worn, one that says nothing",
    {
      disks: [
        { devPath: "/dev/sda", health: "FAILED", model: "ACME 1" },
        { devPath: "/dev/sdb", wearout: 7 },
        { devPath: "/dev/sdc", health: "UNKNOWN" },
      ],
    },
    [
      "critical: Disk /dev/sda on pve1 fails its SMART check (ACME 1)",
      "warning: Disk /dev/sdb on pve1 has 7 % of its life left",
    ],
  ],
  [
    "Ceph that complains",
    { ceph: [{ health: "HEALTH_WARN", healthMessage: "1 osds down" }] },
    ["warning: Ceph of home has warnings (1 osds down)"],
  ],
  [
    "a ZFS pool that lost a disk",
    { nodes: [{ zfsPools: [{ ...POOL, state: "DEGRADED", status: "One or more devices…" }] }] },
    ["critical: ZFS pool rpool on pve1 is degraded (One or more devices…)"],
  ],
  [
    "a ZFS pool with errors",
    { nodes: [{ zfsPools: [{ ...POOL, checksumErrors: 3 }] }] },
    ["warning: ZFS pool rpool on pve1 counts 3 errors"],
  ],
  [
    "a certificate that is about to expire",
    { nodes: [{ certificateExpires: 3 * 86_400_000 }] },
    ["warning: pve1 has a certificate that needs renewal (good for 3 more days)"],
  ],
  [
    "stale guests of a living node are told together",
    { nodes: [{}], guests: [OLD, { vmid: 101, ...OLD }] },
    ["warning: 2 guests show old numbers (No route)"],
  ],
];

test("what is wrong is told once", () => {
  for (const [sentence, sample, expected] of CASES) {
    const problems = toProblems(samplePicture(sample)).map(
      ({ level, subject, says, detail }) => `${level}: ${subject} ${says}${detail ? ` (${detail})` : ""}`,
    );
    assert.deepEqual(problems, expected, sentence);
  }
});

test("problem ids are unique: a list keyed by them shows each", () => {
  const problems = toProblems(
    samplePicture({ nodes: [OLD, { node: "pve2", ...OLD }], storage: [{ usage: 91 }, { storage: "b", usage: 95 }] }),
  );
  assert.equal(new Set(problems.map(({ id }) => id)).size, 4);
});

test("the verdict in one sentence", () => {
  const verdict = (sample: Sample) => {
    const picture = samplePicture(sample);
    return toVerdict(picture, toProblems(picture));
  };
  assert.deepEqual(verdict({ instances: [] }), { level: "empty", text: "Nothing to watch yet" });
  assert.deepEqual(verdict({ nodes: [{}] }), { level: "well", text: "All is well" });
  assert.deepEqual(verdict({ instances: [{ status: "connecting" }] }), { level: "waiting", text: "Waiting for home" });
  assert.deepEqual(verdict({ storage: [{ usage: 91 }] }), { level: "warning", text: "1 problem" });
  assert.deepEqual(verdict({ nodes: [{ status: "offline" }, { node: "pve2", ...OLD }] }), {
    level: "critical",
    text: "2 problems",
  });
});

test("counts leave templates out", () => {
  const guests = [{}, { vmid: 101, status: "stopped" }, { vmid: 102, template: true, status: "stopped" }];
  assert.equal(toCounts(samplePicture({ nodes: [{}], guests })), "1 node · 1 of 2 guests running");
  const nodes = [{}, { node: "pve2", status: "offline" as const }];
  assert.equal(toCounts(samplePicture({ nodes })), "1 of 2 nodes online · 0 of 0 guests running");
});
