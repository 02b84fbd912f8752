import { type Static, Type } from "typebox";
import { Fault } from "./fault.ts";
import { InstantField, Nullable } from "./schema.ts";
import { unread } from "./unread.ts";

export const Endpoint = Type.Object(
  {
    url: Type.String(),
    node: Nullable(Type.String({ description: "The node behind it; null until the cluster has told." })),
    fault: Nullable(Fault),
  },
  { $id: "Endpoint", description: "One address an instance can be asked at." },
);
export type Endpoint = Static<typeof Endpoint>;

export const Instance = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    type: Type.Union([Type.Literal("pve"), Type.Literal("pbs"), Type.Literal("pmg")]),
    host: Type.String({ description: "The configured URL." }),
    status: Type.Union([
      Type.Literal("connecting", { description: "Not looked at yet." }),
      Type.Literal("online"),
      Type.Literal("degraded", { description: "It answers, but not as it should: see `fault`." }),
      Type.Literal("offline", { description: "No endpoint can be reached." }),
    ]),
    clusterName: Nullable(Type.String({ description: "null: a standalone host, or not known yet" })),
    quorate: Nullable(Type.Boolean()),
    ha: Nullable(
      Type.Object(
        {
          quorate: Nullable(Type.Boolean()),
          master: Nullable(Type.String({ description: "The node whose manager is in charge." })),
          managed: Type.Integer({ description: "How many guests it keeps running." }),
          nodes: Type.Array(
            Type.Object({
              node: Type.String(),
              state: Type.String({ description: "active, idle, maintenance mode, old timestamp - dead?…" }),
            }),
          ),
        },
        { description: "High availability; null: not in use, or not known" },
      ),
    ),
    version: Nullable(Type.String({ description: "Version of the API that answers, such as 9.1.2." })),
    endpoints: Type.Array(Endpoint),
    lastSeen: InstantField("Last complete look; 0: never"),
    lastAttempt: InstantField("Start of the last look, good or not; 0: never"),
    interval: Type.Number({ description: "Planned time between two looks, ms." }),
    took: Nullable(Type.Number({ description: "How long the last look took, ms." })),
    fault: Nullable(Fault),
    unread,
  },
  {
    $id: "Instance",
    description:
      "One configured upstream: a cluster or a standalone host of Proxmox VE, a Backup Server, a Mail Gateway.",
  },
);
export type Instance = Static<typeof Instance>;
