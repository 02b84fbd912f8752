import { type Static, Type } from "typebox";
import { InstantField, Nullable } from "./schema.ts";

const Value = Nullable(Type.Union([Type.String(), Type.Number()]));

export const EstateChange = Type.Object(
  {
    number: Type.Integer({ description: "Rises with every change; one that goes on is numbered anew." }),
    at: InstantField("When it happened, as exactly as is known"),
    began: InstantField("When the first of several did; as `at` where there was one"),
    of: Type.Union(
      [
        Type.Literal("instance"),
        Type.Literal("node"),
        Type.Literal("guest"),
        Type.Literal("storage"),
        Type.Literal("datastore"),
        Type.Literal("dockerHost"),
        Type.Literal("container", { description: "Of a Docker host." }),
        Type.Literal("zfs", { description: "A pool." }),
        Type.Literal("ceph"),
      ],
      { description: "What it happened to." },
    ),
    resource: Type.String({ description: "Its id in /api/state; it may be gone by now." }),
    name: Type.String({ description: "What it was called then." }),
    type: Nullable(Type.String({ description: "qemu or lxc, pve, pbs or pmg, or the type of a storage." })),
    instance: Type.String({ description: "Empty for a Docker host and what is on it." }),
    node: Nullable(Type.String({ description: "Where it is now; null: nowhere in particular." })),
    field: Type.Union(
      [
        Type.Literal("existence", { description: "`absent` or `present`: it was made, added or removed." }),
        Type.Literal("power", { description: "running, stopped, paused…; running to running: it was rebooted." }),
        Type.Literal("name"),
        Type.Literal("node", { description: "It was migrated." }),
        Type.Literal("cores"),
        Type.Literal("memory", { description: "bytes" }),
        Type.Literal("disk", { description: "bytes" }),
        Type.Literal("template", { description: "no or yes." }),
        Type.Literal("version", { description: "Of Proxmox VE, Backup Server, Mail Gateway or Docker." }),
        Type.Literal("kernel"),
        Type.Literal("enabled", { description: "Of a storage: no or yes." }),
        Type.Literal("image", { description: "Of a container: another image…" }),
        Type.Literal("build", { description: "…or another build of the same one: the begin of its id." }),
        Type.Literal("state", { description: "Of a pool: ONLINE, DEGRADED…; of Ceph: HEALTH_OK…" }),
        Type.Literal("errors", { description: "How many a pool counts." }),
        Type.Literal("scrub", { description: "What `zpool status` says of it; running: it is under way." }),
        Type.Literal("pools", {
          description: "Of a node its ZFS pools, of Ceph its pools: names with commas between.",
        }),
        Type.Literal("osds", { description: "How many OSDs there are." }),
        Type.Literal("osdsUp", { description: "How many of them run." }),
        Type.Literal("osdsIn", { description: "How many of them hold data." }),
        Type.Literal("flags", { description: "That are set for the OSDs: noout,norebalance…; none." }),
      ],
      { description: "What about it changed." },
    ),
    from: Value,
    to: Value,
    times: Type.Integer({ description: "How many changes within the hour this stands for; 1: just this one." }),
    missed: Nullable(
      Type.Union([Type.Literal("off"), Type.Literal("unreachable")], {
        description: "It happened while Pulse was not running, or while its instance was not seen; null: neither.",
      }),
    ),
    after: Nullable(InstantField("When it was last seen as it was before; null: not known")),
  },
  { $id: "EstateChange", description: "Something that became different in what Pulse watches." },
);
export type EstateChange = Static<typeof EstateChange>;
export type ChangedField = EstateChange["field"];
export type ChangeValue = EstateChange["from"];

/** Of which changes a reader wants to know. */
export interface EstateChangeQuery {
  /** Those that happened then, or later. */
  since: number;
  /** The newest of them. */
  limit: number;
  /** Of that resource; null: of all. */
  resource: string | null;
}
