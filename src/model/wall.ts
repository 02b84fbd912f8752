import type { Alert } from "./alert.ts";
import type { BackupServer } from "./backup-server.ts";
import { blankBackupServer, blankGuest, blankNode, blankStorage } from "./blank.ts";
import type { Fault } from "./fault.ts";
import type { Guest } from "./guest.ts";
import type { Instance } from "./instance.ts";
import type { Node } from "./node.ts";
import type { Unread } from "./not-known.ts";
import type { State } from "./state.ts";
import type { Storage } from "./storage.ts";

/**
 * What a screen on the wall shows of the state, and no more of it: how nodes, guests and storages fare, and what is wrong. Whoever walks by
 * sees it, so what it does not need is not there: addresses, systems, labels, tags, backups, who acknowledged. NOTE: each kind names what it
 * keeps, so that a new field stays away until somebody decides otherwise.
 */
export function toWall(state: State): State {
  const { version, epoch, lastUpdate, stats } = state;
  return {
    ...{ version, epoch, lastUpdate, stats },
    instances: state.instances.map(toInstance),
    nodes: state.nodes.map(toNode),
    vms: state.vms.map(toGuest),
    containers: state.containers.map(toGuest),
    storage: state.storage.map(toStorage),
    dockerHosts: state.dockerHosts.map(toDockerHost),
    pbs: state.pbs.map(toBackupServer),
    activeAlerts: state.activeAlerts.map(toAlert),
    cephClusters: [],
    physicalDisks: [],
    pmg: [],
    pveBackups: { backupTasks: [], storageBackups: [], guestSnapshots: [] },
    backupJobs: [],
    replicationJobs: [],
    pbsBackups: [],
    backupGaps: [],
    recentlyResolved: [],
    metrics: {},
    performance: {},
    connectionHealth: {},
  };
}

const ADDRESS = /https?:\/\/[^\s"]+|\[[\da-f:.]+\](?::\d+)?|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|[\w.-]+:\d{2,5}\b/gi;

/** A sentence without the addresses in it: where servers stand is not for who walks by. */
function withoutAddresses(sentence: string): string {
  return sentence.replace(ADDRESS, "…");
}

/** What has not been read yet; why something cannot be is not for who walks by. */
function notYet(unread: Unread): Unread {
  const waiting = Object.entries(unread ?? {}).filter(([, reason]) => reason === null);
  return waiting.length === 0 ? null : Object.fromEntries(waiting);
}

function toFault(fault: Fault | null): Fault | null {
  return fault && { ...fault, message: withoutAddresses(fault.message) };
}

function toInstance(instance: Instance): Instance {
  const { id, name, type, status, quorate, endpoints, lastSeen, lastAttempt, interval, fault } = instance;
  return {
    ...{ id, name, type, status, quorate, lastSeen, lastAttempt, interval },
    fault: toFault(fault),
    endpoints: endpoints.map(({ node, fault }) => ({ url: "", node, fault: toFault(fault) })),
    host: "",
    clusterName: null,
    ha: null,
    version: null,
    took: null,
    unread: notYet(instance.unread),
  };
}

function toNode(seen: Node): Node {
  const { id, node, name, displayName, instance, status, type, cpu, memory, isClusterMember } = seen;
  const { connectionHealth, lastSeen, stale, fault } = seen;
  return {
    ...blankNode({ id, node, name, displayName, status, type, cpu, memory, isClusterMember }, instance),
    ...{ connectionHealth, lastSeen, stale, unread: notYet(seen.unread) },
    fault: fault && withoutAddresses(fault),
  };
}

function toGuest(guest: Guest): Guest {
  const { id, vmid, name, node, instance, type, status, cpu, template, lastSeen, stale, fault } = guest;
  return {
    ...blankGuest({ id, vmid, name, node, type, status, cpu, template }, instance),
    ...{ lastSeen, stale, unread: null },
    fault: fault && withoutAddresses(fault),
  };
}

function toStorage(seen: Storage): Storage {
  const { id, storage, name, node, instance, type, status, total, used, usage, shared, enabled, active } = seen;
  const { lastSeen, stale, fault } = seen;
  return {
    ...blankStorage({ id, storage, name, node, type, status, total, used, usage, shared, enabled, active }, instance),
    ...{ lastSeen, stale, unread: notYet(seen.unread) },
    fault: fault && withoutAddresses(fault),
  };
}

function toDockerHost(host: State["dockerHosts"][number]): State["dockerHosts"][number] {
  const { id, hostname, displayName, status, intervalSeconds, measured, lastSeen, stale, fault } = host;
  return {
    ...{ id, hostname, displayName, status, intervalSeconds, measured, lastSeen, stale },
    fault: fault && withoutAddresses(fault),
    agentId: "",
    machineId: null,
    os: null,
    kernelVersion: null,
    architecture: null,
    dockerVersion: null,
    cpus: null,
    totalMemoryBytes: null,
    uptimeSeconds: null,
    engine: null,
    swarmNodeId: null,
    cpuPercent: null,
    memoryUsedBytes: null,
    loadAverage: null,
    warnings: [],
    agentVersion: null,
    clockSkew: null,
    issues: [],
    recentExitCodes: [],
    containers: [],
  };
}

function toBackupServer(server: BackupServer): BackupServer {
  const { id, name, instance, status, connectionHealth, lastSeen, stale, fault } = server;
  return {
    ...blankBackupServer({ name, host: "" }),
    ...{ id, name, instance, status, connectionHealth, lastSeen, stale, unread: notYet(server.unread) },
    fault: fault && withoutAddresses(fault),
    datastores: server.datastores.map(
      ({ id, name, total, used, free, usage, status, error, estimatedFullAt, daysUntilFull }) => ({
        ...{ id, name, total, used, free, usage, status, estimatedFullAt, daysUntilFull },
        error: error && withoutAddresses(error),
        namespaces: [],
        deduplicationFactor: null,
      }),
    ),
  };
}

function toAlert(alert: Alert): Alert {
  const { id, type, level, resourceId, resourceName, resourceType, node, instance, message, value, threshold } = alert;
  const { unit, startTime, lastSeen, acknowledged, cause, covers, coversCount } = alert;
  return {
    ...{ id, type, level, resourceId, resourceName, resourceType, node, instance, value, threshold },
    message: withoutAddresses(message),
    ...{ unit, startTime, lastSeen, acknowledged, cause, covers, coversCount },
    tags: [],
    metadata: {},
  };
}
