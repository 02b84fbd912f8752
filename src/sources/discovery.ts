import { connect } from "node:net";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import { Agent, request } from "undici";
import { KIB, type Millis } from "../kit/units.ts";
import type { InstanceType } from "../model/instance-settings.ts";

/** A Proxmox server that answers at an address. */
export interface Found {
  /** An IPv4 address. */
  host: string;
  port: number;
  type: InstanceType;
  /** What it calls itself. */
  name: string;
}

/** Where the products listen. */
export const PORTS: readonly number[] = [8006, 8007];
/** A network larger than that is not scanned: 1,024 addresses. */
const SMALLEST_PREFIX = 22;

const KNOCK: Millis = 800;
const ASK: Millis = 4_000;
const AT_ONCE = 64;
const LARGEST_PAGE = 64 * KIB;
const MOST_NETWORKS = 4;
/** Proxmox VE, Backup Server and Mail Gateway put their host's name and their own into the title of their pages. */
const TITLE = /<title>\s*(\S+)\s+-\s+Proxmox (Virtual Environment|Backup Server|Mail Gateway)\s*<\/title>/;
const TYPES: Readonly<Record<string, InstanceType>> = {
  "Virtual Environment": "pve",
  "Backup Server": "pbs",
  "Mail Gateway": "pmg",
};

/**
 * Looks for Proxmox servers at `addresses`: knocks at each port, and reads the start page of what opens. Nothing is signed in to. Resolves
 * early, with what was found so far, when `signal` aborts.
 */
export async function discover(
  addresses: readonly string[],
  ports: readonly number[],
  signal: AbortSignal,
): Promise<Found[]> {
  await using stack = new AsyncDisposableStack();
  const agent = stack.adopt(new Agent({ connect: { rejectUnauthorized: false, timeout: ASK } }), one => one.destroy());
  const doors = addresses.flatMap(host => ports.map(port => ({ host, port })));
  const found: Found[] = [];
  const worker = async () => {
    for (let door = doors.shift(); door && !signal.aborted; door = doors.shift()) {
      if (!(await isOpen(door.host, door.port))) continue;
      const server = await identify(door.host, door.port, agent, signal);
      if (server) found.push(server);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const order = new Map(addresses.map((address, index) => [address, index]));
  return found.sort((a, b) => (order.get(a.host) ?? 0) - (order.get(b.host) ?? 0) || a.port - b.port);
}

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port, timeout: KNOCK });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

/** Which product answers; null: none, or it does not tell in time. */
async function identify(host: string, port: number, agent: Agent, signal: AbortSignal): Promise<Found | null> {
  try {
    const until = AbortSignal.any([signal, AbortSignal.timeout(ASK)]);
    const answer = await request(`https://${host}:${port}/`, { dispatcher: agent, signal: until });
    let page = "";
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      page += chunk.toString("latin1");
      if (page.length > LARGEST_PAGE) break;
    }
    const [, name = "", product = ""] = TITLE.exec(page) ?? [];
    const type = TYPES[product];
    return type ? { host, port, type, name } : null;
  } catch {
    // Whatever goes wrong, it is no server that could be watched.
    return null;
  }
}

/** A network that may not be scanned, or is none. */
export class BadNetwork extends Error {
  override name = "BadNetwork";
}

/** The addresses of a private IPv4 network such as "192.168.1.0/24". Throws BadNetwork. */
export function addressesOf(network: string): string[] {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(network.trim());
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = (match ?? []).slice(1).map(Number);
  if (!match || Math.max(a, b, c, d) > 255 || prefix > 32)
    throw new BadNetwork(`"${network}" is no network such as 192.168.1.0/24`);
  if (!isPrivate(a, b)) throw new BadNetwork(`"${network}" is not private; only private networks are scanned`);
  if (prefix < SMALLEST_PREFIX)
    throw new BadNetwork(
      `"${network}" is too large; at most 1,024 addresses (/${SMALLEST_PREFIX}) are scanned at a time`,
    );
  const size = 2 ** (32 - prefix);
  const first = Math.floor((a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / size) * size;
  // The network's own address and its broadcast address are nobody's.
  const edge = size > 2 ? 1 : 0;
  return Array.from({ length: size - 2 * edge }, (_, index) => toText(first + edge + index));
}

function isPrivate(a: number, b: number): boolean {
  return a === 10 || a === 127 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);
}

function toText(address: number): string {
  return [24, 16, 8, 0].map(shift => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** The private networks that this machine is in, each no larger than 256 addresses around its own. */
export function localNetworks(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces()): string[] {
  const own = Object.values(interfaces)
    .flatMap(list => list ?? [])
    .filter(({ family, internal, cidr }) => family === "IPv4" && !internal && cidr !== null);
  const networks = own.flatMap(({ address, cidr }) => {
    const [a = 0, b = 0, c = 0] = address.split(".").map(Number);
    const prefix = Math.max(24, Number(cidr?.split("/")[1] ?? 24));
    return isPrivate(a, b) ? [prefix === 24 ? `${a}.${b}.${c}.0/24` : `${address}/${prefix}`] : [];
  });
  return [...new Set(networks)].slice(0, MOST_NETWORKS);
}
