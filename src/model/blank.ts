import type { BackupServer } from "./backup-server.ts";
import type { Guest } from "./guest.ts";
import type { Instance } from "./instance.ts";
import type { WatchedInstance } from "./instance-settings.ts";
import type { MailGateway } from "./mail-gateway.ts";
import type { Node } from "./node.ts";
import type { Facts } from "./observation.ts";
import type { Storage } from "./storage.ts";

const FRESH = { lastSeen: 0, stale: true, fault: null };

/** An entity of which nothing is known but what the facts say: every other field is null, or what an empty one of its kind has. */
export function blankNode(facts: Facts<Node>, instance: string): Node {
  const name = facts.node ?? facts.id;
  return {
    node: name,
    name,
    displayName: name,
    instance,
    host: null,
    status: "unknown",
    type: "pve",
    cpu: null,
    memory: null,
    mem: null,
    maxmem: null,
    disk: null,
    maxdisk: null,
    uptime: null,
    loadAverage: null,
    kernelVersion: null,
    pveVersion: null,
    cpuInfo: null,
    temperature: null,
    zfsPools: null,
    certificateExpires: null,
    connectionHealth: "error",
    isClusterMember: false,
    clusterName: null,
    unread: { disks: null, tasks: null, replication: null },
    ...FRESH,
    ...entityFields(facts),
  };
}

/** A guest whose name nobody has told yet (its node was down from the start) is called by its VMID, as PVE does. */
export function blankGuest(facts: Facts<Guest>, instance: string): Guest {
  const type = facts.type ?? "qemu";
  const vmid = facts.vmid ?? 0;
  return {
    vmid,
    name: `${type === "lxc" ? "CT" : "VM"} ${vmid}`,
    node: "",
    instance,
    type,
    status: "unknown",
    cpu: null,
    cpus: null,
    memory: null,
    mem: null,
    maxmem: null,
    disk: null,
    disks: null,
    diskStatusReason: null,
    maxdisk: null,
    osName: null,
    osVersion: null,
    networkInterfaces: null,
    ipAddresses: null,
    networkIn: null,
    networkOut: null,
    diskRead: null,
    diskWrite: null,
    uptime: null,
    lastBackup: null,
    inBackupJob: null,
    template: false,
    lock: null,
    tags: null,
    pool: null,
    hastate: null,
    onboot: null,
    storages: null,
    unread: { snapshots: null },
    ...FRESH,
    ...entityFields(facts),
  };
}

export function blankStorage(facts: Facts<Storage>, instance: string): Storage {
  return {
    storage: facts.id,
    name: facts.id,
    node: "",
    instance,
    nodes: [],
    nodeIds: [],
    nodeCount: 0,
    type: "",
    status: "unknown",
    total: null,
    used: null,
    avail: null,
    free: null,
    usage: null,
    content: "",
    shared: false,
    enabled: true,
    active: false,
    zfsPool: null,
    unread: { archives: null },
    ...FRESH,
    ...entityFields(facts),
  };
}

/** A server that has not been looked at yet is listed all the same. */
export function blankBackupServer({
  name,
  title,
  host,
}: Pick<WatchedInstance, "name" | "title" | "host">): BackupServer {
  return {
    id: name,
    name: title ?? name,
    instance: name,
    host,
    status: "unknown",
    version: null,
    cpu: null,
    memory: null,
    memoryUsed: null,
    memoryTotal: null,
    uptime: null,
    datastores: [],
    backupJobs: [],
    syncJobs: [],
    verifyJobs: [],
    pruneJobs: [],
    garbageJobs: [],
    tasks: [],
    unread: { "": null },
    connectionHealth: "degraded",
    faults: {},
    ...FRESH,
    lastSeen: "",
  };
}

/** As `blankBackupServer`. */
export function blankMailGateway({ name, title, host }: WatchedInstance): MailGateway {
  return {
    id: name,
    name: title ?? name,
    instance: name,
    host,
    status: "unknown",
    version: null,
    nodes: [],
    mailStats: null,
    mailCount: [],
    spamDistribution: [],
    quarantine: null,
    connectionHealth: "degraded",
    faults: {},
    lastUpdated: "",
    ...FRESH,
    lastSeen: "",
  };
}

export function blankInstance(settings: WatchedInstance): Instance {
  return {
    id: settings.name,
    name: settings.title ?? settings.name,
    type: settings.type,
    host: settings.host,
    status: "connecting",
    clusterName: null,
    quorate: null,
    ha: null,
    version: null,
    endpoints: [{ url: settings.host, node: null, fault: null }],
    lastSeen: 0,
    lastAttempt: 0,
    interval: settings.interval,
    took: null,
    fault: null,
    unread: settings.type === "pve" ? { "backup-jobs": null, ceph: null } : null,
  };
}

/** The facts without what is no field of the entity. */
export function entityFields<T>(facts: Facts<T>): Omit<Facts<T>, "withheld"> {
  const { withheld: _, ...fields } = facts;
  return fields;
}
