import { Type } from "typebox";
import { FaultKind } from "../model/fault.ts";
import { InstanceInput, InstanceTrial } from "../model/instance-input.ts";
import { Nullable } from "../model/schema.ts";
import { SYSTEM_FIELDS } from "../model/system-settings.ts";
import { UserSettings } from "../model/user-settings.ts";
import type { Route } from "./route.ts";

const Member = Type.Object({
  NodeID: Type.String({ description: "Its id in /api/state." }),
  NodeName: Type.String(),
  Host: Type.String({ description: "Base URL of its API." }),
  IP: Type.String({ description: "The address in `Host`; empty where a name stands there." }),
  Online: Type.Boolean({ description: "Whether that address answers." }),
  LastSeen: Type.String({ description: "When the node was last seen, RFC 3339; empty: never" }),
});

/** An instance as it is configured; its secret never leaves the server. */
const ConfiguredInstance = Type.Object(
  {
    id: Type.String({ description: "Never changes: part of the ids of everything in it." }),
    type: Type.Union([Type.Literal("pve"), Type.Literal("pbs"), Type.Literal("pmg")]),
    name: Type.String(),
    host: Type.String(),
    user: Type.Optional(Type.String()),
    hasPassword: Type.Boolean(),
    tokenName: Type.Optional(Type.String({ description: "`user@realm!name`" })),
    hasToken: Type.Boolean(),
    fingerprint: Nullable(Type.String({ description: "The pinned one; null: none is pinned." })),
    ca: Nullable(Type.String({ description: "PEM of the authorities it trusts besides the system's." })),
    verifySSL: Type.Boolean({ description: "false: any certificate will do." }),
    interval: Nullable(Type.Number({ description: "Seconds between two looks; null: as the system settings say" })),
    status: Type.Union([Type.Literal("connected"), Type.Literal("disconnected")]),
    error: Nullable(Type.String({ description: "Why it does not answer as it should." })),
    isCluster: Type.Boolean(),
    clusterName: Nullable(Type.String()),
    clusterEndpoints: Type.Array(Member),
    locked: Type.Boolean({ description: "It stands in pulse.yaml, and can only be changed there." }),
    site: Type.Optional(Type.String({ description: "Of several Pulses: whose edges watch it." })),
  },
  { $id: "ConfiguredInstance" },
);

const Tested = Type.Object(
  {
    status: Type.Literal("success"),
    message: Type.String(),
    latency: Type.Number({ description: "ms" }),
    version: Nullable(Type.String()),
    isCluster: Type.Boolean(),
    clusterName: Nullable(Type.String()),
    nodeCount: Type.Integer(),
    fingerprint: Nullable(Type.String({ description: "SHA-256 of the certificate it shows, to be pinned." })),
  },
  { description: `A failure has the field \`fault\`: ${FaultKind.anyOf.map(({ const: kind }) => kind).join(", ")}.` },
);
const Saved = Type.Object({ status: Type.Literal("success"), id: Type.String() });
const UNKNOWN = { 404: "There is no such instance." } as const;
const REFUSED = {
  403: "It is locked, or this Pulse shows a simulated estate.",
  409: "It is watched already, perhaps through another member of its cluster.",
  503: "Of several Pulses: they cannot agree on it now.",
} as const;

/** The instances' own management. */
export const INSTANCE_ROUTES = {
  instances: {
    method: "GET",
    path: "/api/config/nodes",
    access: "read",
    summary: "The configured instances, without their secrets",
    answer: Type.Array(ConfiguredInstance),
  },
  configuration: {
    method: "GET",
    path: "/api/config",
    access: "read",
    summary: "The whole configuration, without secrets: instances, system settings, the caller's own settings",
    answer: Type.Object({
      nodes: Type.Array(ConfiguredInstance),
      system: Type.Object({
        ...SYSTEM_FIELDS,
        bindHost: Nullable(Type.String({ description: "null: all addresses" })),
        mockMode: Type.Boolean(),
        demoMode: Type.Boolean(),
        passwordAuth: Type.Boolean({ description: "Sign-in by user and password is set up." }),
        apiToken: Type.Boolean({ description: "An API token is set up." }),
      }),
      settings: UserSettings,
      autoUpdateEnabled: SYSTEM_FIELDS.autoUpdateEnabled,
      updateChannel: SYSTEM_FIELDS.updateChannel,
      csrfProtection: Type.Boolean(),
    }),
  },
  addInstance: {
    method: "POST",
    path: "/api/config/nodes",
    shared: "agreed",
    access: "admin",
    summary: "Watch another instance, at once",
    body: InstanceInput,
    answer: Saved,
    faults: REFUSED,
  },
  updateInstance: {
    method: "PUT",
    path: "/api/config/nodes/:id",
    shared: "agreed",
    access: "admin",
    summary: "Change an instance; what is left out stays",
    body: InstanceInput,
    answer: Saved,
    faults: { ...UNKNOWN, ...REFUSED },
  },
  removeInstance: {
    method: "DELETE",
    path: "/api/config/nodes/:id",
    shared: "agreed",
    access: "admin",
    summary: "Watch an instance no longer",
    answer: Saved,
    faults: { ...UNKNOWN, ...REFUSED },
  },
  testConnection: {
    method: "POST",
    path: "/api/config/nodes/test-connection",
    shared: "own",
    access: "admin",
    summary: "Try an instance out before it is added, or changed",
    body: InstanceTrial,
    answer: Tested,
  },
  testConfig: {
    method: "POST",
    path: "/api/config/nodes/test-config",
    shared: "own",
    access: "admin",
    summary: "As test-connection",
    body: InstanceTrial,
    answer: Tested,
  },
  testInstance: {
    method: "POST",
    path: "/api/config/nodes/:id/test",
    shared: "own",
    access: "admin",
    summary: "Try an instance out with the credentials that are kept",
    answer: Tested,
    faults: UNKNOWN,
  },
} as const satisfies Record<string, Route>;
