import type { Picture } from "../model/picture.ts";
import type { State } from "../model/state.ts";

const NATURAL = new Intl.Collator("en", { numeric: true });

/** The picture as the wire has it: lists in a fixed order (instance, then name or VMID), and counts over the whole. */
export function toState(picture: Picture, epoch: string): State {
  const instances = Object.values(picture.instances).sort((a, b) => NATURAL.compare(a.name, b.name));
  const nodes = Object.values(picture.nodes).sort(byInstanceAnd((a, b) => NATURAL.compare(a.name, b.name)));
  const vms = Object.values(picture.vms).sort(byInstanceAnd((a, b) => a.vmid - b.vmid));
  const containers = Object.values(picture.containers).sort(byInstanceAnd((a, b) => a.vmid - b.vmid));
  const storage = Object.values(picture.storage).sort(byInstanceAnd((a, b) => NATURAL.compare(a.id, b.id)));
  return {
    version: picture.version,
    epoch,
    lastUpdate: picture.lastUpdate,
    instances,
    nodes,
    vms,
    containers,
    storage,
    dockerHosts: [],
    cephClusters: [],
    physicalDisks: [],
    pbs: [],
    pmg: [],
    pveBackups: { backupTasks: [], storageBackups: [], guestSnapshots: [] },
    pbsBackups: [],
    activeAlerts: [],
    recentlyResolved: [],
    metrics: {},
    performance: {},
    stats: toStats(picture),
    connectionHealth: Object.fromEntries(
      instances.map(({ type, name, status }) => [`${type}-${name}`, status === "online"]),
    ),
  };
}

function byInstanceAnd<T extends { instance: string }>(compare: (a: T, b: T) => number): (a: T, b: T) => number {
  return (a, b) => (a.instance === b.instance ? compare(a, b) : NATURAL.compare(a.instance, b.instance));
}

function toStats(picture: Picture): State["stats"] {
  const nodes = Object.values(picture.nodes);
  const guests = [...Object.values(picture.vms), ...Object.values(picture.containers)].filter(guest => !guest.template);
  return {
    nodes: nodes.length,
    nodesOnline: nodes.filter(node => node.status === "online").length,
    guests: guests.length,
    guestsRunning: guests.filter(guest => guest.status === "running").length,
    storages: Object.keys(picture.storage).length,
    stale: [...nodes, ...guests].filter(entity => entity.stale).length,
  };
}
