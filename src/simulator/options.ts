import type { Clock } from "../kit/clock.ts";
import type { Millis } from "../kit/units.ts";

/** The releases that can be played; they differ in what they know and in what they leave out. */
export type PveVersion = "7.4" | "8.0" | "8.4" | "9.1";

/** One cluster, or one host on its own. */
export interface ClusterOptions {
  /** Names the instance and, unless it stands alone, the cluster. */
  name: string;
  nodes: number;
  guests: number;
  /** A host without a cluster; asks for `nodes: 1`. */
  standalone?: boolean;
  /** Default "9.1". */
  version?: PveVersion;
  /** Nodes are called prefix1, prefix2…, a single one just prefix. Default "pve", for a standalone host its own name. */
  nodePrefix?: string;
  /** How many of each kind every node has, in that order; left out: every third guest is a container. */
  perNode?: { vms: number; containers: number };
  /** Share of the guests that are off; left out: as in life, a few. */
  stopped?: number;
  /** Nodes with nearly all of their CPU in use. */
  busy?: readonly string[];
  /** Values stay as they are. */
  still?: boolean;
  /** How far back its servers remember values, as if they had been set up then; left out: as far as the release keeps them. */
  remembers?: Millis;
  /** How long the nodes' certificates are good; left out: for the better part of a year. */
  certificateDays?: number;
  /** Default 100, in every cluster: VMIDs repeat across clusters. */
  firstVmid?: number;
}

/** The releases of Backup Server that can be played. */
export type PbsVersion = "2.4" | "3.4" | "4.0";

export interface NamespaceOptions {
  /** "" is the root. */
  path: string;
  /** The cluster whose guests are backed up there. */
  cluster?: string;
  /** Machines that are no guests of any cluster: their groups are of type "host". */
  hosts?: readonly string[];
}

export interface DatastoreOptions {
  name: string;
  /** GiB. */
  size: number;
  /** Share in use. */
  fill: number;
  namespaces: readonly NamespaceOptions[];
  /** How many snapshots a group keeps; one is made a day. Default 7. */
  keep?: number;
}

export interface BackupServerOptions {
  name: string;
  datastores: readonly DatastoreOptions[];
  /** Default "4.0". */
  version?: PbsVersion;
}

/** The releases of Mail Gateway that can be played: the older one gives numbers as texts. */
export type PmgVersion = "7.3" | "8.2";

export interface MailGatewayOptions {
  name: string;
  /** The first one is the master. One alone is no cluster. */
  nodes: number;
  /** Default "8.2". */
  version?: PmgVersion;
}

export interface EstateOptions {
  /** The same seed and the same clock give the same answers (certificates apart: their keys are made anew). */
  seed: string;
  clusters: readonly ClusterOptions[];
  backupServers?: readonly BackupServerOptions[];
  mailGateways?: readonly MailGatewayOptions[];
  /** How many Docker hosts there are. Default 0. */
  dockerHosts?: number;
  /** How many containers each of them has; left out: as the catalogue says. */
  dockerContainers?: number;
  /** Added to every answer, there and back together, in real time. */
  latency?: Millis;
  /** How long a refused login waits, in real time; Proxmox takes 3 s. Default 0. */
  authDelay?: Millis;
  /** What time it is in the estate; sockets wait in real time whatever it says. Default `systemClock`. */
  clock?: Clock;
  /** How often values move. Default 10 s, as pvestatd. */
  tick?: Millis;
  /** "many": each node on its own 127.x.y.z, members of a cluster on one port; "one": all on 127.0.0.1. Default by system. */
  loopback?: "many" | "one";
  /** Port of the admin address. Default 0: a free one. */
  adminPort?: number;
}
