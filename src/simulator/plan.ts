import { type Bytes, DAY, GIB, MIB, type Millis } from "../kit/units.ts";
import { serviceOf } from "./catalogue.ts";
import { type Dice, diceOf } from "./dice.ts";
import type { ClusterOptions, EstateOptions } from "./options.ts";
import { type Behaviour, type Personality, toBehaviour } from "./personality.ts";
import { RELEASES, type Release } from "./release.ts";
import { noise, type Signal } from "./signal.ts";
import { planStorages, type StoragePlan } from "./storage-plan.ts";

/** Restarts of its own accord: once every `period`, `phase` into it. So an uptime is known without remembering anything. */
export interface Rhythm {
  period: Millis;
  phase: Millis;
}

export interface NodePlan {
  name: string;
  cores: number;
  maxmem: Bytes;
  rootfs: Bytes;
  /** Share of its CPUs the node needs for itself. */
  own: Signal;
  boots: Rhythm;
}

/** What a guest is, apart from what happens to it. */
export interface GuestPlan {
  vmid: number;
  type: "qemu" | "lxc";
  name: string;
  node: string;
  status: "running" | "stopped" | "paused";
  template: boolean;
  tags: string;
  pool: string | null;
  hastate: string | null;
  cores: number;
  maxmem: Bytes;
  maxdisk: Bytes;
  /** Share of `maxdisk` in use at its emptiest (containers; PVE does not know it of a VM). */
  fill: number;
  /** Is backed up, and locked meanwhile, for a few minutes every hour. */
  backedUp: boolean;
  /** Shows more memory than it has, where the release counts the whole process. */
  swollen: boolean;
  behaviour: Behaviour;
  boots: Rhythm;
}

/** One instance as it stands when nothing has happened to it. */
export interface ClusterPlan {
  name: string;
  standalone: boolean;
  release: Release;
  nodes: readonly NodePlan[];
  guests: readonly GuestPlan[];
  storages: readonly StoragePlan[];
  /** How far back values are remembered, at the most. */
  remembers: Millis;
  certificateDays: number | null;
}

/** Draws the whole estate from its options; the same options give the same plan. Throws RangeError for a cluster that cannot be. */
export function planEstate(options: EstateOptions): ClusterPlan[] {
  return options.clusters.map((cluster, index) => planCluster(options.seed, cluster, index));
}

function planCluster(seed: string, cluster: ClusterOptions, ordinal: number): ClusterPlan {
  if (cluster.nodes < 1 || (cluster.standalone && cluster.nodes !== 1))
    throw new RangeError(`Cannot build "${cluster.name}" of ${cluster.nodes} nodes`);
  const release = RELEASES[cluster.version ?? "9.1"];
  const prefix = cluster.nodePrefix ?? (cluster.standalone ? cluster.name : "pve");
  const names = Array.from({ length: cluster.nodes }, (_, index) =>
    cluster.nodes === 1 ? prefix : `${prefix}${index + 1}`,
  );
  const guests = Array.from({ length: cluster.guests }, (_, index) =>
    planGuest(seed, cluster, { index, node: names[index % names.length] ?? prefix, offset: ordinal * 17 }),
  );
  const isBusy = (name: string, index: number) =>
    cluster.busy ? cluster.busy.includes(name) : names.length >= 3 && index === 1;
  const byNode = Map.groupBy(guests, guest => guest.node);
  const nodes = names.map((name, index) =>
    planNode(name, byNode.get(name) ?? [], isBusy(name, index), diceOf(seed, cluster.name, "node", name)),
  );
  const storages = planStorages(
    names,
    cluster.standalone === true,
    ordinal === 0,
    diceOf(seed, cluster.name, "storage"),
  );
  const { name, standalone = false, remembers = Infinity, certificateDays = null } = cluster;
  const plan = { name, standalone, release, nodes, guests, storages, remembers, certificateDays };
  return cluster.still ? stillOf(plan) : plan;
}

/** The same, with every value at its mean. */
function stillOf(plan: ClusterPlan): ClusterPlan {
  const still = ({ mean }: Signal): Signal => ({ mean, waves: [] });
  return {
    ...plan,
    nodes: plan.nodes.map(node => ({ ...node, own: still(node.own) })),
    guests: plan.guests.map(guest => {
      const { activity, memory } = guest.behaviour;
      return { ...guest, behaviour: { ...guest.behaviour, activity: still(activity), memory: still(memory) } };
    }),
  };
}

const CORES = [4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];
const MEMORY = [8, 16, 32, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048];

/** Bought to fit its guests with room to spare; the busy one was bought too small. */
function planNode(name: string, guests: readonly GuestPlan[], busy: boolean, dice: Dice): NodePlan {
  const running = guests.filter(guest => guest.status === "running");
  const work = running.reduce((sum, { cores, behaviour }) => sum + cores * behaviour.activity.mean, 0);
  const memory = running.reduce((sum, { maxmem, behaviour }) => sum + maxmem * behaviour.memory.mean, 0);
  return {
    name,
    cores: busy ? Math.max(4, 2 * Math.ceil(work / 1.2)) : fitting(CORES, work / 0.3),
    maxmem: busy ? Math.ceil((memory + 4 * GIB) / 0.88 / GIB) * GIB : fitting(MEMORY, memory / GIB / 0.6 + 4) * GIB,
    rootfs: dice.pick([64, 96, 128, 238]) * GIB,
    own: noise(0.018, 0.5, [11 * 60_000, 4 * 60_000, 90_000], dice),
    boots: rhythm(dice, 60, 200),
  };
}

function fitting(sizes: readonly number[], needed: number): number {
  return sizes.find(size => size >= needed) ?? Math.ceil(needed);
}

function rhythm(dice: Dice, fewestDays: number, mostDays: number): Rhythm {
  const period = Math.round(dice.between(fewestDays, mostDays) * DAY);
  return { period, phase: Math.round(dice.share() * period) };
}

const CORES_OF: { readonly [P in Personality]: readonly [number, ...number[]] } = {
  idle: [1, 1, 2],
  web: [2, 2, 4],
  batch: [2, 4, 8],
  database: [2, 4, 4, 8],
};

/**
 * Every third guest is a container; clusters begin at another place (`offset`) of the catalogue. Odd ones out go by number, so that a
 * small estate is plain and a larger one has them all.
 */
function planGuest(
  seed: string,
  cluster: ClusterOptions,
  { index, node, offset }: { index: number; node: string; offset: number },
): GuestPlan {
  const vmid = (cluster.firstVmid ?? 100) + index;
  const dice = diceOf(seed, cluster.name, "guest", vmid);
  const { service, name } = serviceOf(index + offset);
  const template = service.name.endsWith("-base") && !cluster.perNode;
  const type = typeOf(cluster, index, template);
  const cores = dice.pick(CORES_OF[service.personality]);
  const memory = dice.pick([512, 1024, 2048, 2048, 4096]) * cores * MIB;
  const maxdisk = dice.pick(type === "lxc" ? [4, 8, 16, 32] : [32, 32, 64, 100, 250]) * GIB;
  return {
    vmid,
    type,
    name,
    node,
    status: template ? "stopped" : statusOf(index, type, cluster.stopped),
    template,
    tags: service.tags,
    pool: service.tags.includes("prod") ? "production" : null,
    hastate: !cluster.standalone && index % 11 === 7 ? "started" : null,
    cores,
    maxmem: memory,
    // A VM that boots from the network, or from a passed-through disk, has no disk that PVE can measure.
    maxdisk: type === "qemu" && index % 23 === 21 ? 0 : maxdisk,
    fill: dice.between(0.15, 0.7),
    backedUp: index === 14,
    swollen: type === "qemu" && index % 20 === 4,
    behaviour: toBehaviour(service.personality, dice),
    boots: rhythm(dice, 30, 300),
  };
}

function typeOf({ perNode, nodes }: ClusterOptions, index: number, template: boolean): GuestPlan["type"] {
  if (perNode) return Math.floor(index / nodes) < perNode.vms ? "qemu" : "lxc";
  return index % 3 === 2 && !template ? "lxc" : "qemu";
}

function statusOf(index: number, type: GuestPlan["type"], stopped: number | undefined): GuestPlan["status"] {
  // Spread evenly: wherever a whole one more is reached.
  if (stopped !== undefined)
    return Math.floor((index + 1) * stopped) > Math.floor(index * stopped) ? "stopped" : "running";
  if (index % 20 === 11) return "stopped";
  return type === "qemu" && index % 100 === 33 ? "paused" : "running";
}
