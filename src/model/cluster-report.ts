import { type Static, Type } from "typebox";
import { InstantField, Nullable } from "./schema.ts";

const silent = Nullable(InstantField("Since when nothing is heard of it; null: it is there"));
const Core = Type.Object({
  name: Type.String(),
  version: Type.String(),
  position: Type.Integer({ description: "The last entry of the stream that it has taken in." }),
  behind: Nullable(Type.Integer({ description: "How many entries it has yet to take in; null: it has not begun." })),
  skipped: Type.Integer({
    description: "How many entries it has skipped since its start, as they were not what they should be.",
  }),
  tells: Type.Boolean({ description: "It tells people of alerts, for all." }),
  alone: Type.Boolean({
    description: "NATS did not answer it for a minute, or stored nothing: it tells people for itself.",
  }),
  seen: InstantField("When it was last heard of"),
  silentSince: silent,
});
const EdgeReport = Type.Object({
  site: Type.String(),
  name: Type.String(),
  version: Type.String(),
  holds: Type.Array(Type.String(), { description: "The instances that it watches." }),
  waiting: Type.Object({
    entries: Type.Integer({ description: "What it saw and has not delivered yet." }),
    bytes: Type.Number(),
  }),
  key: Nullable(
    Type.String({
      description: "Fingerprint of the key that secrets are sealed with for it; null: a version that has none.",
    }),
  ),
  cannotOpen: Type.Array(Type.String(), {
    description: "Instances that were entered for its site, and whose secrets are not sealed for its key.",
  }),
  seen: InstantField("When it was last heard of"),
  silentSince: silent,
});

/** How several Pulses that serve as one fare, as the core that is asked knows it. */
export const ClusterReport = Type.Object(
  {
    self: Type.String({ description: "The core that was asked." }),
    nats: Type.Object({
      servers: Type.Array(Type.String(), { description: "Their addresses, as this core has them." }),
      server: Nullable(
        Type.String({ description: "The one that this core's line leads to, as it calls itself; null: none." }),
      ),
      answers: Type.Boolean({ description: "A majority of them answers." }),
      answered: InstantField("When it last did"),
      refuses: Nullable(
        Type.Object({
          since: InstantField("Since when it stores nothing of what this core gives it"),
          reason: Type.String({ description: "As NATS says it, where it says something." }),
        }),
      ),
    }),
    streams: Type.Array(
      Type.Object({
        name: Type.String(),
        messages: Type.Integer(),
        bytes: Type.Number(),
        limit: Nullable(Type.Number({ description: "bytes; null: none" })),
        keeps: Nullable(Type.Number({ description: "For how long, ms; null: for good" })),
        copies: Type.Integer({ description: "How many there are to be." }),
        leader: Nullable(Type.String({ description: "The server that leads; null: none does." })),
        others: Type.Array(
          Type.Object({
            name: Type.String(),
            state: Type.Union([Type.Literal("current"), Type.Literal("behind"), Type.Literal("offline")]),
          }),
          { description: "The servers with the other copies." },
        ),
      }),
      { description: "As NATS last told of them." },
    ),
    cores: Type.Array(Core),
    edges: Type.Array(EdgeReport),
    instances: Type.Array(
      Type.Object({
        name: Type.String(),
        site: Type.String(),
        holder: Nullable(Type.String({ description: "The edge that watches it; null: none does." })),
        silentSince: Nullable(
          InstantField("Since when none does, as far as is known; null: one does, or it is not known"),
        ),
      }),
    ),
    sites: Type.Array(
      Type.Object({
        name: Type.String(),
        keys: Type.Array(Type.Object({ edge: Type.String(), fingerprint: Type.String() }), {
          description:
            "Of its edges: what is entered for it is sealed with each. None: nothing can be entered for it yet.",
        }),
      }),
    ),
    skipped: Type.Array(
      Type.Object({
        site: Nullable(Type.String()),
        instance: Nullable(Type.String()),
        reason: Type.String(),
        count: Type.Integer(),
        since: InstantField("The first of them"),
        last: InstantField("The last of them"),
      }),
      { description: "Entries that this core has skipped since its start, the latest last." },
    ),
  },
  { $id: "ClusterReport" },
);
export type ClusterReport = Static<typeof ClusterReport>;
