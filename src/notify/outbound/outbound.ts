import { lookup as systemLookup } from "node:dns";
import type { LookupFunction, Socket } from "node:net";
import { Agent, buildConnector, request } from "undici";
import { type Bytes, type Instant, KIB, type Millis, SECOND } from "../../kit/units.ts";
import { ChannelFailure, type Post } from "../channels/channel.ts";
import { isWithin, kindOf, toBlock } from "./address.ts";
import { isCertificateCode } from "./certificate-code.ts";
import { readRetryAfter } from "./retry-after.ts";

const DEADLINE: Millis = 30 * SECOND;
const CONNECT_DEADLINE: Millis = 10 * SECOND;
const LARGEST_ANSWER: Bytes = 64 * KIB;
const MOST_REDIRECTS = 3;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
/** All that goes along to another host: whatever else there is may be a credential. */
const HARMLESS: readonly string[] = ["content-type", "accept", "user-agent"];

export interface OutboundOptions {
  /** CIDR blocks that may be reached whatever they are. Throws a RangeError for one that it cannot read. */
  allow: readonly string[];
  /** Whether private networks are open; they are where the receivers of a homelab live. */
  privateNetworks: boolean;
  now?: () => Instant;
  /** How names become addresses; the system's way unless given. */
  lookup?: LookupFunction;
}

/** The way out. */
export interface Outbound extends AsyncDisposable {
  post: Post;
  /**
   * Why nothing goes to that URL, as far as can be said without asking for its host's address; null: no reason is known. Whatever this
   * says, each connection is checked when it is made.
   */
  refusalOf(url: string): string | null;
}

/** A connection was not made because of where it would have led. */
class Forbidden extends Error {}

/**
 * Opens the way out for what is sent over HTTP. What counts is the address that is connected to, not the name that leads there: so no name
 * that changes its address in between, no redirect and no odd spelling gets past. The environment's proxy settings are not followed: a
 * proxy would connect in our place, and nobody would check.
 */
export function openOutbound(options: OutboundOptions): Outbound {
  const allowed = options.allow.map(toBlock);
  const permits = (address: string) => {
    const kind = kindOf(address);
    if (kind === "public" || (kind === "private" && options.privateNetworks)) return true;
    return isWithin(address, allowed);
  };
  const connect = guardedConnectors(permits, options.lookup ?? systemLookup);
  const strict = new Agent({ connect: connect(true), allowH2: false });
  const lenient = new Agent({ connect: connect(false), allowH2: false });
  const now = options.now ?? Date.now;
  return {
    post: asked => follow(asked, asked.insecure ? lenient : strict, now),
    refusalOf: url => refusalOf(url, permits),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([strict.destroy(), lenient.destroy()]);
    },
  };
}

type Permits = (address: string) => boolean;

/** Connects to permitted addresses only: to a literal one if it is, to a name's as far as they are. */
function guardedConnectors(permits: Permits, lookup: LookupFunction) {
  const guarded: LookupFunction = (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const addresses = (Array.isArray(found) ? found : []).filter(({ address }) => permits(address));
      const [first] = addresses;
      if (first === undefined) return callback(new Forbidden(), []);
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  return (verify: boolean): buildConnector.connector => {
    const base = buildConnector({
      lookup: guarded,
      rejectUnauthorized: verify,
      timeout: CONNECT_DEADLINE,
      allowH2: false,
    });
    return (target, callback) => {
      if (isLiteral(target.hostname) && !permits(bare(target.hostname))) return callback(new Forbidden(), null);
      base(target, (error, socket) => {
        if (error) return callback(error, null);
        // A last look at what it has come to, however it got there.
        if (permits((socket as Socket).remoteAddress ?? "")) return callback(null, socket as Socket);
        socket?.destroy();
        callback(new Forbidden(), null);
      });
    };
  };
}

/** Sends, and follows redirects by hand: each is a connection of its own, checked like the first. */
async function follow(asked: Parameters<Post>[0], agent: Agent, now: () => Instant): ReturnType<Post> {
  const signal = AbortSignal.timeout(asked.timeout ?? DEADLINE);
  let url = toUrl(asked.url);
  let { method, body } = asked;
  let headers = withoutUserInfo(url, { "user-agent": "Pulse", ...lowerCased(asked.headers) });
  for (let redirects = 0; ; redirects++) {
    const answer = await ask(url, method, headers, body, agent, signal);
    const retryAfter = readRetryAfter(answer.retryAfter, now());
    if (!REDIRECTS.includes(answer.status) || answer.location === undefined)
      return { status: answer.status, body: answer.body, retryAfter };
    if (redirects === MOST_REDIRECTS) throw new ChannelFailure("refused", `"${url.host}" redirects too often`);
    const next = toUrl(answer.location, url);
    if (url.protocol === "https:" && next.protocol === "http:")
      throw new ChannelFailure("forbidden", `"${url.host}" redirects to "${next.host}" without TLS`);
    if (dropsBody(answer.status, url, next)) [method, body] = ["GET", null];
    if (!isSameServer(url, next)) headers = only(HARMLESS, headers);
    if (body === null) headers = without("content-type", headers);
    headers = withoutUserInfo(next, headers);
    url = next;
  }
}

/**
 * Whether the method becomes GET, as browsers and Go do it on all but 307 and 308. NOTE: a proxy that sends `http:` to `https:` by 301 or
 * 302 has done nothing with the message yet: to the same host it is sent whole.
 */
function dropsBody(status: number, from: URL, to: URL): boolean {
  if (status === 307 || status === 308) return false;
  return status === 303 || from.hostname !== to.hostname;
}

/** The same host, at the same port or at the usual one with TLS added. */
function isSameServer(from: URL, to: URL): boolean {
  return from.hostname === to.hostname && from.port === to.port;
}

async function ask(
  url: URL,
  method: "POST" | "PUT" | "GET",
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array | null,
  dispatcher: Agent,
  signal: AbortSignal,
) {
  let hasLeft = false;
  const onRequestSent = () => {
    hasLeft = true;
  };
  const watching = dispatcher.compose(dispatch => (options, handler) => {
    return dispatch(options, Object.assign(handler, { onRequestSent }));
  });
  try {
    const answer = await request(url, { method, headers, body, dispatcher: watching, signal });
    const text = await readBounded(answer.body);
    const header = (name: string) => [answer.headers[name]].flat()[0];
    return {
      status: answer.statusCode,
      body: text,
      location: header("location"),
      retryAfter: header("retry-after"),
    };
  } catch (error) {
    throw toFailure(error, url, hasLeft);
  }
}

/** NOTE: whether it was taken the status has said: what breaks off, or never ends, is read as far as it came. */
async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= LARGEST_ANSWER) break;
    }
  } catch (error) {
    if (codeOf(error) === "") throw error;
  }
  return Buffer.concat(chunks).subarray(0, LARGEST_ANSWER).toString("utf8");
}

/** Names the host alone: paths and queries hold tokens. `hasLeft`: all of it was sent, and it may have been taken. */
function toFailure(error: unknown, url: URL, hasLeft: boolean): unknown {
  const host = `"${url.host}"`;
  if (error instanceof Forbidden) return new ChannelFailure("forbidden", closed(url));
  const code = codeOf(error);
  if (code === "") return error;
  if (code === "UND_ERR_INVALID_ARG")
    return new ChannelFailure("refused", `A header for ${host} cannot be sent as it is`, { cause: error });
  if (["ABORT_ERR", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"].includes(code))
    return new ChannelFailure("unreachable", `No answer in time from ${host}`, { cause: error, perhaps: hasLeft });
  const what = isCertificateCode(code) ? `The certificate of ${host} is not trusted` : `Cannot reach ${host}`;
  return new ChannelFailure("unreachable", `${what} (${code})`, { cause: error, perhaps: hasLeft });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if (error.name === "TimeoutError" || error.name === "AbortError") return "ABORT_ERR";
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === "string" ? code : "";
}

/** Throws ChannelFailure for what is no http(s) URL. */
function toUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url === null) throw new ChannelFailure("refused", base ? `"${base.host}" redirects to no address` : NO_URL);
  if (isHttp(url)) return url;
  throw new ChannelFailure("forbidden", notHttp(url));
}

const NO_URL = "The address is no URL";

function refusalOf(text: string, permits: Permits): string | null {
  const url = URL.parse(text);
  if (url === null) return NO_URL;
  if (!isHttp(url)) return notHttp(url);
  const address = /^(.+\.)?localhost\.?$/.test(url.hostname) ? "127.0.0.1" : bare(url.hostname);
  if (!isLiteral(address) || permits(address)) return null;
  return kindOf(address) === "private" ? `Private networks are closed to Pulse, and so is "${url.host}"` : closed(url);
}

const isHttp = (url: URL) => url.protocol === "http:" || url.protocol === "https:";
const notHttp = (url: URL) => `Pulse sends to http and https alone, not to "${url.protocol}"`;
const closed = (url: URL) =>
  `"${url.host}" is where Pulse does not send to; allow its network in the settings if it is yours`;

/** URLs have IPv6 addresses in brackets. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/** NOTE: the URL parser has turned decimal, octal and hexadecimal IPv4 addresses into the usual form. */
function isLiteral(hostname: string): boolean {
  return /^[\d.]+$/.test(hostname) || hostname.includes(":");
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function only(names: readonly string[], headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));
}

function without(name: string, headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name));
}

/** Name and password in a URL become a header, unless there is one. */
function withoutUserInfo(url: URL, headers: Readonly<Record<string, string>>): Record<string, string> {
  const { username, password } = url;
  if (username === "" && password === "") return { ...headers };
  url.username = "";
  url.password = "";
  const pair = `${decoded(username)}:${decoded(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}`, ...headers };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
