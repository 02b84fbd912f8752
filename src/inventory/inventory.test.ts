import assert from "node:assert/strict";
import { test } from "node:test";
import { SECOND } from "../kit/units.ts";
import type { Alert } from "../model/alert.ts";
import type { DockerHostFacts } from "../model/docker.ts";
import type { FaultKind } from "../model/fault.ts";
import type { Guest } from "../model/guest.ts";
import { guestId, nodeId } from "../model/ids.ts";
import type { WatchedInstance } from "../model/instance-settings.ts";
import type { Facts, Missed, ResourcesSeen, Scope } from "../model/observation.ts";
import { applyPatch, emptyPicture, type Patch, pictureOf } from "../model/picture.ts";
import { Inventory } from "./inventory.ts";
import { toState } from "./state.ts";

const START = Date.UTC(2026, 0, 1);
const SETTINGS: WatchedInstance = {
  name: "home",
  type: "pve",
  host: "https://10.0.0.1:8006",
  credentials: { kind: "token", id: "a@pve!b", secret: "c" },
  trust: { kind: "any" },
  interval: 10 * SECOND,
};
const G100 = guestId("home", 100);

function guest(vmid: number, more: Partial<Facts<Guest>> = {}): Facts<Guest> {
  return {
    id: guestId("home", vmid),
    vmid,
    instance: "home",
    type: "qemu",
    name: `vm-${vmid}`,
    node: "pve1",
    status: "running",
    cpu: 0.25,
    withheld: null,
    ...more,
  };
}

function look(seconds: number, guests: Facts<Guest>[], more: Partial<ResourcesSeen> = {}): ResourcesSeen {
  const node = {
    id: nodeId("home", "pve1"),
    node: "pve1",
    name: "pve1",
    instance: "home",
    status: "online" as const,
    withheld: null,
  };
  const at = START + seconds * SECOND;
  return {
    kind: "seen",
    scope: "resources",
    instance: "home",
    at,
    took: 100,
    interval: 10 * SECOND,
    nodes: [node],
    guests,
    storages: [],
    endpoints: [],
    ...more,
  };
}

function miss(seconds: number, kind: FaultKind, scope: Scope = "resources"): Missed {
  const fault = { kind, message: `${kind} at "10.0.0.1"` };
  return {
    kind: "missed",
    scope,
    instance: "home",
    at: START + seconds * SECOND,
    took: 100,
    interval: 10 * SECOND,
    fault,
    endpoints: [],
  };
}

test("a guest that moves to another node keeps its id, and only what changed is in the patch", () => {
  const inventory = new Inventory([SETTINGS]);
  inventory.apply(look(0, [guest(100), guest(101)]));
  const patch = inventory.apply(look(10, [guest(100, { node: "pve2" }), guest(101)]));
  assert.deepEqual(patch?.changed.vms, [{ id: G100, node: "pve2" }]);
  assert.equal(Object.keys(inventory.picture.vms).length, 2);
});

test("an unchanged look still says that everything was seen anew", () => {
  const inventory = new Inventory([SETTINGS]);
  inventory.apply(look(0, [guest(100)]));
  const patch = inventory.apply(look(10, [guest(100)]));
  assert.deepEqual(patch?.seen.vms, { home: START + 10 * SECOND });
  assert.equal(patch?.changed.vms, undefined);
  assert.equal(inventory.picture.vms[G100]?.lastSeen, START + 10 * SECOND);
});

test("a guest that lists no longer name is stale at once and gone after the next look", () => {
  const inventory = new Inventory([SETTINGS]);
  inventory.apply(look(0, [guest(100), guest(101)]));
  inventory.apply(look(10, [guest(101)]));
  assert.equal(inventory.picture.vms[G100]?.stale, true);
  assert.equal(inventory.picture.vms[G100]?.lastSeen, START);
  const patch = inventory.apply(look(20, [guest(101)]));
  assert.deepEqual(patch?.removed.vms, [G100]);
});

test("a guest that was absent from one list is itself again in the next", () => {
  const inventory = new Inventory([SETTINGS]);
  inventory.apply(look(0, [guest(100), guest(101)]));
  inventory.apply(look(10, [guest(101)]));
  inventory.apply(look(20, [guest(100), guest(101)]));
  inventory.apply(look(30, [guest(101)]));
  assert.equal(inventory.picture.vms[G100]?.stale, true, "the count begins anew");
});

test("when most guests vanish at once they are kept for a minute", () => {
  const inventory = new Inventory([SETTINGS]);
  const all = [100, 101, 102, 103].map(vmid => guest(vmid));
  inventory.apply(look(0, all));
  for (let seconds = 10; seconds <= 70; seconds += 10) inventory.apply(look(seconds, []));
  assert.equal(Object.keys(inventory.picture.vms).length, 4);
  inventory.apply(look(80, []));
  assert.equal(Object.keys(inventory.picture.vms).length, 0);
});

test("a guest of a dead node keeps name and numbers, marked stale with the reason", () => {
  const inventory = new Inventory([SETTINGS]);
  inventory.apply(look(0, [guest(100)]));
  const { id, vmid, instance, type, node } = guest(100);
  const row = {
    id,
    vmid,
    instance,
    type,
    node,
    status: "unknown",
    withheld: 'Node "pve1" does not answer',
  } as Facts<Guest>;
  inventory.apply(look(10, [row]));
  const known = inventory.picture.vms[G100];
  assert.equal(known?.name, "vm-100");
  assert.equal(known?.cpu, 0.25);
  assert.equal(known?.status, "unknown");
  assert.equal(known?.fault, 'Node "pve1" does not answer');
  assert.equal(known?.lastSeen, START);
});

test("a guest first seen on a dead node is called by its VMID and has no numbers", () => {
  const inventory = new Inventory([SETTINGS]);
  const row: Facts<Guest> = {
    id: G100,
    vmid: 100,
    instance: "home",
    type: "lxc",
    node: "pve1",
    status: "unknown",
    withheld: "dead",
  };
  inventory.apply(look(0, [row]));
  const known = inventory.picture.containers[G100];
  assert.equal(known?.name, "CT 100");
  assert.equal(known?.cpu, null);
  assert.equal(known?.lastSeen, 0);
});

test("a VMID that was a VM and is a container now is listed once", () => {
  const inventory = new Inventory([SETTINGS]);
  inventory.apply(look(0, [guest(100)]));
  inventory.apply(look(10, [guest(100, { type: "lxc" })]));
  assert.deepEqual(Object.keys(inventory.picture.vms), []);
  assert.deepEqual(Object.keys(inventory.picture.containers), [G100]);
});

const MISSES: [
  sentence: string,
  kind: FaultKind,
  seconds: number[],
  instance: string,
  node: string,
  guest: string,
  stale: boolean,
][] = [
  ["one miss changes no guest", "unreachable", [10], "degraded", "online", "running", false],
  [
    "three misses are within what silence may last",
    "unreachable",
    [10, 20, 30],
    "degraded",
    "online",
    "running",
    false,
  ],
  [
    "a dead line makes nodes offline and guests unknown",
    "unreachable",
    [10, 20, 30, 40],
    "offline",
    "offline",
    "unknown",
    true,
  ],
  [
    "a refused sign-in makes data stale, but no node offline",
    "auth",
    [10, 20, 30, 40],
    "degraded",
    "online",
    "running",
    true,
  ],
  [
    "a failing call makes data stale, but no node offline",
    "rejected",
    [10, 20, 30, 40],
    "degraded",
    "online",
    "running",
    true,
  ],
  [
    "an empty list makes data stale, but removes nothing",
    "empty",
    [10, 20, 30, 40, 50, 60, 70, 80],
    "degraded",
    "online",
    "running",
    true,
  ],
];
for (const [sentence, kind, seconds, instance, node, status, stale] of MISSES)
  test(sentence, () => {
    const inventory = new Inventory([SETTINGS]);
    inventory.apply(look(0, [guest(100)]));
    for (const second of seconds) inventory.apply(miss(second, kind));
    assert.equal(inventory.picture.instances.home?.status, instance);
    assert.equal(inventory.picture.nodes[nodeId("home", "pve1")]?.status, node);
    assert.equal(inventory.picture.vms[G100]?.status, status);
    assert.equal(inventory.picture.vms[G100]?.stale, stale);
    inventory.apply(look(100, [guest(100)]));
    assert.equal(inventory.picture.instances.home?.status, "online");
    assert.equal(inventory.picture.vms[G100]?.stale, false);
    assert.equal(inventory.picture.vms[G100]?.status, "running");
    assert.equal(inventory.picture.nodes[nodeId("home", "pve1")]?.connectionHealth, "healthy");
  });

test("a failing call of another scope is no outage", () => {
  const inventory = new Inventory([SETTINGS]);
  inventory.apply(look(0, [guest(100)]));
  inventory.apply(miss(10, "unreachable", "cluster"));
  inventory.apply(miss(10, "unreachable", "nodes"));
  assert.equal(inventory.picture.instances.home?.status, "online");
});

test("silence without any observation makes data stale, scaled to cadence and duration of a look", () => {
  const inventory = new Inventory([SETTINGS]);
  inventory.apply(look(0, [guest(100)], { took: 5 * SECOND }));
  assert.equal(inventory.age(START + 35 * SECOND), null);
  assert.notEqual(inventory.age(START + 35 * SECOND + 1), null);
  assert.equal(inventory.picture.vms[G100]?.stale, true);
  assert.equal(inventory.picture.vms[G100]?.unread?.snapshots, null);
  inventory.age(START + 36 * SECOND);
  assert.equal(inventory.picture.vms[G100]?.unread?.snapshots, inventory.picture.vms[G100]?.fault);
  assert.equal(inventory.age(START + 37 * SECOND), null, "once is enough");
});

test("what is doubted is shown as stale, whatever its age, until it is seen again", () => {
  const inventory = new Inventory([SETTINGS]);
  inventory.apply(look(0, [guest(100), guest(101)]));
  inventory.doubt(START + SECOND);
  assert.deepEqual(
    Object.values(inventory.picture.vms).map(({ stale, cpu }) => [stale, cpu]),
    [
      [true, 0.25],
      [true, 0.25],
    ],
  );
  inventory.age(START + 2 * SECOND);
  assert.equal(inventory.picture.nodes[nodeId("home", "pve1")]?.stale, true);
  inventory.apply(look(10, [guest(100), guest(101)]));
  assert.equal(inventory.picture.vms[G100]?.stale, false);
  assert.equal(inventory.picture.instances.home?.status, "online");
});

test("an instance not reached since the start is listed as an offline node, until it is", () => {
  const inventory = new Inventory([SETTINGS]);
  inventory.apply(miss(0, "unreachable"));
  assert.deepEqual(
    Object.values(inventory.picture.nodes).map(({ name, status }) => ({ name, status })),
    [{ name: "home", status: "offline" }],
  );
  inventory.apply(look(10, [guest(100)]));
  assert.deepEqual(
    Object.values(inventory.picture.nodes).map(({ name, status }) => ({ name, status })),
    [{ name: "pve1", status: "online" }],
  );
});

test("what an unknown instance sees is left aside", () => {
  const inventory = new Inventory([]);
  assert.equal(inventory.apply(look(0, [guest(100)])), null);
});

test("a snapshot and every later patch give exactly the server's picture", () => {
  const inventory = new Inventory([SETTINGS]);
  const random = dice(42);
  let reader = emptyPicture();
  for (let step = 0; step < 400; step++) {
    const patch = inventory.apply(randomObservation(step, random)) ?? inventory.age(START + step * 10 * SECOND);
    if (patch) applyPatch(reader, JSON.parse(JSON.stringify(patch)) as Patch);
    if (step % 97 === 0) reader = JSON.parse(JSON.stringify(inventory.picture));
    assert.deepEqual(reader, inventory.picture, `after step ${step}`);
  }
});

test("the same observations give the same picture", () => {
  const [one, other] = [42, 42].map(seed => {
    const inventory = new Inventory([SETTINGS]);
    const random = dice(seed);
    for (let step = 0; step < 100; step++) inventory.apply(randomObservation(step, random));
    return JSON.stringify(toState(inventory.picture, "epoch"));
  });
  assert.equal(one, other);
});

test("a patch out of turn is refused", () => {
  assert.throws(
    () => applyPatch(emptyPicture(), { version: 2, at: 0, seen: {}, changed: {}, removed: {} }),
    RangeError,
  );
});

function randomObservation(step: number, random: () => number): ResourcesSeen | Missed {
  if (random() < 0.15) return miss(step * 10, random() < 0.5 ? "unreachable" : "auth");
  const vmids = [100, 101, 102, 103, 104].filter(() => random() < 0.8);
  const states = ["running", "stopped", "unknown"];
  return look(
    step * 10,
    vmids.map(vmid => {
      const status = states[Math.floor(random() * 3)] ?? "running";
      const withheld = status === "unknown" ? "dead" : null;
      return guest(vmid, {
        status,
        withheld,
        cpu: random(),
        type: random() < 0.5 ? "lxc" : "qemu",
        node: `pve${Math.ceil(random() * 3)}`,
      });
    }),
  );
}

/** A repeatable sequence of numbers from 0 to 1 (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("alerts come into the picture, change, and go, by patches that lead to the same picture", () => {
  const inventory = new Inventory([]);
  const reader = pictureOf(toState(inventory.picture, "epoch"));
  const alert = { id: "a-cpu", instance: "a", value: 90, acknowledged: false } as Alert;
  const seen = { ...alert, acknowledged: true, ackTime: "2026-01-01T00:00:00Z", ackUser: "anna" } as Alert;
  for (const changes of [
    { changed: [alert], removed: [] },
    { changed: [seen], removed: [] },
    { changed: [{ ...alert, value: 95 }], removed: [] },
    { changed: [], removed: ["a-cpu", "nothing"] },
  ]) {
    const patch = inventory.tell(changes, 1000);
    assert.ok(patch);
    applyPatch(reader, patch);
    assert.deepEqual(reader.activeAlerts, inventory.picture.activeAlerts);
    const [changed] = changes.changed;
    assert.deepEqual(reader.activeAlerts["a-cpu"], changed, "also what is no longer said of it");
  }
  assert.equal(inventory.tell({ changed: [], removed: ["nothing"] }, 1000), null);
});

const BOX = { id: "box", hostname: "box", displayName: "box", intervalSeconds: 30, status: "online", lastSeen: 0 };

const LEAPS: [sentence: string, leap: number, silent: number, status: string][] = [
  [
    "a machine that slept for hours gives Docker hosts the time to report that they have anyhow",
    5 * 3600,
    60,
    "online",
  ],
  ["one that has not reported by then is offline", 5 * 3600, 130, "offline"],
  ["after a clock was set back a host that is silent is missed as soon as ever", -86_400, 130, "offline"],
];
for (const [sentence, leap, silent, status] of LEAPS)
  test(sentence, () => {
    const inventory = new Inventory([]);
    let now = Date.UTC(2026, 0, 2);
    inventory.expectHosts([{ ...BOX, lastSeen: now } as unknown as DockerHostFacts], now);
    inventory.age(now);
    now += leap * SECOND;
    for (const until = now + silent * SECOND; now <= until; now += SECOND) inventory.age(now);
    assert.equal(inventory.picture.dockerHosts.box?.status, status);
  });
