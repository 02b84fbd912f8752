import { type Static, Type } from "typebox";
import type { AlertLevel } from "./alert.ts";
import { InstantField, Nullable } from "./schema.ts";

/** Why somebody is told. */
export const NotificationReason = Type.Union([
  Type.Literal("firing"),
  Type.Literal("resolved"),
  Type.Literal("reminder"),
  Type.Literal("escalation"),
  Type.Literal("test"),
  Type.Literal("canary", {
    description: "A daily sign of life, by which a channel is noticed that swallows what it gets.",
  }),
]);
export type NotificationReason = Static<typeof NotificationReason>;

export const DeliveryStatus = Type.Union([
  Type.Literal("waiting", { description: "For its group's window, or for the next try." }),
  Type.Literal("sending"),
  Type.Literal("delivered"),
  Type.Literal("failed", { description: "Given up after hours of trying: a dead letter, which can be sent again." }),
  Type.Literal("cancelled", {
    description: "It was no longer to be told: acknowledged, silenced, switched off, over…",
  }),
]);
export type DeliveryStatus = Static<typeof DeliveryStatus>;

/** One notification to one channel: a line of the delivery log. */
export const Delivery = Type.Object(
  {
    id: Type.Integer(),
    channel: Type.String({ description: "email, apprise, push:…, or the id of a webhook" }),
    channelName: Type.String(),
    service: Type.String({ description: "email, apprise, push, or the webhook's service" }),
    reason: NotificationReason,
    title: Type.String({ description: "What it says, in a line." }),
    alertIds: Type.Array(Type.String()),
    status: DeliveryStatus,
    queuedAt: InstantField("When it was queued"),
    deliveredAt: Nullable(InstantField("When the receiver took it")),
    nextTry: Nullable(InstantField("When it is tried next; null: no more")),
    attempts: Type.Integer(),
    statusCode: Nullable(Type.Integer({ description: "Of the receiver's last answer; null: it gave none" })),
    error: Nullable(
      Type.String({
        description:
          "Why the last try failed, or why it was cancelled; of a mail that was delivered: the addresses that the server did not take it for, with what it said.",
      }),
    ),
    duplicatePossible: Type.Boolean({
      description:
        "It may have come twice: Pulse ended while it was being sent, or the receiver had it and gave no answer.",
    }),
  },
  { $id: "Delivery" },
);
export type Delivery = Static<typeof Delivery>;

/** How a channel fares. */
export const ChannelHealth = Type.Object(
  {
    channel: Type.String(),
    name: Type.String(),
    service: Type.String(),
    enabled: Type.Boolean(),
    lastDelivered: Nullable(InstantField("The last delivery that went well")),
    lastFailed: Nullable(InstantField("The last try that failed")),
    error: Nullable(Type.String({ description: "What is wrong with it now; null: nothing known" })),
    waiting: Type.Integer({ description: "Notifications that wait for it." }),
  },
  { $id: "ChannelHealth" },
);
export type ChannelHealth = Static<typeof ChannelHealth>;

/** What a browser is pushed, as JSON: its service worker shows it. */
export interface PushNotice {
  title: string;
  /** Lines of text. */
  body: string;
  /** Notices of the same tag take each other's place. */
  tag: string;
  /** Of the alerts in Pulse; null: no public address is set. */
  url: string | null;
  /** The resource that it is about, where it is one whose details the page shows; null: none, or several. */
  shows: string | null;
  reason: NotificationReason;
  level: "info" | AlertLevel;
  /** When it came about (ms since the Unix epoch). */
  timestamp: number;
}
