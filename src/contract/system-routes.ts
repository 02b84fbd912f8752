import { Type } from "typebox";
import { SYSTEM_FIELDS, SystemChange, SystemSettings } from "../model/system-settings.ts";
import { UserChange, UserSettings } from "../model/user-settings.ts";
import type { Route } from "./route.ts";

const Changed = Type.Object({
  success: Type.Literal(true),
  status: Type.Literal("success"),
  message: Type.String(),
  restartRequired: Type.Array(Type.String(), {
    description: "Fields that count from the next start on; the others count already.",
  }),
  ignored: Type.Array(Type.String(), { description: "What was sent and is no setting." }),
});
const LOCKED = { 403: "The environment or pulse.yaml sets this field; the error says which." } as const;
const change = {
  access: "admin",
  shared: "change",
  summary: "Change system settings; what is left out stays, and either everything named is changed or nothing",
  body: SystemChange,
  answer: Changed,
  faults: LOCKED,
} as const;

/** What the older API had here: ports, log level, who may call and embed. */
const Legacy = Type.Object({}, { additionalProperties: true, description: "For older clients." });

/** The settings of the server, and of each reader. */
export const SYSTEM_ROUTES = {
  systemSettings: {
    method: "GET",
    path: "/api/system/settings",
    access: "read",
    summary: "The system settings, and which of them are set elsewhere",
    answer: Type.Object({
      ...SYSTEM_FIELDS,
      envOverrides: Type.Record(Type.String(), Type.Literal(true), {
        description: "Fields that cannot be changed here.",
      }),
      lockedBy: Type.Record(Type.String(), Type.String(), {
        description: "What sets each of those: a variable of the environment, or pulse.yaml.",
      }),
    }),
  },
  updateSystemSettings: { ...change, method: "POST", path: "/api/system/settings/update" },
  putSystemSettings: { ...change, method: "PUT", path: "/api/system/settings/update" },
  systemConfig: {
    method: "GET",
    path: "/api/config/system",
    access: "read",
    summary: "The system settings",
    answer: SystemSettings,
  },
  putSystemConfig: { ...change, method: "PUT", path: "/api/config/system" },
  userSettings: {
    method: "GET",
    path: "/api/settings",
    access: "read",
    summary: "How the caller wants the page; for who is nobody, what is usual",
    answer: Type.Object({
      ...UserSettings.properties,
      current: Legacy,
      defaults: Legacy,
      capabilities: Type.Object({
        canRestart: Type.Boolean({ description: "Something would start Pulse again." }),
        canChange: Type.Boolean({ description: "The caller may change the system settings." }),
      }),
    }),
  },
  changeUserSettings: {
    method: "POST",
    path: "/api/settings/update",
    access: "read",
    shared: "change",
    summary: "Change how the caller wants the page; what is left out stays",
    unaudited: true,
    body: Type.Object(
      { ...UserChange.properties, settings: Type.Optional(UserChange) },
      { additionalProperties: true },
    ),
    answer: Type.Object({ success: Type.Literal(true), ...UserSettings.properties }),
  },
} as const satisfies Record<string, Route>;
