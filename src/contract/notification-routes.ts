import { Type } from "typebox";
import { Schedule } from "../model/alert-config.ts";
import {
  AppriseInput,
  AppriseSettings,
  EmailInput,
  EmailSettings,
  MessageLanguage,
  PushSubscription,
  Webhook,
  WebhookInput,
} from "../model/channel.ts";
import { ChannelHealth, Delivery } from "../model/notification.ts";
import { Nullable } from "../model/schema.ts";
import type { Route } from "./route.ts";

const Done = Type.Object({ success: Type.Literal(true) });
const UNKNOWN_WEBHOOK = { 403: "pulse.yaml sets it.", 404: "There is no such webhook." } as const;
const LOCKED = { 403: "pulse.yaml sets what is to be changed." } as const;
const lockedBy = {
  lockedBy: Type.Optional(Type.String({ description: "What sets it; it cannot be changed here then" })),
};
/** As they are told: without secrets, and with what sets them where that is not this API. */
const ToldEmail = Type.Object({ ...EmailSettings.properties, ...lockedBy }, { $id: "Email" });
const ToldApprise = Type.Object({ ...AppriseSettings.properties, ...lockedBy }, { $id: "Apprise" });
const ToldWebhook = Type.Object({ ...Webhook.properties, ...lockedBy }, { $id: "ToldWebhook" });
const Configuration = Type.Object(
  {
    email: ToldEmail,
    webhooks: Type.Array(ToldWebhook),
    apprise: ToldApprise,
    publicUrl: Type.String({
      description: "Where people reach Pulse: links in notifications lead there; empty: no links",
    }),
    allowedPrivateNetworks: Type.Array(Type.String({ maxLength: 64 }), {
      description:
        "CIDR blocks that webhooks may reach although they are private; private networks are open unless it is `none`",
    }),
    canary: Type.Object({ enabled: Type.Boolean(), hour: Type.Integer({ minimum: 0, maximum: 23 }) }),
    language: MessageLanguage,
    schedule: Schedule,
    channels: Type.Array(ChannelHealth),
    lockedBy: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description:
          "What sets which of `publicUrl`, `allowedPrivateNetworks`, `canary` and `language`; absent: nothing",
      }),
    ),
  },
  { $id: "NotificationConfiguration" },
);
/** What is sent changes what it names. */
const ConfigurationChange = Type.Object(
  {
    email: Type.Optional(EmailInput),
    apprise: Type.Optional(AppriseInput),
    publicUrl: Type.Optional(Type.String({ maxLength: 2048 })),
    allowedPrivateNetworks: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 100 })),
    canary: Type.Optional(
      Type.Object({
        enabled: Type.Optional(Type.Boolean()),
        hour: Type.Optional(Type.Integer({ minimum: 0, maximum: 23 })),
      }),
    ),
    language: Type.Optional(MessageLanguage),
    schedule: Type.Optional(Type.Object({}, { additionalProperties: true })),
  },
  { additionalProperties: true },
);
const TestResult = Type.Object({
  channel: Type.String(),
  name: Type.String(),
  success: Type.Boolean(),
  statusCode: Nullable(Type.Integer()),
  error: Nullable(Type.String()),
});

/** Where notifications go, and what became of them. */
export const NOTIFICATION_ROUTES = {
  notifications: {
    method: "GET",
    path: "/api/notifications/",
    access: "admin",
    summary: "The whole configuration of notifications, without secrets",
    answer: Configuration,
  },
  changeNotifications: {
    method: "POST",
    path: "/api/notifications/",
    access: "admin",
    shared: "change",
    summary: "Change what is named of the configuration of notifications",
    body: ConfigurationChange,
    answer: Configuration,
    faults: LOCKED,
  },
  email: {
    method: "GET",
    path: "/api/notifications/email",
    access: "admin",
    summary: "The e-mail channel; the password is empty",
    answer: ToldEmail,
  },
  changeEmail: {
    method: "PUT",
    path: "/api/notifications/email",
    access: "admin",
    shared: "change",
    summary: "Change what is named of the e-mail channel; an empty password keeps the one there is",
    body: EmailInput,
    answer: Type.Object({ status: Type.Literal("success"), success: Type.Literal(true) }),
    faults: LOCKED,
  },
  emailProviders: {
    method: "GET",
    path: "/api/notifications/email-providers",
    access: "read",
    summary: "Presets of mail providers",
    answer: Type.Array(
      Type.Object({
        name: Type.String(),
        smtpHost: Type.String(),
        smtpPort: Type.Integer(),
        tls: Type.Boolean(),
        startTLS: Type.Boolean(),
        authRequired: Type.Boolean(),
        instructions: Type.String(),
      }),
    ),
  },
  apprise: {
    method: "GET",
    path: "/api/notifications/apprise",
    access: "admin",
    summary: "The Apprise channel, without its secrets",
    answer: ToldApprise,
  },
  changeApprise: {
    method: "PUT",
    path: "/api/notifications/apprise",
    access: "admin",
    shared: "change",
    summary: "Change what is named of the Apprise channel",
    body: AppriseInput,
    answer: ToldApprise,
    faults: LOCKED,
  },
  testNotifications: {
    method: "POST",
    path: "/api/notifications/test",
    shared: "own",
    access: "admin",
    summary: "Send a test to one channel, or to all that are enabled",
    limit: "test-mail",
    body: Type.Object(
      {
        method: Type.Optional(Type.String({ description: "email, webhook, apprise, push; all when absent" })),
        type: Type.Optional(Type.String({ description: "As `method`" })),
        config: Type.Optional(
          Type.Object({}, { additionalProperties: true, description: "Settings to be tried that are not kept yet" }),
        ),
        webhookId: Type.Optional(Type.String()),
      },
      { additionalProperties: true },
    ),
    answer: Type.Object({
      status: Type.Literal("success"),
      message: Type.String(),
      results: Type.Array(TestResult),
    }),
    faults: { 502: "A receiver did not take it; `results` says which and why." },
  },
  webhooks: {
    method: "GET",
    path: "/api/notifications/webhooks",
    access: "admin",
    summary: "All webhooks, secrets in their headers hidden",
    answer: Type.Array(ToldWebhook),
  },
  addWebhook: {
    method: "POST",
    path: "/api/notifications/webhooks",
    access: "admin",
    shared: "change",
    summary: "Add a webhook",
    body: WebhookInput,
    answer: Webhook,
  },
  changeWebhook: {
    method: "PUT",
    path: "/api/notifications/webhooks/:id",
    access: "admin",
    shared: "change",
    summary: "Change what is named of a webhook",
    body: WebhookInput,
    answer: Webhook,
    faults: UNKNOWN_WEBHOOK,
  },
  removeWebhook: {
    method: "DELETE",
    path: "/api/notifications/webhooks/:id",
    access: "admin",
    shared: "change",
    summary: "Remove a webhook",
    answer: Type.Object({ status: Type.Literal("success"), success: Type.Literal(true) }),
    faults: UNKNOWN_WEBHOOK,
  },
  testWebhook: {
    method: "POST",
    path: "/api/notifications/webhooks/test",
    shared: "own",
    access: "admin",
    summary: "Send a test by a webhook that may not be kept yet",
    limit: "test-mail",
    body: WebhookInput,
    answer: Type.Object({
      success: Type.Boolean(),
      status: Type.Integer({ description: "Of the receiver's answer; 0: it gave none" }),
      response: Type.String({ description: "The first 500 characters of its answer" }),
      error: Type.Optional(Type.String()),
      payload: Type.String({ description: "What was sent" }),
    }),
  },
  checkTemplate: {
    method: "POST",
    path: "/api/notifications/webhooks/preview",
    shared: "own",
    access: "admin",
    summary: "What a webhook would send, and whether it is JSON; nothing is sent",
    body: WebhookInput,
    answer: Type.Object({ url: Type.String(), payload: Type.String(), error: Nullable(Type.String()) }),
  },
  webhookTemplates: {
    method: "GET",
    path: "/api/notifications/webhook-templates",
    access: "read",
    summary: "What each service wants: address, headers, payload",
    answer: Type.Array(
      Type.Object({
        service: Type.String(),
        name: Type.String(),
        urlPattern: Type.String(),
        method: Type.String(),
        headers: Type.Record(Type.String(), Type.String()),
        payloadTemplate: Type.String(),
        instructions: Type.String(),
      }),
    ),
  },
  webhookHistory: {
    method: "GET",
    path: "/api/notifications/webhook-history",
    access: "admin",
    summary: "Deliveries of webhooks, the newest first, as older clients know them",
    answer: Type.Array(
      Type.Object({
        webhookName: Type.String(),
        webhookUrl: Type.String({ description: "Without path and query: they hold secrets" }),
        service: Type.String(),
        alertId: Type.String(),
        timestamp: Type.String({ description: "RFC 3339" }),
        statusCode: Type.Integer(),
        success: Type.Boolean(),
        errorMessage: Type.Optional(Type.String()),
        retryAttempts: Type.Integer(),
        payloadSize: Type.Integer(),
      }),
    ),
  },
  notificationHistory: {
    method: "GET",
    path: "/api/notifications/history",
    access: "admin",
    summary: "The delivery log, the newest first",
    query: Type.Object({
      limit: Type.Optional(Type.String({ default: "100", description: "1 to 1000" })),
      before: Type.Optional(Type.String({ description: "Only those with an id below" })),
      channel: Type.Optional(Type.String()),
      status: Type.Optional(Type.String()),
      alert: Type.Optional(Type.String({ description: "Id of an alert" })),
    }),
    answer: Type.Array(Delivery),
  },
  retryNotification: {
    method: "POST",
    path: "/api/notifications/history/:id/retry",
    shared: "own",
    access: "admin",
    summary: "Send a dead letter again",
    answer: Done,
    faults: { 404: "There is no such dead letter." },
  },
  channelHealth: {
    method: "GET",
    path: "/api/notifications/channels",
    access: "read",
    summary: "How each channel fares",
    answer: Type.Array(ChannelHealth),
  },
  pushKey: {
    method: "GET",
    path: "/api/notifications/push/key",
    access: "read",
    summary: "The public key (VAPID) by which browsers subscribe to web push",
    answer: Type.Object({ publicKey: Type.String() }),
  },
  subscribePush: {
    method: "POST",
    path: "/api/notifications/push",
    shared: "change",
    access: "read",
    summary: "Tell a browser, too",
    body: PushSubscription,
    answer: Type.Object({ success: Type.Literal(true), id: Type.String() }),
  },
  pushSubscriptions: {
    method: "GET",
    path: "/api/notifications/push",
    access: "admin",
    summary: "Browsers that are told",
    answer: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        user: Type.String(),
        createdAt: Type.Number(),
        host: Type.String(),
      }),
    ),
  },
  unsubscribePush: {
    method: "DELETE",
    path: "/api/notifications/push/:id",
    shared: "change",
    access: "read",
    summary: "Tell a browser no longer",
    answer: Done,
    faults: { 404: "There is no such browser." },
  },
} as const satisfies Record<string, Route>;
