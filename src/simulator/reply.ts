import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Millis } from "../kit/units.ts";
import type { Body } from "./machine.ts";
import type { Refusal } from "./refusal.ts";

/** What goes back over the wire. `type` null: an empty body that does not even tell its length, as Proxmox refuses a login. */
export interface Reply {
  status: number;
  reason: string;
  type: string | null;
  body: Body;
  /** How long it takes besides what every answer takes, in real time. */
  after?: Millis;
}

const JSON_TYPE = "application/json;charset=UTF-8";

/** A good answer. */
export function ok(body: Body): Reply {
  return { status: 200, reason: "OK", type: JSON_TYPE, body };
}

/** A body that is sent once and never compressed. */
export function bodyOf(content: string | Buffer): Body {
  const plain = Buffer.from(content);
  return { plain, gzip: () => plain };
}

/** The reason goes into the status line; newer releases repeat it in the body. 401 and failed proxying (595, 596) have no body. */
export function refused(
  refusal: Pick<Refusal, "status" | "message" | "errors" | "after">,
  release: { jsonMessage: boolean },
): Reply {
  const { status, message, errors, after } = refusal;
  if (status === 401 || status === 595 || status === 596)
    return { status, reason: message, type: null, body: bodyOf("") };
  const said = {
    ...(release.jsonMessage ? { message: `${message}\n` } : {}),
    ...(errors ? { errors } : {}),
    data: null,
  };
  return { status, reason: message, type: JSON_TYPE, body: bodyOf(JSON.stringify(said)), after };
}

/** Backup Server says it in the body, as bare text that it calls JSON; the status line has only the status' usual words. */
export function refusedBare({ status, message, errors, after }: Parameters<typeof refused>[0]): Reply {
  const details = Object.entries(errors ?? {}).map(([name, problem]) => `parameter '${name}': ${problem}\n`);
  const text = errors ? `parameter verification errors\n\n${details.join("")}` : message;
  return { status, reason: STATUS_CODES[status] ?? "Failed", type: JSON_TYPE, body: bodyOf(text), after };
}

/** Smaller answers are not worth compressing. */
const WORTH_COMPRESSING = 1024;

/** Sends a reply; after anything from 400 on the connection is closed. */
export function send(reply: Reply, request: IncomingMessage, response: ServerResponse): void {
  const { status, reason, type, body } = reply;
  writeHeaders(status, response);
  if (type === null) {
    // Taken away by hand, or the server would say "content-length: 0" all by itself.
    response.removeHeader("content-length");
    response.removeHeader("transfer-encoding");
    response.writeHead(status, reason);
    response.end();
    return;
  }
  const squeezed = status < 400 && body.plain.length > WORTH_COMPRESSING && asksForGzip(request);
  const bytes = squeezed ? body.gzip() : body.plain;
  const encoding = squeezed && bytes !== body.plain ? { "content-encoding": "gzip" } : {};
  response.writeHead(status, reason, { "content-type": type, "content-length": bytes.length, ...encoding });
  response.end(bytes);
}

/** What stands on every answer. */
export function writeHeaders(status: number, response: ServerResponse): void {
  response.setHeader("cache-control", "max-age=0");
  response.setHeader("pragma", "no-cache");
  response.setHeader("server", "pve-api-daemon/3.0");
  if (status >= 400) response.setHeader("connection", "close");
}

function asksForGzip(request: IncomingMessage): boolean {
  return /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
}
