import { type Static, Type } from "typebox";
import { Disk, Memory } from "./measures.ts";
import { freshness, Nullable } from "./schema.ts";

const rate = (description: string) =>
  Nullable(
    Type.Number({ description: `${description}, bytes a second; null: unknown (first sample, restarted counter)` }),
  );

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
    maxdisk: Nullable(Type.Number({ description: "bytes; a VM's boot disk, an LXC's root filesystem" })),
    networkIn: rate("received"),
    networkOut: rate("sent"),
    diskRead: rate("read"),
    diskWrite: rate("written"),
    uptime: Nullable(Type.Number({ description: "seconds; 0 when not running" })),
    template: Type.Boolean(),
    lock: Nullable(Type.String({ description: "backup, migrate, snapshot…; null: not locked" })),
    tags: Nullable(Type.String({ description: "comma-joined; null: none" })),
    pool: Nullable(Type.String()),
    hastate: Nullable(Type.String({ description: "state of the HA manager, when it manages this guest" })),
    ...freshness,
  },
  { $id: "Guest", description: "A virtual machine (`qemu`) or a Linux container (`lxc`) of Proxmox VE." },
);
export type Guest = Static<typeof Guest>;
