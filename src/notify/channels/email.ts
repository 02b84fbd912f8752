import { createHash } from "node:crypto";
import { createTransport } from "nodemailer";
import { type Millis, SECOND } from "../../kit/units.ts";
import type { EmailSettings } from "../../model/channel.ts";
import { isCertificateCode } from "../outbound/certificate-code.ts";
import { ChannelFailure, type ChannelFault, type Message, type Sent, type Tools } from "./channel.ts";
import { toEmailPage } from "./email-page.ts";
import { excerpt } from "./redaction.ts";
import { PLAIN, toText } from "./text.ts";
import { toLink, toTitle, worstOf } from "./wording.ts";

const DEADLINE: Millis = 60 * SECOND;
const LONGEST_TEXT = 100_000;

/** One mail to all recipients; to the sender when there are none. */
export async function sendEmail(
  settings: EmailSettings,
  message: Message,
  _tools: Tools,
  deadline: Millis = DEADLINE,
): Promise<Sent> {
  const mail = toMail(settings, message);
  const transport = createTransport({
    host: settings.server,
    port: settings.port,
    secure: settings.tls,
    requireTLS: settings.startTLS && !settings.tls,
    // NOTE: where TLS is no must, whoever stands in between can take it away: then any certificate is better than none.
    tls: { rejectUnauthorized: settings.verifyCertificate && (settings.tls || settings.startTLS) },
    ...(settings.username === "" ? {} : { auth: { user: settings.username, pass: settings.password } }),
    connectionTimeout: 15 * SECOND,
    greetingTimeout: 15 * SECOND,
    socketTimeout: 30 * SECOND,
    dnsTimeout: 10 * SECOND,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const sent = await transport.sendMail({ ...mail, signal: AbortSignal.timeout(deadline) });
    const refused = sent.rejected.map(String);
    const note = refused.length > 0 ? ` (not taken for ${refused.join(", ")})` : "";
    return { statusCode: replyCode(sent.response), response: excerpt(sent.response + note, []), payload: mail.text };
  } catch (error) {
    throw toFailure(error, settings);
  } finally {
    transport.close();
  }
}

function toMail(settings: EmailSettings, message: Message) {
  const from = address(settings.from, "from");
  const to = settings.to.length > 0 ? settings.to.map(one => address(one, "to")) : [from];
  const link = toLink(message);
  const text = toText(message, { size: LONGEST_TEXT, style: PLAIN });
  const thread = mailId(settings, message.dedupKey);
  const urgent = message.reason !== "resolved" && worstOf(message) === "critical";
  return {
    from,
    to,
    subject: `[Pulse] ${toTitle(message)}`,
    text: `${text}\n${link === null ? "" : `\n${link}\n`}`,
    html: toEmailPage(message),
    // The same at each try, so that a mail that came twice is known for one.
    messageId: mailId(settings, JSON.stringify([message.dedupKey, message.reason, message.at, idsOf(message)])),
    inReplyTo: thread,
    references: [thread],
    priority: urgent ? ("high" as const) : ("normal" as const),
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    date: new Date(message.at),
  };
}

function idsOf(message: Message): string[] {
  return message.alerts.map(({ id, level }) => `${id} ${level}`);
}

/** A message's id made of `key`, in the sender's domain. */
function mailId(settings: EmailSettings, key: string): string {
  const domain = /@([\w.-]+)>?\s*$/.exec(settings.from)?.[1] ?? "pulse.invalid";
  return `<${createHash("sha256").update(key).digest("hex").slice(0, 32)}@${domain}>`;
}

/** An address as it is. Throws ChannelFailure for one that is none, or that would be more than one. */
function address(text: string, field: "from" | "to"): string {
  const bare = text.trim();
  if (/^(?:[^<>\p{Cc}]*<[^\s<>,;@]+@[^\s<>,;@]+>|[^\s<>,;@"]+@[^\s<>,;@"]+)$/u.test(bare)) return bare;
  throw new ChannelFailure("refused", `${field}: ${JSON.stringify(bare)} is no mail address`);
}

/** "250 2.0.0 Ok": 250. */
function replyCode(response: string): number | null {
  const code = /^\d{3}/.exec(response)?.[0];
  return code === undefined ? null : Number(code);
}

interface MailError extends Error {
  code?: string;
  responseCode?: number;
  response?: string;
}

const SENTENCES: Readonly<Record<string, readonly [ChannelFault, string]>> = {
  EAUTH: ["refused", "does not take the username or the password"],
  ENOAUTH: ["refused", "wants a username and a password"],
  ETLS: ["failed", "makes no TLS connection"],
  EDNS: ["unreachable", "has no address"],
  ETIMEDOUT: ["unreachable", "does not answer in time"],
  EABORT: ["unreachable", "does not answer in time"],
  EPROTOCOL: ["failed", "does not speak SMTP properly"],
};

/** By nodemailer's code and the server's reply: 4xx is for later, 5xx for never. */
function toFailure(error: unknown, settings: EmailSettings): unknown {
  if (!(error instanceof Error)) return error;
  const { code = "", responseCode, response, cause } = error as MailError;
  if (code === "") return error;
  const server = `"${settings.server}:${settings.port}"`;
  const reason = isCertificateError(error, cause)
    ? (["failed", "has a certificate that is not trusted"] as const)
    : (SENTENCES[code] ?? (["unreachable", "cannot be reached"] as const));
  if (responseCode === undefined)
    return new ChannelFailure(reason[0], `${server} ${reason[1]} (${originOf(error, code)})`, { cause: error });
  const said = excerpt(response ?? String(responseCode), [settings.password]);
  const fault = code === "ETLS" ? reason[0] : responseCode >= 500 ? "refused" : "busy";
  const what = code === "EAUTH" || code === "ETLS" ? reason[1] : "does not take the mail";
  return new ChannelFailure(fault, `${server} ${what}: ${said}`, { cause: error, statusCode: responseCode });
}

function originOf(error: Error, code: string): string {
  const { originalCode } = error as { originalCode?: unknown };
  return typeof originalCode === "string" ? originalCode : code;
}

function isCertificateError(error: Error, cause: unknown): boolean {
  const codes = [originOf(error, ""), cause instanceof Error ? originOf(cause, "") : ""];
  return codes.some(isCertificateCode);
}
