import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { type ClientFrame, LIVE_PATH, PATCH_FORMAT, type ServerFrame } from "../contract/live.ts";
import { KIB, MIB } from "../kit/units.ts";
import type { Credentials } from "../model/caller.ts";
import type { Patch } from "../model/picture.ts";
import { type Door, may } from "./door.ts";
import { Edge } from "./edge.ts";
import type { PictureView } from "./picture-view.ts";

/** A client with more than that still to take gets no further patches, but a snapshot once it has caught up. */
const MOST_BEHIND = MIB;
const LARGEST_QUESTION = 64 * KIB;

interface Client {
  socket: WebSocket;
  format: "patch" | "full";
  /** It has missed patches: a snapshot is due. */
  behind: boolean;
  /** It answered the last protocol ping. */
  alive: boolean;
  /** What it showed when it came. */
  credentials: Credentials;
}

/** The live stream: the WebSocket clients of one server. */
export class Live {
  readonly #view: PictureView;
  readonly #door: Door;
  readonly #edge: Edge;
  readonly #version: string;
  readonly #clients = new Set<Client>();
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_QUESTION });

  constructor(view: PictureView, door: Door, version: string, edge: Edge = new Edge()) {
    this.#edge = edge;
    this.#view = view;
    this.#door = door;
    this.#version = version;
  }

  /** Takes over the upgrade requests of `server`; those for other paths, strangers and foreign pages are refused. */
  attach(server: Server): void {
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on("error", () => socket.destroy());
      const refusal = this.#refusal(request);
      if (refusal) return refuse(socket, refusal);
      this.#sockets.handleUpgrade(request, socket, head, webSocket => this.#welcome(webSocket, request));
    });
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Sends a patch to those who asked for patches. */
  publish(patch: Patch): void {
    let frame: Buffer | null = null;
    for (const client of this.#clients) {
      if (client.format !== "patch") continue;
      if (client.socket.bufferedAmount > MOST_BEHIND) client.behind = true;
      else if (client.behind) this.#catchUp(client);
      else {
        frame ??= Buffer.from(JSON.stringify({ type: "patch", data: patch } satisfies ServerFrame));
        client.socket.send(frame, { binary: false });
      }
    }
  }

  /** Sends the full state to those who did not ask for patches; one that has not taken the last is passed over. */
  publishFull(): void {
    for (const { socket, format } of this.#clients)
      if (format === "full" && socket.bufferedAmount === 0) socket.send(this.#view.frame("rawData"), { binary: false });
  }

  /**
   * Says `ping` to everybody, lets those who had fallen behind catch up, and drops who did not answer the last one, or may no longer
   * read: a session that has ended takes its stream along.
   */
  ping(timestamp: number): void {
    for (const client of this.#clients) {
      if (!may(this.#door.identify(client.credentials), "read")) {
        client.socket.close(1008, "Not signed in any more");
        continue;
      }
      if (!client.alive) {
        client.socket.terminate();
        continue;
      }
      client.alive = false;
      client.socket.ping();
      send(client.socket, { type: "ping", data: { timestamp } });
      if (client.behind && client.socket.bufferedAmount <= MOST_BEHIND) this.#catchUp(client);
    }
  }

  close(): void {
    for (const { socket } of this.#clients) {
      socket.close(1001, "Pulse is stopping");
      setTimeout(() => socket.terminate(), 500).unref();
    }
    this.#sockets.close();
  }

  #refusal(request: IncomingMessage): string | null {
    if (URL.parse(request.url ?? "", "http://pulse")?.pathname !== LIVE_PATH) return "404 Not Found";
    if (this.#edge.isForeign(request)) return "403 Forbidden";
    // A page can send no header with a WebSocket: dashboards show their token as `?token=`.
    return may(this.#door.identify(this.#edge.credentialsOf(request, true)), "read") ? null : "401 Unauthorized";
  }

  #welcome(socket: WebSocket, request: IncomingMessage): void {
    const format =
      URL.parse(request.url ?? "", "http://pulse")?.searchParams.get("format") === PATCH_FORMAT ? "patch" : "full";
    const credentials = this.#edge.credentialsOf(request, true);
    const client: Client = { socket, format, behind: false, alive: true, credentials };
    this.#clients.add(client);
    socket.on("close", () => this.#clients.delete(client));
    socket.on("error", () => socket.terminate());
    socket.on("pong", () => {
      client.alive = true;
    });
    socket.on("message", data => {
      client.alive = true;
      this.#answer(client, String(data));
    });
    send(socket, { type: "welcome", data: { message: "Connected to Pulse", version: this.#version } });
    socket.send(this.#view.frame(format === "patch" ? "snapshot" : "initialState"), { binary: false });
  }

  #answer(client: Client, text: string): void {
    const type = typeOf(text);
    if (type === "ping") send(client.socket, { type: "pong", data: { timestamp: Math.floor(Date.now() / 1000) } });
    if (type !== "requestData" || client.socket.bufferedAmount > MOST_BEHIND) return;
    if (client.format === "patch") this.#catchUp(client);
    else client.socket.send(this.#view.frame("rawData"), { binary: false });
  }

  #catchUp(client: Client): void {
    client.behind = false;
    client.socket.send(this.#view.frame("snapshot"), { binary: false });
  }
}

function send(socket: WebSocket, frame: ServerFrame): void {
  socket.send(JSON.stringify(frame));
}

/** The type of a client's frame; null for anything that is none. */
function typeOf(text: string): ClientFrame["type"] | null {
  try {
    return (JSON.parse(text) as ClientFrame | null)?.type ?? null;
  } catch {
    return null;
  }
}

function refuse(socket: Duplex, status: string): void {
  const body = JSON.stringify({ error: status.slice(4) });
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}
