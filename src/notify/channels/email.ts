import { createHash } from "node:crypto";
import { createTransport } from "nodemailer";
import { type Millis, SECOND } from "../../kit/units.ts";
import type { EmailSettings } from "../../model/channel.ts";
import { ChannelFailure, type Message, type Sent, type Tools } from "./channel.ts";
import { toEmailPage } from "./email-page.ts";
import { mailboxOf, missedIn, toMailFailure } from "./mail-failure.ts";
import { excerpt } from "./redaction.ts";
import { PLAIN, toText } from "./text.ts";
import { toLink, toTitle, worstOf } from "./wording.ts";

/** NOTE: below what any message is given: servers look for spam and viruses before they take one. */
const DEADLINE: Millis = 80 * SECOND;
const LONGEST_TEXT = 100_000;

/** One mail to all recipients, or to those that are owed it; to the sender when there are none. */
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
    // A server that offers STARTTLS and then has none: where TLS is no must, and no password goes along, the mail goes all the same.
    opportunisticTLS: !settings.startTLS && !settings.tls && settings.username === "",
    // NOTE: where TLS is no must, whoever stands in between can take it away: then any certificate is better than none.
    tls: { rejectUnauthorized: settings.verifyCertificate && (settings.tls || settings.startTLS) },
    ...(settings.username === "" ? {} : { auth: { user: settings.username, pass: settings.password } }),
    connectionTimeout: 15 * SECOND,
    greetingTimeout: 15 * SECOND,
    socketTimeout: DEADLINE,
    dnsTimeout: 10 * SECOND,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // Once all of the text has been taken for the server, it may have it.
  let isWhole = false;
  transport.use("stream", ({ message: body }, done) => {
    const end = () => {
      isWhole = true;
    };
    body.processFunc(text => text.once("end", end));
    done();
  });
  try {
    const sent = await transport.sendMail({ ...mail, signal: AbortSignal.timeout(deadline) });
    const response = excerpt(sent.response, []);
    return {
      statusCode: replyCode(sent.response),
      response,
      payload: mail.text,
      missed: missedIn(sent.rejectedErrors),
    };
  } catch (error) {
    throw toMailFailure(error, settings, isWhole);
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
  const { recipients } = message;
  return {
    from,
    to,
    // The mail names everybody, whoever it still goes to.
    envelope: { from, to: recipients ? to.filter(one => recipients.includes(mailboxOf(one))) : to },
    subject: `[Pulse] ${toTitle(message)}`,
    text: `${text}\n${link === null ? "" : `\n${link}\n`}`,
    html: toEmailPage(message),
    // The same at each try, so that a mail that came twice is known for one.
    messageId: mailId(settings, JSON.stringify([message.dedupKey, message.reason, message.queued, idsOf(message)])),
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
