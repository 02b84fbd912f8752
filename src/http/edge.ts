import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Credentials } from "../model/caller.ts";
import { type EdgeSettings, NO_EDGE } from "../model/security-settings.ts";
import { credentialsOf, isForeign, isPassedOn } from "./door.ts";

/** What stands between callers and this server: whom to believe about who calls. What strangers say in `X-Forwarded-…` counts nothing. */
export class Edge {
  readonly settings: EdgeSettings;
  readonly #proxies = new BlockList();
  #allowedOrigins: readonly string[];
  #frameAncestors: readonly string[] = [];

  /** Takes checked settings: each proxy is an address or a network. */
  constructor(settings: EdgeSettings = NO_EDGE) {
    this.settings = settings;
    this.#allowedOrigins = settings.allowedOrigins;
    for (const proxy of settings.trustedProxies) {
      const [address = "", bits] = proxy.split("/");
      const family = isIP(address) === 6 ? "ipv6" : "ipv4";
      if (bits === undefined) this.#proxies.addAddress(address, family);
      else this.#proxies.addSubnet(address, Number(bits), family);
    }
  }

  /** Where the caller is: the peer, or who a trusted proxy says that it speaks for. */
  addressOf({ headers, socket }: IncomingMessage): string {
    const peer = plain(socket.remoteAddress ?? "");
    if (!this.#isProxy(peer)) return peer || "unknown";
    const way = listOf(headers["x-forwarded-for"]).map(hop => plain(hop));
    // From here outwards: the first that is no proxy of ours is the caller; what stands before it anybody could have written.
    const caller = way.reverse().find(hop => !this.#isProxy(hop));
    return caller !== undefined && isIP(caller) !== 0 ? caller : peer;
  }

  /** Who really calls: the peer, or whom a trusted proxy names; null where somebody else stands in between, or the proxy names nobody. */
  callerOf(request: IncomingMessage): string | null {
    const peer = plain(request.socket.remoteAddress ?? "");
    if (!this.#isProxy(peer)) return isPassedOn(request) ? null : peer;
    const caller = this.addressOf(request);
    return caller === peer ? null : caller;
  }

  /** Whether the caller's connection is encrypted. */
  isSecure({ headers, socket }: IncomingMessage): boolean {
    if ((socket as Partial<TLSSocket>).encrypted === true) return true;
    return this.#isProxy(plain(socket.remoteAddress ?? "")) && listOf(headers["x-forwarded-proto"]).at(-1) === "https";
  }

  /** The host that the caller addressed, with its port. */
  hostOf({ headers, socket }: IncomingMessage): string {
    const forwarded = listOf(headers["x-forwarded-host"]).at(-1);
    const believed = forwarded !== undefined && this.#isProxy(plain(socket.remoteAddress ?? ""));
    return (believed ? forwarded : headers.host) ?? "localhost";
  }

  /**
   * A page of another origin makes the request, and not one that may. A trusted proxy may pass the host on as it was addressed, or say it
   * besides, with or without the port.
   */
  isForeign(request: IncomingMessage): boolean {
    const { headers, socket } = request;
    if (this.allows(headers.origin) || !isForeign(headers)) return false;
    if (!this.#isProxy(plain(socket.remoteAddress ?? ""))) return true;
    const origin = URL.parse(headers.origin ?? "");
    const forwarded = listOf(headers["x-forwarded-host"]).at(-1);
    return forwarded === undefined || (forwarded !== origin?.host && forwarded !== origin?.hostname);
  }

  /** Whether pages of `origin` may call the API from elsewhere. */
  allows(origin: string | undefined): boolean {
    const allowed = this.#allowedOrigins;
    return origin !== undefined && (allowed.includes(origin) || (allowed.includes("*") && origin !== "null"));
  }

  /** Origins whose pages may call the API with a token. */
  get allowedOrigins(): readonly string[] {
    return this.#allowedOrigins;
  }

  /** Whose pages may show Pulse in a frame, as a policy writes it; empty: nobody's. */
  get frameAncestors(): readonly string[] {
    return this.#frameAncestors;
  }

  /** From now on pages of `callers` may call the API, and those of `ancestors` show Pulse in a frame. */
  open(callers: readonly string[], ancestors: readonly string[]): void {
    this.#allowedOrigins = callers;
    this.#frameAncestors = ancestors;
  }

  /** What the request shows to say who calls. `tokenInQuery`: `?token=` counts, too. */
  credentialsOf(request: IncomingMessage, tokenInQuery = false): Credentials {
    const shown = credentialsOf(request);
    const query = tokenInQuery ? URL.parse(request.url ?? "", "http://pulse")?.searchParams.get("token") : null;
    const proxyUser = this.#proxyUserOf(request);
    return { ...shown, token: shown.token ?? query ?? null, ...(proxyUser ? { proxyUser } : {}) };
  }

  #proxyUserOf({ headers, socket }: IncomingMessage): Credentials["proxyUser"] | null {
    const { proxyAuth } = this.settings;
    if (!proxyAuth || !this.#isProxy(plain(socket.remoteAddress ?? ""))) return null;
    if (!sameText(textOf(headers["x-proxy-secret"]), proxyAuth.secret)) return null;
    const name = textOf(headers[proxyAuth.userHeader]).trim();
    if (name === "") return null;
    const { roleHeader, roleSeparator } = proxyAuth;
    const roles = roleHeader === null ? null : textOf(headers[roleHeader]).split(roleSeparator);
    return { name, roles: roles?.map(role => role.trim()) ?? null };
  }

  #isProxy(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.#proxies.check(address, version === 6 ? "ipv6" : "ipv4");
  }
}

/** The network a caller is counted by: an IPv4 address, or the /64 of an IPv6 one, which is what one customer has. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail ? tail.split(":") : [];
  const filled = [...before, ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0"), ...after];
  return `${filled.slice(0, 4).join(":")}::/64`;
}

/** Private, link-local or of this machine. */
export function isPrivate(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && PRIVATE.check(address, version === 6 ? "ipv6" : "ipv4");
}

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
  ["127.0.0.0", 8],
] as const)
  PRIVATE.addSubnet(network, bits, "ipv4");
PRIVATE.addSubnet("fc00::", 7, "ipv6");
PRIVATE.addSubnet("fe80::", 10, "ipv6");
PRIVATE.addAddress("::1", "ipv6");

/** An IPv4 address as such, also where the socket shows it as an IPv6 one; without port and brackets. */
function plain(address: string): string {
  const bare = address
    .trim()
    .replace(/^\[(.*)\](:\d+)?$/, "$1")
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1");
  return bare.replace(/^::ffff:(?=\d+\.)/i, "");
}

function listOf(header: string | string[] | undefined): string[] {
  return textOf(header)
    .split(",")
    .map(part => part.trim())
    .filter(part => part !== "");
}

function textOf(header: string | string[] | undefined): string {
  return Array.isArray(header) ? header.join(",") : (header ?? "");
}

function sameText(a: string, b: string): boolean {
  const hash = (text: string) => createHash("sha3-256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
