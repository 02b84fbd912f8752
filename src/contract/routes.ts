import { Type } from "typebox";
import { InstantField, Nullable } from "../model/schema.ts";
import { State } from "../model/state.ts";
import { AGENT_ROUTES } from "./agent-routes.ts";
import { ALERT_ROUTES } from "./alert-routes.ts";
import { ARCHIVE_ROUTES } from "./archive-routes.ts";
import { BACKUP_ROUTES } from "./backup-routes.ts";
import { CHANGE_ROUTES } from "./change-routes.ts";
import { CLUSTER_ROUTES } from "./cluster-routes.ts";
import { DISCOVERY_ROUTES } from "./discovery-routes.ts";
import { DOCKER_ROUTES } from "./docker-routes.ts";
import { GUEST_ROUTES } from "./guest-routes.ts";
import { HISTORY_ROUTES } from "./history-routes.ts";
import { INSTANCE_ROUTES } from "./instance-routes.ts";
import { LIVE_ROUTES } from "./live-routes.ts";
import { METRICS_ROUTES } from "./metrics-routes.ts";
import { MOCK_ROUTES } from "./mock-routes.ts";
import { NOTIFICATION_ROUTES } from "./notification-routes.ts";
import { OIDC_ROUTES } from "./oidc-routes.ts";
import { PICTURE_ROUTES } from "./picture-routes.ts";
import { REGISTRATION_ROUTES } from "./registration-routes.ts";
import type { Route } from "./route.ts";
import { SECURITY_ROUTES } from "./security-routes.ts";
import { SILENCE_ROUTES } from "./silence-routes.ts";
import { SUMMARY_ROUTES } from "./summary-routes.ts";
import { SYSTEM_ROUTES } from "./system-routes.ts";
import { TRANSFER_ROUTES } from "./transfer-routes.ts";
import { UPDATE_ROUTES } from "./update-routes.ts";

/** The body of every failure. */
export const ErrorBody = Type.Object(
  { error: Type.String({ description: "What went wrong, in one sentence." }) },
  { $id: "Error", additionalProperties: true },
);

/**
 * Every route of the API. This list is the access table, the OpenAPI document and the contract of `http/`'s handlers in one:
 * a route without a handler, or the other way round, does not compile.
 */
export const ROUTES = {
  ...INSTANCE_ROUTES,
  ...SYSTEM_ROUTES,
  ...MOCK_ROUTES,
  ...TRANSFER_ROUTES,
  ...BACKUP_ROUTES,
  ...ARCHIVE_ROUTES,
  ...SUMMARY_ROUTES,
  ...UPDATE_ROUTES,
  ...DISCOVERY_ROUTES,
  ...PICTURE_ROUTES,
  ...GUEST_ROUTES,
  ...REGISTRATION_ROUTES,
  ...HISTORY_ROUTES,
  ...AGENT_ROUTES,
  ...DOCKER_ROUTES,
  ...METRICS_ROUTES,
  ...SECURITY_ROUTES,
  ...OIDC_ROUTES,
  ...CLUSTER_ROUTES,
  ...LIVE_ROUTES,
  ...ALERT_ROUTES,
  ...NOTIFICATION_ROUTES,
  ...SILENCE_ROUTES,
  ...CHANGE_ROUTES,
  health: {
    method: "GET",
    path: "/api/health",
    access: "public",
    summary: "Whether this server is up",
    answer: Type.Object({
      status: Type.Literal("healthy"),
      timestamp: Type.Integer({ description: "Unix time, seconds" }),
      uptime: Type.Number({ description: "Seconds since the process started" }),
      database: Type.Object({
        writable: Type.Boolean({
          description:
            "false: the disk is full, read-only or broken; Pulse goes on in memory, and nothing can be changed",
        }),
        since: Nullable(InstantField("Since when it is not")),
        reason: Nullable(Type.String({ description: "Why, as the end of a sentence" })),
      }),
    }),
  },
  version: {
    method: "GET",
    path: "/api/version",
    access: "public",
    summary: "Version and build",
    answer: Type.Object({
      version: Type.String({ description: "With a leading v" }),
      build: Type.Union([Type.Literal("release"), Type.Literal("development")]),
      runtime: Type.String({ description: "node, and its version" }),
      channel: Type.Union([Type.Literal("stable"), Type.Literal("rc")]),
      isDocker: Type.Boolean(),
      isDevelopment: Type.Boolean(),
      buildTime: Type.String({ description: "As `build`; kept for older clients" }),
      updateAvailable: Type.Boolean({ description: "As the last look for releases has found" }),
      latestVersion: Type.Optional(Type.String({ description: "That version" })),
    }),
  },
  state: {
    method: "GET",
    path: "/api/state",
    access: "read",
    summary: "The whole picture: instances, nodes, guests, storages",
    answer: State,
    faults: { 304: "The picture is still the one named by If-None-Match." },
  },
  openapi: {
    method: "GET",
    path: "/api/openapi.json",
    access: "public",
    summary: "This description, as an OpenAPI 3.1 document",
    answer: Type.Unknown(),
  },
  apiPage: {
    method: "GET",
    path: "/api/docs",
    access: "public",
    summary: "This description as a page to be read",
    answer: Type.Unknown({ description: "text/html" }),
  },
  apiPageStyle: {
    method: "GET",
    path: "/api/docs/style.css",
    access: "public",
    summary: "How that page looks",
    answer: Type.Unknown({ description: "text/css" }),
  },
  session: {
    method: "GET",
    path: "/api/session",
    access: "public",
    summary: "Who the caller is to this server, and how to sign in",
    answer: Type.Object({
      name: Type.Union([Type.String(), Type.Null()], { description: "null: nobody is signed in" }),
      may: Type.Array(
        Type.Union([
          Type.Literal("read"),
          Type.Literal("write"),
          Type.Literal("agent"),
          Type.Literal("admin"),
          Type.Literal("wall"),
        ]),
      ),
      signIn: Type.Union([Type.Literal("password"), Type.Literal("token"), Type.Literal("none")], {
        description: "What a caller without rights can do about it; none: sign-in is not set up",
      }),
      several: Type.Boolean({ description: "It is one of several Pulses that serve as one." }),
    }),
  },
  login: {
    method: "POST",
    path: "/api/login",
    shared: "agreed",
    access: "public",
    summary: "Sign in with user and password; sets the session cookie",
    limit: "sign-in",
    withoutCsrf: true,
    inDemo: true,
    unaudited: true,
    body: Type.Object({
      username: Type.String({ minLength: 1, maxLength: 256 }),
      password: Type.String({ minLength: 1, maxLength: 1024 }),
      code: Type.Optional(Type.String({ maxLength: 64, description: "Of the second factor, where it is on." })),
      rememberMe: Type.Optional(Type.Boolean({ description: "For 30 days instead of one." })),
    }),
    answer: Type.Object({ success: Type.Literal(true), message: Type.String() }),
  },
  logout: {
    method: "POST",
    path: "/api/logout",
    shared: "agreed",
    access: "public",
    summary: "End the session",
    inDemo: true,
    answer: Type.Object({ success: Type.Literal(true), message: Type.String() }),
  },
} as const satisfies Record<string, Route>;

export type Routes = typeof ROUTES;
