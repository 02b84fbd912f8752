import assert from "node:assert/strict";
import { test } from "node:test";
import { SECOND } from "../kit/units.ts";
import type { State } from "../model/state.ts";
import type { Fault } from "../simulator/fault.ts";
import { startPulse, type TestPulse } from "./pulse.ts";

const CLUSTER = "cluster1";
const guests = (state: State) => [...state.vms, ...state.containers];
const calm = (state: State, endpoints: number) =>
  state.instances.every(one => one.status === "online" && one.endpoints.length === endpoints) &&
  [...state.nodes, ...guests(state)].every(({ stale }) => !stale);

/** Every picture there is until `is` so; each is given to `look`. */
function watch(pulse: TestPulse, look: (state: State) => void, is: (state: State) => boolean): Promise<State> {
  return pulse.until(state => {
    look(state);
    return is(state);
  });
}

test("all five endpoints of a cluster flap: nothing flickers, nothing doubles, no connection is left behind", async () => {
  await using pulse = await startPulse({ nodes: 5, guests: 20 });
  const before = await pulse.until(state => calm(state, 5));
  const sockets = () => process.getActiveResourcesInfo().filter(kind => kind === "TCPSocketWrap").length;
  const open = sockets();
  const steady = (state: State) => {
    assert.ok(
      state.nodes.every(({ status }) => status === "online"),
      "no node goes offline for a moment's silence",
    );
    assert.equal(state.nodes.length, 5);
    assert.deepEqual(
      guests(state)
        .map(({ id }) => id)
        .sort(),
      guests(before)
        .map(({ id }) => id)
        .sort(),
    );
    assert.equal(state.instances[0]?.endpoints.length, 5);
  };
  for (let round = 0; round < 6; round++) {
    const looked = (await pulse.state()).instances[0]?.lastAttempt ?? 0;
    await pulse.estate.faults.cause({ kind: "reset", instance: CLUSTER, lasts: 8 * SECOND });
    await watch(pulse, steady, state => (state.instances[0]?.lastAttempt ?? 0) > looked);
    await watch(pulse, steady, state => calm(state, 5) && (state.instances[0]?.lastSeen ?? 0) > looked);
  }
  assert.ok(sockets() <= open + 10, `${open} sockets before, ${sockets()} after`);
});

const ANSWERS: [sentence: string, fault: Fault, kind: string][] = [
  ["a 20 MB answer that says nothing", { kind: "huge-body", path: "/cluster/resources" }, "garbled"],
  ["an answer of 100 MB", { kind: "huge-body", size: 100_000_000, path: "/cluster/resources" }, "too-large"],
  ["an answer without end", { kind: "endless-body", path: "/cluster/resources" }, "too-large"],
  ["an answer that trickles for ever", { kind: "slow-body", path: "/cluster/resources" }, "timeout"],
  ["null in place of data", { kind: "null-data", path: "/cluster/resources" }, "empty"],
];
for (const [sentence, fault, kind] of ANSWERS)
  test(`${sentence} is told by its kind, takes nothing away, delays no other instance, and passes`, async () => {
    await using pulse = await startPulse({ nodes: 4, guests: 20, clusters: 2 });
    const before = await pulse.until(state => calm(state, 2));
    await pulse.estate.faults.cause({ ...fault, instance: CLUSTER } as Fault);
    const other = (state: State) => state.instances.find(({ id }) => id === "cluster2");
    const seen = new Set<number>();
    const state = await watch(
      pulse,
      now => seen.add(other(now)?.lastSeen ?? 0),
      now => now.instances[0]?.fault?.kind === kind && seen.size > 3,
    );
    assert.equal(other(state)?.status, "online");
    assert.equal(guests(state).length, guests(before).length);
    await pulse.estate.faults.clear();
    await pulse.until(now => calm(now, 2));
  });

test("a host whose certificate changed gets no word of the credentials, and what it told gets stale", async () => {
  await using pulse = await startPulse({ nodes: 1, guests: 5 });
  const before = await pulse.until(state => calm(state, 1));
  const pinned = pulse.estate.instances[0]?.endpoints[0]?.fingerprint;
  const node = before.nodes[0]?.node ?? "";
  await pulse.estate.faults.cause({ kind: "certificate-changed", instance: CLUSTER, node });
  const refused = await pulse.until(state => state.instances[0]?.fault?.kind === "fingerprint");
  const message = refused.instances[0]?.fault?.message ?? "";
  assert.ok(message.includes(`pinned "${pinned}"`) && /got "(\w\w:){31}\w\w"/.test(message), message);
  pulse.estate.requests.reset();
  const stale = await pulse.until(state => guests(state).every(guest => guest.stale));
  assert.equal(guests(stale).length, 5);
  assert.equal(stale.nodes[0]?.status, "online", "a certificate is no evidence of a dead host");
  assert.deepEqual(pulse.estate.requests.read().byPath, {}, "not one request was sent");
});

test("two hosts of one name with guests of one number stay two", async () => {
  const alone = { nodes: 1, guests: 6, standalone: true, nodePrefix: "pve" };
  const estate = {
    seed: "twins",
    clusters: [
      { ...alone, name: "cellar" },
      { ...alone, name: "attic" },
    ],
  };
  await using pulse = await startPulse({ estate });
  const state = await pulse.until(now => calm(now, 1) && guests(now).length === 12);
  assert.deepEqual(
    state.nodes.map(({ id, node }) => `${id} ${node}`),
    ["attic:node:pve pve", "cellar:node:pve pve"],
  );
  assert.equal(new Set(guests(state).map(({ id }) => id)).size, 12);
  assert.equal(new Set(guests(state).map(({ vmid }) => vmid)).size, 6);
  const [first] = guests(state).filter(({ instance }) => instance === "cellar");
  await pulse.estate.faults.cause({ kind: "guest-deleted", instance: "cellar", vmid: first?.vmid ?? 0 });
  const after = await pulse.until(now => guests(now).length === 11);
  assert.equal(guests(after).filter(({ instance }) => instance === "attic").length, 6);
});

for (const version of ["7.4", "8.0", "8.4", "9.1"] as const)
  test(`Proxmox VE ${version} is on screen with figures that make sense`, async () => {
    const clusters = [{ name: "lab", nodes: 2, guests: 16, version }];
    await using pulse = await startPulse({ estate: { seed: "releases", clusters } });
    const state = await pulse.until(
      now => calm(now, 2) && now.nodes.every(({ loadAverage, memory }) => loadAverage && memory),
    );
    assert.ok(state.instances[0]?.version?.startsWith(version));
    for (const { memory, name } of state.nodes) {
      assert.ok(memory && memory.used > 0 && memory.used < memory.total, name);
      assert.ok(memory.usage > 5 && memory.usage < 95, `${name}: ${memory.usage} %`);
    }
    for (const guest of guests(state).filter(({ status }) => status === "running")) {
      assert.ok(guest.cpu !== null && guest.cpu >= 0 && guest.cpu <= 1, guest.name);
      assert.ok(guest.memory === null || guest.memory.used <= guest.memory.total, guest.name);
    }
  });
