import { isIP } from "node:net";

/** An IP address as its 4 or 16 bytes. */
type Bytes = readonly number[];

/** A block of addresses: those whose first `length` bits are those of `bytes`. */
interface Block {
  bytes: Bytes;
  length: number;
}

/**
 * What kind of address it is. `never`: no receiver has it (this machine, the link, cloud metadata, many at once, nobody). `private`: of a
 * network at home, as most receivers of a homelab.
 */
export type AddressKind = "public" | "private" | "never";

/** Addresses that no notification goes to. */
const NEVER = blocks(
  "0.0.0.0/8", // this host
  "127.0.0.0/8",
  "169.254.0.0/16", // link-local; clouds keep the keys of their machines at 169.254.169.254 and 169.254.170.2
  "100.100.100.200/32", // metadata of Alibaba Cloud
  "168.63.129.16/32", // metadata of Azure
  "192.0.0.0/24", // protocol assignments; metadata of Oracle Cloud
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, and broadcast
  "::/128",
  "::1/128",
  "fe80::/10", // link-local
  "ff00::/8", // multicast
  "fd00:ec2::/32", // metadata of AWS
  "fd20:ce::254/128", // metadata of Google Cloud
  "64:ff9b:1::/48", // NAT64 of a site: where the IPv4 address stands in it is the site's own choice
);
const PRIVATE = blocks(
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10", // shared by carriers; Tailscale
  "198.18.0.0/15", // benchmarks; what some routers make up for names
  "fc00::/7",
  "fec0::/10", // site-local, of old
);

/** IPv6 blocks whose addresses carry an IPv4 address, which is where the packets end up; `at`: its first byte. */
const CARRIERS: readonly { block: Block; at: number; inverted?: true }[] = [
  { block: toBlock("::/96"), at: 12 }, // IPv4-compatible
  { block: toBlock("::ffff:0:0/96"), at: 12 }, // IPv4-mapped
  { block: toBlock("::ffff:0:0:0/96"), at: 12 }, // IPv4-translated (SIIT)
  { block: toBlock("64:ff9b::/96"), at: 12 }, // NAT64
  { block: toBlock("2002::/16"), at: 2 }, // 6to4
  { block: toBlock("2001::/32"), at: 4 }, // Teredo: the server
  { block: toBlock("2001::/32"), at: 12, inverted: true }, // Teredo: the client
];

/** Of an IPv4 or IPv6 address in any spelling that the system uses, a zone ("%eth0") included. What is no address is `never`. */
export function kindOf(address: string): AddressKind {
  const bytes = toBytes(address);
  return bytes === null ? "never" : kindOfBytes(bytes);
}

/** Whether one of the CIDR blocks (or single addresses) has the address, or the IPv4 address that it carries. */
export function isWithin(address: string, allowed: readonly Block[]): boolean {
  const bytes = toBytes(address);
  if (bytes === null) return false;
  const carried = carriedBy(bytes);
  const all = carried.length === 0 ? [bytes] : carried;
  return has(allowed, bytes) || all.every(one => has(allowed, one));
}

/** "10.0.0.0/8", "fd00::/8" or a single address. Throws a RangeError that names what it cannot read. */
export function toBlock(cidr: string): Block {
  const [address = "", length] = cidr.trim().split("/");
  const bytes = toBytes(address);
  const bits = (bytes?.length ?? 0) * 8;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (bytes === null || !(prefix <= bits)) throw new RangeError(`"${cidr}" is no block of addresses, as 10.0.0.0/8 is`);
  return { bytes, length: prefix };
}

function blocks(...cidrs: readonly string[]): Block[] {
  return cidrs.map(toBlock);
}

function kindOfBytes(bytes: Bytes): AddressKind {
  const carried = carriedBy(bytes).map(kindOfBytes);
  if (has(NEVER, bytes) || carried.includes("never")) return "never";
  return has(PRIVATE, bytes) || carried.includes("private") ? "private" : "public";
}

/** The IPv4 addresses in an IPv6 address. */
function carriedBy(bytes: Bytes): Bytes[] {
  if (bytes.length === 4) return [];
  const found = CARRIERS.filter(({ block }) => has([block], bytes)).map(({ at, inverted }) =>
    bytes.slice(at, at + 4).map(byte => (inverted ? byte ^ 0xff : byte)),
  );
  // ISATAP: the host part is 0000:5efe or 0200:5efe and the address.
  const host = bytes.slice(8, 12);
  if ((host[0] === 0 || host[0] === 2) && host[1] === 0 && host[2] === 0x5e && host[3] === 0xfe)
    found.push(bytes.slice(12));
  return found;
}

function has(list: readonly Block[], bytes: Bytes): boolean {
  return list.some(block => block.bytes.length === bytes.length && startsAs(block, bytes));
}

function startsAs(block: Block, bytes: Bytes): boolean {
  const whole = block.length >> 3;
  if (block.bytes.slice(0, whole).some((byte, index) => byte !== bytes[index])) return false;
  const mask = (0xff00 >> (block.length & 7)) & 0xff;
  return ((block.bytes[whole] ?? 0) & mask) === ((bytes[whole] ?? 0) & mask);
}

function toBytes(address: string): Bytes | null {
  const bare = address.replace(/%.*$/s, "");
  const version = isIP(bare);
  if (version === 4) return bare.split(".").map(Number);
  return version === 6 ? toBytesOf6(bare) : null;
}

/** NOTE: `isIP` has said that it is a right one. */
function toBytesOf6(address: string): Bytes {
  const tail = /[\d.]+\.[\d.]+$/.exec(address)?.[0];
  const groups = (text: string) =>
    text
      .split(":")
      .filter(group => group !== "")
      .flatMap(group => {
        if (group === tail) return tail.split(".").map(Number);
        const value = Number.parseInt(group, 16);
        return [value >> 8, value & 0xff];
      });
  const [before = "", after] = address.split("::");
  const head = groups(before);
  if (after === undefined) return head;
  const end = groups(after);
  return [...head, ...Array.from({ length: 16 - head.length - end.length }, () => 0), ...end];
}
