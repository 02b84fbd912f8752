import { type Static, Type } from "typebox";
import { freshness, Nullable } from "./schema.ts";

const instant = (description: string) =>
  Nullable(Type.Number({ description: `${description}, ms since the Unix epoch` }));

export const ReplicationJob = Type.Object(
  {
    id: Type.String(),
    job: Type.String({ description: "Its name at PVE: `100-0`." }),
    instance: Type.String(),
    node: Type.String({ description: "The node that sends." }),
    target: Type.String({ description: "The node that receives." }),
    vmid: Type.Integer(),
    schedule: Nullable(Type.String({ description: "A calendar event of systemd; null: every 15 minutes" })),
    enabled: Type.Boolean(),
    lastSync: instant("The last one that went well"),
    lastTry: instant("The last one"),
    nextSync: instant("The next one"),
    duration: Nullable(Type.Number({ description: "seconds that the last one took" })),
    failures: Type.Integer({ description: "in a row" }),
    error: Nullable(Type.String({ description: "null: the last one went well" })),
    ...freshness,
  },
  { $id: "ReplicationJob", description: "Replication of a guest's ZFS volumes to another node." },
);
export type ReplicationJob = Static<typeof ReplicationJob>;
