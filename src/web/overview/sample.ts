import { GIB } from "../../kit/units.ts";
import type { Alert } from "../../model/alert.ts";
import type { CephCluster } from "../../model/ceph.ts";
import type { Guest } from "../../model/guest.ts";
import { guestId, nodeId, storageId } from "../../model/ids.ts";
import type { Instance } from "../../model/instance.ts";
import type { Node } from "../../model/node.ts";
import type { PhysicalDisk } from "../../model/physical-disk.ts";
import { emptyPicture, type Picture } from "../../model/picture.ts";
import type { Storage } from "../../model/storage.ts";

/** What a test says of the entities it needs; the rest is that of a healthy one of instance "home". */
export interface Sample {
  instances?: Partial<Instance>[];
  nodes?: Partial<Node>[];
  guests?: Partial<Guest>[];
  storage?: Partial<Storage>[];
  disks?: Partial<PhysicalDisk>[];
  ceph?: Partial<CephCluster>[];
  alerts?: Partial<Alert>[];
}

const FRESH = { lastSeen: 1_000_000, stale: false, fault: null };

/** A small picture for tests. */
export function samplePicture(sample: Sample): Picture {
  const picture = emptyPicture();
  for (const given of sample.instances ?? [{}]) {
    const instance = toInstance(given);
    picture.instances[instance.id] = instance;
  }
  for (const given of sample.nodes ?? []) {
    const node = toNode(given);
    picture.nodes[node.id] = node;
  }
  for (const given of sample.guests ?? []) {
    const guest = toGuest(given);
    picture[guest.type === "lxc" ? "containers" : "vms"][guest.id] = guest;
  }
  for (const given of sample.storage ?? []) {
    const storage = toStorage(given);
    picture.storage[storage.id] = storage;
  }
  for (const given of sample.disks ?? []) {
    const { devPath = "/dev/sda" } = given;
    const disk = { id: devPath, devPath, node: "pve1", instance: "home", model: "", health: "PASSED", wearout: -1 };
    picture.physicalDisks[devPath] = { ...disk, ...FRESH, ...given } as PhysicalDisk;
  }
  for (const given of sample.ceph ?? [])
    picture.cephClusters.home = { id: "home", name: "home", health: "HEALTH_OK", ...FRESH, ...given } as CephCluster;
  for (const given of sample.alerts ?? []) {
    const alert = toAlert(given);
    picture.activeAlerts[alert.id] = alert;
  }
  return picture;
}

/** One that fires of node "pve1", unless it says otherwise. */
export function toAlert(given: Partial<Alert>): Alert {
  const resourceId = given.resourceId ?? nodeId("home", "pve1");
  const type = given.type ?? "offline";
  return {
    id: `${resourceId}-${type}`,
    type,
    level: "critical",
    resourceId,
    resourceName: "pve1",
    resourceType: "node",
    node: "pve1",
    instance: "home",
    message: 'Node "pve1" is offline',
    value: 1,
    threshold: 0,
    unit: "state",
    startTime: "2026-01-01T00:00:00.000Z",
    lastSeen: "2026-01-01T00:01:00.000Z",
    acknowledged: false,
    cause: null,
    covers: [],
    coversCount: 0,
    tags: [],
    metadata: {},
    ...given,
  };
}

function toInstance(given: Partial<Instance>): Instance {
  const name = given.name ?? "home";
  return {
    id: name,
    name,
    type: "pve",
    host: "https://pve1:8006",
    status: "online",
    clusterName: name,
    quorate: true,
    version: "9.1.2",
    endpoints: [],
    lastSeen: 1_000_000,
    lastAttempt: 1_000_000,
    interval: 10_000,
    took: 20,
    fault: null,
    ...given,
  } as Instance;
}

function toNode(given: Partial<Node>): Node {
  const { node = "pve1", instance = "home" } = given;
  return {
    id: nodeId(instance, node),
    node,
    name: node,
    displayName: node,
    instance,
    status: "online",
    type: "pve",
    cpu: 0.1,
    disk: { total: 64 * GIB, used: 16 * GIB, free: 48 * GIB, usage: 25 },
    zfsPools: null,
    certificateExpires: null,
    connectionHealth: "healthy",
    ...FRESH,
    ...given,
  } as Node;
}

export function toGuest(given: Partial<Guest>): Guest {
  const { vmid = 100, instance = "home" } = given;
  return {
    id: guestId(instance, vmid),
    vmid,
    name: `guest-${vmid}`,
    node: "pve1",
    instance,
    type: "qemu",
    status: "running",
    cpu: 0.05,
    cpus: 2,
    memory: { total: 4 * GIB, used: GIB, free: 3 * GIB, usage: 25, source: "cluster-resources" },
    mem: GIB,
    maxmem: 4 * GIB,
    disk: { total: 32 * GIB, used: null, free: null, usage: -1 },
    maxdisk: 32 * GIB,
    networkIn: 0,
    networkOut: 0,
    diskRead: 0,
    diskWrite: 0,
    uptime: 3600,
    template: false,
    lock: null,
    tags: null,
    pool: null,
    hastate: null,
    onboot: null,
    storages: null,
    ...FRESH,
    ...given,
  } as Guest;
}

function toStorage(given: Partial<Storage>): Storage {
  const { storage = "local", node = "pve1", instance = "home", shared = false } = given;
  return {
    id: storageId(instance, storage, shared ? null : node),
    storage,
    name: storage,
    node,
    instance,
    nodes: [node],
    usage: 40,
    shared,
    enabled: true,
    active: true,
    ...FRESH,
    ...given,
  } as Storage;
}
