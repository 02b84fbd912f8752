import assert from "node:assert/strict";
import { test } from "node:test";
import { type AddressKind, isWithin, kindOf, toBlock } from "./address.ts";

const KINDS: readonly (readonly [address: string, kind: AddressKind])[] = [
  ["8.8.8.8", "public"],
  ["1.1.1.1", "public"],
  ["172.32.0.1", "public"],
  ["192.167.255.255", "public"],
  ["11.0.0.1", "public"],
  ["10.1.2.3", "private"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.168.1.10", "private"],
  ["100.64.0.1", "private"],
  ["198.18.0.5", "private"],
  ["127.0.0.1", "never"],
  ["127.255.255.254", "never"],
  ["0.0.0.0", "never"],
  ["0.1.2.3", "never"],
  ["169.254.169.254", "never"],
  ["169.254.0.1", "never"],
  ["100.100.100.200", "never"],
  ["168.63.129.16", "never"],
  ["192.0.0.192", "never"],
  ["224.0.0.1", "never"],
  ["239.255.255.250", "never"],
  ["240.0.0.1", "never"],
  ["255.255.255.255", "never"],
  ["2606:4700:4700::1111", "public"],
  ["2001:db8::1", "public"],
  ["fd12:3456::1", "private"],
  ["fc00::1", "private"],
  ["fec0::1", "private"],
  ["::", "never"],
  ["::1", "never"],
  ["0:0:0:0:0:0:0:1", "never"],
  ["fe80::1", "never"],
  ["fe80::1%eth0", "never"],
  ["febf::1", "never"],
  ["ff02::1", "never"],
  ["fd00:ec2::254", "never"],
  ["fd00:ec2::23", "never"],
  ["fd20:ce::254", "never"],
  ["::ffff:127.0.0.1", "never"],
  ["::ffff:7f00:1", "never"],
  ["::ffff:a9fe:a9fe", "never"],
  ["::ffff:10.0.0.1", "private"],
  ["::ffff:8.8.8.8", "public"],
  ["::ffff:0:127.0.0.1", "never"],
  ["::127.0.0.1", "never"],
  ["::a00:1", "private"],
  ["64:ff9b::127.0.0.1", "never"],
  ["64:ff9b::a9fe:a9fe", "never"],
  ["64:ff9b::192.168.1.1", "private"],
  ["64:ff9b::8.8.8.8", "public"],
  ["64:ff9b:1::8.8.8.8", "never"],
  ["2002:7f00:1::", "never"],
  ["2002:a9fe:a9fe::1", "never"],
  ["2002:a00:1::1", "private"],
  ["2002:808:808::1", "public"],
  // Teredo: the server is 8.8.8.8, the client ~0x80fffffe = 127.0.0.1 and ~0xf5fffffe = 10.0.0.1.
  ["2001:0:808:808:0:0:80ff:fffe", "never"],
  ["2001:0:808:808:0:0:f5ff:fffe", "private"],
  ["2001:0:7f00:1:0:0:f7f7:f7f7", "never"],
  ["2001:0:808:808:0:0:f7f7:f7f7", "public"],
  ["2606:4700::5efe:127.0.0.1", "never"],
  ["2606:4700::200:5efe:a00:1", "private"],
  ["no address", "never"],
  ["", "never"],
  ["1.2.3", "never"],
];

for (const [address, kind] of KINDS)
  test(`${JSON.stringify(address)} is ${kind}`, () => assert.equal(kindOf(address), kind));

const WITHIN: readonly (readonly [name: string, address: string, allowed: string[], within: boolean])[] = [
  ["an address of the block", "127.0.0.1", ["127.0.0.0/8"], true],
  ["an address outside", "128.0.0.1", ["127.0.0.0/8"], false],
  ["a block that does not end at a byte", "10.0.31.255", ["10.0.16.0/20"], true],
  ["the first behind it", "10.0.32.0", ["10.0.16.0/20"], false],
  ["a single address", "169.254.169.254", ["169.254.169.254"], true],
  ["an IPv6 block", "fd00::5", ["fd00::/8"], true],
  ["an IPv4 address in an IPv6 one", "::ffff:127.0.0.1", ["127.0.0.0/8"], true],
  ["an IPv6 block that holds an IPv4 address", "64:ff9b::7f00:1", ["64:ff9b::/96"], true],
  ["Teredo whose server alone is allowed", "2001:0:a00:1:0:0:80ff:fffe", ["10.0.0.0/8"], false],
  ["everything", "127.0.0.1", ["0.0.0.0/0"], true],
  ["nothing allowed", "10.0.0.1", [], false],
];

for (const [name, address, allowed, within] of WITHIN)
  test(`${name}: ${within}`, () => assert.equal(isWithin(address, allowed.map(toBlock)), within));

for (const wrong of ["10.0.0.0/33", "fd00::/129", "10.0.0/8", "home", "", "10.0.0.0/", "10.0.0.0/-1"])
  test(`${JSON.stringify(wrong)} is no block`, () => assert.throws(() => toBlock(wrong), RangeError));
