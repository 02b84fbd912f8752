import { type Static, Type } from "typebox";
import { Disk, Memory } from "./measures.ts";
import { freshness, Nullable } from "./schema.ts";
import { unread } from "./unread.ts";

const rate = (description: string) =>
  Nullable(
    Type.Number({ description: `${description}, bytes a second; null: unknown (first sample, restarted counter)` }),
  );

export const NetworkInterface = Type.Object({
  name: Type.String(),
  mac: Nullable(Type.String()),
  addresses: Type.Array(Type.String()),
  rxBytes: Nullable(Type.Number({ description: "bytes received since its start" })),
  txBytes: Nullable(Type.Number({ description: "bytes sent since its start" })),
});
export type NetworkInterface = Static<typeof NetworkInterface>;

export const Guest = Type.Object(
  {
    id: Type.String({ description: "From instance and vmid: a migration keeps it." }),
    vmid: Type.Integer(),
    name: Type.String(),
    node: Type.String({ description: "The node it is on now." }),
    instance: Type.String(),
    type: Type.Union([Type.Literal("qemu"), Type.Literal("lxc")]),
    status: Type.String({ description: "running, stopped, paused, suspended…; unknown: its node does not answer" }),
    cpu: Nullable(Type.Number({ description: "share of its cores, 0 to 1; may exceed 1" })),
    cpus: Nullable(Type.Number({ description: "cores" })),
    memory: Nullable(Memory),
    mem: Nullable(Type.Number({ description: "bytes used; as `memory.used`" })),
    maxmem: Nullable(Type.Number({ description: "bytes" })),
    disk: Nullable(Disk),
    disks: Nullable(Type.Array(Disk, { description: "Each disk of a VM, as its guest agent tells; null: not known." })),
    diskStatusReason: Nullable(
      Type.String({
        description:
          "Why it is not known how full a VM's disks are: agent-disabled, agent-not-running, agent-timeout, agent-unsupported, " +
          "agent-error, permission-denied, no-filesystems, special-filesystems-only, not-running; null: it is known, or not asked yet.",
      }),
    ),
    maxdisk: Nullable(Type.Number({ description: "bytes; a VM's boot disk, an LXC's root filesystem" })),
    osName: Nullable(Type.String()),
    osVersion: Nullable(Type.String()),
    networkInterfaces: Nullable(Type.Array(NetworkInterface)),
    ipAddresses: Nullable(Type.Array(Type.String(), { description: "Those by which it can be reached." })),
    networkIn: rate("received"),
    networkOut: rate("sent"),
    diskRead: rate("read"),
    diskWrite: rate("written"),
    uptime: Nullable(Type.Number({ description: "seconds; 0 when not running" })),
    lastBackup: Nullable(
      Type.Number({ description: "When its newest backup was made, ms since the Unix epoch; null: none seen" }),
    ),
    inBackupJob: Nullable(Type.Boolean({ description: "A backup job covers it; null: not known, or not allowed to." })),
    onboot: Nullable(Type.Boolean({ description: "It is started with its node; null: not asked yet." })),
    storages: Nullable(
      Type.Array(Type.String(), { description: "The storages that its disks lie on, by name; null: not asked yet." }),
    ),
    template: Type.Boolean(),
    lock: Nullable(Type.String({ description: "backup, migrate, snapshot…; null: not locked" })),
    tags: Nullable(Type.String({ description: "comma-joined; null: none" })),
    pool: Nullable(Type.String()),
    hastate: Nullable(Type.String({ description: "state of the HA manager, when it manages this guest" })),
    unread,
    ...freshness,
  },
  { $id: "Guest", description: "A virtual machine (`qemu`) or a Linux container (`lxc`) of Proxmox VE." },
);
export type Guest = Static<typeof Guest>;
