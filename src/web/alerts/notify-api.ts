import type { NOTIFICATION_ROUTES } from "../../contract/notification-routes.ts";
import type { AnswerOf } from "../../contract/route.ts";
import type { EmailInput, PushSubscription, Webhook, WebhookInput } from "../../model/channel.ts";
import type { ChannelHealth, Delivery } from "../../model/notification.ts";
import { ask, isRefused, type Refused } from "../live/ask.ts";
import { toQuery } from "./alert-api.ts";

type Routes = typeof NOTIFICATION_ROUTES;
export type NotificationConfig = AnswerOf<Routes["notifications"]>;
export type EmailProvider = AnswerOf<Routes["emailProviders"]>[number];
export type WebhookTemplate = AnswerOf<Routes["webhookTemplates"]>[number];
export type TestResult = AnswerOf<Routes["testNotifications"]>["results"][number];
export type WebhookTest = AnswerOf<Routes["testWebhook"]>;
export type PushBrowser = AnswerOf<Routes["pushSubscriptions"]>[number];

export function readNotifications(): Promise<NotificationConfig | Refused> {
  return ask("GET", "api/notifications/");
}

/** Changes what is named. */
export function changeNotifications(change: object): Promise<NotificationConfig | Refused> {
  return ask("POST", "api/notifications/", change);
}

export function changeEmail(input: EmailInput): Promise<{ success: true } | Refused> {
  return ask("PUT", "api/notifications/email", input);
}

export function readProviders(): Promise<EmailProvider[] | Refused> {
  return ask("GET", "api/notifications/email-providers");
}

export function readTemplates(): Promise<WebhookTemplate[] | Refused> {
  return ask("GET", "api/notifications/webhook-templates");
}

/** Adds a webhook, or changes the one with `id`. */
export function saveWebhook(input: WebhookInput, id?: string): Promise<Webhook | Refused> {
  return id === undefined
    ? ask("POST", "api/notifications/webhooks", input)
    : ask("PUT", `api/notifications/webhooks/${encodeURIComponent(id)}`, input);
}

export function removeWebhook(id: string): Promise<{ success: true } | Refused> {
  return ask("DELETE", `api/notifications/webhooks/${encodeURIComponent(id)}`);
}

export function testWebhook(input: WebhookInput): Promise<WebhookTest | Refused> {
  return ask("POST", "api/notifications/webhooks/test", input);
}

/** What would be sent. `error`: why it would not be taken, or could not be made; null: nothing is wrong. */
export interface Preview {
  url: string;
  payload: string;
  error: string | null;
}

export async function previewWebhook(input: WebhookInput): Promise<Preview> {
  const said = await ask<Preview>("POST", "api/notifications/webhooks/preview", input);
  // An answer with an error in it looks as if it were refused.
  return { url: String(said.url ?? ""), payload: String(said.payload ?? ""), error: said.error };
}

/** Sends a test to all that are enabled, or by one method, or one webhook. */
export async function testChannels(
  asked: { method?: string; webhookId?: string; config?: object } = {},
): Promise<{ results: TestResult[]; error: string | null }> {
  const said = await ask<AnswerOf<Routes["testNotifications"]>>("POST", "api/notifications/test", asked);
  const results = Array.isArray(said.results) ? (said.results as TestResult[]) : [];
  return { results, error: isRefused(said) ? said.error : null };
}

export function readHealth(): Promise<ChannelHealth[] | Refused> {
  return ask("GET", "api/notifications/channels");
}

export function readDeliveries(asked: {
  limit: number;
  before?: number;
  channel?: string;
  status?: string;
  alert?: string;
}): Promise<Delivery[] | Refused> {
  return ask("GET", `api/notifications/history?${toQuery(asked)}`);
}

export function retryDelivery(id: number): Promise<{ success: true } | Refused> {
  return ask("POST", `api/notifications/history/${id}/retry`);
}

export function readPushKey(): Promise<{ publicKey: string } | Refused> {
  return ask("GET", "api/notifications/push/key");
}

export function subscribePush(subscription: PushSubscription): Promise<{ id: string } | Refused> {
  return ask("POST", "api/notifications/push", subscription);
}

export function readBrowsers(): Promise<PushBrowser[] | Refused> {
  return ask("GET", "api/notifications/push");
}

export function unsubscribePush(id: string): Promise<{ success: true } | Refused> {
  return ask("DELETE", `api/notifications/push/${encodeURIComponent(id)}`);
}
