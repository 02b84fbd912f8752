import { type Static, Type } from "typebox";
import { freshness, Nullable } from "./schema.ts";
import { unread } from "./unread.ts";
import { ZfsPool } from "./zfs.ts";

export const Storage = Type.Object(
  {
    id: Type.String(),
    storage: Type.String(),
    name: Type.String({ description: "As `storage`." }),
    node: Type.String({ description: 'The node it is on; "shared" for a shared storage.' }),
    instance: Type.String(),
    nodes: Type.Array(Type.String(), { description: "The nodes that can use it." }),
    nodeIds: Type.Array(Type.String()),
    nodeCount: Type.Integer(),
    type: Type.String({ description: "dir, lvmthin, zfspool, nfs, rbd, pbs…" }),
    status: Type.String({ description: "available; disabled; or unknown when no node that answers has it mounted" }),
    total: Nullable(Type.Number({ description: "bytes" })),
    used: Nullable(Type.Number({ description: "bytes" })),
    avail: Nullable(Type.Number({ description: "bytes; less than total - used where the filesystem keeps a reserve" })),
    free: Nullable(Type.Number({ description: "As `avail`." })),
    usage: Nullable(Type.Number({ description: "percent, 0 to 100" })),
    content: Type.String({ description: "comma-joined: images, rootdir, backup, iso, vztmpl, snippets" }),
    shared: Type.Boolean(),
    enabled: Type.Boolean({ description: "false: switched off in the configuration" }),
    active: Type.Boolean({ description: "A node that answers has it mounted." }),
    zfsPool: Nullable(ZfsPool),
    unread,
    ...freshness,
  },
  { $id: "Storage", description: "A storage of Proxmox VE; a shared one appears once, with its nodes." },
);
export type Storage = Static<typeof Storage>;
