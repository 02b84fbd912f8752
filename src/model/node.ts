import { type Static, Type } from "typebox";
import { Disk, Memory } from "./measures.ts";
import { freshness, Nullable } from "./schema.ts";
import { unread } from "./unread.ts";
import { ZfsPool } from "./zfs.ts";

export const Node = Type.Object(
  {
    id: Type.String(),
    node: Type.String({ description: "The name Proxmox gives it." }),
    name: Type.String({ description: "As `node`." }),
    displayName: Type.String(),
    instance: Type.String({ description: "The configured upstream it belongs to." }),
    host: Nullable(Type.String({ description: "Base URL of the node's own API and UI." })),
    status: Type.Union([Type.Literal("online"), Type.Literal("offline"), Type.Literal("unknown")]),
    type: Type.Literal("pve"),
    cpu: Nullable(Type.Number({ description: "share of all cores, 0 to 1" })),
    memory: Nullable(Memory),
    mem: Nullable(Type.Number({ description: "bytes used; as `memory.used`" })),
    maxmem: Nullable(Type.Number({ description: "bytes; as `memory.total`" })),
    disk: Nullable(Disk),
    maxdisk: Nullable(Type.Number({ description: "bytes of the root filesystem" })),
    uptime: Nullable(Type.Number({ description: "seconds" })),
    loadAverage: Nullable(Type.Array(Type.Number(), { description: "1, 5 and 15 minutes" })),
    kernelVersion: Nullable(Type.String()),
    pveVersion: Nullable(Type.String()),
    cpuInfo: Nullable(
      Type.Object({
        model: Type.String(),
        cores: Type.Number({ description: "logical processors" }),
        sockets: Type.Number(),
        mhz: Type.String(),
      }),
    ),
    temperature: Nullable(
      Type.Object(
        {
          nvme: Type.Array(Type.Object({ device: Type.String(), temp: Type.Number({ description: "°C" }) })),
          available: Type.Boolean(),
          lastUpdate: Type.String({ description: "RFC 3339" }),
        },
        { description: "What the API tells: that of NVMe disks. It has no sensors of the processor." },
      ),
    ),
    zfsPools: Nullable(Type.Array(ZfsPool, { description: "null: not asked yet, or not allowed to" })),
    certificateExpires: Nullable(
      Type.Number({ description: "When the certificate of its API expires, ms since the Unix epoch." }),
    ),
    connectionHealth: Type.Union([
      Type.Literal("healthy"),
      Type.Literal("degraded", { description: "The API answers, but the last look failed or the data is stale." }),
      Type.Literal("error", { description: "The API cannot be reached." }),
    ]),
    isClusterMember: Type.Boolean(),
    clusterName: Nullable(Type.String()),
    unread,
    ...freshness,
  },
  { $id: "Node", description: "A Proxmox VE node." },
);
export type Node = Static<typeof Node>;
