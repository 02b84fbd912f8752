import { Type } from "typebox";
import { Nullable } from "../model/schema.ts";
import { DeploymentType, UpdateChannel, UpdateEvent, UpdateStatus } from "../model/update.ts";
import type { Route } from "./route.ts";

const ChannelQuery = Type.Optional(
  Type.String({ maxLength: 20, description: "stable or rc; the one of the settings" }),
);

/** Newer versions: whether there are any, and what it takes to go over to one. */
export const UPDATE_ROUTES = {
  checkUpdates: {
    method: "GET",
    path: "/api/updates/check",
    access: "read",
    limit: "update-check",
    summary: "Whether a newer version is to be had; asks where releases come from, and says so when it cannot",
    query: Type.Object({ channel: ChannelQuery }),
    answer: Type.Object({
      available: Type.Boolean(),
      currentVersion: Type.String(),
      latestVersion: Nullable(Type.String({ description: "null: not known" })),
      releaseNotes: Type.String({ description: "Markdown" }),
      releaseDate: Nullable(Type.String({ description: "RFC 3339" })),
      downloadUrl: Type.String({ description: "Empty: nothing to be downloaded" }),
      downloadSize: Nullable(Type.Integer({ description: "Bytes" })),
      isPrerelease: Type.Boolean({
        description: "The latest version, or the one that runs, is one that is tried out.",
      }),
      isMajor: Type.Boolean({ description: "It is another major version: `apply` wants that to be accepted." }),
      channel: UpdateChannel,
      deploymentType: DeploymentType,
      canAutoUpdate: Type.Boolean({ description: "This Pulse can put it in its own place." }),
      checkedAt: Nullable(Type.String({ description: "RFC 3339: when releases were last looked for; null: in vain" })),
      warning: Type.String({ description: "Why nothing is known, or what to know before; empty: nothing" }),
    }),
  },
  updateStatus: {
    method: "GET",
    path: "/api/updates/status",
    access: "read",
    summary: "How far an update is, or how the last one ended",
    answer: Type.Object({
      ...UpdateStatus.properties,
      note: Type.Optional(
        Type.String({
          description: "What root has to do about the units of systemd, as a sentence; left out: nothing",
        }),
      ),
    }),
  },
  updateHistory: {
    method: "GET",
    path: "/api/updates/history",
    access: "read",
    summary: "The updates that were tried, and the versions that took each other's place, the newest first",
    query: Type.Object({
      limit: Type.Optional(
        Type.String({
          pattern: "^[1-9]\\d{0,3}$",
          description: "50 unless given",
          must: "must be a whole number, 1 to 9999",
        }),
      ),
      status: Type.Optional(Type.String({ maxLength: 20 })),
    }),
    answer: Type.Array(UpdateEvent),
  },
  updateEvent: {
    method: "GET",
    path: "/api/updates/history/entry",
    access: "read",
    summary: "One of them",
    query: Type.Object({ id: Type.String({ minLength: 1, maxLength: 40 }) }),
    answer: UpdateEvent,
    faults: { 404: "There is none of that id." },
  },
  updatePlan: {
    method: "GET",
    path: "/api/updates/plan",
    access: "read",
    summary: "What it takes to run another version",
    query: Type.Object({
      version: Type.String({
        pattern: "^v?\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.]+)?$",
        description: "Such as v5.1.0",
        must: "must be a version such as v5.1.0",
      }),
      channel: ChannelQuery,
    }),
    answer: Type.Object({
      version: Type.String(),
      channel: UpdateChannel,
      steps: Type.Array(Type.String()),
      instructions: Type.Array(Type.String(), { description: "The same." }),
      prerequisites: Type.Array(Type.String(), { description: "What must be so before" }),
      canAutoUpdate: Type.Boolean(),
      requiresRoot: Type.Boolean({ description: "The steps do; where Pulse updates itself, nobody has to be root." }),
      rollbackSupport: Type.Boolean({ description: "It goes back by itself when the new version is not well." }),
      deploymentType: DeploymentType,
    }),
    faults: { 404: "There is no plan for a Pulse that is run from its sources." },
  },
  applyUpdate: {
    method: "POST",
    path: "/api/updates/apply",
    shared: "own",
    access: "admin",
    summary: "Goes over to another version, where this Pulse can; `status` and the stream tell how far it is",
    body: Type.Object(
      {
        downloadUrl: Type.Optional(Type.String({ maxLength: 2048, description: "One of the index of releases" })),
        version: Type.Optional(Type.String({ maxLength: 64, description: "In place of the address" })),
        channel: ChannelQuery,
        acceptMajor: Type.Optional(Type.Boolean({ description: "Another major version is fine." })),
      },
      { additionalProperties: true, description: "Without an address and a version: what `check` offers" },
    ),
    answer: Type.Object({ status: Type.Literal("started"), message: Type.String() }),
    faults: {
      409: "This deployment cannot update itself, an update is going on, or it is another major version.",
      502: "Nothing can be known of releases; the error says why.",
    },
  },
} as const satisfies Record<string, Route>;
