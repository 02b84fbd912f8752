import { type Bytes, GIB } from "../kit/units.ts";
import { type Dice, diceOf } from "./dice.ts";
import type { Instance } from "./instance.ts";
import type { ClusterPlan } from "./plan.ts";

/** A physical disk of a node. */
export interface DiskPlan {
  device: string;
  type: "nvme" | "ssd" | "hdd" | "usb";
  /** As the kernel tells it: eight characters wide for SCSI, "unknown" for NVMe. */
  vendor: string;
  model: string;
  serial: string;
  size: Bytes;
  rpm: number;
  used: string;
  /** Percent of its life that is left; null: it does not say. */
  life: number | null;
  /** Number of the Ceph OSD on it. */
  osd: number | null;
  celsius: number;
}

/** True where the nodes run Ceph themselves: they have a storage on it. */
export function hasCeph(plan: ClusterPlan): boolean {
  return plan.storages.some(({ plugintype }) => plugintype === "rbd");
}

/** The OSDs on each node. */
export const OSDS_PER_NODE = 2;

/** The node of a cluster that has seen better days: the second of three or more. */
export function worn(plan: ClusterPlan): string | null {
  return plan.nodes.length >= 3 ? (plan.nodes[1]?.name ?? null) : null;
}

export function isOnZfs(plan: ClusterPlan): boolean {
  return plan.storages.some(({ plugintype }) => plugintype === "zfspool");
}

/** The disks of a node: two to boot from, two for Ceph or data, and what else somebody had lying about. */
export function disksOf({ plan, seed }: Pick<Instance, "plan" | "seed">, node: string): DiskPlan[] {
  const dice = diceOf(seed, plan.name, "disks", node);
  const number = plan.nodes.findIndex(one => one.name === node);
  const system = isOnZfs(plan) ? "ZFS" : "LVM";
  const ceph = hasCeph(plan);
  const disks = [nvme(0, system, dice), nvme(1, system, dice)];
  for (let index = 0; index < OSDS_PER_NODE; index++) {
    const osd = ceph ? number * OSDS_PER_NODE + index : null;
    const life = node === worn(plan) && index === 0 ? 7 : Math.round(dice.between(62, 99));
    disks.push(sata(index, ceph ? "LVM" : "partitions", life, osd, dice));
  }
  if (number === 0) disks.push(sas("sdc", dice));
  if (plan.standalone) disks.push(...["sdd", "sde", "sdf"].map(name => hdd(name, dice)), USB);
  return disks;
}

const serial = (dice: Dice, prefix: string) =>
  `${prefix}${Math.floor(dice.share() * 36 ** 9)
    .toString(36)
    .toUpperCase()}`;

function nvme(index: number, used: string, dice: Dice): DiskPlan {
  const life = Math.round(dice.between(70, 100));
  const model = dice.pick(["Samsung SSD 980 PRO 1TB", "WD_BLACK SN850X 1000GB", "KIOXIA KCD81RUG1T92"]);
  const device = `/dev/nvme${index}n1`;
  return {
    device,
    type: "nvme",
    vendor: "unknown",
    model,
    serial: serial(dice, "S5G"),
    size: 931 * GIB,
    rpm: 0,
    used,
    life,
    osd: null,
    celsius: Math.round(dice.between(38, 55)),
  };
}

function sata(index: number, used: string, life: number, osd: number | null, dice: Dice): DiskPlan {
  const model = dice.pick(["Samsung_SSD_870_EVO_4TB", "CT4000MX500SSD1", "INTEL_SSDSC2KB038TZ"]);
  const device = `/dev/sd${"ab"[index] ?? "z"}`;
  return {
    device,
    type: "ssd",
    vendor: "ATA     ",
    model,
    serial: serial(dice, "S6P"),
    size: 3576 * GIB,
    rpm: 0,
    used,
    life,
    osd,
    celsius: Math.round(dice.between(28, 41)),
  };
}

function sas(name: string, dice: Dice): DiskPlan {
  return {
    device: `/dev/${name}`,
    type: "hdd",
    vendor: "SEAGATE ",
    model: "ST8000NM001A",
    serial: serial(dice, "ZA1"),
    size: 7452 * GIB,
    rpm: 7200,
    used: "ext4",
    life: null,
    osd: null,
    celsius: Math.round(dice.between(30, 39)),
  };
}

function hdd(name: string, dice: Dice): DiskPlan {
  return {
    device: `/dev/${name}`,
    type: "hdd",
    vendor: "ATA     ",
    model: "WDC_WD40EFRX-68N32N0",
    serial: serial(dice, "WD-WCC7K"),
    size: 3726 * GIB,
    rpm: 5400,
    used: "ZFS",
    life: null,
    osd: null,
    celsius: Math.round(dice.between(27, 37)),
  };
}

/** A stick that tells nothing of itself. */
const USB: DiskPlan = {
  device: "/dev/sdg",
  type: "usb",
  vendor: "SanDisk ",
  model: "Ultra",
  serial: "unknown",
  size: 57 * GIB,
  rpm: -1,
  used: "",
  life: null,
  osd: null,
  celsius: 0,
};
