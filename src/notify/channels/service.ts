import type { Webhook, WebhookService } from "../../model/channel.ts";
import type { Message } from "./channel.ts";
import type { Room } from "./text.ts";

/** A request as it is about to leave. */
export interface Outgoing {
  url: URL;
  method: "POST" | "PUT" | "GET";
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** What is particular to a service that webhooks speak to. What the documentation shows of it is what is sent. */
export interface Service {
  name: string;
  urlPattern: string;
  method: "POST" | "PUT";
  headers: Readonly<Record<string, string>>;
  /** The template of its payload, unless a webhook has one of its own. */
  template: string;
  instructions: string;
  /** Whether the payload has to be JSON. */
  json: boolean;
  /** What `.Text` may be. */
  room: Room;
  /** What these settings lack, as a sentence that names the field; null: nothing. */
  lacks?(settings: Webhook): string | null;
  /** Last touches. NOTE: the payload may come from a template of the user's own. */
  prepare?(outgoing: Outgoing, settings: Webhook, message: Message): Outgoing;
  /** What in these settings is secret, besides what is in the URL. */
  secrets?(settings: Webhook): readonly string[];
  /** Why an answer of success is none. */
  refusal?(answer: string): "busy" | "refused" | null;
}

export type Services = { readonly [S in WebhookService]: Service };

/** A custom field under the first of its names that is given; empty: none is. */
export function customField(settings: Webhook, ...names: readonly string[]): string {
  for (const name of names) {
    const value = settings.customFields?.[name]?.trim();
    if (value) return value;
  }
  return "";
}

/** A header of the webhook, whatever its case; empty: there is none. */
export function headerOf(settings: Webhook, name: string): string {
  const found = Object.entries(settings.headers ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found?.[1] ?? "";
}

export const JSON_HEADERS = { "Content-Type": "application/json" } as const;
