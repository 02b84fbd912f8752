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
  /** Default 100, in every cluster: VMIDs repeat across clusters. */
  firstVmid?: number;
}

export interface EstateOptions {
  /** The same seed and the same clock give the same answers (certificates apart: their keys are made anew). */
  seed: string;
  clusters: readonly ClusterOptions[];
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
