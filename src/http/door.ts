import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { parseCookie } from "cookie";
import type { Caller, Credentials, Right, SignIn } from "../model/caller.ts";

/** Who is let in: answered by the accounts room, asked by every route. */
export interface Door {
  readonly signIn: SignIn;
  identify(credentials: Credentials): Caller;
  login(username: string, password: string, address: string, extras?: LoginExtras): Promise<LoginResult>;
  logout(session: string): Promise<void>;
}

export type LoginResult =
  | { kind: "in"; session: string; lifetime: number }
  | { kind: "refused"; attempts: number; remaining: number }
  | { kind: "code-needed" }
  | { kind: "locked"; until: number };

export interface LoginExtras {
  /** Of the second factor. */
  code?: string;
  /** For 30 days instead of one. */
  remember?: boolean;
  /** What the browser calls itself. */
  agent?: string;
}

/** The name of the session cookie, as older clients know it. */
export const SESSION_COOKIE = "pulse_session";

/** What a request shows to say who calls. */
export function credentialsOf(request: IncomingMessage): Credentials {
  const { headers, socket } = request;
  return {
    token: first(headers["x-api-token"]) ?? bearerOf(headers.authorization),
    session: cookiesOf({ headers })[SESSION_COOKIE] ?? null,
    local: !isPassedOn(request) && isLocal(headers, socket.remoteAddress ?? ""),
  };
}

export function cookiesOf({ headers }: { headers: IncomingHttpHeaders }): Readonly<Record<string, string | undefined>> {
  return parseCookie(headers.cookie ?? "");
}

/** Whether a caller has a right; who may look may look at the wall, too. */
export function may(caller: Caller, right: Right): boolean {
  return caller.may.includes(right) || (right === "wall" && caller.may.includes("read"));
}

function bearerOf(authorization: string | undefined): string | null {
  return /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1] ?? null;
}

const SIGNS_OF_A_PROXY = ["x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via"];

/**
 * Something says that a proxy passed the request on. nginx, unless told otherwise, says nothing of the caller, and speaks HTTP 1.0, which
 * no browser and no curl does.
 */
export function isPassedOn({ headers, httpVersion }: Pick<IncomingMessage, "headers" | "httpVersion">): boolean {
  return httpVersion === "1.0" || SIGNS_OF_A_PROXY.some(name => name in headers);
}

/**
 * From this very machine: the peer is the loopback, and it was addressed as the loopback (a web page of somebody else can make a name of
 * its own point here).
 */
function isLocal(headers: IncomingHttpHeaders, peer: string): boolean {
  return isLoopback(peer) && isLoopback(hostnameOf(headers.host ?? ""));
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(host);
}

function hostnameOf(host: string): string {
  return URL.parse(`http://${host}`)?.hostname ?? "";
}

function first(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/**
 * True when a browser page of another origin makes the request. Scripts and tools send no Origin.
 */
export function isForeign(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  return origin !== undefined && URL.parse(origin)?.host !== host;
}
