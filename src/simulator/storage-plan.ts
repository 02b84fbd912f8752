import { type Bytes, DAY, GIB, type Instant, type Millis } from "../kit/units.ts";
import type { Dice } from "./dice.ts";

export interface StoragePlan {
  name: string;
  plugintype: "dir" | "lvmthin" | "zfspool" | "nfs" | "rbd" | "pbs";
  /** What it may hold, comma-separated. */
  content: string;
  shared: boolean;
  disabled: boolean;
  /** Nodes it is restricted to; null: all. */
  restricted: readonly string[] | null;
  /** Settings that only `/storage` shows, such as `path` or `pool`. */
  settings: Readonly<Record<string, string>>;
  total: Bytes;
  /** Share in use right after a clean-up, how much is added until the next one, and when that comes. */
  fill: { from: number; growth: number; period: Millis; phase: Millis };
}

type Kind = Pick<StoragePlan, "name" | "plugintype" | "content" | "settings">;

const LOCAL: Kind = {
  name: "local",
  plugintype: "dir",
  content: "backup,iso,vztmpl",
  settings: { path: "/var/lib/vz" },
};
const ZFS: Kind = {
  name: "local-zfs",
  plugintype: "zfspool",
  content: "images,rootdir",
  settings: { pool: "rpool/data", sparse: "1" },
};
const THIN: Kind = {
  name: "local-lvm",
  plugintype: "lvmthin",
  content: "images,rootdir",
  settings: { thinpool: "data", vgname: "pve" },
};
const NAS: Kind = {
  name: "nas-backup",
  plugintype: "nfs",
  content: "backup,iso",
  settings: { server: "nas.lan", export: "/volume1/backup", path: "/mnt/pve/nas-backup" },
};
const CEPH: Kind = {
  name: "ceph-vm",
  plugintype: "rbd",
  content: "images,rootdir",
  settings: { pool: "vm", krbd: "0" },
};
const PBS: Kind = {
  name: "pbs",
  plugintype: "pbs",
  content: "backup",
  settings: { server: "pbs.lan", datastore: "main", username: "pve@pbs" },
};
const NVME: Kind = { name: "fast-nvme", plugintype: "dir", content: "images", settings: { path: "/mnt/nvme" } };
const OLD_NAS: Kind = {
  name: "old-nas",
  plugintype: "nfs",
  content: "images",
  settings: { server: "old-nas.lan", export: "/export", path: "/mnt/pve/old-nas" },
};

/** The storages of a cluster: local ones on each node, and from two nodes on shared ones; the NAS of the first cluster is nearly full. */
export function planStorages(nodes: readonly string[], standalone: boolean, first: boolean, dice: Dice): StoragePlan[] {
  const local = [draw(LOCAL, 96, dice), draw(dice.share() < 0.5 ? ZFS : THIN, 1800, dice)];
  if (standalone || nodes.length < 2) return local;
  const nas = draw(NAS, 7200, dice);
  const full = { ...nas.fill, from: 0.93, growth: 0.03 };
  return [
    ...local,
    { ...nas, shared: true, fill: first ? full : nas.fill },
    { ...draw(CEPH, 14_000, dice), shared: true },
    { ...draw(PBS, 20_000, dice), shared: true },
    { ...draw(NVME, 900, dice), restricted: nodes.slice(0, 1) },
    { ...draw(OLD_NAS, 2000, dice), shared: true, disabled: true },
  ];
}

function draw(kind: Kind, gib: number, dice: Dice): StoragePlan {
  const period = dice.between(40, 120) * DAY;
  const fill = { from: dice.between(0.15, 0.5), growth: dice.between(0.1, 0.25), period, phase: dice.share() * period };
  return { ...kind, shared: false, disabled: false, restricted: null, total: gib * GIB, fill };
}

/** How much is in use at `at`. On every node a local storage is at another place in its cycle: `turn`, 0 to 1. */
export function usedOf(storage: StoragePlan, at: Instant, turn: number): Bytes {
  const { from, growth, period, phase } = storage.fill;
  const through = ((at + phase) / period + turn) % 1;
  return Math.floor((storage.total * (from + growth * through)) / 4096) * 4096;
}

/** True where the storage exists and is switched on. */
export function isOn(storage: StoragePlan, node: string): boolean {
  return !storage.disabled && (storage.restricted?.includes(node) ?? true);
}
