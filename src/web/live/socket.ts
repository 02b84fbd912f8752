import { PATCH_FORMAT, WALL_FORMAT, WALL_PROTOCOL } from "../../contract/live.ts";
import { kioskToken } from "./kiosk.ts";

/** The stream's connection, and what has come by it so far that nobody has read. */
export interface Stream {
  socket: WebSocket;
  unread: string[];
}

/** Connects to the stream. `held`: the picture that the page has already. */
export function openStream(held: { epoch: string; version: number } | null): Stream {
  // NOTE: relative to the page, so that it works below any path of a reverse proxy.
  const token = kioskToken();
  const url = new URL(`ws?format=${token === null ? PATCH_FORMAT : WALL_FORMAT}`, document.baseURI);
  if (held && token === null) {
    url.searchParams.set("epoch", held.epoch);
    url.searchParams.set("version", String(held.version));
  }
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url, token === null ? [] : [WALL_PROTOCOL, token]);
  const unread: string[] = [];
  socket.onmessage = ({ data }) => unread.push(String(data));
  return { socket, unread };
}

let early: Stream | null = null;

/** Connects while the rest of the page is still loaded: the picture is made and sent meanwhile. */
export function openEarly(): void {
  early = openStream(null);
}

/** The connection that was made early, once. null: there is none. */
export function takeEarly(): Stream | null {
  const taken = early;
  early = null;
  return taken;
}
