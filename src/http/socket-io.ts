import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import { type Socket, Server as SocketIoServer } from "socket.io";
import { type ServerFrame, SOCKET_IO_PATH } from "../contract/live.ts";
import { KIB, SECOND } from "../kit/units.ts";
import type { State } from "../model/state.ts";
import { type Door, may } from "./door.ts";
import { Edge } from "./edge.ts";

/** More are refused: Socket.IO serves older clients, of which there are a few. */
const MOST_CLIENTS = 100;
const LARGEST_QUESTION = 64 * KIB;

export interface SocketIoOptions {
  door: Door;
  edge?: Edge;
  /** With a leading v. */
  version: string;
  /** The present state. */
  state(): State;
}

/**
 * The live stream for clients that speak Socket.IO, by polling and by WebSocket: the events of the old frames, each with what a frame has
 * as `data`. Same door as `/ws`; pages of other origins get nothing, no CORS header either. The state goes out `volatile`: who has not
 * taken the last one is passed over, so nothing piles up. A broadcast is serialised and framed once for all; it is serialised apart from
 * `/ws`, because Socket.IO takes objects only, and only while such a client is there.
 */
export class SocketIo {
  readonly #options: SocketIoOptions;
  readonly #edge: Edge;
  readonly #server: SocketIoServer;

  constructor(server: HttpServer, options: SocketIoOptions) {
    this.#options = options;
    this.#edge = options.edge ?? new Edge();
    this.#server = new SocketIoServer(server, {
      path: SOCKET_IO_PATH,
      addTrailingSlash: true,
      serveClient: false,
      // Upgrades to other paths are the other stream's.
      destroyUpgrade: false,
      maxHttpBufferSize: LARGEST_QUESTION,
      perMessageDeflate: false,
      allowEIO3: true,
      connectTimeout: 10 * SECOND,
    });
    this.#server.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
      const refusal = this.#refusal(request);
      if (!refusal) return next();
      response.writeHead(refusal.status, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ error: refusal.error }));
    });
    this.#server.on("connection", socket => this.#welcome(socket));
  }

  get size(): number {
    return this.#server.engine.clientsCount;
  }

  publishFull(): void {
    if (this.size > 0) this.#server.volatile.emit("rawData", this.#options.state());
  }

  /** Sends one event to everybody. */
  broadcast({ type, data }: ServerFrame): void {
    this.#server.emit(type, data);
  }

  /** Says `ping` to everybody, and drops who may no longer read. */
  ping(timestamp: number): void {
    for (const socket of this.#server.sockets.sockets.values())
      if (!this.#mayRead(socket.request)) socket.disconnect(true);
    this.broadcast({ type: "ping", data: { timestamp } });
  }

  /** Lets go of all clients at once; they try to connect again by themselves. */
  async close(): Promise<void> {
    // NOTE: disconnectSockets would tell them to stay away, and keep one that is between two polls for half a minute.
    this.#server.engine.close();
  }

  #refusal(request: IncomingMessage): { status: number; error: string } | null {
    if (this.#edge.isForeign(request)) return { status: 403, error: "This request comes from another site" };
    if (!this.#mayRead(request)) return { status: 401, error: "Authentication required" };
    const isNew = !new URLSearchParams(request.url?.split("?")[1]).has("sid");
    if (isNew && this.size >= MOST_CLIENTS) return { status: 503, error: "Too many Socket.IO clients" };
    return null;
  }

  #mayRead(request: IncomingMessage): boolean {
    return may(this.#options.door.identify(this.#edge.credentialsOf(request, true)), "read");
  }

  #welcome(socket: Socket): void {
    const { version, state } = this.#options;
    socket.emit("welcome", { message: "Connected to Pulse", version });
    socket.emit("initialState", state());
    socket.on("requestData", () => socket.volatile.emit("rawData", state()));
    socket.on("ping", () => socket.emit("pong", { timestamp: Math.floor(Date.now() / SECOND) }));
  }
}
