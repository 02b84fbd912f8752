import assert from "node:assert/strict";
import { test } from "node:test";
import type { Row } from "../../kit/fields.ts";
import { toSettings } from "./guest-settings.ts";

const CASES: [sentence: string, config: Row, onboot: boolean, storages: string[]][] = [
  [
    "a VM's disks name their storages, each once",
    {
      onboot: 1,
      scsi0: "ceph:vm-1-disk-0,size=32G",
      scsi1: "ceph:vm-1-disk-1",
      efidisk0: "local-zfs:vm-1-disk-2,size=1M",
    },
    true,
    ["ceph", "local-zfs"],
  ],
  [
    "an ISO image in a drive is no disk of it",
    { ide2: "nas:iso/debian.iso,media=cdrom", virtio0: "local-lvm:vm-1-disk-0" },
    false,
    ["local-lvm"],
  ],
  [
    "an empty drive and a disk of the host are on no storage",
    { ide2: "none,media=cdrom", scsi0: "/dev/disk/by-id/ata-x,size=4T" },
    false,
    [],
  ],
  [
    "a container has a root and mount points; what it mounts of its host is on none",
    {
      rootfs: "local-zfs:subvol-2-disk-0,size=8G",
      mp0: "tank.slow:subvol-2-disk-1,mp=/data",
      mp1: "/mnt/media,mp=/media",
    },
    false,
    ["local-zfs", "tank.slow"],
  ],
  [
    "what is attached to nothing does not count, nor do the hardware's other settings",
    { unused0: "old:vm-1-disk-9", scsihw: "virtio-scsi-single", net0: "virtio=BC:24:11:00:00:01,bridge=vmbr0" },
    false,
    [],
  ],
];
for (const [sentence, config, onboot, storages] of CASES)
  test(sentence, () => assert.deepEqual(toSettings(config), { onboot, storages }));
