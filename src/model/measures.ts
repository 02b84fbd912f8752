import { type Static, Type } from "typebox";
import { Nullable } from "./schema.ts";

/** Where a memory figure came from, the best first. */
export const MemorySource = Type.Union([
  Type.Literal("guest-meminfo", { description: "The guest's own kernel: total less available, without caches." }),
  Type.Literal("balloon", { description: "The guest's balloon driver: total less free; caches count as used." }),
  Type.Literal("node-available", { description: "The node's kernel: total less available, without caches." }),
  Type.Literal("node-used", { description: "What the node calls used; older releases do not tell what is available." }),
  Type.Literal("cluster-resources", {
    description: "What pvestatd last published. Of a VM it may be the memory of its process on the host.",
  }),
]);
export type MemorySource = Static<typeof MemorySource>;

export const Memory = Type.Object(
  {
    total: Type.Number({ description: "bytes" }),
    used: Type.Number({ description: "bytes" }),
    free: Type.Number({ description: "bytes" }),
    usage: Type.Number({ description: "percent, 0 to 100" }),
    balloon: Type.Optional(
      Type.Number({ description: "bytes the balloon leaves the guest now; absent: all, or not known" }),
    ),
    swapUsed: Type.Optional(Type.Number({ description: "bytes" })),
    swapTotal: Type.Optional(Type.Number({ description: "bytes" })),
    source: MemorySource,
  },
  { $id: "Memory" },
);
export type Memory = Static<typeof Memory>;

export const Disk = Type.Object(
  {
    total: Type.Number({ description: "bytes" }),
    used: Nullable(Type.Number({ description: "bytes; null: unknown" })),
    free: Nullable(Type.Number({ description: "bytes; null: unknown" })),
    usage: Type.Number({ description: "percent, 0 to 100; -1: unknown (PVE does not know how full a VM's disk is)" }),
    mountpoint: Type.Optional(Type.String()),
    type: Type.Optional(Type.String({ description: "of the filesystem" })),
    device: Type.Optional(Type.String()),
  },
  { $id: "Disk" },
);
export type Disk = Static<typeof Disk>;
