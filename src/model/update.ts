import { type Static, Type } from "typebox";
import { Nullable } from "./schema.ts";

/** How this Pulse runs, and so how another version takes its place. */
export const DeploymentType = Type.Enum(["docker", "systemd", "npx", "manual", "development"], {
  description: "How this Pulse runs",
});
export type DeploymentType = Static<typeof DeploymentType>;

export const UpdateChannel = Type.Enum(["stable", "rc"], {
  description: "stable, or rc: those that are tried out, too",
});
export type UpdateChannel = Static<typeof UpdateChannel>;

/** What is going on. */
export const UpdateStatus = Type.Object(
  {
    status: Type.Enum(["idle", "checking", "downloading", "installing", "completed", "error"]),
    progress: Type.Integer({ description: "Percent of the way, 0 to 100" }),
    message: Type.String(),
    error: Type.Optional(Type.String({ description: "Why it failed" })),
    updatedAt: Type.String({ description: "RFC 3339" }),
  },
  { $id: "UpdateStatus" },
);
export type UpdateStatus = Static<typeof UpdateStatus>;

/** One version that took another's place, or was to. */
export const UpdateEvent = Type.Object(
  {
    event_id: Type.String(),
    timestamp: Type.String({ description: "RFC 3339: when it began" }),
    action: Type.Literal("update"),
    channel: UpdateChannel,
    version_from: Type.String(),
    version_to: Type.String(),
    deployment_type: DeploymentType,
    initiated_by: Nullable(Type.String({ description: "Who asked for it; null: not known" })),
    initiated_via: Type.Enum(["ui", "api", "auto", "outside"], {
      description: "auto: Pulse by itself, by the clock. outside: somebody put another version in the place.",
    }),
    status: Type.Enum(["in_progress", "completed", "failed", "rolled_back"], {
      description: "failed: nothing was replaced. rolled_back: the version before is in place again.",
    }),
    duration_ms: Nullable(Type.Integer({ description: "null: it goes on, or is not known" })),
    backup_path: Type.Optional(Type.String({ description: "The database as it was before" })),
    error: Type.Optional(Type.Object({ message: Type.String(), code: Type.String() })),
    note: Type.Optional(Type.String({ description: "What root has still to do, as a sentence" })),
  },
  { $id: "UpdateEvent" },
);
export type UpdateEvent = Static<typeof UpdateEvent>;
