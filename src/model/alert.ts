import { type Static, Type } from "typebox";
import { InstantField, Nullable } from "./schema.ts";

const time = (description: string) => Type.String({ description: `${description} (RFC 3339)` });

export const AlertLevel = Type.Union([Type.Literal("warning"), Type.Literal("critical")]);
export type AlertLevel = Static<typeof AlertLevel>;

/** What an alert is about: the kind of its resource. */
export const ResourceType = Type.Union([
  Type.Literal("instance", { description: "An upstream as a whole: a cluster, a Backup Server, a Mail Gateway." }),
  Type.Literal("node"),
  Type.Literal("guest"),
  Type.Literal("storage"),
  Type.Literal("zfs-pool"),
  Type.Literal("disk"),
  Type.Literal("ceph"),
  Type.Literal("pbs"),
  Type.Literal("datastore"),
  Type.Literal("pmg"),
  Type.Literal("docker-host"),
  Type.Literal("docker-container"),
  Type.Literal("backup-job"),
  Type.Literal("replication-job"),
  Type.Literal("pulse", { description: "This server itself." }),
  Type.Literal("core", { description: "One of several Pulses that serve as one." }),
  Type.Literal("edge", { description: "One that looks for them at a site." }),
]);
export type ResourceType = Static<typeof ResourceType>;

export const AlertUnit = Type.Union([
  Type.Literal("percent"),
  Type.Literal("bytes/s"),
  Type.Literal("celsius"),
  Type.Literal("seconds"),
  Type.Literal("days"),
  Type.Literal("count"),
  Type.Literal("state", { description: "There is no figure: value is 1 while it is so, threshold 0." }),
]);
export type AlertUnit = Static<typeof AlertUnit>;

const Covered = Type.Object({ resourceId: Type.String(), name: Type.String() });

/** An alert that fires, as `/api/state`, `/api/alerts/active` and the frame `alert` have it. */
export const Alert = Type.Object(
  {
    id: Type.String({ description: "`RESOURCE-TYPE`: the same alert of the same resource always has the same." }),
    type: Type.String({ description: "The signal: cpu, memory, usage, offline, powered-off, zfs-state…" }),
    level: AlertLevel,
    resourceId: Type.String({ description: "As in /api/state." }),
    resourceName: Type.String(),
    resourceType: ResourceType,
    node: Type.String({ description: "The node it is on; empty: on none." }),
    instance: Type.String({ description: "Empty: of no instance, as Docker hosts." }),
    message: Type.String({ description: "One sentence with the figures in it." }),
    value: Type.Number({ description: "In `unit`; when it was last seen." }),
    threshold: Type.Number({ description: "In `unit`: the trigger of its level." }),
    unit: AlertUnit,
    startTime: time("When it began to fire"),
    lastSeen: time("When it was last seen to be so; stale data moves it no further"),
    acknowledged: Type.Boolean(),
    ackTime: Type.Optional(time("When it was acknowledged")),
    ackUser: Type.Optional(Type.String()),
    cause: Nullable(
      Type.String({
        description: "Id of the alert that carries this one: it was not told by itself. null: none does.",
      }),
    ),
    covers: Type.Array(Covered, {
      description: "Resources that this alert speaks for, with an alert of their own or not; the first 100.",
    }),
    coversCount: Type.Integer({ description: "How many there are in all." }),
    tags: Type.Array(Type.String(), { description: "Of the guest." }),
    metadata: Type.Record(Type.String(), Type.Unknown(), {
      description: "resourceType, clearThreshold, and what else explains it.",
    }),
  },
  { $id: "Alert" },
);
export type Alert = Static<typeof Alert>;

/** What happened to an alert. `withdrawn`: its rule was switched off, or its resource is gone: nobody is told that all is well again. */
export const TransitionKind = Type.Union([
  Type.Literal("fired"),
  Type.Literal("worsened", { description: "From warning to critical." }),
  Type.Literal("eased", { description: "From critical to warning." }),
  Type.Literal("resolved"),
  Type.Literal("withdrawn", { description: "Its rule was switched off, or its resource is gone." }),
  Type.Literal("cleared", { description: "A person put it away; it fires anew only after it was well in between." }),
  Type.Literal("acknowledged"),
  Type.Literal("unacknowledged"),
  Type.Literal("released", { description: "What carried it is over, and it still is so: it speaks for itself now." }),
]);
export type TransitionKind = Static<typeof TransitionKind>;

/** One step in the life of an alert, written when it happens and never changed. */
export const Transition = Type.Object(
  {
    number: Type.Integer({ description: "Rises by time." }),
    kind: TransitionKind,
    at: InstantField("When"),
    alert: Alert,
    reason: Nullable(Type.String({ description: "Why, as a sentence, where the kind does not say all." })),
    user: Nullable(Type.String({ description: "Who did it; null: nobody." })),
  },
  { $id: "Transition" },
);
export type Transition = Static<typeof Transition>;

/** An alert from its beginning to its end, as `/api/alerts/history` has it. */
export const AlertEpisode = Type.Object(
  {
    ...Alert.properties,
    endTime: Nullable(time("When it ended; null: it still fires")),
    ended: Nullable(
      Type.Union([Type.Literal("resolved"), Type.Literal("withdrawn"), Type.Literal("cleared")], {
        description: "How it ended.",
      }),
    ),
    duration: Type.Number({ description: "seconds, until now while it fires" }),
    worst: AlertLevel,
  },
  { $id: "AlertEpisode" },
);
export type AlertEpisode = Static<typeof AlertEpisode>;

/** Where a rule in force comes from. */
export const RuleOrigin = Type.Union([
  Type.Object({ kind: Type.Literal("default"), of: Type.String({ description: "guestDefaults, checks…" }) }),
  Type.Object({ kind: Type.Literal("tag"), tag: Type.String() }),
  Type.Object({ kind: Type.Literal("override"), resourceId: Type.String() }),
]);
export type RuleOrigin = Static<typeof RuleOrigin>;

/** Why an alert fires, or does not: one signal of one resource, by the very rules the engine goes by. */
export const Explanation = Type.Object(
  {
    alertId: Type.String(),
    resourceId: Type.String(),
    resourceName: Type.String(),
    resourceType: ResourceType,
    type: Type.String(),
    unit: AlertUnit,
    enabled: Type.Boolean(),
    origin: RuleOrigin,
    trigger: Nullable(Type.Number({ description: "null: it is off, or a state without a figure" })),
    clear: Nullable(Type.Number()),
    critical: Nullable(Type.Number({ description: "null: it never becomes critical" })),
    below: Type.Boolean({ description: "It fires when the value is at or below the trigger." }),
    hold: Type.Number({ description: "seconds it must be so before it fires" }),
    value: Nullable(Type.Number({ description: "null: not known now" })),
    stale: Type.Boolean({ description: "The value is old: it neither fires nor resolves." }),
    phase: Type.Union([Type.Literal("inactive"), Type.Literal("pending"), Type.Literal("firing")]),
    level: Nullable(AlertLevel),
    since: Nullable(InstantField("Of the phase; null: inactive")),
    suppressedBy: Type.Array(Type.String(), {
      description:
        "What keeps it from firing or from being told, a sentence each: switched off, flapping, silence, quiet hours…",
    }),
    wouldTake: Type.String({ description: "What would have to happen for it to change, as a sentence." }),
  },
  { $id: "Explanation" },
);
export type Explanation = Static<typeof Explanation>;

/** When a changed threshold would have fired. */
export const Replay = Type.Object(
  {
    resourceId: Type.String(),
    resourceName: Type.String(),
    firings: Type.Array(
      Type.Object({
        from: InstantField("When it would have fired"),
        to: Nullable(InstantField("When it would have resolved; null: not yet")),
        level: AlertLevel,
        peak: Type.Number({ description: "The worst value in between, in the signal's unit." }),
      }),
    ),
  },
  { $id: "Replay" },
);
export type Replay = Static<typeof Replay>;
