import assert from "node:assert/strict";
import { test } from "node:test";
import { LookFailed } from "../source.ts";
import { memberUrl, sameMembers, toClusterStatus, toFingerprint, toVersion } from "./cluster-status.ts";
import { toNodeStatus } from "./node-status.ts";

test("a quorum that is not told is not lost", () => {
  const quorateOf = (more: object) => toClusterStatus([{ type: "cluster", name: "office", ...more }], "office").quorate;
  assert.deepEqual([{}, { quorate: null }, { quorate: 0 }, { quorate: "" }, { quorate: "1" }].map(quorateOf), [
    null,
    null,
    false,
    false,
    true,
  ]);
});

test("a node's status is read whether its numbers are numbers or strings", () => {
  const status = toNodeStatus(
    {
      loadavg: ["0.52", "0.48", "0.45"],
      kversion: "Linux 6.8.12-4-pve #1 SMP PREEMPT_DYNAMIC",
      pveversion: "pve-manager/8.4.1/2a5fa54a8503f96d",
      cpuinfo: { model: " Intel(R) N100 ", cpus: 4, sockets: 1, mhz: "2800.123" },
    },
    "home",
    "pve1",
  );
  assert.deepEqual(status, {
    id: "home:node:pve1",
    loadAverage: [0.52, 0.48, 0.45],
    kernelVersion: "6.8.12-4-pve",
    pveVersion: "pve-manager/8.4.1/2a5fa54a8503f96d",
    cpuInfo: { model: "Intel(R) N100", cores: 4, sockets: 1, mhz: "2800.123" },
  });
});

test("what a node does not tell is null", () => {
  const status = toNodeStatus({ loadavg: ["x"], cpuinfo: null }, "home", "pve1");
  assert.deepEqual([status.loadAverage, status.kernelVersion, status.cpuInfo], [null, null, null]);
  assert.throws(() => toNodeStatus(null, "home", "pve1"), LookFailed);
});

test("a cluster tells its name, its quorum and its members", () => {
  const status = toClusterStatus(
    [
      { type: "cluster", name: "office", quorate: 1, nodes: 2 },
      { type: "node", name: "pve1", ip: "10.0.0.1", online: 1, local: 1 },
      { type: "node", name: "pve2", online: 0 },
    ],
    "office",
  );
  assert.equal(status.clusterName, "office");
  assert.equal(status.quorate, true);
  assert.deepEqual(status.members, [
    { node: "pve1", ip: "10.0.0.1", online: true },
    { node: "pve2", ip: null, online: false },
  ]);
});

test("a standalone host is no cluster", () => {
  const status = toClusterStatus([{ type: "node", name: "attic", nodeid: 0, online: 1 }], "attic");
  assert.deepEqual([status.clusterName, status.quorate, status.members.length], [null, null, 1]);
});

test("a member's address takes scheme and port of the configured host", () => {
  assert.equal(memberUrl("https://pve1.example.com:8006", "10.0.0.2"), "https://10.0.0.2:8006");
  assert.equal(memberUrl("https://pve1.example.com", "fd00::2"), "https://[fd00::2]");
});

test("an own certificate of a node goes before the one its cluster gave it", () => {
  const own = { filename: "pveproxy-ssl.pem", fingerprint: "AA" };
  const given = { filename: "pve-ssl.pem", fingerprint: "BB" };
  assert.equal(toFingerprint([given, own]), "AA");
  assert.equal(toFingerprint([given]), "BB");
  assert.equal(toFingerprint(null), null);
});

test("members are the same whatever their order and the spelling of the fingerprint", () => {
  const one = { node: "a", url: "https://10.0.0.1:8006", fingerprint: "AA:BB" };
  const two = { node: "b", url: "https://10.0.0.2:8006", fingerprint: null };
  assert.ok(sameMembers([one, two], [two, { ...one, fingerprint: "aabb" }]));
  assert.ok(!sameMembers([one, two], [one]));
  assert.ok(!sameMembers([one], [{ ...one, url: "https://10.0.0.9:8006" }]));
});

test("the version may be a number", () => {
  assert.deepEqual(
    [toVersion({ version: "9.1.2" }), toVersion({ version: 9.1 }), toVersion({})],
    ["9.1.2", "9.1", null],
  );
});
