import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Compile } from "typebox/compile";
import { DockerReport } from "../model/docker.ts";
import type { Certificate } from "../simulator/certificate.ts";

/** What a stand-in answers to a report: a status, or nothing at all. */
export type Answer = number | "hangs";

/** A server that takes what an agent sends, checks it as Pulse does, and answers as it is told to. */
export interface StandInServer extends AsyncDisposable {
  readonly url: string;
  /** How the next reports are answered. */
  answer: Answer;
  /** What was taken, the oldest first. */
  readonly reports: DockerReport[];
  /** How many were sent here, taken or not. */
  readonly tries: number;
  /** Bytes of the last one. */
  readonly lastSize: number;
  /** Of the last one. */
  readonly headers: IncomingMessage["headers"];
  /** Resolves when `is` so; rejects after two minutes. */
  until(is: (server: StandInServer) => boolean): Promise<void>;
  /** Nothing listens any more. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

const VALID = Compile(DockerReport);

/** `tls`: with this certificate; its address is `localhost` then. */
export async function openStandInServer(tls: Certificate | null = null): Promise<StandInServer> {
  const reports: DockerReport[] = [];
  let [port, tries, lastSize] = [0, 0, 0];
  let headers: IncomingMessage["headers"] = {};
  let changed = () => {};
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    ({ headers } = request);
    lastSize = Buffer.byteLength(text);
    tries += 1;
    const status = server.answer === 200 ? statusOf(request, text) : server.answer;
    if (status === 200) reports.push(JSON.parse(text) as DockerReport);
    if (status !== "hangs") response.writeHead(status).end(JSON.stringify(status === 200 ? {} : { error: "No" }));
    changed();
  };
  const listener = (request: IncomingMessage, response: ServerResponse) =>
    void take(request, response).catch(() => response.destroy());
  const listening = tls === null ? createServer(listener) : createTlsServer(tls, listener);
  const server: StandInServer = {
    get url() {
      return tls === null ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
    },
    answer: 200,
    reports,
    get tries() {
      return tries;
    },
    get lastSize() {
      return lastSize;
    },
    get headers() {
      return headers;
    },
    until: is =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!is(server)) return;
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(() => reject(new Error(`Not so after two minutes: ${is}; ${tries} tries`)), 120_000);
        changed = look;
        look();
      }),
    async start() {
      await new Promise<void>(done => listening.listen(port, "127.0.0.1", done));
      ({ port } = listening.address() as AddressInfo);
    },
    async stop() {
      if (!listening.listening) return;
      const closed = new Promise(done => listening.close(done));
      listening.closeAllConnections();
      await closed;
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
  await server.start();
  return server;
}

/** 200 for what Pulse would take. */
function statusOf({ method, url }: IncomingMessage, text: string): number {
  if (method !== "POST" || url !== "/api/agents/docker/report") return 404;
  return VALID.Check(JSON.parse(text)) ? 200 : 400;
}
