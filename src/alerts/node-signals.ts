import { DAY } from "../kit/units.ts";
import type { CephCluster } from "../model/ceph.ts";
import { isTransportFault } from "../model/fault.ts";
import { nodeId, zfsPoolId } from "../model/ids.ts";
import type { Instance } from "../model/instance.ts";
import type { Node } from "../model/node.ts";
import type { PhysicalDisk } from "../model/physical-disk.ts";
import { allOf } from "../model/picture.ts";
import { staleAfter } from "../model/stale-after.ts";
import type { ZfsDevice, ZfsPool } from "../model/zfs.ts";
import { type Context, critical, type Finding, type Kind, warning } from "./signal.ts";

export const INSTANCES: Kind<Instance> = {
  // Backup Servers and Mail Gateways are resources of their own, of the same id.
  list: picture => allOf(picture, "instances").filter(({ type }) => type === "pve"),
  id: ({ id }) => id,
  tags: () => null,
  isStale: ({ status }) => status !== "online",
  about: ({ id, name }) => ({ id, name, type: "instance", node: "", instance: id }),
  signals: [
    { kind: "check", type: "unreachable", label: "Reachable", judgesStale: true, read: readReach },
    { kind: "check", type: "unwatched", label: "Watched", judgesStale: true, read: readWatch },
    {
      kind: "check",
      type: "quorum",
      label: "Quorum",
      read: ({ quorate }) =>
        quorate === null
          ? null
          : quorate
            ? false
            : critical("has lost its quorum: nothing can be changed in the cluster"),
    },
  ],
};

/** Only the evidence of the line counts: a server that answers, however badly, is there. */
export function readReach({ status, fault }: Instance): Finding | false | null {
  if (status === "offline") return critical(`cannot be reached${fault ? `: ${fault.message}` : ""}`);
  if (status === "online") return false;
  return status === "degraded" && fault !== null && !isTransportFault(fault.kind) ? false : null;
}

/** Of several Pulses: the edges of a site may all be lost, and nobody is left who could say that something fails. */
export function readWatch(
  { status, lastAttempt, interval, took }: Instance,
  { now }: Pick<Context, "now">,
): Finding | false | null {
  if (status === "connecting") return null;
  const isLost = status !== "online" && now - lastAttempt > staleAfter(interval, took ?? 0);
  return isLost && critical("is watched by nobody: no edge of its site is heard of");
}

export const NODES: Kind<Node> = {
  // An instance that has never answered has a node of no name in its place.
  list: picture => allOf(picture, "nodes").filter(({ id, instance }) => id !== nodeId(instance, "*")),
  id: ({ id }) => id,
  tags: () => null,
  isStale: ({ stale }) => stale,
  about: ({ id, displayName, node, instance }) => ({ id, name: displayName, type: "node", node, instance }),
  signals: [
    {
      kind: "figure",
      type: "cpu",
      label: "CPU",
      unit: "percent",
      read: ({ cpu }) => (cpu === null ? null : cpu * 100),
    },
    { kind: "figure", type: "memory", label: "Memory", unit: "percent", read: ({ memory }) => memory?.usage ?? null },
    {
      kind: "figure",
      type: "disk",
      label: "Root disk",
      unit: "percent",
      read: ({ disk }) => (disk === null || disk.usage < 0 ? null : disk.usage),
    },
    {
      kind: "figure",
      type: "temperature",
      label: "Hottest NVMe disk",
      unit: "celsius",
      read: ({ temperature }) => {
        const temps = temperature?.available ? temperature.nvme.map(({ temp }) => temp) : [];
        return temps.length > 0 ? Math.max(...temps) : null;
      },
    },
    {
      kind: "figure",
      type: "certificate",
      label: "Certificate",
      unit: "days",
      below: true,
      read: ({ certificateExpires }, { now }) =>
        certificateExpires === null ? null : Math.floor(((certificateExpires - now) / DAY) * 100) / 100,
    },
    { kind: "check", type: "offline", label: "Online", judgesStale: true, looks: 2, read: readNodeStatus },
  ],
};

/** What its cluster says of it, while that can be asked: of an instance that cannot be reached nobody knows more. */
function readNodeStatus({ status, instance }: Node, { picture }: Context): Finding | false | null {
  if (picture.instances[instance]?.status !== "online" || status === "unknown") return null;
  return status === "offline" ? critical("is offline") : false;
}

export const DISKS: Kind<PhysicalDisk> = {
  list: picture => allOf(picture, "physicalDisks"),
  id: ({ id }) => id,
  tags: () => null,
  isStale: ({ stale }) => stale,
  about: ({ id, devPath, model, node, instance }) => ({
    id,
    name: model === "" ? `${devPath} of ${node}` : `${devPath} of ${node} (${model})`,
    type: "disk",
    node,
    instance,
  }),
  signals: [
    {
      kind: "figure",
      type: "wearout",
      label: "Life left",
      unit: "percent",
      below: true,
      read: ({ wearout }) => (wearout < 0 ? null : wearout),
    },
    {
      kind: "figure",
      type: "temperature",
      label: "Temperature",
      unit: "celsius",
      read: ({ temperature }) => temperature,
    },
    {
      kind: "check",
      type: "disk-health",
      label: "SMART health",
      // A disk that does not tell is no failure.
      read: ({ health }) =>
        health === "UNKNOWN" ? null : health === "FAILED" ? critical("says that it is failing (SMART)") : false,
    },
  ],
};

/** A pool with the node that it is of. */
interface NodePool {
  node: Node;
  pool: ZfsPool;
}

export const ZFS_POOLS: Kind<NodePool> = {
  list: picture => allOf(picture, "nodes").flatMap(node => (node.zfsPools ?? []).map(pool => ({ node, pool }))),
  id: ({ node, pool }) => zfsPoolId(node.instance, node.node, pool.name),
  tags: () => null,
  isStale: ({ node, pool }) => node.stale || pool.stale,
  about: ({ node, pool }) => ({
    id: zfsPoolId(node.instance, node.node, pool.name),
    name: `${pool.name} of ${node.node}`,
    type: "zfs-pool",
    node: node.node,
    instance: node.instance,
  }),
  signals: [
    {
      kind: "check",
      type: "zfs-state",
      label: "State",
      read: ({ pool: { state, status } }) => {
        if (state === "") return null;
        if (state === "ONLINE") return false;
        const message = `is ${state}${status ? `: ${status.replaceAll(/\s+/g, " ")}` : ""}`;
        return state === "DEGRADED" ? warning(message) : critical(message);
      },
    },
    {
      kind: "check",
      type: "zfs-errors",
      label: "Errors",
      read: ({ pool }) => {
        const count = Math.max(errorsOf(pool), ...pool.devices.map(errorsOf));
        return count > 0 ? warning(`has counted ${count} read, write or checksum errors`) : false;
      },
    },
    {
      kind: "check",
      type: "zfs-device",
      label: "Devices",
      read: ({ pool }) => {
        const bad = pool.devices.filter(isDeviceBad);
        if (bad.length === 0) return false;
        return warning(`has lost ${bad.map(({ name, state }) => `${name} (${state})`).join(", ")}`);
      },
    },
  ],
};

function errorsOf(of: {
  readErrors: number | null;
  writeErrors: number | null;
  checksumErrors: number | null;
}): number {
  return (of.readErrors ?? 0) + (of.writeErrors ?? 0) + (of.checksumErrors ?? 0);
}

/** Spares are AVAIL, INUSE or UNAVAIL; caches and logs have no state where all is well: none of that makes a pool worse. */
function isDeviceBad({ type, state }: ZfsDevice): boolean {
  if (state === null || state === "" || state === "ONLINE") return false;
  const isAid = /^(spares?|cache|logs?|l2cache)$/.test(type);
  return isAid ? state === "FAULTED" || state === "REMOVED" : state !== "AVAIL" && state !== "INUSE";
}

export const CEPHS: Kind<CephCluster> = {
  list: ({ cephClusters }) => Object.values(cephClusters),
  id: ({ id }) => id,
  tags: () => null,
  isStale: ({ stale }) => stale,
  about: ({ id, name, instance }) => ({ id, name, type: "ceph", node: "", instance }),
  signals: [
    { kind: "figure", type: "usage", label: "Usage", unit: "percent", read: ({ usagePercent }) => usagePercent },
    {
      kind: "check",
      type: "ceph-health",
      label: "Health",
      read: ({ health, healthMessage }) => {
        if (health === "HEALTH_OK") return false;
        const message = `says ${health}${healthMessage ? `: ${healthMessage}` : ""}`;
        return health === "HEALTH_ERR" ? critical(message) : health === "HEALTH_WARN" ? warning(message) : null;
      },
    },
    {
      kind: "check",
      type: "ceph-osd",
      label: "OSDs",
      read: ({ numOsds, numOsdsUp }) => {
        if (numOsds === null || numOsdsUp === null) return null;
        return numOsdsUp < numOsds ? warning(`has ${numOsds - numOsdsUp} of ${numOsds} OSDs down`) : false;
      },
    },
  ],
};
