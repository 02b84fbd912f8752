import type { Instant } from "../kit/units.ts";
import { SECOND } from "../kit/units.ts";
import type { Guest } from "../model/guest.ts";
import { nodeId } from "../model/ids.ts";
import type { Facts, Listed, Observation, PartLists, PartScope } from "../model/observation.ts";
import type { ZfsPool } from "../model/zfs.ts";
import type { InstanceInfo } from "../simulator/estate.ts";
import { toDisks } from "../sources/filesystems.ts";
import { QUEUES, toMailQueue, toNodes, toQueueShape } from "../sources/mail-gateway/nodes.ts";
import {
  toMailCount,
  toMailStats,
  toQuarantineCount,
  toQuery,
  toSpamDistribution,
  windowAt,
} from "../sources/mail-gateway/statistics.ts";
import { FaultNotes } from "../sources/proxmox/fault-notes.ts";
import { toDatastore, toNodeStatus as toServerStatus, toUsage } from "../sources/proxmox-backup/datastores.ts";
import { NO_DETAILS, readDetails } from "../sources/proxmox-backup/details.ts";
import { toSnapshots as toServedSnapshots } from "../sources/proxmox-backup/snapshots.ts";
import {
  toArchives,
  toBackupJobs,
  toNotBackedUp,
  toReplicationJobs,
  toSnapshots,
} from "../sources/proxmox-ve/archives.ts";
import { toBackupTasks, toGuestRuns, toVzdumpTasks } from "../sources/proxmox-ve/backup-tasks.ts";
import { toCephCluster } from "../sources/proxmox-ve/ceph.ts";
import { toCertificateEnd, toClusterStatus, toFingerprint, toVersion } from "../sources/proxmox-ve/cluster-status.ts";
import { toNvme, toPhysicalDisks, toTemperature } from "../sources/proxmox-ve/disks.ts";
import {
  toAgentInterfaces,
  toContainerInterfaces,
  toFilesystems,
  toMeminfo,
  toOs,
  toResult,
} from "../sources/proxmox-ve/guest-agent.ts";
import { toCurrent } from "../sources/proxmox-ve/guest-detail.ts";
import { toHaStatus } from "../sources/proxmox-ve/ha-status.ts";
import { toExportedFrames } from "../sources/proxmox-ve/metrics-export.ts";
import { toNodeMemory, toNodeStatus } from "../sources/proxmox-ve/node-status.ts";
import { type Resources, toResources } from "../sources/proxmox-ve/resources.ts";
import { toPastFrame } from "../sources/proxmox-ve/rrd.ts";
import { toNodeStorages, toStorageConfigs, withKnowledge } from "../sources/proxmox-ve/storage-config.ts";
import { toZfsList, toZfsPool } from "../sources/proxmox-ve/zfs.ts";
import { RateMeter } from "../sources/rates.ts";

/** Asks for a path; rejects with LookFailed. */
export type Read = (path: string) => Promise<unknown>;

/** What one look comes to. */
export interface Looks {
  observations: readonly Observation[];
  /** All that was translated, also what is in no observation by itself. */
  all: unknown;
}

export interface LookByHand {
  name: string;
  look: (read: Read) => Promise<Looks>;
}

/** The looks at an instance as its source makes them, by the same translators; but each at once, and what is asked for is asked of `read`. */
export function looksAt({ type, name }: Pick<InstanceInfo, "type" | "name">, at: Instant): LookByHand[] {
  if (type === "pbs") return atBackupServer(name, at);
  return type === "pmg" ? atGateway(name, at) : atCluster(name, at);
}

function drained<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value as T;
  }
}

function common(instance: string, at: Instant) {
  return { kind: "seen", instance, at, took: 0, interval: 10 * SECOND } as const;
}

function partLook(
  name: string,
  { instance, at }: { instance: string; at: Instant },
  scope: PartScope,
  part: string,
  lists: (read: Read) => Promise<PartLists>,
): LookByHand {
  return {
    name,
    async look(read) {
      const found = await lists(read);
      return { observations: [{ ...common(instance, at), scope, part, lists: found }], all: found };
    },
  };
}

function plainLook(name: string, look: (read: Read) => Promise<unknown>): LookByHand {
  return { name, look: async read => ({ observations: [], all: await look(read) }) };
}

function atCluster(instance: string, at: Instant): LookByHand[] {
  const node = "pve1";
  const path = `/nodes/${node}`;
  const here = { instance, at };
  const id = nodeId(instance, node);
  let known: Resources = { nodes: [], guests: [], storages: [] };
  const guestOf = (type: Guest["type"]): Facts<Guest> =>
    known.guests.find(one => one.type === type && one.status === "running") ?? { id: "" };
  const pathOf = (type: Guest["type"]) => `/nodes/${guestOf(type).node}/${type}/${guestOf(type).vmid}`;
  return [
    {
      name: "resources",
      async look(read) {
        const resources = drained(
          toResources(await read("/cluster/resources"), instance, new RateMeter(25 * SECOND), at),
        );
        const configs = toStorageConfigs(await read("/storage"));
        const onNode = new Map([[node, toNodeStorages(await read(`${path}/storage`))]]);
        const pools: ZfsPool[] = [];
        for (const row of toZfsList(await read(`${path}/disks/zfs`)))
          pools.push({
            ...toZfsPool(await read(`${path}/disks/zfs/${String(row.name)}`).catch(() => null), row),
            lastSeen: at,
            stale: false,
            fault: null,
          });
        const names = resources.nodes.flatMap(one => one.node ?? []);
        const nodes = resources.nodes.map(one => (one.node === node ? { ...one, zfsPools: pools } : one));
        const storages = withKnowledge(
          resources.storages,
          { configs, onNode, pools: new Map([[node, pools]]) },
          instance,
          names,
        );
        const all = { ...resources, nodes, storages };
        if (known.nodes.length === 0) known = all;
        return { observations: [{ ...common(instance, at), scope: "resources", ...all, endpoints: [] }], all };
      },
    },
    {
      name: "nodes",
      async look(read) {
        const status = await read(`${path}/status`);
        const nodes = [toNodeStatus(status, instance, node)];
        return {
          observations: [{ ...common(instance, at), scope: "nodes", nodes }],
          all: { nodes, memory: toNodeMemory(status) },
        };
      },
    },
    {
      name: "cluster",
      async look(read) {
        const { clusterName, quorate, members } = toClusterStatus(await read("/cluster/status"), instance);
        const ha = toHaStatus(await read("/cluster/ha/status/current"));
        const version = toVersion(await read("/version"));
        const seen = { clusterName, quorate, ha, version };
        return {
          observations: [{ ...common(instance, at), scope: "cluster", ...seen, endpoints: [] }],
          all: { ...seen, members },
        };
      },
    },
    partLook("disks", here, "disks", id, async read => {
      const disks = toPhysicalDisks(await read(`${path}/disks/list`), instance, node, at);
      const told = [];
      for (const disk of disks.slice(0, 3)) {
        const smart = await read(`${path}/disks/smart?disk=${encodeURIComponent(disk.devPath)}`).catch(() => null);
        told.push({ ...disk, temperature: toTemperature(smart) });
      }
      toNvme(told, at);
      return { physicalDisks: told };
    }),
    partLook("ceph", here, "ceph", instance, async read => {
      const list = (name: string) => read(`${path}/ceph/${name}`);
      const answers = { status: await list("status"), pools: await list("pool"), mons: await list("mon") };
      const rest = { mgrs: await list("mgr"), mdss: await list("mds"), osds: await list("osd") };
      return { cephClusters: [toCephCluster({ ...answers, ...rest }, instance, at)] };
    }),
    partLook("archives", here, "archives", archivesOf(() => known)?.id ?? `${instance}:storage:local`, async read => {
      const storage = archivesOf(() => known) ?? known.storages[0] ?? { id: "" };
      const content = await read(`${path}/storage/${encodeURIComponent(storage.storage ?? "")}/content?content=backup`);
      return { storageBackups: drained(toArchives(content, storage, instance)) };
    }),
    partLook("tasks", here, "tasks", id, async read => {
      const tasks = toVzdumpTasks(await read(`${path}/tasks?typefilter=vzdump&source=all&limit=5`));
      const backupTasks = [];
      for (const task of tasks) {
        const log = await read(`${path}/tasks/${encodeURIComponent(task.upid)}/log?limit=50`).catch(() => null);
        backupTasks.push(...toBackupTasks(task, toGuestRuns(log), instance, node, () => null));
      }
      return { backupTasks };
    }),
    partLook("snapshots", here, "snapshots", `${instance}:guest:100`, async read => {
      const guest = guestOf("qemu");
      return { guestSnapshots: toSnapshots(await read(`${pathOf("qemu")}/snapshot`), guest, instance) };
    }),
    partLook("jobs", here, "backup-jobs", instance, async read => ({
      backupJobs: toBackupJobs(await read("/cluster/backup"), instance),
    })),
    partLook("replication", here, "replication", id, async read => ({
      replicationJobs: toReplicationJobs(await read(`${path}/replication`), instance, node),
    })),
    plainLook("guests without a job", async read => [
      ...toNotBackedUp(await read("/cluster/backup-info/not-backed-up")),
    ]),
    plainLook("certificates", async read => {
      const told = await read(`${path}/certificates/info`);
      return { fingerprint: toFingerprint(told), end: toCertificateEnd(told) };
    }),
    plainLook("a VM", async read => {
      const at = pathOf("qemu");
      const agent = (command: string) => read(`${at}/agent/${command}`).catch(() => null);
      const result = async (command: string) => {
        const told = toResult(await agent(command));
        return "result" in told ? told.result : null;
      };
      return {
        current: toCurrent(await read(`${at}/status/current`)),
        disks: toDisks(toFilesystems(await result("get-fsinfo")) ?? []),
        os: toOs(await result("get-osinfo")),
        network: toAgentInterfaces(await result("network-get-interfaces")),
        memory: toMeminfo(await agent("file-read?file=%2Fproc%2Fmeminfo")),
        past: toPastFrame(await read(`${at}/rrddata?timeframe=hour&cf=AVERAGE`), "guest"),
      };
    }),
    plainLook("a container", async read => toContainerInterfaces(await read(`${pathOf("lxc")}/interfaces`))),
    plainLook("the node's past", async read =>
      toPastFrame(await read(`${path}/rrddata?timeframe=hour&cf=AVERAGE`), "node"),
    ),
    plainLook("what was measured", async read => toExportedFrames(await read("/cluster/metrics/export?history=1"))),
  ];
}

/** A storage of the first node that holds backups. */
function archivesOf(known: () => Resources) {
  return known().storages.find(
    one => one.content?.split(",").includes("backup") && !one.withheld && one.nodes?.includes("pve1"),
  );
}

function atBackupServer(instance: string, at: Instant): LookByHand[] {
  return [
    wholeLook(instance, at, "pbs", async read => {
      const details = await readDetails(NO_DETAILS, read, new FaultNotes(instance), at);
      const more = { maintenance: null, namespaces: [], deduplicationFactor: null, fault: null };
      const datastores = toUsage(await read("/status/datastore-usage")).map(store =>
        toDatastore(instance, store, more, at),
      );
      const { version, jobs } = details;
      const status = toServerStatus(await read("/nodes/localhost/status"));
      const known = {
        name: instance,
        instance,
        host: "",
        status: "online",
        connectionHealth: "healthy",
        faults: {},
      } as const;
      return { id: instance, ...known, version, ...status, datastores, ...jobs };
    }),
    partLook("snapshots", { instance, at }, "namespace", `${instance}:datastore:main/`, async read => ({
      pbsBackups: drained(toServedSnapshots(await read("/admin/datastore/main/snapshots"), instance, "main", "")),
    })),
  ];
}

function atGateway(instance: string, at: Instant): LookByHand[] {
  return [
    wholeLook(instance, at, "pmg", async read => {
      const nodes = toNodes(await read("/config/cluster/status?list_single_node=1"));
      const window = windowAt(at);
      const query = toQuery(window);
      const shapes: Record<string, ReturnType<typeof toQueueShape>> = {};
      for (const queue of QUEUES)
        shapes[queue] = toQueueShape(await read(`/nodes/${instance}/postfix/qshape?queue=${queue}`));
      const queueStatus = toMailQueue(shapes as Parameters<typeof toMailQueue>[0], at);
      return {
        id: instance,
        ...({ name: instance, instance, host: "", status: "online", connectionHealth: "healthy", faults: {} } as const),
        version: toVersion(await read("/version")),
        mailStats: toMailStats(await read(`/statistics/mail?${query}`), at),
        mailCount: toMailCount(await read(`/statistics/mailcount?${query}&timespan=3600`), window),
        spamDistribution: toSpamDistribution(await read(`/statistics/spamscores?${query}`)),
        quarantine: {
          spam: toQuarantineCount(await read("/quarantine/spamstatus")),
          virus: toQuarantineCount(await read("/quarantine/virusstatus")),
          attachment: null,
          blacklisted: null,
        },
        lastUpdated: new Date(at).toISOString(),
        nodes: nodes.map(node => ({ ...node, queueStatus })),
      };
    }),
  ];
}

function wholeLook<C extends Listed>(
  instance: string,
  at: Instant,
  collection: C,
  whole: (read: Read) => Promise<NonNullable<PartLists[C]>[number]>,
): LookByHand {
  return {
    name: collection,
    async look(read) {
      const lists = { [collection]: [await whole(read)] } as PartLists;
      const none = { nodes: [], guests: [], storages: [], endpoints: [] };
      return { observations: [{ ...common(instance, at), scope: "resources", ...none, lists }], all: lists };
    },
  };
}
