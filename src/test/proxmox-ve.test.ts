import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../kit/clock.ts";
import { guestId, nodeId } from "../model/ids.ts";
import type { InstanceSettings } from "../model/instance-settings.ts";
import type { Observation } from "../model/observation.ts";
import type { State } from "../model/state.ts";
import { openEstate } from "../simulator/estate.ts";
import type { Fault } from "../simulator/fault.ts";
import { sizedEstate } from "../simulator/presets.ts";
import { PveSource } from "../sources/proxmox-ve/source.ts";
import { startPulse, type TestPulse, toSettings } from "./pulse.ts";

const CLUSTER = "cluster1";
const online = (state: State) => state.instances.every(({ status }) => status === "online");
const withMembers = (state: State) => online(state) && state.instances.every(({ endpoints }) => endpoints.length === 3);
const guests = (state: State) => [...state.vms, ...state.containers];
const guestOf = (state: State, vmid: number) => guests(state).find(({ id }) => id === guestId(CLUSTER, vmid));
const nodeOf = (state: State, node: string) => state.nodes.find(({ id }) => id === nodeId(CLUSTER, node));

test("a cluster is on screen: nodes, guests, storages, versions, load, members", async () => {
  await using pulse = await startPulse();
  const state = await pulse.until(state => withMembers(state) && state.nodes.every(node => node.loadAverage !== null));
  assert.equal(state.nodes.length, 3);
  assert.equal(guests(state).length, 30);
  assert.equal(state.instances[0]?.clusterName, CLUSTER);
  assert.match(state.instances[0]?.version ?? "", /^9\.1/);
  assert.ok(state.nodes.every(({ status, stale, host, cpuInfo }) => status === "online" && !stale && host && cpuInfo));
  assert.ok(state.storage.some(({ shared, nodes }) => shared && nodes.length === 3));
  assert.deepEqual(state.connectionHealth, { [`pve-${CLUSTER}`]: true });
  const running = guests(state).filter(({ status }) => status === "running");
  await pulse.until(later => running.some(({ id, cpu }) => guests(later).find(guest => guest.id === id)?.cpu !== cpu));
  await pulse.until(later => guests(later).some(({ networkIn }) => (networkIn ?? 0) > 0));
});

test("a guest that migrates keeps its id, one that is created appears, one that is deleted goes", async () => {
  await using pulse = await startPulse();
  const before = await pulse.until(withMembers);
  const guest = guests(before).find(({ status, node }) => status === "running" && node !== before.nodes[2]?.node);
  assert.ok(guest);
  const to = before.nodes[2]?.node ?? "";
  await pulse.estate.faults.cause({ kind: "guest-migrated", instance: CLUSTER, vmid: guest.vmid, to });
  const moved = await pulse.until(state => guestOf(state, guest.vmid)?.node === to);
  assert.equal(guests(moved).length, guests(before).length);
  await pulse.estate.faults.cause({ kind: "guest-created", instance: CLUSTER, vmid: 9000, node: to, name: "newcomer" });
  await pulse.until(state => guestOf(state, 9000)?.name === "newcomer");
  await pulse.estate.faults.cause({ kind: "guest-deleted", instance: CLUSTER, vmid: guest.vmid });
  await pulse.until(
    state => guestOf(state, guest.vmid) === undefined && guests(state).length === guests(before).length,
  );
});

test("when the configured host dies, the other members are asked, its guests are unknown, and nothing else is stale", async () => {
  await using pulse = await startPulse();
  const before = await pulse.until(withMembers);
  const first = before.nodes.find(({ host }) => host === before.instances[0]?.host)?.node ?? "";
  await pulse.estate.faults.cause({ kind: "node-off", instance: CLUSTER, node: first });
  const state = await pulse.until(state => nodeOf(state, first)?.status === "offline");
  assert.equal(state.instances[0]?.status, "online");
  for (const guest of guests(state)) {
    assert.equal(guest.stale, guest.node === first, guest.name);
    if (guest.node === first && !guest.template) assert.equal(guest.status, "unknown");
    assert.equal(guest.name, guests(before).find(({ id }) => id === guest.id)?.name);
  }
  assert.equal(nodeOf(state, first)?.connectionHealth, "error");
  const asked = (state: State) => state.instances[0]?.endpoints.find(({ node }) => node === first)?.fault;
  assert.equal(asked(await pulse.until(state => asked(state) !== null))?.kind, "unreachable");

  await pulse.stopServer();
  await pulse.startServer();
  const again = await pulse.until(state => guests(state).length > 0);
  assert.equal(again.instances[0]?.status, "online", "the members were remembered over the restart");

  await pulse.estate.faults.clear();
  await pulse.until(state => nodeOf(state, first)?.status === "online" && guests(state).every(({ stale }) => !stale));
});

type Expected = { status: string; kind: string; stale?: boolean; nodes?: string };
const EVERYWHERE: [sentence: string, fault: Fault, expected: Expected][] = [
  [
    "a revoked token",
    { kind: "token-revoked", instance: CLUSTER },
    { status: "degraded", kind: "auth", nodes: "online" },
  ],
  [
    "500 on the one call",
    { kind: "status", status: 500, path: "/cluster/resources" },
    { status: "degraded", kind: "rejected", nodes: "online" },
  ],
  ["an empty list", { kind: "empty-resources" }, { status: "degraded", kind: "empty", nodes: "online" }],
  [
    "JSON that is cut",
    { kind: "cut-json", path: "/cluster/resources" },
    { status: "degraded", kind: "garbled", nodes: "online" },
  ],
  [
    "a proxy's error page",
    { kind: "html-502", path: "/cluster/resources" },
    { status: "degraded", kind: "rejected", nodes: "online" },
  ],
  ["connections that are reset", { kind: "reset" }, { status: "offline", kind: "reset", nodes: "offline" }],
];
for (const [sentence, fault, expected] of EVERYWHERE)
  test(`${sentence} everywhere: what is known stays, stale after a while, and heals`, async () => {
    await using pulse = await startPulse();
    const before = await pulse.until(withMembers);
    await pulse.estate.faults.cause(fault);
    const missed = await pulse.until(state => state.instances[0]?.fault?.kind === expected.kind);
    assert.equal(guests(missed).length, guests(before).length);
    assert.ok(
      guests(missed).every(({ stale }) => !stale),
      "one miss is not stale",
    );
    const state = await pulse.until(state => guests(state).every(({ stale }) => stale));
    assert.equal(guests(state).length, guests(before).length);
    assert.equal(state.instances[0]?.status, expected.status);
    assert.ok(state.nodes.every(({ status }) => status === expected.nodes));
    assert.ok(guests(state).every(({ fault }) => fault !== null));
    assert.deepEqual(state.connectionHealth, { [`pve-${CLUSTER}`]: false });
    await pulse.estate.faults.clear();
    await pulse.until(state => online(state) && guests(state).every(({ stale }) => !stale));
  });

const ELSEWHERE: [sentence: string, fault: Fault][] = [
  ["answers 501 to a call about a node", { kind: "status", status: 501, path: "/nodes/*" }],
  ["answers 500 to a call about a node", { kind: "status", status: 500, path: "/nodes/*" }],
  ["answers 400 about the cluster", { kind: "status", status: 400, path: "/cluster/status" }],
];
for (const [sentence, fault] of ELSEWHERE)
  test(`an API that ${sentence} is not down, and nothing is stale`, async () => {
    await using pulse = await startPulse();
    await pulse.until(withMembers);
    await pulse.estate.faults.cause(fault);
    const state = await looks(pulse, 4);
    assert.ok(online(state));
    assert.ok([...state.nodes, ...guests(state)].every(({ stale }) => !stale));
  });

test("one endpoint that fails is passed over, and everything stays fresh", async () => {
  await using pulse = await startPulse();
  const before = await pulse.until(withMembers);
  const first = before.nodes.find(({ host }) => host === before.instances[0]?.host)?.node ?? "";
  for (const kind of ["reset", "html-502", "cut-json"] as const) {
    await pulse.estate.faults.cause({ kind, instance: CLUSTER, node: first });
    const state = await looks(pulse, 2);
    assert.ok(online(state), kind);
    assert.ok(
      guests(state).every(({ stale }) => !stale),
      kind,
    );
    await pulse.estate.faults.clear();
  }
});

test("a dead and a slow instance do not delay a healthy one", async () => {
  await using pulse = await startPulse({ nodes: 3, guests: 30, clusters: 3 });
  await pulse.until(online);
  await pulse.estate.faults.cause({ kind: "slow-body", instance: "cluster2" });
  await pulse.estate.faults.cause({
    kind: "node-off",
    instance: "cluster3",
    node: (await pulse.state()).nodes[2]?.node ?? "",
  });
  const from = pulse.clock.now();
  await looks(pulse, 8);
  const took = pulse.clock.now() - from;
  assert.ok(took < 10 * 10_000, `eight looks at the healthy instance took ${took} ms`);
  assert.equal((await pulse.state()).instances[2]?.status === "online", false);
});

const change = (more: Partial<InstanceSettings>) => (settings: InstanceSettings) => ({ ...settings, ...more });
const MISTAKES: [sentence: string, more: Partial<InstanceSettings>, kind: string, message: RegExp][] = [
  [
    "a wrong address",
    { host: "https://127.0.0.1:9" },
    "unreachable",
    /^Cannot reach "127\.0\.0\.1:9" \(ECONNREFUSED\)/,
  ],
  [
    "a name that is not known",
    { host: "https://no-such-host.invalid:8006" },
    "unreachable",
    /no-such-host\.invalid:8006/,
  ],
  [
    "a wrong fingerprint",
    { trust: { kind: "fingerprint", sha256: "AB:CD" } },
    "fingerprint",
    /not the pinned one: pinned "AB:CD", got "(\w\w:){31}\w\w"/,
  ],
  [
    "a self-signed certificate",
    { trust: { kind: "ca", ca: null } },
    "tls",
    /is not trusted .*fingerprint "(\w\w:){31}\w\w"/,
  ],
  ["a wrong token", { credentials: { kind: "token", id: "monitor@pve!pulse", secret: "wrong" } }, "auth", /401/],
  [
    "a wrong password",
    { credentials: { kind: "password", user: "monitor@pve", password: "wrong" } },
    "auth",
    /refused user "monitor@pve": wrong user or password/,
  ],
];
for (const [sentence, more, kind, message] of MISTAKES)
  test(`${sentence} in the settings is told with the instance, which is listed all the same`, async () => {
    await using pulse = await startPulse({ change: change(more) });
    const state = await pulse.until(state => state.instances[0]?.fault !== null);
    assert.equal(state.instances[0]?.fault?.kind, kind);
    assert.match(state.instances[0]?.fault?.message ?? "", message);
    assert.equal(state.nodes[0]?.name, CLUSTER);
    assert.equal(state.nodes[0]?.status, kind === "unreachable" ? "offline" : "unknown");
  });

test("user and password: one login serves all calls, and an expired ticket costs one more", async () => {
  await using pulse = await startPulse({ change: withPassword });
  const logins = () => pulse.estate.requests.read().byPath["POST /access/ticket"] ?? 0;
  await pulse.until(withMembers);
  assert.equal(logins(), 1);
  await pulse.estate.faults.cause({ kind: "tickets-expired", instance: CLUSTER });
  const state = await looks(pulse, 3);
  assert.ok(online(state));
  assert.equal(logins(), 2);
});

test("a changed certificate is refused by its pin, and the members that kept theirs are asked instead", async () => {
  await using pulse = await startPulse();
  const before = await pulse.until(withMembers);
  const first = before.nodes.find(({ host }) => host === before.instances[0]?.host)?.node ?? "";
  await pulse.estate.faults.cause({ kind: "certificate-changed", instance: CLUSTER, node: first });
  const faultOf = (state: State) => state.instances[0]?.endpoints.find(({ node }) => node === first)?.fault;
  const state = await pulse.until(state => faultOf(state)?.kind === "fingerprint");
  assert.ok(guests(state).every(({ stale }) => !stale));
});

test("a look is one call, however many guests there are", async () => {
  const calls = async (guests: number, looks: number) => {
    await using estate = await openEstate(sizedEstate({ nodes: 3, guests, clusters: 1 }));
    const [info] = estate.instances;
    assert.ok(info);
    const settings = toSettings(info, 200);
    const source = new PveSource({ settings, clock: systemClock, members: [], remember: () => {} });
    const stop = new AbortController();
    let seen = 0;
    const count = (observation: Observation) => {
      if (observation.kind !== "seen" || observation.scope !== "resources") return;
      assert.equal(observation.guests.length, guests);
      if (++seen === looks) stop.abort();
    };
    await source.run(count, stop.signal);
    return estate.requests.read().byPath["/cluster/resources"];
  };
  assert.deepEqual([await calls(10, 5), await calls(2_000, 5)], [5, 5]);
});

/** Waits until so many further looks at the resources have been taken in. */
async function looks(pulse: TestPulse, count: number): Promise<State> {
  const seen = new Set<number>();
  return pulse.until(state => seen.add(state.instances[0]?.lastSeen ?? 0).size > count);
}

/** The simulated user's password follows from the name of the instance. */
function withPassword(settings: InstanceSettings): InstanceSettings {
  return {
    ...settings,
    credentials: { kind: "password", user: "monitor@pve", password: `password-of-${settings.name}` },
  };
}
