import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { setImmediate as otherWork } from "node:timers/promises";
import { type WebSocket, WebSocketServer } from "ws";
import {
  type ClientFrame,
  LIVE_PATH,
  PATCH_FORMAT,
  type ServerFrame,
  SOCKET_IO_PATH,
  WALL_FORMAT,
  WALL_PROTOCOL,
} from "../contract/live.ts";
import { KIB, MIB } from "../kit/units.ts";
import type { Credentials, Right } from "../model/caller.ts";
import { packPatch } from "../model/packed-patch.ts";
import type { Patch } from "../model/picture.ts";
import type { State } from "../model/state.ts";
import { type Door, may } from "./door.ts";
import { Edge } from "./edge.ts";
import type { PictureView } from "./picture-view.ts";
import { RecentPatches } from "./recent-patches.ts";
import { type Bytes, TextMessage, takesDeflate } from "./wire-frame.ts";

/** A client with more than that still to take gets nothing further until it has taken it. */
const MOST_BEHIND = MIB;
const LARGEST_QUESTION = 64 * KIB;
/** So many patches are made with nobody listening, for who comes back; then none until somebody listens again. */
const PATCHES_FOR_NOBODY = 600;

/** What a client asked for: patches, the full state of the old frames, or what a screen on the wall shows. */
type Format = "patch" | "full" | "wall";

/** What it takes to get that. */
const NEEDS: { readonly [F in Format]: Right } = { patch: "read", full: "read", wall: "wall" };

interface Client {
  socket: WebSocket;
  /** What `socket` writes to. Frames that are shared go there as they are: `ws` itself would deflate them anew for each client. */
  line: Duplex;
  deflates: boolean;
  format: Format;
  /** The version it has been sent; null: a snapshot is due. */
  version: number | null;
  /** The whole state is being made for it; it gets nothing else before. */
  waiting: boolean;
  /** It answered the last protocol ping. */
  alive: boolean;
  /** What it showed when it came; asked again with every ping. */
  credentials: Credentials;
}

/**
 * The live stream: the WebSocket clients of one server. Whatever goes to many is serialised, deflated and framed once. `ws` shakes hands,
 * reads, and sends the small frames; NOTE: it must never deflate itself (`compress: false`), because it then holds frames back, and
 * ours would overtake them.
 */
export class Live {
  readonly #view: PictureView;
  readonly #door: Door;
  readonly #version: string;
  readonly #edge: Edge;
  readonly #wall: () => State | null;
  readonly #clients = new Set<Client>();
  readonly #recent = new RecentPatches();
  /** Patches of which no message has been made yet. */
  #unmade: Patch[] = [];
  #unheard = 0;
  #isClosed = false;
  readonly #plain = new WebSocketServer({ noServer: true, maxPayload: LARGEST_QUESTION });
  /** Each message is deflated by itself, or it could not be shared. */
  readonly #deflating = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_QUESTION,
    perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true },
  });

  /** `wall`: what a screen on the wall shows now; null: nothing can be told. */
  constructor(
    view: PictureView,
    door: Door,
    version: string,
    edge: Edge = new Edge(),
    wall: () => State | null = () => null,
  ) {
    this.#wall = wall;
    this.#view = view;
    this.#door = door;
    this.#version = version;
    this.#edge = edge;
  }

  /** Takes over the upgrade requests of `server` but those of Socket.IO; other paths, strangers and foreign pages are refused. */
  attach(server: Server): void {
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (request.url?.startsWith(SOCKET_IO_PATH)) return;
      socket.on("error", () => socket.destroy());
      const refusal = this.#refusal(request);
      if (refusal) return refuse(socket, refusal);
      const deflates = takesDeflate(request.headers["sec-websocket-extensions"]);
      const server = deflates ? this.#deflating : this.#plain;
      server.handleUpgrade(request, socket, head, webSocket =>
        this.#welcome(this.#toClient(webSocket, socket, deflates, request), request),
      );
    });
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Sends a patch to those who asked for patches, in a turn of its own: what has made it has taken long enough. */
  publish(patch: Patch): void {
    this.#view.forget();
    const isHeard = [...this.#clients].some(({ format }) => format === "patch");
    this.#unheard = isHeard ? 0 : this.#unheard + 1;
    if (this.#unheard > PATCHES_FOR_NOBODY) {
      this.#unmade = [];
      this.#recent.clear();
      return;
    }
    this.#unmade.push(patch);
    if (this.#unmade.length > 1) return;
    setImmediate(() => {
      for (const client of this.#clients) if (client.format === "patch") this.#bringUpToDate(client);
      // For who comes back, when nobody listens.
      this.#makeMessages();
    });
  }

  #makeMessages(): void {
    for (const patch of this.#unmade.splice(0))
      this.#recent.add(
        patch.version,
        new TextMessage(JSON.stringify({ type: "patch", data: packPatch(patch) } satisfies ServerFrame)),
      );
  }

  /** Sends the full state to those who did not ask for patches; one that has not taken the last is passed over. */
  publishFull(): void {
    for (const client of this.#clients)
      if (client.format === "full" && client.line.writableLength === 0) void this.#sendState(client, "rawData");
    this.#showWall([...this.#clients].filter(one => one.format === "wall" && one.version !== this.#view.version));
  }

  /** Sends a small frame to everybody but the screens on walls; `format`: only to those who asked for that. */
  broadcast(frame: ServerFrame, format: Exclude<Format, "wall"> | null = null): void {
    for (const client of this.#clients)
      if (client.format === (format ?? client.format) && client.format !== "wall") send(client.socket, frame);
  }

  /**
   * Says `ping` to everybody, and drops who did not answer the last one, or may no longer read: a session that has ended takes its stream
   * along.
   */
  ping(timestamp: number): void {
    for (const client of this.#clients) {
      if (!may(this.#door.identify(client.credentials), NEEDS[client.format])) {
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
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const { socket } of this.#clients) {
      socket.close(1001, "Pulse is stopping");
      setTimeout(() => socket.terminate(), 500).unref();
    }
    this.#plain.close();
    this.#deflating.close();
  }

  #refusal(request: IncomingMessage): string | null {
    if (URL.parse(request.url ?? "", "http://pulse")?.pathname !== LIVE_PATH) return "404 Not Found";
    if (this.#edge.isForeign(request)) return "403 Forbidden";
    return may(this.#door.identify(this.#credentialsOf(request)), NEEDS[formatOf(request)]) ? null : "401 Unauthorized";
  }

  /** A page can send no header with a WebSocket: dashboards show their token as `?token=`, screens on walls as a protocol. */
  #credentialsOf(request: IncomingMessage): Credentials {
    const shown = this.#edge.credentialsOf(request, true);
    const [protocol, token] = (request.headers["sec-websocket-protocol"] ?? "").split(",").map(one => one.trim());
    return protocol === WALL_PROTOCOL && token ? { ...shown, token } : shown;
  }

  #toClient(socket: WebSocket, line: Duplex, deflates: boolean, request: IncomingMessage): Client {
    const format = formatOf(request);
    const credentials = this.#credentialsOf(request);
    return { socket, line, deflates, format, version: null, waiting: false, alive: true, credentials };
  }

  #welcome(client: Client, request: IncomingMessage): void {
    const { socket, line } = client;
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
    if (client.format === "full") return void this.#sendState(client, "initialState");
    if (client.format === "wall") return void this.#showWall([client]);
    line.on("drain", () => this.#bringUpToDate(client));
    this.#resume(client, request);
    this.#bringUpToDate(client);
  }

  /** Who comes back with a version that the patches kept lead on from needs no snapshot. */
  #resume(client: Client, request: IncomingMessage): void {
    this.#makeMessages();
    const query = queryOf(request);
    const version = Number(query.get("version") ?? Number.NaN);
    const known = query.get("epoch") === this.#view.epoch && Number.isInteger(version) && version >= 0;
    if (!known || (version !== this.#view.version && !this.#recent.at(version + 1))) return;
    client.version = version;
    send(client.socket, { type: "resumed", data: { version } });
  }

  #answer(client: Client, text: string): void {
    const type = typeOf(text);
    if (client.line.writableLength > MOST_BEHIND) return;
    if (type === "ping") send(client.socket, { type: "pong", data: { timestamp: Math.floor(Date.now() / 1000) } });
    if (type !== "requestData") return;
    if (client.format === "wall") this.#showWall([client]);
    else if (client.format === "patch") {
      client.version = null;
      this.#bringUpToDate(client);
    } else void this.#sendState(client, "rawData");
  }

  /** Sends the patches that the client misses, as many as it takes; a snapshot where they are no longer kept. The rest when it drains. */
  #bringUpToDate(client: Client): void {
    this.#makeMessages();
    while (!client.waiting && client.version !== this.#view.version && client.line.writableLength <= MOST_BEHIND) {
      const next = client.version === null ? null : this.#recent.at(client.version + 1);
      if (client.version === null || !next) return void this.#sendParts(client);
      write(client, next.frame(client.deflates));
      client.version += 1;
    }
  }

  /** Sends screens on walls what they show; those that have not taken the last are passed over. */
  #showWall(clients: readonly Client[]): void {
    const ready = clients.filter(({ line }) => line.writableLength <= MOST_BEHIND);
    const shown = ready.length > 0 ? this.#wall() : null;
    if (!shown) return;
    const message = new TextMessage(JSON.stringify({ type: "wall", data: shown } satisfies ServerFrame));
    for (const client of ready) {
      write(client, message.frame(client.deflates));
      client.version = shown.version;
    }
  }

  /** Sends the whole state, as clients of the old frames know it. */
  async #sendState(client: Client, type: "initialState" | "rawData"): Promise<void> {
    if (client.waiting) return;
    client.waiting = true;
    const whole = await this.#view.frame(type, client.deflates).catch(error => {
      // What the state is made of is closed, too.
      if (!this.#isClosed) throw error;
      return null;
    });
    if (!whole) return;
    client.waiting = false;
    write(client, whole.bytes);
    client.version = whole.version;
  }

  /** Sends the whole picture part by part, with other work in between; what has changed meanwhile follows at once. */
  async #sendParts(client: Client): Promise<void> {
    client.waiting = true;
    const parts = this.#view.parts();
    for (let part = 0; !this.#isClosed && client.socket.readyState === client.socket.OPEN; part++) {
      const message = parts.at(part);
      if (!message) break;
      write(client, message.frame(client.deflates));
      await otherWork();
    }
    client.waiting = false;
    client.version = parts.version;
    if (!this.#isClosed) this.#bringUpToDate(client);
  }
}

function formatOf(request: IncomingMessage): Format {
  const asked = queryOf(request).get("format");
  return asked === PATCH_FORMAT ? "patch" : asked === WALL_FORMAT ? "wall" : "full";
}

function queryOf(request: IncomingMessage): URLSearchParams {
  return URL.parse(request.url ?? "", "http://pulse")?.searchParams ?? new URLSearchParams();
}

/** Writes a frame that is shared; between the frames of `ws`, which writes each as a whole, too. */
function write({ socket, line }: Client, bytes: Bytes): void {
  if (socket.readyState !== socket.OPEN) return;
  line.cork();
  for (const piece of bytes) line.write(piece);
  line.uncork();
}

function send(socket: WebSocket, frame: ServerFrame): void {
  socket.send(JSON.stringify(frame), { compress: false });
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
