import type { Instant } from "../kit/units.ts";
import type { Alert } from "../model/alert.ts";
import type { PackedPatch } from "../model/packed-patch.ts";
import type { SnapshotPart } from "../model/snapshot.ts";
import type { State } from "../model/state.ts";
import type { UpdateStatus } from "../model/update.ts";

/** Where the live stream is; needs the access `read`. */
export const LIVE_PATH = "/ws";
/** Where clients that speak Socket.IO find the same events; needs the access `read`. */
export const SOCKET_IO_PATH = "/socket.io/";
/**
 * Who wants patches instead of full states says so: `/ws?format=patch`. Who has a picture already, of that epoch and version, adds
 * `&epoch=…&version=…`.
 */
export const PATCH_FORMAT = "patch";
/**
 * A screen on the wall says `/ws?format=wall`: it needs the access `wall` only, and gets what `/api/wall` has. A page can send no header with a
 * WebSocket, and what stands in an address ends up in logs: it offers the protocols `pulse.wall` and, after it, its token.
 */
export const WALL_FORMAT = "wall";
export const WALL_PROTOCOL = "pulse.wall";

/**
 * One text frame from server to client. Every client gets `welcome` first.
 * - A client that asked for nothing gets `initialState`, then `rawData` with the full state while it changes: the frames that clients
 *   of the original know.
 * - A client that asked for patches gets the whole picture in as many `snapshot` as it has parts, then each `patch`; when a number is
 *   missing it sends `requestData` and gets a new picture. A client too slow to take its patches gets one in their place.
 * - A client of patches that comes back and says what it has gets `resumed`, then the patches since; a new picture when they are gone.
 * - A client of the wall gets a `wall`, and another one when alerts change, and every ten seconds while anything does. No other frames but
 *   `ping` and `pong`.
 * - `testNotification` when somebody asks for one (`POST /api/test-notification`); `timestamp` is Unix time, seconds.
 * - `settingsUpdate` when the theme of those who chose none has changed.
 * - `update:progress` whenever the status of an update changes; `timestamp` is RFC 3339.
 * - Clients of the old frames get `alert` when an alert begins to fire or changes its level or acknowledgement, and `alertResolved` when it
 *   is over. Clients of patches find alerts in the picture, as everything else.
 * - Clients of patches get `changes` when something in the estate changed: `GET /api/changes` has more than it had.
 * - `ping` every 30 s, and `pong` in answer to a client's `ping`.
 */
export type ServerFrame =
  | { type: "welcome"; data: { message: string; version: string } }
  | { type: "initialState" | "rawData" | "wall"; data: State }
  | { type: "snapshot"; data: SnapshotPart }
  | { type: "patch"; data: PackedPatch }
  | { type: "resumed"; data: { version: number } }
  | { type: "testNotification"; data: { message: string; timestamp: number } }
  | { type: "settingsUpdate"; data: { theme: string } }
  | { type: "update:progress"; data: UpdateStatus; timestamp: string }
  | { type: "alert"; data: Alert }
  | { type: "alertResolved"; data: { alertId: string } }
  | { type: "changes"; data: { newest: number } }
  | { type: "ping" | "pong"; data: { timestamp: number } };

/** One text frame from client to server; anything else is ignored. */
export type ClientFrame = { type: "ping" | "pong" | "requestData"; data?: unknown };

/** How often the full state goes to clients of the old frames, at the least apart. */
export const RAW_INTERVAL: Instant = 10_000;
/** How often `ping` goes out; a client that hears nothing for twice as long may take the line for dead. */
export const PING_INTERVAL: Instant = 30_000;
