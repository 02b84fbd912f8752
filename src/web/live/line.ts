import type { ServerFrame } from "../../contract/live.ts";
import { type Instant, type Millis, SECOND } from "../../kit/units.ts";
import type { PackedPatch } from "../../model/packed-patch.ts";
import type { SnapshotPart } from "../../model/snapshot.ts";
import type { State } from "../../model/state.ts";
import type { UpdateStatus } from "../../model/update.ts";
import { t } from "../words/words.ts";
import { inSlices } from "./slices.ts";
import { openStream, takeEarly } from "./socket.ts";

/** How the line to the server is. */
export type LineState =
  | { kind: "connecting" }
  | { kind: "live" }
  /** The page shows what it last knew. `retryAt`: of the next attempt; null: it is being made. */
  | { kind: "away"; since: Instant; reason: string; retryAt: Instant | null }
  /** The server answers, and wants to know who this is. */
  | { kind: "signed-out" };

/** What a line tells; each is called with what came, in its order. */
export interface LineEvents {
  state(state: LineState): void;
  /** A part of a whole picture. */
  snapshot(part: SnapshotPart): void;
  /** What a screen on the wall shows. */
  wall(state: State): void;
  /** Answers false when the patch does not fit: a new picture is then asked for. */
  patch(patch: PackedPatch): boolean;
  /** The picture that the page has, so that the server needs to send only what came after; null: none. */
  held(): { epoch: string; version: number } | null;
  /** The theme of those who chose none is another one. */
  theme(): void;
  /** Something in the estate changed. */
  changes(): void;
  /** How far an update of Pulse is. */
  update(status: UpdateStatus): void;
  /** What the server's clock shows, to the second. */
  time(at: Instant): void;
  /** The version of Pulse that answers. */
  version(version: string): void;
}

/** Asked when the stream does not open: a browser does not tell why. */
export type MayRead = () => Promise<"yes" | "no" | "away">;

/** Nothing heard for so long: the line is taken for dead, whatever the browser thinks of it. The server pings every 30 s. */
const SILENCE: Millis = 45 * SECOND;
/** How long an answer to our own ping, or a connection, may take. */
const ANSWER: Millis = 8 * SECOND;
const FIRST_RETRY: Millis = SECOND;
const LAST_RETRY: Millis = 30 * SECOND;

/** The live stream's line: connects, notices silence, and connects anew with growing waits, at once after sleep or when asked to. */
export class Line {
  readonly #events: LineEvents;
  readonly #mayRead: MayRead;
  #socket: WebSocket | null = null;
  /** What has come by `#socket` and is still to be heard. */
  #unread: string[] = [];
  #isReading = false;
  #attempts = 0;
  #awaySince: Instant | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(events: LineEvents, mayRead: MayRead) {
    this.#events = events;
    this.#mayRead = mayRead;
  }

  open(): void {
    this.#events.state({ kind: "connecting" });
    this.#connect();
    addEventListener("online", () => this.tryNow());
    addEventListener("offline", () => this.#lost(t("This device has no network")));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#check();
    });
  }

  /** Connects at once when there is no connection. */
  tryNow(): void {
    if (this.#socket?.readyState === WebSocket.OPEN) return;
    this.#attempts = 0;
    this.#connect();
  }

  /** Closes and connects anew: who we are to the server has changed. */
  again(): void {
    this.#attempts = 0;
    this.#awaySince = null;
    this.#events.state({ kind: "connecting" });
    this.#connect();
  }

  /** After sleep a dead line looks alive: ask, and do not wait long for the answer. */
  #check(): void {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify({ type: "ping", data: { timestamp: Math.floor(Date.now() / SECOND) } }));
      this.#expect(ANSWER);
    } else this.tryNow();
  }

  #connect(): void {
    this.#drop();
    if (this.#awaySince !== null) this.#away(t("Connecting"), null);
    const { socket, unread } = takeEarly() ?? openStream(this.#events.held());
    this.#socket = socket;
    this.#unread = unread;
    this.#expect(ANSWER);
    socket.onmessage = ({ data }) => {
      unread.push(String(data));
      if (this.#socket === socket) void this.#read();
    };
    socket.onclose = () => {
      if (this.#socket === socket) void this.#explain();
    };
    void this.#read();
    // It was refused before anybody listened.
    if (socket.readyState === WebSocket.CLOSED) void this.#explain();
  }

  /** Hears what has come, a few milliseconds of it at a time: after sleep, and at first, much has. */
  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    await inSlices(this.#hearAll());
    this.#isReading = false;
  }

  *#hearAll(): Generator<void> {
    for (let text = this.#unread.shift(); text !== undefined; text = this.#unread.shift()) {
      if (this.#socket) this.#hear(this.#socket, text);
      yield;
    }
  }

  #hear(socket: WebSocket, text: string): void {
    this.#expect(SILENCE);
    const frame = JSON.parse(text) as ServerFrame;
    if (frame.type === "welcome") this.#events.version(frame.data.version);
    else if (frame.type === "resumed") this.#isLive();
    else if (frame.type === "wall") {
      this.#events.wall(frame.data);
      this.#isLive();
    } else if (frame.type === "snapshot") {
      this.#events.snapshot(frame.data);
      if (frame.data.missing.length === 0) this.#isLive();
    } else if (frame.type === "patch") {
      if (!this.#events.patch(frame.data)) socket.send(JSON.stringify({ type: "requestData" }));
    } else if (frame.type === "settingsUpdate") this.#events.theme();
    else if (frame.type === "changes") this.#events.changes();
    else if (frame.type === "update:progress") this.#events.update(frame.data);
    else if (frame.type === "ping") {
      this.#events.time(frame.data.timestamp * SECOND);
      socket.send(JSON.stringify({ type: "pong", data: frame.data }));
    }
  }

  #isLive(): void {
    this.#attempts = 0;
    this.#awaySince = null;
    this.#events.state({ kind: "live" });
  }

  #expect(within: Millis): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lost(t("The server is silent")), within);
  }

  async #explain(): Promise<void> {
    this.#drop();
    const may = await this.#mayRead();
    if (this.#socket !== null) return;
    if (may === "no") {
      this.#awaySince = null;
      this.#events.state({ kind: "signed-out" });
    } else if (may === "away") this.#lost(t("The server cannot be reached"));
    else this.#lost(t("The server answers, but its live stream does not: does the proxy in between pass WebSockets?"));
  }

  #lost(reason: string): void {
    this.#drop();
    const wait = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** Math.min(this.#attempts, 10));
    this.#attempts += 1;
    // Spread a little, so that all the pages of a restarted server do not come back in the same instant.
    const delay = wait * (0.75 + 0.5 * Math.random());
    this.#away(reason, Date.now() + delay);
    this.#timer = setTimeout(() => this.#connect(), delay);
  }

  #away(reason: string, retryAt: Instant | null): void {
    this.#awaySince ??= Date.now();
    this.#events.state({ kind: "away", since: this.#awaySince, reason, retryAt });
  }

  #drop(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.#unread = [];
    socket?.close();
  }
}
