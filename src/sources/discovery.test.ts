import assert from "node:assert/strict";
import { test } from "node:test";
import { addressesOf, BadNetwork, localNetworks } from "./discovery.ts";

const NETWORKS: [network: string, count: number, first: string, last: string][] = [
  ["192.168.1.0/24", 254, "192.168.1.1", "192.168.1.254"],
  ["192.168.1.77/24", 254, "192.168.1.1", "192.168.1.254"],
  ["10.0.0.0/22", 1022, "10.0.0.1", "10.0.3.254"],
  ["172.16.5.4/30", 2, "172.16.5.5", "172.16.5.6"],
  ["10.1.2.3/32", 1, "10.1.2.3", "10.1.2.3"],
  ["10.1.2.2/31", 2, "10.1.2.2", "10.1.2.3"],
];
test("the addresses of a network", () => {
  for (const [network, count, first, last] of NETWORKS) {
    const addresses = addressesOf(network);
    assert.deepEqual([addresses.length, addresses[0], addresses.at(-1)], [count, first, last], network);
  }
});

const WRONG = [
  "8.8.8.0/24",
  "172.32.0.0/24",
  "10.0.0.0/8",
  "10.0.0.0/21",
  "10.0.0.256/24",
  "10.0.0.0/33",
  "fd00::/64",
  "home",
  "",
];
test("only small private networks are scanned", () => {
  for (const network of WRONG) assert.throws(() => addressesOf(network), BadNetwork, network);
});

test("this machine's networks: private ones, around its own addresses", () => {
  const at = (cidr: string, internal = false) => {
    const [address = ""] = cidr.split("/");
    return { address, cidr, netmask: "", mac: "", family: "IPv4" as const, internal };
  };
  const interfaces = {
    lo: [at("127.0.0.1/8", true)],
    eth0: [at("10.4.5.6/8"), at("203.0.113.7/24")],
    eth1: [at("192.168.1.9/24"), at("192.168.1.10/24")],
    wg0: [at("10.9.0.2/30")],
  };
  assert.deepEqual(localNetworks(interfaces), ["10.4.5.0/24", "192.168.1.0/24", "10.9.0.2/30"]);
});
