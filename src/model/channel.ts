import { type Static, Type } from "typebox";
import { AlertLevel } from "./alert.ts";
import { Nullable } from "./schema.ts";
import { LANGUAGES } from "./user-settings.ts";

/** The services a webhook can speak to; each is a file in `notify/channels/`. `generic`: whatever takes JSON. */
export const WEBHOOK_SERVICES = [
  "generic",
  "discord",
  "slack",
  "teams",
  "teams-adaptive",
  "telegram",
  "pagerduty",
  "gotify",
  "ntfy",
  "pushover",
  "mattermost",
  "matrix",
] as const;
export type WebhookService = (typeof WEBHOOK_SERVICES)[number];

/** One for all channels: a mail or a room has several readers. */
export const MessageLanguage = Type.Enum([...LANGUAGES], {
  description: "The language that messages are written in; `en` unless set.",
  must: `must be one of ${LANGUAGES.join(", ")}`,
});

const choice = {
  minLevel: Type.Optional(AlertLevel),
  sendResolved: Type.Optional(
    Type.Boolean({ description: "Whether it is told when all is well again; true unless given." }),
  ),
};

const EmailFields = {
  enabled: Type.Boolean(),
  provider: Type.String({ maxLength: 100, description: "Name of a preset; empty: none" }),
  server: Type.String({ maxLength: 255 }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  username: Type.String({ maxLength: 256 }),
  password: Type.String({ maxLength: 1024, description: "Never told. Empty, or left out: the one that is kept." }),
  from: Type.String({ maxLength: 320 }),
  to: Type.Array(Type.String({ maxLength: 320 }), { maxItems: 100, description: "Empty: to the sender" }),
  tls: Type.Boolean({ description: "TLS from the first byte (port 465)." }),
  startTLS: Type.Boolean({ description: "STARTTLS is a must (port 587)." }),
  verifyCertificate: Type.Boolean(),
  ...choice,
};
/** The e-mail channel; there is one, for all recipients. */
export const EmailSettings = Type.Object(EmailFields, { $id: "EmailSettings" });
export type EmailSettings = Static<typeof EmailSettings>;
export const EmailInput = Type.Partial(Type.Object(EmailFields), { $id: "EmailInput", additionalProperties: true });
export type EmailInput = Static<typeof EmailInput>;

const WebhookFields = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  url: Type.String({
    minLength: 1,
    maxLength: 4096,
    description: "May have template fields: {{.Message | urlquery}}.",
  }),
  method: Type.Union([Type.Literal("POST"), Type.Literal("PUT"), Type.Literal("GET")]),
  headers: Nullable(
    Type.Record(Type.String({ maxLength: 200 }), Type.String({ maxLength: 4096 }), {
      description: "Values that look like secrets are told as *** and kept when sent back so.",
    }),
  ),
  enabled: Type.Boolean(),
  service: Type.Unsafe<WebhookService>(Type.Union(WEBHOOK_SERVICES.map(service => Type.Literal(service)))),
  template: Type.String({
    maxLength: 65_536,
    description: "A Go template that makes the payload; empty: that of the service",
  }),
  customFields: Type.Optional(Nullable(Type.Record(Type.String(), Type.String({ maxLength: 4096 })))),
  ...choice,
};
export const Webhook = Type.Object({ id: Type.String(), ...WebhookFields }, { $id: "Webhook" });
export type Webhook = Static<typeof Webhook>;
/** What is left out keeps its value; on a new one: POST, enabled, generic, no template. */
export const WebhookInput = Type.Partial(Type.Object({ id: Type.String({ maxLength: 100 }), ...WebhookFields }), {
  $id: "WebhookInput",
  additionalProperties: true,
});
export type WebhookInput = Static<typeof WebhookInput>;

const AppriseFields = {
  enabled: Type.Boolean(),
  serverUrl: Type.String({ maxLength: 2048, description: "Of an Apprise API server." }),
  targets: Type.Array(Type.String({ maxLength: 2048 }), {
    maxItems: 100,
    description: "Apprise URLs; they are secrets: told as ***",
  }),
  configKey: Type.String({ maxLength: 200, description: "A configuration kept at that server, in place of targets" }),
  apiKey: Type.String({ maxLength: 1024, description: "Never told." }),
  apiKeyHeader: Type.String({ maxLength: 200 }),
  skipTlsVerify: Type.Boolean(),
  timeoutSeconds: Type.Integer({ minimum: 1, maximum: 120 }),
  ...choice,
};
export const AppriseSettings = Type.Object(AppriseFields, { $id: "AppriseSettings" });
export type AppriseSettings = Static<typeof AppriseSettings>;
export const AppriseInput = Type.Partial(Type.Object(AppriseFields), {
  $id: "AppriseInput",
  additionalProperties: true,
});
export type AppriseInput = Static<typeof AppriseInput>;

const strict = { additionalProperties: false } as const;
const { name, url, ...further } = WebhookFields;
/**
 * Channels that pulse.yaml names, secrets included. Each is enabled unless it says otherwise; a webhook's id is what its deliveries are
 * known by.
 */
export const GivenChannels = Type.Object(
  {
    email: Type.Optional(Type.Partial(Type.Object(EmailFields), strict)),
    apprise: Type.Optional(Type.Partial(Type.Object(AppriseFields), strict)),
    webhooks: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Type.String({
              pattern: "^(?!(?:email|apprise)$)[A-Za-z0-9][A-Za-z0-9._-]*$",
              must: "must be letters, digits, '.', '_' and '-', at most 100, and neither email nor apprise",
              maxLength: 100,
            }),
            name,
            url,
            ...Type.Partial(Type.Object(further)).properties,
          },
          strict,
        ),
        { maxItems: 200 },
      ),
    ),
    publicUrl: Type.Optional(Type.String({ maxLength: 2048 })),
    allowedPrivateNetworks: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 100 })),
    canary: Type.Optional(
      Type.Object(
        { enabled: Type.Optional(Type.Boolean()), hour: Type.Optional(Type.Integer({ minimum: 0, maximum: 23 })) },
        strict,
      ),
    ),
    language: Type.Optional(MessageLanguage),
  },
  strict,
);
export type GivenChannels = Static<typeof GivenChannels>;

/** A browser that wants to be told, as `PushSubscription.toJSON()` gives it. */
export const PushSubscription = Type.Object(
  {
    endpoint: Type.String({
      maxLength: 2048,
      pattern: "^https://",
      must: "must be an address with https:// of at most 2,048 characters",
    }),
    keys: Type.Object({ p256dh: Type.String({ maxLength: 256 }), auth: Type.String({ maxLength: 64 }) }),
    name: Type.Optional(Type.String({ maxLength: 200 })),
    minLevel: Type.Optional(AlertLevel),
  },
  { $id: "PushSubscription" },
);
export type PushSubscription = Static<typeof PushSubscription>;
