import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE, SECOND } from "../kit/units.ts";
import type { StorageBackup } from "../model/backup.ts";
import { nodeId, storageBackupId, storageId } from "../model/ids.ts";
import type { WatchedInstance } from "../model/instance-settings.ts";
import type { PartMissed, PartSeen, ResourcesSeen, Whole } from "../model/observation.ts";
import { applyPatch, type Patch, pictureOf } from "../model/picture.ts";
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
const NAS = storageId("home", "nas", null);
const LOCAL = storageId("home", "local", "pve1");

function archive(storage: string, volume: string, more: Partial<Whole<StorageBackup>> = {}): Whole<StorageBackup> {
  return {
    id: storageBackupId(storage, volume),
    storage: "nas",
    storageId: storage,
    node: "shared",
    instance: "home",
    type: "qemu",
    vmid: 100,
    time: "2026-01-01T00:00:00Z",
    ctime: START / SECOND,
    size: 1,
    format: "vma.zst",
    notes: null,
    protected: false,
    volid: `nas:${volume}`,
    isPBS: false,
    verified: false,
    verification: null,
    ...more,
  };
}

const common = (minutes: number) => ({
  instance: "home",
  at: START + minutes * MINUTE,
  took: 2 * SECOND,
  interval: 5 * MINUTE,
});

function seen(minutes: number, part: string, ...volumes: string[]): PartSeen {
  const storageBackups = volumes.map(volume => archive(part, volume));
  return { ...common(minutes), kind: "seen", scope: "archives", part, lists: { storageBackups } };
}

function missed(minutes: number, part: string): PartMissed {
  const fault = { kind: "timeout" as const, message: 'No answer in time from "10.0.0.1:8006"' };
  return { ...common(minutes), kind: "missed", scope: "archives", part, fault };
}

function resources(minutes: number, ...storages: string[]): ResourcesSeen {
  return {
    ...common(minutes),
    interval: 10 * SECOND,
    kind: "seen",
    scope: "resources",
    nodes: [{ id: nodeId("home", "pve1"), node: "pve1", instance: "home", status: "online", withheld: null }],
    guests: [],
    storages: storages.map(id => ({ id, storage: id, instance: "home", withheld: null })),
    endpoints: [],
  };
}

const volumes = (inventory: Inventory) => Object.values(inventory.picture.storageBackups).map(({ volid }) => volid);

test("a complete list of one part adds, keeps and removes, and touches no other part", () => {
  const inventory = new Inventory([SETTINGS]);
  inventory.apply(seen(0, NAS, "a", "b"));
  inventory.apply(seen(0, LOCAL, "c"));
  const patch = inventory.apply(seen(5, NAS, "b", "d"));
  assert.deepEqual(volumes(inventory), ["nas:b", "nas:c", "nas:d"]);
  assert.deepEqual(patch?.removed.storageBackups, [storageBackupId(NAS, "a")]);
  assert.deepEqual(patch?.changed.storageBackups?.length, 1, "what stayed the same is not sent");
  assert.deepEqual(patch?.seen, { storageBackups: { [NAS]: START + 5 * MINUTE } });
  assert.equal(inventory.picture.storageBackups[storageBackupId(NAS, "b")]?.lastSeen, START + 5 * MINUTE);
  assert.equal(inventory.picture.storageBackups[storageBackupId(LOCAL, "c")]?.lastSeen, START);
});

test("a long list is taken in by several patches: what is new first, what is gone with the last; it is unread until then", () => {
  const [whole, inSteps] = [new Inventory([SETTINGS]), new Inventory([SETTINGS])];
  const first = seen(0, NAS, "a", "b", "c", "d", "e");
  const other = seen(5, NAS, "f", "b", "g", "e", "h");
  const [nas] = resources(0, NAS).storages;
  assert.ok(nas);
  const storages = [{ ...nas, enabled: true, content: "backup", nodeIds: [nodeId("home", "pve1")], nodes: ["pve1"] }];
  for (const it of [whole, inSteps]) it.apply({ ...resources(0), storages });
  whole.apply(first);
  whole.apply(other);
  const storage = () => inSteps.picture.storage[NAS];
  const patches: (Patch | null)[] = [];
  for (const patch of inSteps.applying(first, 2)) {
    patches.push(patch);
    inSteps.age(START + SECOND);
    assert.equal(storage()?.unread?.archives, patches.length < 3 ? null : undefined);
  }
  assert.deepEqual(
    patches.map(patch => patch?.changed.storageBackups?.length),
    [2, 2, 1],
  );
  const between = Array.from(inSteps.applying(other, 2), patch => [patch?.removed, volumes(inSteps).length]);
  const [a, c, d] = ["a", "c", "d"].map(volume => storageBackupId(NAS, volume));
  assert.deepEqual(between, [
    [{}, 6],
    [{}, 7],
    [{ storageBackups: [a, c, d] }, 5],
  ]);
  assert.deepEqual(inSteps.picture.storageBackups, whole.picture.storageBackups);
});

test("the rest of a long list of an instance that was removed meanwhile is of nothing", () => {
  const inventory = new Inventory([SETTINGS]);
  for (const _ of inventory.applying(seen(0, NAS, "a", "b", "c"), 1)) inventory.dismiss("home", START);
  assert.deepEqual(volumes(inventory), []);
});

test("a failed look makes its part stale with the reason, and removes nothing; a good one heals it", () => {
  const inventory = new Inventory([SETTINGS]);
  inventory.apply(seen(0, NAS, "a"));
  inventory.apply(seen(0, LOCAL, "c"));
  inventory.apply(missed(5, NAS));
  const nas = () => inventory.picture.storageBackups[storageBackupId(NAS, "a")];
  assert.deepEqual(
    [nas()?.stale, nas()?.fault, nas()?.lastSeen],
    [true, 'No answer in time from "10.0.0.1:8006"', START],
  );
  assert.equal(inventory.picture.storageBackups[storageBackupId(LOCAL, "c")]?.stale, false);
  inventory.apply(seen(10, NAS, "a"));
  assert.deepEqual([nas()?.stale, nas()?.fault, nas()?.lastSeen], [false, null, START + 10 * MINUTE]);
});

test("a part that is not looked at again gets stale after three of its own intervals, not of the instance's", () => {
  const inventory = new Inventory([SETTINGS]);
  inventory.apply(seen(0, NAS, "a"));
  assert.equal(inventory.age(START + 15 * MINUTE + 2 * SECOND), null);
  assert.notEqual(inventory.age(START + 15 * MINUTE + 2 * SECOND + 1), null);
  assert.equal(inventory.picture.storageBackups[storageBackupId(NAS, "a")]?.stale, true);
  assert.equal(inventory.age(START + 16 * MINUTE), null, "once is enough");
});

test("what belongs to a storage goes with it", () => {
  const inventory = new Inventory([SETTINGS]);
  inventory.apply(resources(0, NAS, LOCAL));
  inventory.apply(seen(0, NAS, "a"));
  inventory.apply(seen(0, LOCAL, "c"));
  inventory.apply(resources(1, NAS));
  assert.equal(volumes(inventory).length, 2, "absent once");
  const patch = inventory.apply(resources(2, NAS));
  assert.deepEqual(volumes(inventory), ["nas:a"]);
  assert.deepEqual(patch?.removed, { storage: [LOCAL], storageBackups: [storageBackupId(LOCAL, "c")] });
});

test("the state has the lists where clients look for them, and a snapshot of it is the picture", () => {
  const inventory = new Inventory([SETTINGS]);
  inventory.apply(resources(0, NAS));
  inventory.apply(seen(0, NAS, "b", "a"));
  const state = toState(inventory.picture, "epoch");
  assert.deepEqual(
    state.pveBackups.storageBackups.map(({ volid }) => volid),
    ["nas:a", "nas:b"],
  );
  const reader = pictureOf(JSON.parse(JSON.stringify(state)));
  for (const observation of [missed(5, NAS), seen(10, NAS, "c"), resources(11)]) {
    const patch = inventory.apply(observation);
    if (patch) applyPatch(reader, JSON.parse(JSON.stringify(patch)) as Patch);
  }
  assert.deepEqual(reader, inventory.picture);
});
