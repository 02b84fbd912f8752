import type { Webhook } from "../../model/channel.ts";
import { TemplateFault } from "../templates/fault.ts";
import { jsonFault } from "../templates/json-fault.ts";
import { toTemplate } from "../templates/template.ts";
import type { Value } from "../templates/value.ts";
import { faultOf, retryAfterIn } from "./answer.ts";
import { ChannelFailure, type Message, type Send } from "./channel.ts";
import { excerpt, isSecretName, masked, secretsInUrl } from "./redaction.ts";
import type { Outgoing, Service } from "./service.ts";
import { SERVICES } from "./services.ts";
import { toTemplateData } from "./template-data.ts";

/** Sends by a webhook: address and payload are made by templates, its own or those of its service. */
export const sendWebhook: Send<Webhook> = async (settings, message, { post }) => {
  const service = SERVICES[settings.service];
  const ask = ({ url, method, headers, body }: Outgoing) =>
    post({ url: url.href, method, headers, body: method === "GET" ? null : body });
  let outgoing = build(settings, message);
  let answer = await ask(outgoing);
  const other = faultOf(answer.status) === "refused" && service.instead?.(outgoing, answer.body);
  if (other) {
    outgoing = other;
    answer = await ask(other);
  }
  const { status, body, retryAfter } = answer;
  const secrets = secretsOf(settings, service);
  const response = excerpt(body, [...secrets, ...secretsInUrl(outgoing.url)]);
  const fault = faultOf(status) ?? service.refusal?.(body) ?? null;
  if (fault === null) return { statusCode: status, response, payload: masked(outgoing.body, secrets) };
  throw new ChannelFailure(fault, `"${outgoing.url.host}" answered ${status}${response && `: ${response}`}`, {
    statusCode: status,
    retryAfter: retryAfter ?? retryAfterIn(body),
  });
};

/** What a webhook would send, its payload without secrets; `error` says why it would not be sent. */
export function previewWebhook(
  settings: Webhook,
  message: Message,
): { url: string; payload: string; error: string | null } {
  try {
    const { url, body } = build(settings, message);
    return { url: url.href, payload: masked(body, secretsOf(settings, SERVICES[settings.service])), error: null };
  } catch (error) {
    if (error instanceof ChannelFailure) return { url: settings.url, payload: "", error: error.message };
    throw error;
  }
}

/** Throws ChannelFailure `refused` for settings that yield nothing that can be sent. */
function build(settings: Webhook, message: Message): Outgoing {
  const service = SERVICES[settings.service];
  const data = toTemplateData(settings, message, service.room);
  const own = settings.template.trim() !== "";
  const outgoing: Outgoing = {
    url: toUrl(settings, data),
    method: settings.method,
    headers: { ...service.headers, ...settings.headers },
    body: toPayload(own ? settings.template : service.template, data, service.json),
  };
  return service.prepare?.(outgoing, settings, message) ?? outgoing;
}

/** Texts in the address are escaped: none of them changes where it leads. */
function toUrl(settings: Webhook, data: Value): URL {
  const text = settings.url.includes("{{")
    ? inField("url", () => toTemplate(settings.url).render(data, encoded).text)
    : settings.url;
  const url = URL.parse(text.trim());
  if (url === null) throw new ChannelFailure("refused", "url is no URL");
  return url;
}

const encoded = (text: string) => encodeURIComponent(text.toWellFormed());
const inQuotes = (text: string) => JSON.stringify(text).slice(1, -1);

/**
 * The payload. Texts are escaped for the quotes that most templates put around them, so that what is in a text is never taken for JSON.
 * NOTE: a template may make its quotes itself, by `printf "%q"`: it is taken as it is when it is JSON only so.
 */
function toPayload(template: string, data: Value, json: boolean): string {
  return inField("template", () => {
    const parsed = toTemplate(template);
    if (!json) return parsed.render(data).text;
    const escaped = parsed.render(data, inQuotes);
    const fault = jsonFault(escaped.text);
    if (fault === null) return escaped.text;
    const { text } = parsed.render(data);
    if (jsonFault(text) === null) return text;
    const found = escaped.text.slice(fault.at, fault.at + 20);
    throw escaped.faultAt(fault.at, `what it makes is no JSON: ${fault.due} is due before ${JSON.stringify(found)}`);
  });
}

function inField(field: string, render: () => string): string {
  try {
    return render();
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error;
    throw new ChannelFailure("refused", `${field}: ${error.message}`, { cause: error });
  }
}

/** What in the settings must not be shown when it comes back in an answer or is in the payload. */
function secretsOf(settings: Webhook, service: Service): string[] {
  const named = Object.entries({ ...settings.headers, ...settings.customFields })
    .filter(([name]) => isSecretName(name))
    .flatMap(([, value]) => [value, value.replace(/^\w+ +/, "")]);
  return [...named, ...(service.secrets?.(settings) ?? [])];
}
