import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE } from "../kit/units.ts";
import type { Guest } from "../model/guest.ts";
import type { State } from "../model/state.ts";
import { startPulse } from "./pulse.ts";

const CLUSTER = "cluster1";
const known = (state: State) => state.vms.filter(({ disks }) => disks !== null);
const asked = ({ disks, diskStatusReason }: Guest) => disks !== null || diskStatusReason !== null;

test("guests tell their disks, systems, addresses and memory, and why they do not", async () => {
  await using pulse = await startPulse({ nodes: 3, guests: 60 });
  const state = await pulse.until(
    state =>
      state.vms.length > 0 &&
      state.vms.filter(({ template }) => !template).every(asked) &&
      state.containers.every(({ status, ipAddresses }) => status !== "running" || ipAddresses !== null),
  );
  const vm = known(state)[0];
  assert.ok(vm?.disk && vm.disk.usage > 0 && vm.disk.usage < 100);
  assert.ok(vm.disks?.every(({ mountpoint, total, used }) => mountpoint && total > 0 && used !== null));
  assert.ok(known(state).every(({ ipAddresses }) => ipAddresses?.every(address => address.startsWith("10.20."))));
  const reasons = new Set(state.vms.map(({ diskStatusReason }) => diskStatusReason));
  for (const reason of ["agent-disabled", "agent-not-running", "not-running", null])
    assert.ok(reasons.has(reason), `${reason}`);
  const sources = new Set(state.vms.map(({ memory }) => memory?.source));
  assert.ok(sources.has("balloon"));
});

test("on 8 Linux guests tell what memory is available, on 9 a monitor may not read it", async () => {
  const size = { seed: "memory", clusters: [{ name: CLUSTER, nodes: 1, guests: 20, version: "8.0" as const }] };
  await using pulse = await startPulse({ estate: size });
  const state = await pulse.until(state => state.vms.some(({ memory }) => memory?.source === "guest-meminfo"));
  const vm = state.vms.find(({ memory }) => memory?.source === "guest-meminfo");
  assert.equal(vm?.mem, vm?.memory?.used);
  assert.equal(vm?.memory?.total, vm?.maxmem);
});

test("an agent that hangs is left alone for longer each time, and hides no other guest", async () => {
  await using pulse = await startPulse({ nodes: 1, guests: 30, speed: 60 });
  const before = await pulse.until(state => known(state).length >= 8);
  const sick = known(before)[0];
  assert.ok(sick);
  await pulse.estate.faults.cause({ kind: "agent-hangs", instance: CLUSTER, vmid: sick.vmid, delay: 50 });
  pulse.estate.requests.reset();
  const path = "/nodes/{node}/qemu/{vmid}/agent/get-fsinfo";
  await pulse.clock.sleep(15 * MINUTE);
  const state = await pulse.state();
  assert.equal(state.instances[0]?.status, "online");
  assert.ok([...state.vms, ...state.containers].every(({ stale }) => !stale));
  const others = known(state).filter(({ id }) => id !== sick.id);
  const calls = pulse.estate.requests.read().byPath[path] ?? 0;
  assert.ok(others.length >= 7);
  assert.ok(
    calls >= others.length * 11 && calls <= others.length * 17 + 6,
    `${calls} calls for ${others.length} guests`,
  );
});

test("agents that never answer make no endpoint ill and nothing stale", async () => {
  await using pulse = await startPulse({ nodes: 2, guests: 30, speed: 20 });
  await pulse.until(state => known(state).length > 0);
  await pulse.estate.faults.cause({ kind: "latency", path: "/nodes/*/qemu/*/agent/*", delay: 60_000 });
  const before = pulse.estate.requests.read().byPath["/nodes/{node}/qemu/{vmid}/agent/get-fsinfo"] ?? 0;
  const asked = () => (pulse.estate.requests.read().byPath["/nodes/{node}/qemu/{vmid}/agent/get-fsinfo"] ?? 0) - before;
  await pulse.until(() => asked() >= 4);
  await pulse.clock.sleep(4 * MINUTE);
  const state = await pulse.state();
  assert.ok(state.instances[0]?.endpoints.every(({ fault }) => fault === null));
  assert.ok([...state.nodes, ...state.vms, ...state.containers].every(({ stale }) => !stale));
});

test("the calls of a cycle stay within the budget however many guests there are", async () => {
  await using pulse = await startPulse({ nodes: 10, guests: 500 });
  await pulse.until(state => known(state).length > 0);
  pulse.estate.requests.reset();
  const from = pulse.clock.now();
  await pulse.clock.sleep(2 * MINUTE);
  const perCycle = (pulse.estate.requests.read().total / (pulse.clock.now() - from)) * 10_000;
  assert.ok(perCycle < 65, `${perCycle} calls in 10 s`);
});
