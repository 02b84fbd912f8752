import type { Webhook, WebhookService } from "../../model/channel.ts";
import type { Message } from "./channel.ts";
import type { Room } from "./text.ts";
import { cut } from "./wording.ts";

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
  /** What to send in its place when it was refused for its text; null: it was refused for something else. */
  instead?(outgoing: Outgoing, answer: string): Outgoing | null;
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

/** Whether the payload comes from a template of the user's own, in which `mark` does not stand: then nobody has meant it. */
export function isUnmeant({ template }: Webhook, mark: string): boolean {
  return template.trim() !== "" && !template.includes(mark);
}

/** `outgoing` with these fields of its JSON cut to what the service takes, in characters; as it is when none is longer. */
export function withCut(outgoing: Outgoing, most: Readonly<Record<string, number>>): Outgoing {
  const json = fieldsIn(outgoing.body);
  const long = Object.entries(json).flatMap(([name, value]) => {
    const longest = most[name] ?? Number.POSITIVE_INFINITY;
    return typeof value === "string" && value.length > longest ? [[name, cut(value, longest)] as const] : [];
  });
  if (long.length === 0) return outgoing;
  return { ...outgoing, body: JSON.stringify({ ...json, ...Object.fromEntries(long) }) };
}

/** Fields of a payload; none of one that is no object. */
export function fieldsIn(body: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === "object" && json !== null && !Array.isArray(json) ? { ...json } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

export const JSON_HEADERS = { "Content-Type": "application/json" } as const;
