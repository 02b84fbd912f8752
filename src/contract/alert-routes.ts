import { type Static, Type } from "typebox";
import { Alert, AlertEpisode, Explanation, Replay, Transition } from "../model/alert.ts";
import { AlertConfig } from "../model/alert-config.ts";
import type { Route } from "./route.ts";

const Done = Type.Object({ success: Type.Literal(true) });
const UNKNOWN = { 404: "No alert of that id fires." } as const;
const TimeQuery = (description: string) =>
  Type.Optional(Type.String({ description: `${description}: ms since the Unix epoch, or RFC 3339` }));
const Ids = Type.Object({ alertIds: Type.Array(Type.String({ maxLength: 500 }), { minItems: 1, maxItems: 1000 }) });
const ById = Type.Object({
  id: Type.Optional(Type.String({ maxLength: 500 })),
  alertId: Type.Optional(Type.String({ maxLength: 500 })),
});
const BulkAnswer = Type.Object({
  results: Type.Array(
    Type.Object({ alertId: Type.String(), success: Type.Boolean(), error: Type.Optional(Type.String()) }),
  ),
});
/** The configuration, and what of it is set elsewhere: by the path of the field, what sets it. */
const Config = Type.Object(
  {
    ...AlertConfig.properties,
    lockedBy: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: "What sets a field that cannot be changed here, such as `guestDefaults.cpu`; absent: nothing",
      }),
    ),
  },
  { $id: "AlertConfiguration" },
);
export type AlertConfiguration = Static<typeof Config>;
/** What is sent changes what it names: nested objects field by field, lists and overrides of a resource as a whole. */
const ConfigChange = Type.Object({}, { additionalProperties: true, description: "Any part of the configuration" });
const bulk = (what: string, path: string) =>
  ({
    method: "POST",
    path: `/api/alerts/bulk/${path}`,
    access: "write",
    shared: "change",
    summary: `${what} several alerts`,
    body: Ids,
    answer: BulkAnswer,
  }) as const;
const byBody = (what: string, path: string) =>
  ({
    method: "POST",
    path: `/api/alerts/${path}`,
    access: "write",
    shared: "change",
    summary: `${what} the alert that the body names`,
    body: ById,
    answer: Done,
    faults: UNKNOWN,
  }) as const;
const config = (method: "GET" | "PUT" | "POST", path: "/api/alerts/" | "/api/alerts/config") =>
  method === "GET"
    ? ({ method, path, access: "read", summary: "The whole configuration of alerts", answer: Config } as const)
    : ({
        method,
        path,
        access: "write",
        shared: "change",
        summary: "Change what is named of the configuration of alerts; firing alerts are judged anew at once",
        body: ConfigChange,
        answer: Type.Object({ success: Type.Literal(true), config: Config }),
        faults: { 403: "pulse.yaml sets what is to be changed." },
      } as const);

/**
 * Alerts: configuration, what fires, what did, and why. Ids in paths are percent-encoded; they may hold "/" and ":", so a path of any depth
 * that ends on the verb is taken.
 */
export const ALERT_ROUTES = {
  alertConfig: config("GET", "/api/alerts/config"),
  changeAlertConfig: config("PUT", "/api/alerts/config"),
  alertConfigBySlash: config("GET", "/api/alerts/"),
  changeAlertConfigBySlash: config("POST", "/api/alerts/"),
  activeAlerts: {
    method: "GET",
    path: "/api/alerts/active",
    access: "read",
    summary: "The alerts that fire, the worst and newest first",
    answer: Type.Array(Alert),
  },
  alertHistory: {
    method: "GET",
    path: "/api/alerts/history",
    access: "read",
    summary: "Alerts that fired, the newest first",
    query: Type.Object({
      limit: Type.Optional(Type.String({ default: "100", description: "1 to 10000" })),
      offset: Type.Optional(Type.String({ default: "0" })),
      from: TimeQuery("That still fired then, or later"),
      to: TimeQuery("That began before"),
      startTime: TimeQuery("As `from`"),
      endTime: TimeQuery("As `to`"),
      level: Type.Optional(Type.Union([Type.Literal("warning"), Type.Literal("critical"), Type.Literal("all")])),
      severity: Type.Optional(Type.Union([Type.Literal("warning"), Type.Literal("critical"), Type.Literal("all")])),
      resource: Type.Optional(Type.String({ description: "Id of a resource" })),
      resourceId: Type.Optional(Type.String({ description: "As `resource`" })),
      type: Type.Optional(Type.String({ description: "Of the alert" })),
    }),
    answer: Type.Array(AlertEpisode),
  },
  clearAlertHistory: {
    method: "DELETE",
    path: "/api/alerts/history",
    access: "admin",
    shared: "change",
    summary: "Forget alerts that are over",
    answer: Done,
  },
  alertTransitions: {
    method: "GET",
    path: "/api/alerts/transitions",
    access: "read",
    summary: "Every step of alerts, the newest first: fired, acknowledged, resolved…",
    query: Type.Object({
      alert: Type.Optional(Type.String({ description: "Id of an alert" })),
      resource: Type.Optional(Type.String({ description: "Id of a resource" })),
      from: TimeQuery("From then"),
      to: TimeQuery("Until then"),
      before: Type.Optional(Type.String({ description: "Only those with a number below" })),
      limit: Type.Optional(Type.String({ default: "100", description: "1 to 1000" })),
    }),
    answer: Type.Array(Transition),
  },
  bulkAcknowledge: bulk("Acknowledge", "acknowledge"),
  bulkUnacknowledge: bulk("Take back the acknowledgement of", "unacknowledge"),
  bulkClear: bulk("Clear", "clear"),
  acknowledgeByBody: byBody("Acknowledge", "acknowledge"),
  unacknowledgeByBody: byBody("Take back the acknowledgement of", "unacknowledge"),
  clearByBody: byBody("Clear", "clear"),
  /** `/api/alerts/<id>/acknowledge`, `/unacknowledge`, `/clear`. */
  alertAction: {
    method: "POST",
    path: "/api/alerts/*",
    access: "write",
    shared: "change",
    summary: "Acknowledge, unacknowledge or clear the alert in the path: /api/alerts/ID/acknowledge",
    answer: Done,
    faults: UNKNOWN,
  },
  explainAlerts: {
    method: "GET",
    path: "/api/alerts/explain",
    access: "read",
    summary: "Why a resource alerts or does not: each of its signals, or one",
    query: Type.Object({
      resource: Type.String({ description: "Id of a resource" }),
      type: Type.Optional(Type.String({ description: "One signal: cpu, offline…" })),
    }),
    answer: Type.Array(Explanation),
    faults: { 404: "There is no such resource." },
  },
  tryThresholds: {
    method: "POST",
    path: "/api/alerts/try",
    shared: "own",
    access: "read",
    summary: "When thresholds would have fired, by what the history keeps",
    body: Type.Object({
      type: Type.String({ description: "cpu, memory, disk, usage or a rate" }),
      resources: Type.Optional(
        Type.Array(Type.String({ maxLength: 500 }), {
          maxItems: 2000,
          description: "Ids; all that the class has when absent",
        }),
      ),
      of: Type.Optional(Type.String({ description: "Class: guest, node, storage, datastore, docker-container, pbs" })),
      tag: Type.Optional(Type.String({ description: "Only guests with this tag" })),
      thresholds: Type.Object({}, { additionalProperties: true, description: "In all the forms of an override" }),
      hold: Type.Optional(Type.Number({ minimum: 0, description: "seconds; as configured when absent" })),
      days: Type.Optional(Type.Number({ minimum: 0.04, maximum: 400, default: 30 })),
    }),
    answer: Type.Object({
      from: Type.Number({ description: "ms since the Unix epoch" }),
      to: Type.Number({ description: "ms since the Unix epoch" }),
      step: Type.Number({ description: "How fine the history was that was replayed, ms" }),
      firings: Type.Integer({ description: "of all resources together" }),
      firingsNow: Type.Integer({ description: "the same with the rules in force" }),
      replays: Type.Array(Replay, { description: "Resources with a firing, the most first." }),
    }),
  },
} as const satisfies Record<string, Route>;
