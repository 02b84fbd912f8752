import assert from "node:assert/strict";
import { test } from "node:test";
import { GIB, MIB } from "../kit/units.ts";
import { type Filesystem, isPseudo, sumOf, toDisks } from "./filesystems.ts";

function fs(
  device: string,
  mountpoint: string,
  type: string,
  total: number | null,
  used: number | null = 1,
): Filesystem {
  return { device, mountpoint, type, total, used };
}
const names = (...filesystems: Filesystem[]) =>
  toDisks(filesystems).map(({ device, mountpoint }) => `${device} ${mountpoint}`);
const C = "\\\\?\\Volume{6a2f40c1}\\";

const LISTS: [sentence: string, filesystems: Filesystem[], disks: string[]][] = [
  [
    "a plain system has its partitions",
    [fs("sda2", "/", "ext4", GIB), fs("sda1", "/boot/efi", "vfat", MIB)],
    ["sda2 /", "sda1 /boot/efi"],
  ],
  [
    "Home Assistant mounts one partition in many places, and its system image is always full",
    [
      fs("sda3", "/", "erofs", MIB),
      fs("sda8", "/mnt/data", "ext4", GIB),
      fs("sda8", "/var/lib/docker", "ext4", GIB),
      fs("sda8", "/etc/hostname", "ext4", GIB),
    ],
    ["sda8 /mnt/data"],
  ],
  ["subvolumes of btrfs are one disk", [fs("sda2", "/home", "btrfs", GIB), fs("sda2", "/", "btrfs", GIB)], ["sda2 /"]],
  [
    "a volume mounted in a folder is one volume",
    [fs(C, "C:\\", "NTFS", GIB), fs(C, "C:\\Data", "NTFS", GIB)],
    [`${C} C:\\`],
  ],
  ["what Windows reserves is no disk", [fs("x", "System Reserved", "NTFS", MIB)], []],
  [
    "snaps and CDs are always full, and no disks",
    [fs("loop0", "/snap/core/1", "squashfs", MIB), fs("sr0", "/media", "iso9660", MIB)],
    [],
  ],
  [
    "layers and mounts of containers are counted elsewhere",
    [fs("overlay", "/", "overlay", GIB), fs("sda9", "/var/lib/docker/x", "ext4", GIB)],
    [],
  ],
  [
    "what lies on a NAS is not this guest's",
    [fs("nas:/v", "/mnt", "nfs4", GIB), fs("//nas/v", "/m", "cifs", GIB), fs("x", "/f", "fuse.sshfs", GIB)],
    [],
  ],
  ["without a size it is no disk", [fs("devfs", "/mnt", "ufs", null), fs("sda1", "/x", "ext4", 0)], []],
  [
    "datasets are one pool",
    [fs("zroot/ROOT/default", "/", "zfs", 90), fs("zroot/var", "/var", "zfs", 80)],
    ["zroot /"],
  ],
];
for (const [sentence, filesystems, disks] of LISTS)
  test(sentence, () => assert.deepEqual(names(...filesystems), disks));

test("a pool's size is what its datasets use, and what is free once", () => {
  const [pool] = toDisks([fs("tank/a", "/a", "zfs", 70, 20), fs("tank/b", "/b", "zfs", 60, 10)]);
  assert.deepEqual([pool?.total, pool?.used, pool?.free], [80, 30, 50]);
});

test("disks of which nobody knows how full they are, are no part of the sum", () => {
  assert.equal(sumOf([]), null);
  assert.equal(sumOf(toDisks([fs("sda1", "/", "ext4", 100, null)])), null);
  const sum = sumOf(
    toDisks([
      fs("sda1", "/", "ext4", 100, 50),
      fs("sdb1", "/data", "ext4", 300, 50),
      fs("sdc1", "/x", "ext4", 9, null),
    ]),
  );
  assert.deepEqual(sum, { total: 400, used: 100, free: 300, usage: 25 });
});

test("kinds are told by name in any case", () => {
  assert.ok(isPseudo({ type: "CDFS", mountpoint: "D:\\" }));
  assert.ok(!isPseudo({ type: "XFS", mountpoint: "/srv" }));
  assert.ok(!isPseudo({ type: "ext4", mountpoint: "/running" }));
});
