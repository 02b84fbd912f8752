import { type Static, Type } from "typebox";
import { Fault } from "./fault.ts";
import { InstantField, Nullable } from "./schema.ts";

export const ScopeReport = Type.Object(
  {
    scope: Type.String({ description: "resources, cluster, nodes, guests, disks, zfs, archives…" }),
    parts: Type.Integer({ description: "How many are looked at: nodes, storages, guests; 1 for the whole instance." }),
    interval: Type.Number({ description: "Planned time between two looks at one part, ms." }),
    startedAt: InstantField("Start of the last look, good or not"),
    took: Type.Number({ description: "How long that took, ms." }),
    failing: Type.Integer({ description: "Parts whose last look failed." }),
    fault: Nullable(Fault),
  },
  {
    description:
      "How looking at one kind of thing goes; `fault` is that of the part that failed last and has not recovered.",
  },
);
export type ScopeReport = Static<typeof ScopeReport>;

export const SourceReport = Type.Object(
  {
    instance: Type.String(),
    callsLastMinute: Type.Integer({ description: "Requests to its API, logins and repetitions included." }),
    stretch: Type.Number({
      description: "How many times as long as planned a round over guests, disks and storages takes; 1: as planned.",
    }),
    scopes: Type.Array(ScopeReport),
  },
  { $id: "SourceReport", description: "What watching an instance costs, and what does not go well about it." },
);
export type SourceReport = Static<typeof SourceReport>;
