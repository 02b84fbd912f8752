import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR, MINUTE, SECOND } from "../kit/units.ts";
import { present } from "./call.ts";
import type { Fault, FaultEntry } from "./fault.ts";
import { planEstate } from "./plan.ts";
import { demoEstate, sizedEstate } from "./presets.ts";
import { type Guest, type Scene, toScene } from "./scene.ts";

const T0 = Date.UTC(2026, 2, 3, 9);
const [PLAN] = planEstate(sizedEstate({ nodes: 3, guests: 60, seed: "scene" }));
const COUNTERS = ["netin", "netout", "diskread", "diskwrite"] as const;

function look(at: number, ...entries: FaultEntry[]): Scene {
  return toScene(present(PLAN), entries, at, at);
}

function entry(fault: Fault, since: number, until: number | null = null): FaultEntry {
  return { id: "fault-1", fault, since, until };
}

function guestOf(scene: Scene, vmid: number): Guest | undefined {
  return scene.guests.find(guest => guest.plan.vmid === vmid);
}

test("counters never run back and memory and CPU do not jump in two hours of ticks", () => {
  let before = look(T0);
  for (let at = T0 + 10 * SECOND; at < T0 + 2 * HOUR; at += 10 * SECOND) {
    const now = look(at);
    for (const [index, guest] of now.guests.entries()) {
      const last = present(before.guests[index]);
      if (guest.uptime < last.uptime) continue;
      for (const counter of COUNTERS) assert.ok(guest[counter] >= last[counter], `${guest.plan.name} ${counter}`);
      assert.ok(Math.abs(guest.cpu - last.cpu) < 0.1, `${guest.plan.name} CPU from ${last.cpu} to ${guest.cpu}`);
      assert.ok(Math.abs(guest.mem - last.mem) / guest.plan.maxmem < 0.02, `${guest.plan.name} memory`);
    }
    before = now;
  }
});

test("a node uses what its guests use and a little more", () => {
  const scene = look(T0);
  for (const node of scene.nodes) {
    const guests = scene.guests.filter(guest => guest.node === node.plan.name);
    const cores = guests.reduce((total, guest) => total + guest.cpu * guest.plan.cores, 0) / node.plan.cores;
    assert.ok(node.cpu > cores && node.cpu < cores + 0.05);
    assert.ok(node.mem > guests.reduce((total, guest) => total + guest.mem, 0) && node.mem < node.plan.maxmem);
  }
});

const G = { instance: "cluster1", vmid: 100 };
const AT = T0 + HOUR;
const changes: [string, FaultEntry, number, (guest: Guest | undefined) => unknown, unknown][] = [
  ["migrated is on the other node", entry({ ...G, kind: "guest-migrated", to: "pve3" }, AT), AT, g => g?.node, "pve3"],
  ["migrated starts counting anew", entry({ ...G, kind: "guest-migrated", to: "pve3" }, AT), AT, g => g?.netin, 0],
  [
    "migrated a minute ago is up a minute",
    entry({ ...G, kind: "guest-migrated", to: "pve3" }, AT - MINUTE),
    AT,
    g => g?.uptime,
    60,
  ],
  [
    "back home starts counting once more",
    entry({ ...G, kind: "guest-migrated", to: "pve3" }, T0, AT),
    AT,
    g => [g?.node, g?.netin],
    ["pve1", 0],
  ],
  [
    "rebooted starts counting anew",
    entry({ ...G, kind: "guest-rebooted" }, AT),
    AT,
    g => [g?.status, g?.uptime],
    ["running", 0],
  ],
  [
    "stopped uses nothing",
    entry({ ...G, kind: "guest-stopped" }, T0),
    AT,
    g => [g?.status, g?.cpu, g?.mem],
    ["stopped", 0, 0],
  ],
  [
    "started again runs from 0",
    entry({ ...G, kind: "guest-stopped" }, T0, AT),
    AT,
    g => [g?.status, g?.diskread],
    ["running", 0],
  ],
  ["at full speed shows it", entry({ ...G, kind: "guest-cpu", cpu: 0.97 }, T0), AT, g => g?.cpu, 0.97],
  ["locked says so", entry({ ...G, kind: "guest-locked", lock: "snapshot" }, T0), AT, g => g?.lock, "snapshot"],
  ["deleted is gone", entry({ ...G, kind: "guest-deleted" }, T0), AT, g => g, undefined],
  [
    "on a node that is off is unknown",
    entry({ kind: "node-off", instance: "cluster1", node: "pve1" }, T0),
    AT,
    g => g?.status,
    "unknown",
  ],
  [
    "on a node that came back starts from 0",
    entry({ kind: "node-off", instance: "cluster1", node: "pve1" }, T0, AT),
    AT,
    g => [g?.status, g?.uptime],
    ["running", 0],
  ],
];
for (const [name, fault, at, of, expected] of changes)
  test(`a guest ${name}`, () => assert.deepEqual(of(guestOf(look(at, fault), 100)), expected));

test("a guest that is made runs from 0 under its own name", () => {
  const fault = { kind: "guest-created", instance: "cluster1", vmid: 999, node: "pve2", name: "fresh" } as const;
  const guest = guestOf(look(AT, entry(fault, AT)), 999);
  assert.deepEqual([guest?.plan.name, guest?.node, guest?.status, guest?.uptime], ["fresh", "pve2", "running", 0]);
});

test("the demo has a bit of everything", () => {
  const plans = planEstate(demoEstate());
  const guests = plans.flatMap(plan => plan.guests);
  assert.deepEqual(
    plans.map(plan => plan.name),
    ["home", "office", "attic"],
  );
  assert.equal(guests.length, 140);
  assert.ok(guests.some(guest => guest.template) && guests.some(guest => guest.backedUp));
  assert.ok(guests.filter(guest => guest.status === "stopped").length >= 5);
  const [home, office] = plans;
  assert.ok(
    home?.guests.some(guest => office?.guests.some(other => other.vmid === guest.vmid)),
    "VMIDs repeat",
  );
  for (const plan of plans) assert.equal(new Set(plan.guests.map(guest => guest.name)).size, plan.guests.length);
});

const sizes: [string, Parameters<typeof sizedEstate>[0], [string, number, number][]][] = [
  ["one cluster takes all", { nodes: 4, guests: 10 }, [["cluster1", 4, 10]]],
  [
    "guests go by nodes",
    { nodes: 5, guests: 50, clusters: 2 },
    [
      ["cluster1", 3, 30],
      ["cluster2", 2, 20],
    ],
  ],
  [
    "hosts stand beside",
    { nodes: 4, guests: 8, standalone: 1 },
    [
      ["cluster1", 3, 6],
      ["host1", 1, 2],
    ],
  ],
];
for (const [name, size, expected] of sizes)
  test(`an estate by size: ${name}`, () =>
    assert.deepEqual(
      sizedEstate(size).clusters.map(one => [one.name, one.nodes, one.guests]),
      expected,
    ));

test("an estate whose nodes do not go round is refused", () => {
  assert.throws(() => sizedEstate({ nodes: 1, guests: 1, clusters: 2 }), RangeError);
  assert.throws(
    () => planEstate({ seed: "", clusters: [{ name: "x", nodes: 2, guests: 0, standalone: true }] }),
    RangeError,
  );
});
