import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import type { EmailSettings } from "../../model/channel.ts";

/** A mail as it arrived. */
export interface Mail {
  from: string;
  to: string[];
  text: string;
  secure: boolean;
  user: string | undefined;
}

/** For tests: a mail server on this machine with a certificate that nobody trusts, and settings that lead to it. `options`: what it does otherwise than to take everything. */
export async function openMailServer(context: TestContext, options: SMTPServerOptions = {}) {
  const mails: Mail[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    logger: false,
    onAuth: ({ username, password }, _, callback) =>
      password === "right" ? callback(null, { user: username }) : callback(new Error("Invalid username or password")),
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on("data", chunk => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString("utf8"),
          secure: session.secure,
          user: session.user,
        });
        callback();
      });
    },
    ...options,
  });
  smtp.on("error", () => {});
  await new Promise<void>(resolve => smtp.listen(0, "127.0.0.1", resolve));
  context.after(() => new Promise<void>(resolve => smtp.close(resolve)));
  const address = smtp.server.address();
  assert.ok(typeof address === "object" && address !== null);
  return { mails, settings: mailSettings({ port: address.port }) };
}

export function mailSettings(changes: Partial<EmailSettings>): EmailSettings {
  return {
    enabled: true,
    provider: "",
    server: "127.0.0.1",
    port: 25,
    username: "",
    password: "",
    from: "Pulse <pulse@example.com>",
    to: ["ann@example.com", "bob@example.com"],
    tls: false,
    startTLS: false,
    verifyCertificate: true,
    ...changes,
  };
}
