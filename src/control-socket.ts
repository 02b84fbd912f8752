import { once } from "node:events";
import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join, relative } from "node:path";
import type { Log } from "./kit/log.ts";
import { KIB, SECOND } from "./kit/units.ts";

/** Where the command line reaches a running server: a socket in the data folder, for the owner of the process only. */
const FILE = "control.sock";
const LARGEST = 64 * KIB;

/**
 * Answers each JSON document that a process of the same user sends with what `answer` makes of it. Without such a socket (a path too
 * long, a file system without them) the server goes on, and says so.
 */
export async function openControlSocket(
  folder: string,
  answer: (question: unknown) => Promise<unknown>,
  log: Log,
): Promise<AsyncDisposable> {
  const path = pathIn(folder);
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, socket => void converse(socket, answer));
  const listening = once(server, "listening");
  const before = process.umask(0o177);
  server.listen(path);
  process.umask(before);
  try {
    await listening;
    chmodSync(path, 0o600);
  } catch (error) {
    log("warn", "The command line cannot reach this server while it runs", { path, error: String(error) });
  }
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      try {
        rmSync(path, { force: true });
      } catch {
        // The disk is read-only: the next start removes it.
      }
    },
  };
}

/** Sends a question to the server that runs on this data folder; throws when none can be reached. */
export async function askRunningServer(folder: string, question: unknown): Promise<unknown> {
  const socket = connect({ path: pathIn(folder), allowHalfOpen: true });
  await once(socket, "connect");
  socket.end(JSON.stringify(question));
  return JSON.parse(await readAll(socket));
}

async function converse(socket: Socket, answer: (question: unknown) => Promise<unknown>): Promise<void> {
  socket.setTimeout(30 * SECOND, () => socket.destroy());
  try {
    const question: unknown = JSON.parse(await readAll(socket));
    // The answer may take long: a large database is copied for minutes.
    socket.setTimeout(0);
    socket.end(JSON.stringify(await answer(question)));
  } catch {
    socket.destroy();
  }
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST) throw new RangeError("Too much for the control socket");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Relative where that is shorter: the path of a socket may have about 100 bytes. */
function pathIn(folder: string): string {
  const path = join(folder, FILE);
  const near = relative(process.cwd(), path);
  return near.length < path.length ? near : path;
}
