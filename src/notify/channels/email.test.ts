import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import type { SMTPServerOptions } from "smtp-server";
import type { EmailSettings } from "../../model/channel.ts";
import type { ChannelFault, Message } from "./channel.ts";
import { sendEmail } from "./email.ts";
import { EMAIL_PROVIDERS } from "./email-providers.ts";
import { failureOf } from "./failure-of.ts";
import { type Mail, mailSettings, openMailServer } from "./recording-mail-server.ts";
import { CUT, type Manners, openRudeMailServer, SILENCE } from "./rude-mail-server.ts";
import { sampleMessage } from "./samples.ts";

const TOOLS = { post: () => assert.fail("mail does not go over HTTP"), now: () => 0 };

const send = (to: EmailSettings, message: Message = sampleMessage("firing", 1), deadline?: number) =>
  sendEmail(to, message, TOOLS, deadline);

/** A header, unfolded. */
function header(mail: Mail | undefined, name: string): string | undefined {
  const head = mail?.text.split("\r\n\r\n")[0]?.replaceAll(/\r\n[ \t]+/g, " ");
  return head
    ?.split("\r\n")
    .find(line => line.toLowerCase().startsWith(`${name.toLowerCase()}: `))
    ?.slice(name.length + 2);
}

test("one mail goes to all, with text and page", async context => {
  const { mails, settings } = await openMailServer(context);
  const sent = await send(settings);
  assert.equal(sent.statusCode, 250);
  assert.equal(mails.length, 1);
  const [mail] = mails;
  assert.deepEqual([mail?.from, mail?.to], ["pulse@example.com", ["ann@example.com", "bob@example.com"]]);
  assert.equal(header(mail, "Subject"), "[Pulse] Critical: CPU of web-1 at 97.3 %");
  assert.match(header(mail, "Content-Type") ?? "", /^multipart\/alternative/);
  assert.equal(header(mail, "Auto-Submitted"), "auto-generated");
  assert.match(mail?.text ?? "", /text\/plain/);
  assert.match(mail?.text ?? "", /text\/html/);
});

test("without recipients it goes to the sender", async context => {
  const { mails, settings } = await openMailServer(context);
  await send({ ...settings, to: [] });
  assert.deepEqual(mails[0]?.to, ["pulse@example.com"]);
});

test("what belongs together refers to the same, and a second try is the same mail", async context => {
  const { mails, settings } = await openMailServer(context);
  const firing = sampleMessage("firing", 1);
  for (const message of [
    firing,
    firing,
    { ...firing, reason: "reminder" as const },
    { ...firing, reason: "resolved" as const },
  ])
    await send(settings, message);
  const [first, again, reminder, resolved] = mails.map(mail => header(mail, "Message-ID"));
  assert.equal(first, again);
  assert.equal(new Set([first, reminder, resolved]).size, 3);
  assert.equal(new Set(mails.map(mail => header(mail, "References"))).size, 1);
  await send(settings, { ...firing, dedupKey: "another" });
  assert.notEqual(header(mails[4], "References"), header(mails[0], "References"));
});

for (const [name, changes, secure] of [
  ["STARTTLS is a must, and there", { startTLS: true, verifyCertificate: false }, true],
  ["no TLS is asked for: it is used when it is there, whatever the certificate", {}, true],
] as const)
  test(name, async context => {
    const { mails, settings } = await openMailServer(context);
    await send({ ...settings, ...changes });
    assert.equal(mails[0]?.secure, secure);
  });

test("TLS from the first byte", async context => {
  const { mails, settings } = await openMailServer(context, { secure: true });
  await send({ ...settings, tls: true, verifyCertificate: false });
  assert.equal(mails[0]?.secure, true);
});

test("a server without TLS is spoken to where TLS is no must", async context => {
  const { mails, settings } = await openMailServer(context, { hideSTARTTLS: true });
  await send(settings);
  assert.equal(mails[0]?.secure, false);
});

test("signs in", async context => {
  const { mails, settings } = await openMailServer(context);
  await send({ ...settings, startTLS: true, verifyCertificate: false, username: "pulse", password: "right" });
  assert.equal(mails[0]?.user, "pulse");
});

const replying = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

const REFUSALS: readonly (readonly [
  name: string,
  options: SMTPServerOptions,
  changes: Partial<EmailSettings>,
  fault: ChannelFault,
  status: number | null,
  message: RegExp,
])[] = [
  [
    "a certificate that is not trusted",
    {},
    { startTLS: true },
    "failed",
    null,
    /^"127\.0\.0\.1:\d+" has a certificate that is not trusted/,
  ],
  ["the same with TLS from the first byte", { secure: true }, { tls: true }, "failed", null, /not trusted/],
  [
    "a server without STARTTLS where it is a must",
    { disabledCommands: ["STARTTLS"] },
    { startTLS: true, verifyCertificate: false },
    "failed",
    500,
    /makes no TLS connection/,
  ],
  [
    "a wrong password",
    {},
    { username: "pulse", password: "wrong-password" },
    "refused",
    535,
    /does not take the username or the password: 535/,
  ],
  [
    "greylisting",
    { onRcptTo: (_, __, callback) => callback(replying(451, "Greylisted, try again later")) },
    {},
    "busy",
    451,
    /does not take the mail: 451 Greylisted/,
  ],
  [
    "an unknown recipient",
    { onRcptTo: (_, __, callback) => callback(replying(550, "No such user")) },
    {},
    "refused",
    550,
    /550/,
  ],
  [
    "a sender that is not allowed",
    { onMailFrom: (_, __, callback) => callback(replying(553, "Not yours")) },
    {},
    "refused",
    553,
    /553/,
  ],
  [
    "a mail that is refused at its end",
    {
      onData: (stream, _, callback) => {
        stream.resume();
        stream.on("end", () => callback(replying(554, "Looks like spam")));
      },
    },
    {},
    "refused",
    554,
    /Looks like spam/,
  ],
  [
    "a server that is closing",
    { onConnect: (_, callback) => callback(replying(421, "Closing")) },
    {},
    "busy",
    421,
    /421/,
  ],
  ["from that is no address", {}, { from: "pulse" }, "refused", null, /^from: "pulse" is no mail address/],
  ["a line break in from", {}, { from: "a@b.c\r\nBcc: x@y.z" }, "refused", null, /^from: /],
  ["a line break in to", {}, { to: ["a@b.c\nBcc: x@y.z"] }, "refused", null, /^to: /],
  ["two addresses in one", {}, { to: ["a@b.c, x@y.z"] }, "refused", null, /^to: /],
];

for (const [name, options, changes, fault, status, message] of REFUSALS)
  test(`${name}: ${fault}`, async context => {
    const { mails, settings } = await openMailServer(context, options);
    const failure = await failureOf(send({ ...settings, ...changes }));
    assert.deepEqual([failure.fault, failure.statusCode], [fault, status], failure.message);
    assert.match(failure.message, message);
    assert.doesNotMatch(failure.message, /wrong-password/);
    assert.equal(mails.length, 0);
  });

test("who is refused keeps no mail from the others, and is named with the reply", async context => {
  const replies: Readonly<Record<string, [number, string]>> = {
    Ann: [550, "No such user"],
    cid: [450, "Try later"],
    dan: [552, "Too many recipients"],
  };
  const { mails, settings } = await openMailServer(context, {
    onRcptTo: ({ address }, _, callback) => {
      const reply = replies[address.split("@")[0] ?? ""];
      callback(reply ? replying(...reply) : null);
    },
  });
  const to = ["Ann <Ann@Bücher.example>", "bob@example.com", "cid@example.com", "dan@example.com"];
  const { missed } = await send({ ...settings, to });
  assert.deepEqual(mails[0]?.to, ["bob@example.com"]);
  assert.deepEqual(missed, [
    { address: "ann@xn--bcher-kva.example", reply: "550 No such user", later: false },
    { address: "cid@example.com", reply: "450 Try later", later: true },
    { address: "dan@example.com", reply: "552 Too many recipients", later: true },
  ]);
});

test("a mail that some had goes to the rest of them, and names everybody", async context => {
  const { mails, settings } = await openMailServer(context);
  const recipients = ["ann@xn--bcher-kva.example"];
  await send(
    { ...settings, to: ["Ann <Ann@Bücher.example>", "bob@example.com"] },
    { ...sampleMessage("firing", 1), recipients },
  );
  assert.deepEqual(mails[0]?.to, ["Ann@bücher.example"]);
  assert.match(header(mails[0], "To") ?? "", /bob@example\.com/);
});

const RUDE: readonly (readonly [
  name: string,
  manners: Manners,
  changes: Partial<EmailSettings>,
  fault: ChannelFault,
  message: RegExp,
])[] = [
  ["breaks off at the greeting", told => (told === "greeting" ? CUT : null), {}, "unreachable", /cannot be reached/],
  ["breaks off before the text", told => (told === "DATA" ? CUT : null), {}, "unreachable", /cannot be reached/],
  ["breaks off at the end", told => (told === "." ? CUT : null), {}, "unsure", /had the whole mail/],
  ["falls silent at the end", told => (told === "." ? SILENCE : null), {}, "unsure", /had the whole mail/],
  ["falls silent before the text", told => (told === "DATA" ? SILENCE : null), {}, "unreachable", /in time/],
  ["is closing at the end", told => (told === "." ? "421 closing" : null), {}, "busy", /421 closing/],
  ["is closing in the middle", told => (told.startsWith("RCPT") ? "421 closing" : null), {}, "busy", /421 closing/],
  [
    "offers no STARTTLS where it is a must",
    told => (told === "STARTTLS" ? "502 what?" : null),
    { startTLS: true },
    "failed",
    /makes no TLS/,
  ],
  ["has no TLS now where it is a must", offering("454 not now"), { startTLS: true }, "failed", /makes no TLS.*454/],
  ["has no TLS now for a password", offering("454 not now"), { username: "pulse" }, "failed", /makes no TLS.*454/],
  ["breaks off instead of TLS", offering(CUT), { startTLS: true }, "unreachable", /cannot be reached/],
  ["falls silent instead of TLS", offering("220 go", SILENCE), { startTLS: true }, "unreachable", /in time/],
  [
    "goes on in the clear instead of TLS",
    offering("220 go", "500 what?"),
    { startTLS: true },
    "failed",
    /makes no TLS/,
  ],
  ["breaks off in TLS", offering("220 go", CUT), { startTLS: true }, "unreachable", /cannot be reached/],
  ["speaks gibberish", told => (told === "greeting" ? "hello" : null), {}, "failed", /does not speak SMTP properly/],
];

/** Offers STARTTLS; what it answers when it is asked for, and when TLS begins. */
function offering(reply: ReturnType<Manners>, hello: ReturnType<Manners> = null): Manners {
  return told => {
    if (told.startsWith("EHLO")) return "250-rude.example\r\n250 STARTTLS";
    if (told === "STARTTLS") return reply;
    return told === "TLS" ? hello : null;
  };
}

for (const [name, manners, changes, fault, message] of RUDE)
  test(`a server that ${name}: ${fault}`, async context => {
    const server = await openRudeMailServer(context, manners);
    const deadline = /silent/.test(name) ? 500 : undefined;
    const failure = await failureOf(send({ ...server.settings, ...changes }, undefined, deadline));
    assert.equal(failure.fault, fault, failure.message);
    assert.match(failure.message, message);
    assert.equal(failure.perhaps, fault === "unsure");
    assert.equal(
      server.told.some(told => told.startsWith("MAIL")),
      !("startTLS" in changes || "username" in changes) && / text| end| middle/.test(name),
    );
  });

test("a server that breaks off in the middle of the text may have had all of it, and is sent it again", async context => {
  const server = await openRudeMailServer(context, told => (told === "text" ? CUT : null));
  const failure = await failureOf(send(server.settings));
  assert.match(failure.fault, /^(unreachable|unsure)$/);
  assert.equal(server.had.length, 0);
});

test("where TLS is no must, a server that offers it and has none gets the mail in the clear", async context => {
  const server = await openRudeMailServer(context, offering("454 not now"));
  await send(server.settings);
  assert.equal(server.had.length, 1);
});

test("a server that says nothing is given up at the deadline", async context => {
  const silent = createServer(() => {});
  await new Promise<void>(resolve => silent.listen(0, "127.0.0.1", resolve));
  context.after(() => silent.close());
  const address = silent.address();
  assert.ok(typeof address === "object" && address !== null);
  const failure = await failureOf(send(mailSettings({ port: address.port }), sampleMessage("firing", 1), 50));
  assert.equal(failure.fault, "unreachable");
  assert.match(failure.message, /does not answer in time/);
});

test("nobody there: unreachable", async () => {
  const failure = await failureOf(send(mailSettings({ port: 1 })));
  assert.equal(failure.fault, "unreachable");
  assert.match(failure.message, /^"127\.0\.0\.1:1" cannot be reached \(ECONNREFUSED\)/);
});

test("a subject stays one line, whatever a guest is called", async context => {
  const { mails, settings } = await openMailServer(context);
  const { alerts, ...rest } = sampleMessage("firing", 1);
  const named = alerts.map(alert => ({ ...alert, resourceName: "x\r\nBcc: eve@example.com\r\n\r\nÜmläut 🔥" }));
  await send(settings, { ...rest, alerts: named });
  assert.equal(header(mails[0], "Bcc"), undefined);
  assert.deepEqual(mails[0]?.to, ["ann@example.com", "bob@example.com"]);
  assert.match(header(mails[0], "Subject") ?? "", /=\?UTF-8\?/);
});

test("every preset can be reached by TLS, but for the one that is to be filled in", () => {
  assert.ok(EMAIL_PROVIDERS.length >= 12);
  for (const { name, smtpHost, tls, startTLS } of EMAIL_PROVIDERS) {
    assert.ok(tls !== startTLS, name);
    assert.equal(smtpHost === "", name === "Own server");
  }
});
