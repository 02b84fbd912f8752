import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";
import type { EmailSettings } from "../../model/channel.ts";
import { mailSettings } from "./recording-mail-server.ts";

/** It breaks off, without a word. */
export const CUT = Symbol("cut");
/** It says nothing, and leaves the connection as it is. */
export const SILENCE = Symbol("silence");

/**
 * What the server does when it is told something: the line of a command, "greeting" when somebody has connected, "TLS" when it is to begin, "text" when the first of a
 * mail has come, "." at its end. null: what a polite server does.
 */
export type Manners = (told: string) => string | typeof CUT | typeof SILENCE | null;

/** A mail of which the server had all: who it was for, and its text. */
export interface Had {
  to: string[];
  text: string;
}

/** For tests: a mail server on this machine that answers as it likes. It remembers what came to the dot unless it refuses it, also when it breaks off then. */
export async function openRudeMailServer(context: Pick<TestContext, "after">, start: Manners = () => null) {
  const had: Had[] = [];
  const told: string[] = [];
  const sockets = new Set<Socket>();
  const server = { had, told, manners: start };
  const listener = createServer(socket => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
    converse(socket, server);
  });
  await new Promise<void>(resolve => listener.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    listener.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = listener.address();
  assert.ok(typeof address === "object" && address !== null);
  const settings: EmailSettings = mailSettings({ port: address.port });
  return Object.assign(server, { settings });
}

const HELLO_OF_TLS = 0x16;

const POLITE: Readonly<Record<string, string>> = {
  greeting: "220 rude.example ESMTP",
  EHLO: "250 rude.example",
  HELO: "250 rude.example",
  STARTTLS: "454 no TLS here",
  DATA: "354 go on",
  QUIT: "221 bye",
  text: "",
};

function converse(socket: Socket, server: { had: Had[]; told: string[]; manners: Manners }): void {
  let [waiting, text, to]: [string, string, string[]] = ["", "", []];
  let [isText, hasBegun] = [false, false];
  /** What it answered; empty: nothing. */
  const answer = (heard: string): string => {
    if (heard !== "text") server.told.push(heard);
    const said = server.manners(heard) ?? POLITE[heard.split(" ")[0] ?? ""] ?? "250 ok";
    if (heard === "." && (said === CUT || (typeof said === "string" && said.startsWith("2"))))
      server.had.push({ to, text });
    if (said === CUT) socket.destroy();
    else if (typeof said === "string" && said !== "") socket.write(`${said}\r\n`);
    return typeof said === "string" ? said : "";
  };
  const command = (line: string) => {
    const said = answer(line);
    if (line.startsWith("MAIL")) to = [];
    if (line.startsWith("RCPT") && said.startsWith("2")) to.push(/<(.*?)>/.exec(line)?.[1] ?? "");
    if (line === "DATA" && said.startsWith("3")) [isText, hasBegun] = [true, false];
    if (line === "QUIT") socket.end();
  };
  socket.on("data", chunk => {
    if (chunk[0] === HELLO_OF_TLS) return void answer("TLS");
    waiting += chunk.toString("latin1");
    while (!socket.destroyed) {
      if (isText && !hasBegun && waiting !== "") {
        hasBegun = true;
        answer("text");
        if (socket.destroyed) return;
      }
      const end = isText ? waiting.indexOf("\r\n.\r\n") : waiting.indexOf("\r\n");
      if (end === -1) return;
      const heard = waiting.slice(0, end);
      waiting = waiting.slice(end + (isText ? 5 : 2));
      if (!isText) command(heard);
      else {
        [isText, text] = [false, heard];
        answer(".");
      }
    }
  });
  answer("greeting");
}
