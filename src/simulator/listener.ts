import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { systemClock } from "../kit/clock.ts";
import { type Millis, SECOND } from "../kit/units.ts";
import type { Certificate } from "./certificate.ts";
import type { Machine } from "./machine.ts";
import { Refusal } from "./refusal.ts";
import { bodyOf, ok, type Reply, send } from "./reply.ts";
import type { RequestCounter } from "./request-counter.ts";
import { authorize, openTicket } from "./sign-in.ts";
import { type Passage, spoil, troublesOf } from "./trouble.ts";
import { listen, readText } from "./wire.ts";

const PREFIX = "/api2/json";
const TICKET_PATH = "/access/ticket";

export interface ListenerOptions {
  instance: Machine;
  node: string;
  ip: string;
  latency: Millis;
  authDelay: Millis;
  counter: RequestCounter;
}

/** The API daemon of one node, on its own HTTPS socket. */
export class Listener implements AsyncDisposable {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  readonly #stop = new AbortController();
  /** The sockets below TLS, by the client's port: only these can be reset. */
  readonly #raw = new Map<number, Socket>();
  #shown: Certificate;
  #port = 0;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#shown = options.instance.certificateOf(options.node);
    this.#server = createServer({ ...this.#shown, keepAliveTimeout: 5 * SECOND, keepAliveTimeoutBuffer: 0 });
    this.#server.maxRequestsPerSocket = 100;
    this.#server.on("connection", socket => this.#remember(socket));
    this.#server.on("request", (request, response) => void this.#handle(request, response));
  }

  /** Opens the socket, at a free port when `port` is 0, and returns the port. Rejects with EADDRINUSE. */
  async listen(port: number): Promise<number> {
    this.#port = await listen(this.#server, port, this.#options.ip);
    return this.#port;
  }

  /** Does what the faults of the node ask for: closes or reopens the socket, shows another certificate. */
  async follow(): Promise<void> {
    const { instance, node } = this.#options;
    const certificate = instance.certificateOf(node);
    if (certificate !== this.#shown) {
      this.#shown = certificate;
      this.#server.setSecureContext(certificate);
      // NOTE: one that was in the middle of its handshake would go on with the certificate before.
      for (const socket of this.#raw.values()) socket.destroy();
    }
    if (this.#server.listening && !instance.isOn(node)) await this.close();
    if (!this.#server.listening && instance.isOn(node) && this.#port !== 0) await this.listen(this.#port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.close();
  }

  /** Closes the socket and every connection; `follow` or `listen` may open it again. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()));
    for (const socket of this.#raw.values()) socket.destroy();
    this.#server.closeAllConnections();
    await closed;
  }

  #remember(socket: Duplex): void {
    if (!(socket instanceof Socket)) return;
    const port = socket.remotePort ?? 0;
    this.#raw.set(port, socket);
    socket.once("close", () => this.#raw.delete(port));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { instance, node, latency, authDelay, counter } = this.#options;
    const [whole = "/", search] = (request.url ?? "/").split("?", 2);
    const path = whole.startsWith(PREFIX) ? whole.slice(PREFIX.length) : whole;
    const method = request.method ?? "GET";
    counter.count(method, path === TICKET_PATH ? path : instance.patternOf(path));
    counter.open += 1;
    response.once("close", () => {
      counter.open -= 1;
    });
    const reset = () => this.#raw.get(request.socket.remotePort ?? 0)?.resetAndDestroy();
    const passage: Passage = { instance, node, path, response, reset };
    const { delay, fault } = troublesOf(passage);
    const form = method === "GET" ? "" : await readText(request);
    if (form === null) return;
    const straight = this.#toReply(request, path, new URLSearchParams(search), form);
    const reply = fault ? spoil(fault, straight, passage) : straight;
    const wait = latency + delay + (reply?.after ?? 0) + (reply?.status === 401 ? authDelay : 0);
    if (wait > 0) await systemClock.sleep(wait, this.#stop.signal);
    if (reply && !response.destroyed) send(reply, request, response);
  }

  #toReply(request: IncomingMessage, path: string, search: URLSearchParams, form: string): Reply {
    const { instance, node } = this.#options;
    const method = request.method ?? "GET";
    try {
      if (method === "POST" && path === TICKET_PATH)
        return ok(bodyOf(JSON.stringify({ data: openTicket(instance, toForm(form)) })));
      if (method === "GET" && path === "/")
        return { ...ok(bodyOf(toStartPage(instance.product, node))), type: "text/html" };
      authorize(instance, method, request.headers);
      if (method !== "GET") throw new Refusal(501, `Method '${method} ${path}' not implemented`);
      return ok(instance.answer(node, path, search));
    } catch (error) {
      if (error instanceof Refusal) return instance.refuse(error);
      throw error;
    }
  }
}

const TITLES = { pve: "Virtual Environment", pbs: "Backup Server", pmg: "Mail Gateway" } as const;

/** As much of the web UI as tells which product this is. */
function toStartPage(product: keyof typeof TITLES, node: string): string {
  return `<!DOCTYPE html>\n<html>\n<head>\n<title>${node} - Proxmox ${TITLES[product]}</title>\n</head>\n<body></body>\n</html>\n`;
}

/** The body of a POST: a form, or a JSON object of strings. */
function toForm(text: string): Record<string, string> {
  if (!text.startsWith("{")) return Object.fromEntries(new URLSearchParams(text));
  try {
    const fields: [string, unknown][] = Object.entries(JSON.parse(text));
    return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
  } catch {
    return {};
  }
}
