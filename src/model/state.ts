import { type Static, Type } from "typebox";
import { Alert } from "./alert.ts";
import { BackupJob, BackupTask, GuestSnapshot, StorageBackup } from "./backup.ts";
import { BackupServer } from "./backup-server.ts";
import { CephCluster } from "./ceph.ts";
import { DockerHost } from "./docker.ts";
import { Guest } from "./guest.ts";
import { Instance } from "./instance.ts";
import { MailGateway } from "./mail-gateway.ts";
import { Node } from "./node.ts";
import { BackupGap, PbsBackup } from "./pbs-backup.ts";
import { PhysicalDisk } from "./physical-disk.ts";
import { ReplicationJob } from "./replication.ts";
import { InstantField } from "./schema.ts";
import { Storage } from "./storage.ts";

const DashboardPoint = Type.Object({ timestamp: InstantField("When the minute begins"), value: Type.Number() });

/** The picture as `/api/state` and the frames `initialState` and `rawData` carry it. */
export const State = Type.Object(
  {
    version: Type.Integer({ description: "Number of this picture; each patch raises it by one." }),
    epoch: Type.String({
      description: "Changes when the server restarts: version numbers of different epochs do not compare.",
    }),
    lastUpdate: InstantField("When this picture last changed"),
    instances: Type.Array(Instance),
    nodes: Type.Array(Node),
    vms: Type.Array(Guest, { description: "Guests of type `qemu`." }),
    containers: Type.Array(Guest, { description: "Guests of type `lxc`." }),
    storage: Type.Array(Storage),
    dockerHosts: Type.Array(DockerHost),
    cephClusters: Type.Array(CephCluster),
    physicalDisks: Type.Array(PhysicalDisk),
    pbs: Type.Array(BackupServer),
    pmg: Type.Array(MailGateway),
    pveBackups: Type.Object({
      backupTasks: Type.Array(BackupTask),
      storageBackups: Type.Array(StorageBackup),
      guestSnapshots: Type.Array(GuestSnapshot),
    }),
    backupJobs: Type.Array(BackupJob),
    replicationJobs: Type.Array(ReplicationJob),
    pbsBackups: Type.Array(PbsBackup),
    backupGaps: Type.Array(BackupGap, {
      description: "Guests that are known to have no recent backup; templates are left out.",
    }),
    activeAlerts: Type.Array(Alert, {
      description: "Alerts that fire; their `lastSeen` is of when the picture last changed.",
    }),
    recentlyResolved: Type.Array(
      Type.Object({ ...Alert.properties, resolvedTime: Type.String({ description: "When it was over (RFC 3339)." }) }),
      { description: "Alerts that stopped firing within the last minutes, the newest first." },
    ),
    metrics: Type.Object({}),
    performance: Type.Record(
      Type.String(),
      Type.Object({
        cpu: Type.Array(DashboardPoint, { description: "percent" }),
        memory: Type.Array(DashboardPoint, { description: "percent" }),
      }),
      { description: "By instance, the means over its nodes, of each minute of the last hour; renewed once a minute." },
    ),
    stats: Type.Object(
      {
        nodes: Type.Integer(),
        nodesOnline: Type.Integer(),
        guests: Type.Integer(),
        guestsRunning: Type.Integer(),
        storages: Type.Integer(),
        stale: Type.Integer({ description: "Nodes and guests whose data is stale." }),
        dockerHosts: Type.Integer(),
        backupsUnknown: Type.Integer({
          description:
            "Guests of which it is not known whether they have a recent backup: not everything has been read yet, or can be; see `unread`.",
        }),
        version: Type.String({ description: "Of Pulse, with a leading v." }),
        uptime: Type.Integer({ description: "Of Pulse, seconds" }),
      },
      { description: "Counts over the whole picture; templates are not counted as guests." },
    ),
    connectionHealth: Type.Record(Type.String(), Type.Boolean(), {
      description: "Whether each upstream answers: `pve-NAME`.",
    }),
  },
  { $id: "State" },
);
export type State = Static<typeof State>;
