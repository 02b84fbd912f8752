import type {
  AppriseInput,
  AppriseSettings,
  EmailInput,
  EmailSettings,
  Webhook,
  WebhookInput,
} from "../model/channel.ts";
import { BadChannel } from "./bad-channel.ts";
import { HIDDEN, isSameHost, keepFields } from "./secret-fields.ts";

export const NO_EMAIL: EmailSettings = {
  enabled: false,
  provider: "",
  server: "",
  port: 587,
  username: "",
  password: "",
  from: "",
  to: [],
  tls: false,
  startTLS: true,
  verifyCertificate: true,
};

export const NO_APPRISE: AppriseSettings = {
  enabled: false,
  serverUrl: "",
  targets: [],
  configKey: "",
  apiKey: "",
  apiKeyHeader: "X-API-KEY",
  skipTlsVerify: false,
  timeoutSeconds: 15,
};

/** What was left out of `input` is as before; an empty or hidden secret is the one there was. Throws BadChannel. */
export function toEmail(input: EmailInput, before: EmailSettings): EmailSettings {
  const settings = changed(before, input, [
    ...["enabled", "provider", "server", "port", "username", "from", "to", "tls", "startTLS"],
    ...["verifyCertificate", "minLevel", "sendResolved"],
  ] as (keyof EmailSettings)[]);
  settings.password = keptSecret(input.password, before.password);
  settings.server = settings.server.trim();
  settings.from = settings.from.trim();
  settings.to = settings.to.map(address => address.trim()).filter(address => address !== "");
  if (/[\s/@]/.test(settings.server))
    throw new BadChannel("server", `"${settings.server}" is not the name of a server`);
  if (settings.from !== "" && !isMailbox(settings.from))
    throw new BadChannel("from", `"${settings.from}" is no mail address`);
  for (const [at, address] of settings.to.entries())
    if (!isMailbox(address)) throw new BadChannel(`to.${at}`, `"${address}" is no mail address`);
  if (settings.enabled && settings.server === "") throw new BadChannel("server", "missing");
  if (settings.enabled && settings.from === "") throw new BadChannel("from", "missing");
  return settings;
}

/** A bare address, or one with a name in front. */
function isMailbox(text: string): boolean {
  return /^(?:[^<>\r\n]*<[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/.test(text);
}

/** `before`: null, a new one. Throws BadChannel. */
export function toWebhook(input: WebhookInput, before: Webhook | null, id: string): Webhook {
  const fresh = { name: "", url: "", method: "POST", headers: null, enabled: true, service: "generic", template: "" };
  const settings = changed<Webhook>(before ?? ({ id, ...fresh } as Webhook), input, [
    ...["name", "url", "method", "enabled", "service", "template", "minLevel", "sendResolved"],
  ] as (keyof Webhook)[]);
  settings.url = settings.url.trim();
  if (settings.url === "") throw new BadChannel("url", "missing");
  settings.name = settings.name.trim();
  if (settings.name === "") throw new BadChannel("name", "missing");
  const mayKeep = before !== null && isSameHost(before.url, settings.url);
  // What is not named may hold a secret as well, and must not follow the address to another host.
  const carried = <F extends "headers" | "customFields">(field: F) =>
    keepFields(
      field,
      input[field] === undefined ? hidden(before?.[field]) : input[field],
      before?.[field] ?? null,
      mayKeep,
    );
  const headers = carried("headers");
  settings.headers = Object.keys(headers).length > 0 ? headers : null;
  const customFields = carried("customFields");
  if (Object.keys(customFields).length > 0) settings.customFields = customFields;
  else delete settings.customFields;
  return settings;
}

function hidden(fields: Readonly<Record<string, string>> | null | undefined): Record<string, string> {
  return Object.fromEntries(Object.keys(fields ?? {}).map(name => [name, HIDDEN]));
}

/** Throws BadChannel. */
export function toApprise(input: AppriseInput, before: AppriseSettings): AppriseSettings {
  const settings = changed(before, input, [
    ...["enabled", "serverUrl", "configKey", "apiKeyHeader", "skipTlsVerify", "timeoutSeconds"],
    ...["minLevel", "sendResolved"],
  ] as (keyof AppriseSettings)[]);
  settings.serverUrl = settings.serverUrl.trim();
  const scheme = URL.parse(settings.serverUrl)?.protocol;
  if (settings.serverUrl !== "" && scheme !== "http:" && scheme !== "https:")
    throw new BadChannel("serverUrl", `"${settings.serverUrl}" is no address such as http://apprise:8000`);
  if (!/^[A-Za-z0-9-]*$/.test(settings.apiKeyHeader)) throw new BadChannel("apiKeyHeader", "is no name of a header");
  const mayKeep = before.serverUrl === "" || isSameHost(before.serverUrl, settings.serverUrl);
  settings.targets = (input.targets ?? before.targets.map(() => HIDDEN)).map((target, at) => {
    if (target !== HIDDEN) return target.trim();
    return reused(before.targets[at], `targets.${at}`, mayKeep);
  });
  const isKept = input.apiKey === undefined || input.apiKey === "" || input.apiKey === HIDDEN;
  settings.apiKey = isKept && before.apiKey !== "" ? reused(before.apiKey, "apiKey", mayKeep) : (input.apiKey ?? "");
  if (settings.apiKey === HIDDEN) throw new BadChannel("apiKey", "missing");
  if (settings.enabled && settings.serverUrl === "") throw new BadChannel("serverUrl", "missing");
  return settings;
}

function reused(kept: string | undefined, field: string, mayKeep: boolean): string {
  if (kept === undefined) throw new BadChannel(field, "missing");
  if (!mayKeep) throw new BadChannel(field, "give it anew: the one that is kept is for another host");
  return kept;
}

function keptSecret(given: string | undefined, before: string): string {
  return given === undefined || given === "" || given === HIDDEN ? before : given;
}

/** `before` with those of `fields` that `input` names. */
function changed<T extends object>(before: T, input: Readonly<Partial<T>>, fields: readonly (keyof T)[]): T {
  const after = { ...before };
  for (const field of fields) {
    const value = input[field];
    if (value !== undefined) after[field] = value as T[typeof field];
  }
  return after;
}
