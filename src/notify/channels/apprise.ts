import { SECOND } from "../../kit/units.ts";
import type { AppriseSettings } from "../../model/channel.ts";
import { faultOf, retryAfterIn } from "./answer.ts";
import { ChannelFailure, type Message, type Send } from "./channel.ts";
import { excerpt, masked, secretsInUrl } from "./redaction.ts";
import { PLAIN, toText } from "./text.ts";
import { toLink, toTitle, worstOf } from "./wording.ts";

/** Targets are asked to cut texts to what each of them takes. */
const LONGEST_TEXT = 30_000;
/** Nobody knows what is behind a key, and Apprise leaves texts as they are: so long a text is taken by what has a limit for people. */
const LONGEST_BY_KEY = 1000;

/** Sends by an Apprise API server: to the targets, or by a configuration that is kept there. */
export const sendApprise: Send<AppriseSettings> = async (settings, message, { post }) => {
  const { targets, configKey, apiKey } = settings;
  const url = addressOf(settings);
  const body = JSON.stringify({
    title: toTitle(message),
    body: textOf(message, configKey === "" ? LONGEST_TEXT : LONGEST_BY_KEY),
    type: typeOf(message),
    format: "text",
    ...(configKey === "" ? { urls: targets.map(toCutting) } : {}),
  });
  const key = apiKey === "" ? {} : { [settings.apiKeyHeader || "X-API-KEY"]: apiKey };
  const answer = await post({
    url: url.href,
    method: "POST",
    headers: { "Content-Type": "application/json", ...key },
    body,
    insecure: settings.skipTlsVerify,
    timeout: settings.timeoutSeconds * SECOND,
  });
  const secrets = [...targets, apiKey, configKey];
  const response = excerpt(answer.body, [...secrets, ...secretsInUrl(url)]);
  const failure = failureOf(answer.status, configKey);
  if (failure === null) return { statusCode: answer.status, response, payload: masked(body, secrets) };
  const said = response === "" ? "" : `: ${response}`;
  throw new ChannelFailure(failure.fault, `"${url.host}" ${failure.what}${said}`, {
    statusCode: answer.status,
    retryAfter: answer.retryAfter ?? retryAfterIn(answer.body),
  });
};

function addressOf({ serverUrl, targets, configKey }: AppriseSettings): URL {
  const url = URL.parse(serverUrl.trim());
  if (url === null) throw new ChannelFailure("refused", "serverUrl is no URL");
  if (targets.length === 0 && configKey === "")
    throw new ChannelFailure("refused", "targets are missing: Apprise URLs, or a configKey in their place");
  const base = url.pathname.replace(/\/+$/, "").replace(/\/notify$/, "");
  url.pathname = configKey === "" ? `${base}/notify` : `${base}/notify/${encodeURIComponent(configKey)}`;
  return url;
}

/** NOTE: 204 is how an Apprise API says that it knows no configuration of that key; 424 that a service behind it failed. */
function failureOf(status: number, configKey: string) {
  if (status === 204 && configKey !== "")
    return { fault: "refused", what: "has nothing under that configKey" } as const;
  if (status === 424) return { fault: "failed", what: "could not pass it on to all" } as const;
  const fault = faultOf(status);
  return fault === null ? null : { fault, what: `answered ${status}` };
}

/** Without it a text that is too long is passed on, and refused; what the target says of it itself goes before. */
function toCutting(target: string): string {
  if (!target.includes("://") || /[?&]overflow=/i.test(target)) return target;
  return `${target}${target.includes("?") ? "&" : "?"}overflow=truncate`;
}

function textOf(message: Message, longest: number): string {
  const link = toLink(message);
  const foot = link === null ? "" : `\n\n${link}`;
  return toText(message, { size: longest - foot.length, style: PLAIN }) + foot;
}

function typeOf(message: Message): "info" | "success" | "warning" | "failure" {
  if (message.reason === "resolved") return "success";
  if (message.reason === "test") return "info";
  const worst = worstOf(message);
  return worst === "critical" ? "failure" : worst;
}
