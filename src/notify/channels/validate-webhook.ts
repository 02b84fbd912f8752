import type { Webhook } from "../../model/channel.ts";
import { sampleMessage } from "./samples.ts";
import { SERVICES } from "./services.ts";
import { previewWebhook } from "./webhook.ts";

/** What each template has to make something of before it is kept. */
const SAMPLES = [
  sampleMessage("firing", 1),
  sampleMessage("firing", 3),
  sampleMessage("resolved", 1),
  sampleMessage("resolved", 3),
  sampleMessage("canary", 0),
];
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * What is wrong with a webhook, as a sentence that names the field; null: nothing that could be seen without sending.
 * @param refusalOf why nothing goes to an address; that of the way out
 */
export function validateWebhook(settings: Webhook, refusalOf: (url: string) => string | null): string | null {
  return (
    wrongUrl(settings, refusalOf) ??
    wrongHeaders(settings) ??
    SERVICES[settings.service].lacks?.(settings) ??
    wrongTemplate(settings)
  );
}

function wrongUrl({ url }: Webhook, refusalOf: (url: string) => string | null): string | null {
  if (/^[a-z][a-z\d+.-]*:\/*[^/?#]*\{\{|^\s*\{\{/i.test(url))
    return "url: host and port may have no template fields, those behind them may";
  // What stands in fields has no say in where it goes.
  const refusal = refusalOf(url.replaceAll(/\{\{.*?\}\}/gs, "x"));
  return refusal === null ? null : `url: ${refusal}`;
}

function wrongHeaders({ headers }: Webhook): string | null {
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!HEADER_NAME.test(name)) return `headers: ${JSON.stringify(name)} is no name of a header`;
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return `headers: what "${name}" holds cannot be sent`;
  }
  return null;
}

function wrongTemplate(settings: Webhook): string | null {
  for (const message of SAMPLES) {
    const { error } = previewWebhook(settings, message);
    if (error !== null) return error;
  }
  return null;
}
