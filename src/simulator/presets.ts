import type { ClusterOptions, EstateOptions, PveVersion } from "./options.ts";

/** A small company and its owner's cellar: two clusters and a host of its own, 140 guests; Docker hosts beside. */
export function demoEstate(seed = "demo"): EstateOptions {
  return {
    seed,
    clusters: [
      { name: "home", nodes: 3, guests: 55, version: "9.1", nodePrefix: "pve" },
      { name: "office", nodes: 4, guests: 75, version: "8.4", nodePrefix: "srv" },
      { name: "attic", nodes: 1, guests: 10, version: "7.4", standalone: true, certificateDays: 12 },
    ],
    backupServers: [
      {
        name: "vault",
        datastores: [
          {
            name: "main",
            size: 12_000,
            fill: 0.58,
            namespaces: [
              { path: "" },
              { path: "home", cluster: "home" },
              { path: "office", cluster: "office" },
              { path: "office/laptops", hosts: ["thinkpad-anna", "macbook-ben"] },
            ],
          },
          {
            name: "archive",
            size: 4_000,
            fill: 0.94,
            keep: 3,
            namespaces: [{ path: "", cluster: "attic", hosts: ["nas", "200"] }],
          },
        ],
      },
    ],
    mailGateways: [{ name: "mail", nodes: 2 }],
    dockerHosts: 5,
  };
}

/** An estate in the words of those who only want so much of each. */
export interface MockSize {
  nodeCount: number;
  vmsPerNode: number;
  lxcsPerNode: number;
  dockerHostCount: number;
  dockerContainersPerHost: number;
  /** Values move. */
  randomMetrics: boolean;
  /** null: one of three and more is. */
  highLoadNodes: readonly string[] | null;
  /** Share of the guests that are off, 0 to 1. */
  stoppedPercent: number;
}

/** One cluster, "mock", of nodes pve1, pve2…; a Backup Server and a Mail Gateway beside it. */
export function mockEstate(size: MockSize, seed = "mock"): EstateOptions {
  const { nodeCount, vmsPerNode, lxcsPerNode, highLoadNodes } = size;
  const cluster: ClusterOptions = {
    name: "mock",
    nodes: nodeCount,
    guests: nodeCount * (vmsPerNode + lxcsPerNode),
    perNode: { vms: vmsPerNode, containers: lxcsPerNode },
    stopped: size.stoppedPercent,
    ...(highLoadNodes ? { busy: highLoadNodes } : {}),
    ...(size.randomMetrics ? {} : { still: true }),
  };
  const namespaces = [{ path: "", cluster: "mock" }];
  return {
    seed,
    clusters: [cluster],
    backupServers: [{ name: "vault", datastores: [{ name: "main", size: 12_000, fill: 0.58, namespaces }] }],
    mailGateways: [{ name: "mail", nodes: 1 }],
    dockerHosts: size.dockerHostCount,
    dockerContainers: size.dockerContainersPerHost,
  };
}

export interface EstateSize {
  /** All nodes together, those of standalone hosts included. */
  nodes: number;
  guests: number;
  /** Default 1. */
  clusters?: number;
  /** How many of the nodes are hosts on their own. Default 0. */
  standalone?: number;
  seed?: string;
  version?: PveVersion;
}

/** An estate of a given size, its nodes and guests dealt out evenly. Throws RangeError when the nodes do not go round. */
export function sizedEstate(size: EstateSize): EstateOptions {
  const { nodes, guests, clusters = 1, standalone = 0, seed = "sized", version = "9.1" } = size;
  const clustered = nodes - standalone;
  if (clustered < clusters || (clusters === 0 && clustered > 0))
    throw new RangeError(`Cannot deal ${nodes} nodes out to ${clusters} clusters and ${standalone} standalone hosts`);
  const shapes = [
    ...deal(clustered, clusters).map((count, index) => ({ name: `cluster${index + 1}`, nodes: count })),
    ...deal(standalone, standalone).map((_, index) => ({ name: `host${index + 1}`, nodes: 1, standalone: true })),
  ];
  let firstNode = 0;
  const dealt: ClusterOptions[] = shapes.map(shape => {
    const before = Math.round((guests * firstNode) / nodes);
    firstNode += shape.nodes;
    return { ...shape, version, guests: Math.round((guests * firstNode) / nodes) - before };
  });
  return { seed, clusters: dealt };
}

function deal(total: number, hands: number): number[] {
  return Array.from({ length: hands }, (_, hand) => Math.floor(total / hands) + (hand < total % hands ? 1 : 0));
}
