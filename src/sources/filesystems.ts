import { percentOf } from "../kit/units.ts";
import type { Disk } from "../model/measures.ts";

/** A filesystem as a guest or host lists it. */
export interface Filesystem {
  /** What it lies on: a device, a volume, a ZFS dataset. */
  device: string;
  mountpoint: string;
  type: string;
  total: number | null;
  used: number | null;
}

/**
 * What is no disk of this machine: kernel interfaces, memory, images that are always full (snap, CD), layers over another filesystem,
 * and what lies on another machine. In lower case.
 */
const PSEUDO_TYPES: ReadonlySet<string> = new Set(
  [
    "autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devfs devpts devtmpfs efivarfs fdescfs fusectl hugetlbfs linprocfs linsysfs",
    "mqueue nsfs nullfs proc procfs pstore ramfs rootfs rpc_pipefs securityfs selinuxfs swap sysfs tmpfs tracefs",
    "aufs overlay overlayfs unionfs squashfs erofs cramfs iso9660 udf cdfs cd9660",
    "9p afpfs ceph cifs davfs glusterfs lustre nfs nfs3 nfs4 prl_fs smb2 smb3 smbfs vboxsf virtiofs vmhgfs",
  ]
    .join(" ")
    .split(" "),
);
/** Places where containers and packages mount what is counted elsewhere, and what Windows reserves for itself. */
const PSEUDO_PLACES =
  /^(\/(proc|sys|dev|run|snap)(\/|$)|\/var\/snap\/|\/var\/lib\/(docker|containers|kubelet|lxcfs)\/|system reserved$)/i;

/** True for what says nothing about how full a disk is. One table for all sources. */
export function isPseudo({ type, mountpoint }: Pick<Filesystem, "type" | "mountpoint">): boolean {
  const kind = type.toLowerCase();
  return PSEUDO_TYPES.has(kind) || kind.startsWith("fuse") || PSEUDO_PLACES.test(mountpoint);
}

/**
 * The disks behind a list of filesystems: pseudo ones left out, each device once however often it is mounted (bind mounts, btrfs
 * subvolumes, folders of a Windows volume), datasets of a ZFS pool as one: they share its free space.
 */
export function toDisks(filesystems: readonly Filesystem[]): Disk[] {
  const real = filesystems.filter(one => !isPseudo(one) && one.total !== null && one.total > 0);
  const groups = Map.groupBy(real, one => (one.type === "zfs" ? `zfs ${poolOf(one)}` : `${one.device} ${one.total}`));
  return [...groups.values()].map(group => {
    const first = group.toSorted((a, b) => a.mountpoint.length - b.mountpoint.length)[0] as Filesystem;
    return first.type === "zfs" ? toPool(group, first) : toDisk(first, first.total ?? 0, first.used);
  });
}

function poolOf({ device }: Filesystem): string {
  return device.split("/")[0] ?? device;
}

/** A dataset's total is what it uses and what is free in the pool: the pool's total is all that is used and what is free once. */
function toPool(group: readonly Filesystem[], first: Filesystem): Disk {
  const used = group.reduce((sum, one) => sum + (one.used ?? 0), 0);
  const free = Math.max(...group.map(one => (one.total ?? 0) - (one.used ?? 0)));
  return toDisk({ ...first, device: poolOf(first) }, used + free, used);
}

function toDisk({ mountpoint, type, device }: Filesystem, total: number, used: number | null): Disk {
  return {
    total,
    used,
    free: used === null ? null : Math.max(0, total - used),
    usage: used === null ? -1 : (percentOf(used, total) ?? -1),
    mountpoint,
    type,
    device,
  };
}

/** All disks as one; null when there are none. */
export function sumOf(disks: readonly Disk[]): Disk | null {
  const known = disks.filter(disk => disk.used !== null);
  if (known.length === 0) return null;
  const total = known.reduce((sum, disk) => sum + disk.total, 0);
  const used = known.reduce((sum, disk) => sum + (disk.used ?? 0), 0);
  return { total, used, free: Math.max(0, total - used), usage: percentOf(used, total) ?? -1 };
}
