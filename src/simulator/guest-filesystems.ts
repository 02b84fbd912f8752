import { type Bytes, GIB, MIB } from "../kit/units.ts";
import type { Guest } from "./scene.ts";

type System = "debian" | "ubuntu" | "haos" | "windows" | "opnsense";

/** What is installed in a VM, by its name. */
export function systemOf({ plan: { name, vmid } }: Guest): System {
  if (/^(win|dc)/.test(name)) return "windows";
  if (name.startsWith("opnsense")) return "opnsense";
  if (name.startsWith("home-assistant")) return "haos";
  return vmid % 3 === 0 ? "ubuntu" : "debian";
}

const usedOf = (guest: Guest, total: Bytes) =>
  Math.floor((total * Math.min(0.98, guest.plan.fill + 0.1)) / 4096) * 4096;

/** `agent/get-fsinfo`: what each system lists, with what is no disk at all. */
export function toFsinfo(guest: Guest): Record<string, unknown>[] {
  const size = guest.plan.maxdisk || 120 * GIB;
  switch (systemOf(guest)) {
    case "windows":
      return windowsDisks(guest, size);
    case "opnsense":
      return bsdDisks(guest, size);
    case "haos":
      return haosDisks(guest, size);
    default:
      return linuxDisks(guest, size);
  }
}

const scsi = (dev: string) => [
  {
    "bus-type": "scsi",
    bus: 0,
    target: 0,
    unit: 0,
    dev,
    serial: "0QEMU_QEMU_HARDDISK_drive-scsi0",
    "pci-controller": { bus: 9, slot: 1, domain: 0, function: 0 },
  },
];

function linuxDisks(guest: Guest, size: Bytes): Record<string, unknown>[] {
  const total = Math.floor(size * 0.97);
  const used = usedOf(guest, total);
  const btrfs = guest.plan.vmid % 5 === 0;
  const root = {
    name: "sda2",
    type: btrfs ? "btrfs" : "ext4",
    "total-bytes": total,
    "used-bytes": used,
    disk: scsi("/dev/sda2"),
  };
  const snap = { type: "squashfs", "total-bytes": 66 * MIB, "used-bytes": 66 * MIB, disk: [] };
  const efi = {
    name: "sda1",
    mountpoint: "/boot/efi",
    type: "vfat",
    "total-bytes": 511 * MIB,
    "used-bytes": 6 * MIB,
    disk: scsi("/dev/sda1"),
  };
  return [
    { mountpoint: "/", ...root },
    ...(btrfs
      ? [
          { mountpoint: "/home", ...root },
          { mountpoint: "/var/log", ...root },
        ]
      : []),
    efi,
    ...(systemOf(guest) === "ubuntu"
      ? [
          { name: "loop0", mountpoint: "/snap/core22/1612", ...snap },
          { name: "loop1", mountpoint: "/snap/lxd/29619", ...snap },
        ]
      : []),
    ...(guest.plan.tags.includes("web")
      ? [
          {
            name: "overlay",
            mountpoint: "/var/lib/docker/overlay2/5b1f/merged",
            type: "overlay",
            "total-bytes": total,
            "used-bytes": used,
            disk: [],
          },
        ]
      : []),
    ...(guest.plan.tags.includes("files")
      ? [
          {
            name: "nas:/volume1",
            mountpoint: "/mnt/nas",
            type: "nfs4",
            "total-bytes": 8000 * GIB,
            "used-bytes": 7900 * GIB,
            disk: [],
          },
        ]
      : []),
  ];
}

/** One data partition in many places, and a system image that is always full. */
function haosDisks(guest: Guest, size: Bytes): Record<string, unknown>[] {
  const total = Math.floor(size * 0.94);
  const data = {
    name: "sda8",
    type: "ext4",
    "total-bytes": total,
    "used-bytes": usedOf(guest, total),
    disk: scsi("/dev/sda8"),
  };
  const places = ["/mnt/data", "/var/lib/docker", "/etc/hostname", "/var/log/journal", "/root/.docker"];
  return [
    {
      name: "sda3",
      mountpoint: "/",
      type: "erofs",
      "total-bytes": 219 * MIB,
      "used-bytes": 219 * MIB,
      disk: scsi("/dev/sda3"),
    },
    ...places.map(mountpoint => ({ mountpoint, ...data })),
    { name: "zram1", mountpoint: "/tmp", type: "tmpfs", "total-bytes": 980 * MIB, "used-bytes": 8 * MIB, disk: [] },
  ];
}

/** `disk` is empty, a volume may be mounted in a folder as well, and the reserved partition has a name for a mount point. */
function windowsDisks(guest: Guest, size: Bytes): Record<string, unknown>[] {
  const volume = (id: string) => `\\\\?\\Volume{${id}-0000-0000-0000-100000000000}\\`;
  const total = Math.floor(size * 0.985);
  const main = {
    name: volume("6a2f40c1"),
    type: "NTFS",
    "total-bytes": total,
    "used-bytes": usedOf(guest, total),
    disk: [],
  };
  return [
    { mountpoint: "C:\\", ...main },
    { mountpoint: "C:\\Mounts\\Data", ...main },
    {
      name: volume("1b9d0e22"),
      mountpoint: "System Reserved",
      type: "NTFS",
      "total-bytes": 104 * MIB,
      "used-bytes": 98 * MIB,
      disk: [],
    },
    { name: volume("77aa1f03"), mountpoint: "D:\\", type: "CDFS", disk: [] },
  ];
}

/** Sizes are strings, devfs has none, and every dataset of the pool is listed. */
function bsdDisks(guest: Guest, size: Bytes): Record<string, unknown>[] {
  const used = usedOf(guest, size);
  const free = size - used;
  const dataset = (name: string, mountpoint: string, share: number) => {
    const own = Math.floor(used * share);
    return { name, mountpoint, type: "zfs", "total-bytes": String(own + free), "used-bytes": String(own), disk: [] };
  };
  return [
    dataset("zroot/ROOT/default", "/", 0.8),
    dataset("zroot/var/log", "/var/log", 0.19),
    dataset("zroot/tmp", "/tmp", 0.01),
    { name: "devfs", mountpoint: "/dev", type: "devfs", disk: [] },
  ];
}
