import { Type } from "typebox";
import { Nullable } from "../model/schema.ts";
import type { Route } from "./route.ts";

const DeploymentType = Type.Enum(["docker", "systemd", "manual", "development"], {
  description: "How this Pulse runs",
});
const Channel = Type.Enum(["stable", "rc"]);
const ChannelQuery = Type.Optional(
  Type.String({ maxLength: 20, description: "stable or rc; the one of the settings" }),
);
const Event = Type.Object(
  {
    event_id: Type.String(),
    timestamp: Type.String({ description: "RFC 3339: the first start of the new version" }),
    action: Type.Literal("update"),
    channel: Channel,
    version_from: Type.String(),
    version_to: Type.String(),
    deployment_type: DeploymentType,
    initiated_via: Type.Literal("outside", { description: "Somebody put another version in the place." }),
    status: Type.Literal("completed"),
  },
  { $id: "UpdateEvent" },
);

/** Newer versions. This Pulse asks nobody for them, and does not put them in its own place. */
export const UPDATE_ROUTES = {
  checkUpdates: {
    method: "GET",
    path: "/api/updates/check",
    access: "read",
    limit: "update-check",
    summary: "Whether a newer version is known; nobody on the internet is asked",
    query: Type.Object({ channel: ChannelQuery }),
    answer: Type.Object({
      available: Type.Literal(false),
      currentVersion: Type.String(),
      latestVersion: Nullable(Type.String({ description: "null: not known" })),
      releaseNotes: Type.String(),
      releaseDate: Nullable(Type.String()),
      downloadUrl: Type.String(),
      isPrerelease: Type.Boolean({ description: "The version that runs is one that is tried out." }),
      channel: Channel,
      deploymentType: DeploymentType,
      warning: Type.String(),
    }),
  },
  updateStatus: {
    method: "GET",
    path: "/api/updates/status",
    access: "read",
    summary: "Whether an update is going on",
    answer: Type.Object({
      status: Type.Literal("idle"),
      progress: Type.Integer(),
      message: Type.String(),
      updatedAt: Type.String(),
    }),
  },
  updateHistory: {
    method: "GET",
    path: "/api/updates/history",
    access: "read",
    summary: "The versions that ran here one after the other, the newest first",
    query: Type.Object({
      limit: Type.Optional(Type.String({ pattern: "^[1-9]\\d{0,3}$", description: "50 unless given" })),
      status: Type.Optional(Type.String({ maxLength: 20 })),
    }),
    answer: Type.Array(Event),
  },
  updateEvent: {
    method: "GET",
    path: "/api/updates/history/entry",
    access: "read",
    summary: "One of them",
    query: Type.Object({ id: Type.String({ minLength: 1, maxLength: 40 }) }),
    answer: Event,
    faults: { 404: "There is none of that id." },
  },
  updatePlan: {
    method: "GET",
    path: "/api/updates/plan",
    access: "read",
    summary: "What to do by hand to run another version",
    query: Type.Object({
      version: Type.String({ pattern: "^v?\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.]+)?$", description: "Such as v5.1.0" }),
      channel: ChannelQuery,
    }),
    answer: Type.Object({
      version: Type.String(),
      channel: Channel,
      steps: Type.Array(Type.String()),
      instructions: Type.Array(Type.String(), { description: "The same." }),
      canAutoUpdate: Type.Literal(false),
      requiresRoot: Type.Boolean(),
      rollbackSupport: Type.Literal(false),
      deploymentType: DeploymentType,
    }),
    faults: { 404: "There is no plan for a Pulse that is run from its sources." },
  },
  applyUpdate: {
    method: "POST",
    path: "/api/updates/apply",
    access: "admin",
    summary: "Refused, with the reason: this Pulse does not update itself",
    body: Type.Object({ downloadUrl: Type.Optional(Type.String({ maxLength: 2048 })) }, { additionalProperties: true }),
    answer: Type.Object({ status: Type.Literal("started"), message: Type.String() }),
    faults: { 409: "This deployment cannot update itself." },
  },
} as const satisfies Record<string, Route>;
