import type { PveVersion } from "./options.ts";

/** What sets one release of Proxmox VE apart from the others, as far as a monitor sees it. */
export interface Release {
  version: string;
  release: string;
  repoid: string;
  kernel: string;
  /** `/cluster/metrics/export`, from 8.2.5 on. */
  exportsMetrics: boolean;
  /** Errors carry a JSON `message` besides the status line (libpve-http-server-perl 5.2, 2025-01). */
  jsonMessage: boolean;
  /** `memory.available` in the status of a node. */
  memoryAvailable: boolean;
  /** Guests tell `memhost` and pressure, and `mem` counts the whole process: it may exceed `maxmem`. */
  memhost: boolean;
  /** `/cluster/resources` lists networks as type "network", before as "sdn"; the oldest not at all. */
  networks: "none" | "sdn" | "network";
  /** Containers give `vmid` and `cpus` as strings. */
  stringlyContainers: boolean;
}

export const RELEASES: { readonly [V in PveVersion]: Release } = {
  "7.4": {
    version: "7.4-18",
    release: "7.4",
    repoid: "b1f94095",
    kernel: "5.15.158-2-pve",
    exportsMetrics: false,
    jsonMessage: false,
    memoryAvailable: false,
    memhost: false,
    networks: "none",
    stringlyContainers: true,
  },
  "8.0": {
    version: "8.0.9",
    release: "8.0",
    repoid: "fd1a0ae1b385cdcd",
    kernel: "6.2.16-20-pve",
    exportsMetrics: false,
    jsonMessage: false,
    memoryAvailable: false,
    memhost: false,
    networks: "sdn",
    stringlyContainers: false,
  },
  "8.4": {
    version: "8.4.14",
    release: "8.4",
    repoid: "b502d23c55afcba1",
    kernel: "6.8.12-15-pve",
    exportsMetrics: true,
    jsonMessage: true,
    memoryAvailable: true,
    memhost: false,
    networks: "sdn",
    stringlyContainers: false,
  },
  "9.1": {
    version: "9.1.2",
    release: "9.1",
    repoid: "9d436f37a0ac4172",
    kernel: "6.17.2-2-pve",
    exportsMetrics: true,
    jsonMessage: true,
    memoryAvailable: true,
    memhost: true,
    networks: "network",
    stringlyContainers: false,
  },
};
