import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, type Instant, MINUTE, SECOND } from "../kit/units.ts";
import type { StorageBackup } from "../model/backup.ts";
import { guestId, namespaceId, nodeId, storageId } from "../model/ids.ts";
import type { WatchedInstance } from "../model/instance-settings.ts";
import type { Observation, PartLists, PartScope, ResourcesSeen, Whole } from "../model/observation.ts";
import type { PbsBackup } from "../model/pbs-backup.ts";
import { Inventory } from "./inventory.ts";
import { toState } from "./state.ts";

const START = Date.UTC(2026, 0, 1);
const NAS = storageId("home", "nas", null);
const WEB = guestId("home", 100);
const PVE1 = nodeId("home", "pve1");

function watched(name: string, type: WatchedInstance["type"]): WatchedInstance {
  const credentials = { kind: "token", id: "a@pve!b", secret: "c" } as const;
  return { name, type, host: "https://10.0.0.1:8006", credentials, trust: { kind: "any" }, interval: 10 * SECOND };
}

const look = (instance: string, at: Instant) => ({ instance, at, took: SECOND, interval: 5 * MINUTE });

function resources(at: Instant, status: "online" | "offline" = "online"): ResourcesSeen {
  const storage = { instance: "home", enabled: true, nodes: ["pve1"], nodeIds: [PVE1], withheld: null };
  return {
    ...look("home", at),
    ...{ kind: "seen", scope: "resources", interval: 10 * SECOND, endpoints: [] },
    nodes: [{ id: PVE1, node: "pve1", instance: "home", status, withheld: null }],
    guests: [{ id: WEB, vmid: 100, instance: "home", type: "qemu", node: "pve1", status: "running", withheld: null }],
    storages: [
      { ...storage, id: NAS, storage: "nas", content: "images,backup" },
      { ...storage, id: storageId("home", "local", "pve1"), storage: "local", content: "iso" },
    ],
  };
}

function server(at: Instant, datastores: object[], faults: Record<string, string> = {}): ResourcesSeen {
  const pbs = [{ id: "vault", name: "vault", instance: "vault", status: "online", datastores, faults }] as never;
  const nothing = { nodes: [], guests: [], storages: [], endpoints: [] };
  return { ...look("vault", at), kind: "seen", scope: "resources", interval: 10 * SECOND, ...nothing, lists: { pbs } };
}

function seen(at: Instant, scope: PartScope, part: string, lists: PartLists, instance = "home"): Observation {
  return { ...look(instance, at), kind: "seen", scope, part, lists };
}

function missed(at: Instant, scope: PartScope, part: string, message: string): Observation {
  return { ...look("home", at), kind: "missed", scope, part, fault: { kind: "forbidden", message } };
}

function archive(at: Instant): Whole<StorageBackup> {
  const fields = { id: `${NAS}/${at}`, storage: "nas", storageId: NAS, node: "shared", instance: "home", type: "qemu" };
  return { ...fields, vmid: 100, ctime: at / SECOND, isPBS: false, verification: null } as Whole<StorageBackup>;
}

/** An inventory that has taken in `all`, and looked round a second after the last. */
function after(...all: Observation[]): Inventory {
  const inventory = new Inventory([watched("home", "pve"), watched("vault", "pbs")]);
  for (const one of all) {
    inventory.apply(one);
    inventory.age(one.at + SECOND);
  }
  return inventory;
}
const gapsOf = ({ picture }: Inventory) => {
  const { backupGaps, stats } = toState(picture, "e");
  return { gaps: backupGaps.map(({ guestId }) => guestId), unknown: stats.backupsUnknown };
};
const MAIN = {
  id: "vault:datastore:main",
  name: "main",
  error: null,
  namespaces: [{ path: "", parent: null, depth: 0 }],
};
const ROOT = namespaceId("vault", "main", "");

test("what nothing has been read of says so, part by part, until it has", () => {
  const inventory = after(resources(START));
  const { picture } = inventory;
  assert.deepEqual(picture.vms[WEB]?.unread, { snapshots: null });
  assert.deepEqual(picture.nodes[PVE1]?.unread, { disks: null, tasks: null, replication: null });
  assert.deepEqual(picture.instances.home?.unread, { "backup-jobs": null, ceph: null });
  assert.deepEqual(
    Object.values(picture.storage).map(({ storage, unread }) => [storage, unread]),
    [
      ["nas", { archives: null }],
      ["local", null],
    ],
    "a storage that holds no backups has none to be read",
  );
  const parts: [PartScope, string][] = [
    ["snapshots", WEB],
    ["disks", PVE1],
    ["tasks", PVE1],
    ["replication", PVE1],
    ["backup-jobs", "home"],
    ["ceph", "home"],
    ["archives", NAS],
  ];
  for (const [scope, part] of parts) inventory.apply(seen(START, scope, part, {}));
  inventory.age(START + 2 * SECOND);
  const { vms, nodes, instances, storage } = picture;
  assert.deepEqual(
    [vms[WEB], nodes[PVE1], instances.home, storage[NAS]].map(one => one?.unread),
    [null, null, null, null],
  );
});

test("a guest has no backup once every storage and every datastore has been read, and not before", () => {
  const steps: [Observation, { gaps: string[]; unknown: number }][] = [
    [resources(START), { gaps: [], unknown: 1 }],
    [seen(START + SECOND, "archives", NAS, { storageBackups: [] }), { gaps: [], unknown: 1 }],
    [server(START + 2 * SECOND, []), { gaps: [], unknown: 1 }],
    [server(START + 3 * SECOND, [{ ...MAIN, namespaces: [] }]), { gaps: [], unknown: 1 }],
    [server(START + 4 * SECOND, [MAIN]), { gaps: [], unknown: 1 }],
    [seen(START + 5 * SECOND, "namespace", ROOT, { pbsBackups: [] }, "vault"), { gaps: [WEB], unknown: 0 }],
  ];
  const all: Observation[] = [];
  for (const [step, expected] of steps) {
    all.push(step);
    assert.deepEqual(gapsOf(after(...all)), expected, `after ${all.length} steps`);
  }
});

test("the newest backup shows in the same picture in which its storage has been read", () => {
  const inventory = after(resources(START));
  inventory.apply(seen(START, "archives", NAS, { storageBackups: [archive(START - 9 * DAY), archive(START - DAY)] }));
  const before = inventory.picture;
  assert.deepEqual([before.storage[NAS]?.unread, before.vms[WEB]?.lastBackup], [{ archives: null }, null]);
  inventory.age(START + 2 * SECOND);
  const { storage, vms } = inventory.picture;
  assert.deepEqual([storage[NAS]?.unread, vms[WEB]?.lastBackup], [null, START - DAY]);
});

test("what cannot be read says why, also when it could before, and is read again when it can", () => {
  const refused = 'May not read "nas"';
  const never = after(resources(START), missed(START, "archives", NAS, refused));
  assert.deepEqual(never.picture.storage[NAS]?.unread, { archives: refused });
  assert.equal(gapsOf(never).unknown, 1);
  const list = seen(START, "archives", NAS, { storageBackups: [archive(START - 3 * DAY)] });
  const later = after(resources(START), list, missed(START + MINUTE, "archives", NAS, refused));
  assert.deepEqual(later.picture.storage[NAS]?.unread, { archives: refused });
  later.apply(seen(START + 2 * MINUTE, "archives", NAS, { storageBackups: [] }));
  later.age(START + 2 * MINUTE + SECOND);
  assert.equal(later.picture.storage[NAS]?.unread, null);
  const silent = after(resources(START), list, resources(START + DAY));
  assert.deepEqual(silent.picture.storage[NAS]?.unread, { archives: "Not looked at again in time" });
});

test("of what is off, that is why", () => {
  const { storage, nodes } = after(resources(START, "offline")).picture;
  assert.deepEqual(storage[NAS]?.unread, { archives: "No node that has it is online: pve1" });
  assert.deepEqual(nodes[PVE1]?.unread?.disks, 'Node "pve1" is offline');
});

test("of a Backup Server each datastore says so, and the server where not even these are known", () => {
  const unread = (...all: Observation[]) => after(...all).picture.pbs.vault?.unread;
  assert.deepEqual(unread(), { "": null });
  assert.deepEqual(unread(server(START, [], { datastores: "May not see them" })), { "": "May not see them" });
  assert.deepEqual(unread(server(START, [MAIN, { ...MAIN, name: "tape", namespaces: [], error: "in maintenance" }])), {
    main: null,
    tape: "in maintenance",
  });
  const backup = { id: "b", instance: "vault", datastore: "main", namespace: "" } as Whole<PbsBackup>;
  const list = seen(START, "namespace", ROOT, { pbsBackups: [backup] }, "vault");
  assert.equal(unread(server(START, [MAIN]), list), null);
});

test("a guest, a node or a storage that is new begins with nothing read", () => {
  const inventory = after(resources(START), seen(START, "snapshots", WEB, {}));
  const more = resources(START + MINUTE);
  more.guests.push({
    id: guestId("home", 101),
    vmid: 101,
    instance: "home",
    type: "lxc",
    node: "pve1",
    withheld: null,
  });
  inventory.apply(more);
  assert.deepEqual(inventory.picture.containers[guestId("home", 101)]?.unread, { snapshots: null });
  assert.equal(inventory.picture.vms[WEB]?.unread, null);
});
