import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";
import type { TestContext } from "node:test";
import webPush from "web-push";
import { type AppriseSettings, WEBHOOK_SERVICES, type Webhook, type WebhookService } from "../../model/channel.ts";
import { issueCertificate } from "../../simulator/certificate.ts";
import { openOutbound } from "../outbound/outbound.ts";
import { openReceiver, type Seen } from "../outbound/recording-receiver.ts";
import { sendApprise } from "./apprise.ts";
import type { Message, Post, Sent, Tools } from "./channel.ts";
import { type Behaviour, type Candidate, examine, type Subject } from "./channel-exam.ts";
import { sendEmail } from "./email.ts";
import { sendPush } from "./push.ts";
import { openMailServer } from "./recording-mail-server.ts";
import { sendWebhook } from "./webhook.ts";

const HTTP: readonly Behaviour[] = ["fails", "hangs", "is busy", "refuses", "redirects", "is absent"];
const SECRET = "s3cret-t0ken-of-the-receiver";
const MOVED = "/moved";
const CERTIFICATE = issueCertificate("push", "127.0.0.1");

/** A receiver that behaves, and the way to it. */
async function openHttp(
  context: TestContext,
  behaviour: Behaviour,
  send: (port: number, message: Message, tools: Tools) => Promise<Sent>,
  shown: (seen: Seen) => string,
  tls = false,
): Promise<Candidate> {
  const { port, seen } = await openReceiver(
    context,
    (response, { url }) => {
      const echo = `Cannot POST ${url} with ${SECRET}`;
      if (behaviour === "fails") response.writeHead(500).end(echo);
      else if (behaviour === "is busy") response.writeHead(429, { "Retry-After": "7" }).end(echo);
      else if (behaviour === "refuses") response.writeHead(400).end(echo);
      else if (behaviour === "redirects" && url !== MOVED) response.writeHead(307, { Location: MOVED }).end();
      else if (behaviour !== "hangs") response.writeHead(200).end("ok");
    },
    tls ? CERTIFICATE : undefined,
  );
  const out = openOutbound({ allow: ["127.0.0.0/8"], privateNetworks: true });
  context.after(() => out[Symbol.asyncDispose]());
  const timeout = behaviour === "hangs" ? { timeout: 50 } : {};
  const post: Post = request => out.post({ ...request, ...timeout, insecure: tls });
  const target = behaviour === "is absent" ? 1 : port;
  return {
    send: message => send(target, message, { post, now: () => 0 }),
    taken: () => seen.filter(({ url }) => behaviour !== "redirects" || url === MOVED).map(shown),
  };
}

/** All texts in a JSON payload, and the headers that people see. */
function shownOf(seen: Seen): string {
  const body = seen.body.toString();
  const json = seen.headers["content-type"]?.startsWith("application/json") ? JSON.parse(body) : body;
  const headers = ["title", "priority", "tags", "click"].map(name => decoded(seen.headers[name]));
  return [...headers, ...textsIn(json)].join("\n");
}

function textsIn(json: unknown): string[] {
  if (typeof json === "string") return [json];
  if (typeof json !== "object" || json === null) return [];
  return Object.values(json).flatMap(textsIn);
}

/** RFC 2047. */
function decoded(header: string | string[] | undefined): string {
  return String(header ?? "").replace(/^=\?UTF-8\?B\?(.*)\?=$/, (_, text: string) =>
    Buffer.from(text, "base64").toString(),
  );
}

const asHtml = (text: string) =>
  text
    .replaceAll(/<a href="([^"]*)"[^>]*>/g, "$1 ")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
const asMarkdown = (text: string) =>
  text
    .replaceAll("\u200b", "")
    .replaceAll("**", "")
    .replaceAll(/\\([\\`*_~|[\]<>#])/g, "$1");
const asSlack = (text: string) =>
  text
    .replaceAll(/^\*(\w+)\*/gm, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
const asIs = (text: string) => text;

const SHOWS: Readonly<Record<WebhookService, (text: string) => string>> = {
  generic: asIs,
  discord: asMarkdown,
  slack: asSlack,
  teams: asMarkdown,
  "teams-adaptive": asMarkdown,
  telegram: asHtml,
  pagerduty: asIs,
  gotify: asMarkdown,
  ntfy: asIs,
  pushover: asIs,
  mattermost: asMarkdown,
  matrix: asHtml,
};

function webhook(service: WebhookService, port: number, changes: Partial<Webhook> = {}): Webhook {
  const path = service === "matrix" ? `/_matrix/client/v3/rooms/!r:x/send/m.room.message` : `/hook/${SECRET}`;
  return {
    id: "webhook-1",
    name: service,
    url: `http://127.0.0.1:${port}${path}?chat_id=-100&token=${SECRET}`,
    method: "POST",
    headers: { Authorization: `Bearer ${SECRET}` },
    enabled: true,
    service,
    template: "",
    customFields: { routing_key: SECRET, token: SECRET, user: SECRET },
    ...changes,
  };
}

const subject = (name: string, changes: Partial<Subject> & Pick<Subject, "open">): Subject => ({
  name,
  shows: asIs,
  behaviours: HTTP,
  secrets: [SECRET],
  ...changes,
});

for (const service of WEBHOOK_SERVICES)
  examine(
    subject(service, {
      shows: SHOWS[service],
      open: (context, behaviour) =>
        openHttp(
          context,
          behaviour,
          (port, message, tools) => sendWebhook(webhook(service, port), message, tools),
          shownOf,
        ),
    }),
  );

const TEMPLATE = `{"text": "{{.Title}}: {{.Message}} {{.Link}}",
  "all": [{{range $i, $a := .Alerts}}{{if $i}},{{end}}"{{$a.Headline}}; {{$a.Details}}"{{end}}], "note": {{toJson .Text}}}`;

examine(
  subject("a template of its own", {
    open: (context, behaviour) =>
      openHttp(
        context,
        behaviour,
        (port, message, tools) => sendWebhook(webhook("generic", port, { template: TEMPLATE }), message, tools),
        shownOf,
      ),
  }),
);

const apprise = (port: number, changes: Partial<AppriseSettings> = {}): AppriseSettings => ({
  enabled: true,
  serverUrl: `http://127.0.0.1:${port}/`,
  targets: [`discord://${SECRET}/x`, "mailto://a:b@c.d"],
  configKey: "",
  apiKey: SECRET,
  apiKeyHeader: "",
  skipTlsVerify: false,
  timeoutSeconds: 30,
  ...changes,
});

examine(
  subject("apprise", {
    open: (context, behaviour) =>
      openHttp(context, behaviour, (port, message, tools) => sendApprise(apprise(port), message, tools), shownOf),
  }),
);

/** A browser that has subscribed: its subscription, and how it reads what it is sent (RFC 8188, RFC 8291). */
function browser(port: number) {
  const keys = createECDH("prime256v1");
  const p256dh = keys.generateKeys();
  const auth = randomBytes(16);
  const hkdf = (secret: Buffer, salt: Buffer, info: Buffer, length: number) =>
    Buffer.from(hkdfSync("sha256", secret, salt, info, length));
  const read = ({ body }: Seen): string => {
    const salt = body.subarray(0, 16);
    const length = body[20] ?? 0;
    const sender = body.subarray(21, 21 + length);
    const sealed = body.subarray(21 + length);
    const info = Buffer.concat([Buffer.from("WebPush: info\0"), p256dh, sender]);
    const secret = hkdf(keys.computeSecret(sender), auth, info, 32);
    const key = hkdf(secret, salt, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
    const nonce = hkdf(secret, salt, Buffer.from("Content-Encoding: nonce\0"), 12);
    const decipher = createDecipheriv("aes-128-gcm", key, nonce).setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    // The last record ends in a 2.
    return plain.subarray(0, plain.lastIndexOf(2)).toString("utf8");
  };
  const endpoint = `https://127.0.0.1:${port}/push/${SECRET}`;
  return {
    subscription: { endpoint, keys: { p256dh: p256dh.toString("base64url"), auth: auth.toString("base64url") } },
    read,
  };
}

const VAPID = webPush.generateVAPIDKeys();

examine(
  subject("push", {
    // What a browser shows of it; the link is opened by a tap.
    open: async (context, behaviour) => {
      let read: (seen: Seen) => string = () => "";
      const send = (port: number, message: Message, tools: Tools) => {
        const { subscription, read: reader } = browser(port);
        read = reader;
        return sendPush({ subscription, vapid: VAPID }, message, tools);
      };
      return openHttp(context, behaviour, send, seen => textsIn(JSON.parse(read(seen))).join("\n"), true);
    },
  }),
);

examine(
  subject("email", {
    // Its faults are those of SMTP, in a table of their own.
    behaviours: [],
    open: async context => {
      const { mails, settings } = await openMailServer(context);
      return {
        send: message => sendEmail({ ...settings, password: SECRET }, message, TOOLS),
        taken: () => mails.map(({ text }) => `${subjectOf(text)}\n${partOf(text, "text/plain")}`),
      };
    },
  }),
);

examine(
  subject("the page of a mail", {
    behaviours: [],
    shows: asHtml,
    open: async context => {
      const { mails, settings } = await openMailServer(context);
      return {
        send: message => sendEmail(settings, message, TOOLS),
        taken: () => mails.map(({ text }) => partOf(text, "text/html")),
      };
    },
  }),
);

const TOOLS: Tools = { post: () => Promise.reject(new Error("mail does not go over HTTP")), now: () => 0 };

/** The subject of a mail, decoded. */
function subjectOf(mail: string): string {
  const line = /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(mail)?.[1] ?? "";
  const words = line.replaceAll(/\?=\r\n[ \t]+=\?/g, "?==?").replaceAll(/\r\n[ \t]+/g, " ");
  return words.replaceAll(/=\?UTF-8\?([BQ])\?(.*?)\?=/gi, (_, how: string, text: string) =>
    how.toUpperCase() === "B" ? Buffer.from(text, "base64").toString() : quotedPrintable(text.replaceAll("_", " ")),
  );
}

/** A part of a mail, decoded. */
function partOf(mail: string, type: string): string {
  const part = mail.split(/\r\n--[^\r\n]+/).find(one => one.includes(`Content-Type: ${type}`)) ?? "";
  const [head = "", ...body] = part.trimStart().split("\r\n\r\n");
  const text = body.join("\r\n\r\n");
  if (/Transfer-Encoding: base64/i.test(head)) return Buffer.from(text, "base64").toString();
  return /Transfer-Encoding: quoted-printable/i.test(head) ? quotedPrintable(text) : text;
}

function quotedPrintable(text: string): string {
  const bytes = text
    .replaceAll(/=\r\n/g, "")
    .replaceAll(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
