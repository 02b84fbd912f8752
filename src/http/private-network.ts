import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { networkInterfaces } from "node:os";
import type { Edge } from "./edge.ts";

/** Those of RFC 1918, and of RFC 4193 for IPv6. The loopback is none: behind it may stand a proxy that says nothing. */
const NETWORKS = new BlockList();
NETWORKS.addSubnet("10.0.0.0", 8, "ipv4");
NETWORKS.addSubnet("172.16.0.0", 12, "ipv4");
NETWORKS.addSubnet("192.168.0.0", 16, "ipv4");
NETWORKS.addSubnet("fc00::", 7, "ipv6");

/** Names that no stranger can own, so that no page of a stranger is addressed by them. */
const LOCAL_NAME = /^([a-z0-9_-]+|[a-z0-9_.-]+\.(local|lan|home|internal|localdomain|home\.arpa))\.?$/i;

/**
 * Whether a request comes from the private network that this server is in, by the address that really calls, and was meant for it: asked
 * by address or by a local name, so that no page elsewhere made a name of its own point here. `relays` are addresses by which anybody may
 * come. A request that somebody passed on whom we do not know comes from nowhere.
 */
export function isOfPrivateNetwork(request: IncomingMessage, edge: Edge, relays: ReadonlySet<string>): boolean {
  const caller = edge.callerOf(request);
  const version = caller === null ? 0 : isIP(caller);
  if (caller === null || version === 0 || relays.has(caller)) return false;
  if (!NETWORKS.check(caller, version === 6 ? "ipv6" : "ipv4")) return false;
  return isLocalHost(edge.hostOf(request));
}

function isLocalHost(host: string): boolean {
  const name = URL.parse(`http://${host}`)?.hostname ?? "";
  return isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0 || LOCAL_NAME.test(name);
}

/**
 * Addresses by which anybody may come: a proxy on this machine calls from one of its own, and routers (that of Docker among them) put theirs
 * in the place of those whom they pass on.
 */
export function readRelays(): ReadonlySet<string> {
  const own = Object.values(networkInterfaces()).flatMap(addresses => (addresses ?? []).map(({ address }) => address));
  return new Set([...own, ...gatewaysIn(readRoutes())]);
}

/** Empty where the system has no such file; its routers are not known then. */
function readRoutes(): string {
  try {
    return readFileSync("/proc/net/route", "utf8");
  } catch {
    return "";
  }
}

/** The routers in Linux' table of routes, where an address is hexadecimal, its last part first. */
export function gatewaysIn(routes: string): string[] {
  const fields = routes.split("\n").map(line => line.trim().split(/\s+/)[2] ?? "");
  return fields
    .filter(field => /^[0-9A-F]{8}$/i.test(field) && !/^0+$/.test(field))
    .map(field => [6, 4, 2, 0].map(at => Number.parseInt(field.slice(at, at + 2), 16)).join("."));
}
