import { type Static, Type } from "typebox";
import { Nullable } from "./schema.ts";

/** Where a memory figure came from. `cluster-resources`: what pvestatd last published for the guest or node. */
export const MemorySource = Type.Literal("cluster-resources");
export type MemorySource = Static<typeof MemorySource>;

export const Memory = Type.Object(
  {
    total: Type.Number({ description: "bytes" }),
    used: Type.Number({ description: "bytes" }),
    free: Type.Number({ description: "bytes" }),
    usage: Type.Number({ description: "percent, 0 to 100" }),
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
  },
  { $id: "Disk" },
);
export type Disk = Static<typeof Disk>;
