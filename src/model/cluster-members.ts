import { type Static, Type } from "typebox";
import type { Instant } from "../kit/units.ts";
import { InstantField, Nullable } from "./schema.ts";

/** One of several Pulses that serve as one, as the cores tell each other. */
export const ClusterMember = Type.Object({
  site: Nullable(Type.String({ description: "Of an edge; null: a core" })),
  name: Type.String(),
  silentSince: Nullable(InstantField("Since when nothing is heard of it; null: it is there")),
});
export type ClusterMember = Static<typeof ClusterMember>;

/** One that somebody has said is gone for good: what was heard of it before counts no more. */
export const GoneMember = Type.Object({
  site: ClusterMember.properties.site,
  name: ClusterMember.properties.name,
  at: InstantField("When that was said"),
});
export type GoneMember = Static<typeof GoneMember>;

/** Who is there of all of them, as one core tells all. `gone`: left out by older versions, and where nobody is. */
export const RollCall = Type.Object({
  members: Type.Array(ClusterMember),
  gone: Type.Optional(Type.Array(GoneMember)),
});
export type RollCall = Static<typeof RollCall>;

/** Who is there of several Pulses, as all cores last heard in the same order. */
export interface ClusterMembers extends RollCall {
  /** When NATS stored it; 0: nobody knows yet, or no more. */
  at: Instant;
}
