import { domainToASCII } from "node:url";
import type { EmailSettings } from "../../model/channel.ts";
import { isCertificateCode } from "../outbound/certificate-code.ts";
import { ChannelFailure, type ChannelFault, type Missed } from "./channel.ts";
import { excerpt } from "./redaction.ts";

/** "Ann <Ann@Bücher.example>": "ann@xn--bcher-kva.example", by which what a server says of it is known. */
export function mailboxOf(text: string): string {
  const bare = /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text.trim();
  const at = bare.lastIndexOf("@");
  const domain = bare.slice(at + 1);
  return `${bare.slice(0, at + 1)}${domainToASCII(domain) || domain}`.toLowerCase();
}

/** What nodemailer says of a mail that did not go, or of a recipient that was refused. */
interface MailError extends Error {
  code?: string | undefined;
  responseCode?: number | undefined;
  response?: string | undefined;
  recipient?: string | undefined;
  rejectedErrors?: readonly MailError[] | undefined;
}

/** Recipients that the server refused: 4xx for now, 5xx for good. */
export function missedIn(errors: readonly MailError[] = []): Missed[] {
  return errors.flatMap(({ recipient, response, responseCode = 0 }) => {
    if (recipient === undefined) return [];
    const reply = excerpt(response ?? "", []);
    return [{ address: mailboxOf(recipient), reply, later: responseCode < 500 || responseCode === TOO_MANY }];
  });
}

/** By which old servers say that a mail has too many recipients (RFC 5321, 4.5.3.1.10): the rest of them goes with another. */
const TOO_MANY = 552;

/** "450 Try later (ann@example.com, bob@example.com); 550 No such user (eve@example.com)" */
function toReplies(missed: readonly Missed[]): string {
  const replies = Map.groupBy(missed, ({ reply }) => reply);
  return [...replies].map(([reply, of]) => `${reply} (${of.map(({ address }) => address).join(", ")})`).join("; ");
}

/** Who has not got a mail that others got; null: everybody has. */
export function toNotGot(missed: readonly Missed[] = []): string | null {
  return missed.length === 0 ? null : `Not taken for all: ${toReplies(missed)}`;
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

/**
 * By nodemailer's code and the server's reply: 4xx is for later, 5xx for never. `isWhole`: the server may have had all of the mail; without a
 * reply nobody knows then whether it has taken it.
 */
export function toMailFailure(error: unknown, settings: EmailSettings, isWhole: boolean): unknown {
  if (!(error instanceof Error)) return error;
  const { code = "", responseCode, response, rejectedErrors, cause } = error as MailError;
  if (code === "") return error;
  const server = `"${settings.server}:${settings.port}"`;
  if (responseCode === undefined) {
    const [fault, what] = isWhole ? UNSURE : reasonOf(error, code, cause);
    return new ChannelFailure(fault, `${server} ${what} (${originOf(error, code)})`, { cause: error });
  }
  const missed = missedIn(rejectedErrors);
  const said = missed.length > 0 ? toReplies(missed) : excerpt(response ?? String(responseCode), [settings.password]);
  const isForGood = missed.length > 0 ? missed.every(({ later }) => !later) : responseCode >= 500;
  const fault = code === "ETLS" ? "failed" : isForGood ? "refused" : "busy";
  const what = code === "EAUTH" || code === "ETLS" ? reasonOf(error, code, cause)[1] : "does not take the mail";
  return new ChannelFailure(fault, `${server} ${what}: ${said}`, { cause: error, statusCode: responseCode });
}

const UNSURE = ["unsure", "had the whole mail and did not say whether it takes it"] as const;

function reasonOf(error: Error, code: string, cause: unknown): readonly [ChannelFault, string] {
  if (isCertificateError(error, cause)) return ["failed", "has a certificate that is not trusted"];
  if (/^ERR_SSL_/.test(originOf(error, code))) return ["failed", "makes no TLS connection"];
  return SENTENCES[code] ?? ["unreachable", "cannot be reached"];
}

function originOf(error: Error, code: string): string {
  const { originalCode } = error as { originalCode?: unknown };
  return typeof originalCode === "string" ? originalCode : code;
}

function isCertificateError(error: Error, cause: unknown): boolean {
  const codes = [originOf(error, ""), cause instanceof Error ? originOf(cause, "") : ""];
  return codes.some(isCertificateCode);
}
