import { type Static, Type } from "typebox";
import { InstantField, Nullable } from "./schema.ts";

export const FillingUp = Type.Object(
  {
    resource: Type.String({ description: "What its details are shown by: an id of /api/state" }),
    of: Type.Union([
      Type.Literal("storage"),
      Type.Literal("datastore"),
      Type.Literal("zfs"),
      Type.Literal("ceph"),
      Type.Literal("guest", { description: "Its disk: of a VM the fullest that its agent tells of." }),
      Type.Literal("node", { description: "Its root filesystem." }),
    ]),
    name: Type.String(),
    place: Type.String({ description: "Where it is: its instance, and its node where it has one." }),
    usage: Type.Number({ description: "percent, 0 to 100" }),
    full: Nullable(
      InstantField("When it will be full, as it grew in the last 30 days; null: it does not, or nobody knows"),
    ),
    known: Type.Boolean({
      description: "false: less than three days of it are known, or nothing: `full` tells nothing.",
    }),
  },
  { $id: "FillingUp", description: "Something that can be full, and when it will be." },
);
export type FillingUp = Static<typeof FillingUp>;
