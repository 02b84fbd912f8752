import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { NO_EDGE } from "../model/security-settings.ts";
import { Edge } from "./edge.ts";
import { gatewaysIn, isOfPrivateNetwork, readRelays } from "./private-network.ts";

const EDGE = new Edge({ ...NO_EDGE, trustedProxies: ["10.0.0.2", "127.0.0.1"] });
const RELAYS = new Set(["192.168.1.1", "192.168.1.20"]);

type Headers = Record<string, string>;
const CASES: [sentence: string, peer: string, headers: Headers, isPrivate: boolean, httpVersion?: string][] = [
  ["192.168.x.x", "192.168.1.5", {}, true],
  ["10.x.x.x", "10.9.8.7", {}, true],
  ["172.16.x.x", "172.16.0.9", {}, true],
  ["the end of 172.16.0.0/12", "172.31.255.254", {}, true],
  ["beyond it", "172.32.0.1", {}, false],
  ["an IPv4 address as IPv6 shows it", "::ffff:192.168.1.5", {}, true],
  ["a unique local address of IPv6", "fd00::5", { host: "[fd00::1]:7655" }, true],
  ["a public address", "203.0.113.9", {}, false],
  ["a public address of IPv6", "2001:db8::1", {}, false],
  ["the loopback, behind which a silent proxy may stand", "127.0.0.2", {}, false],
  ["the router", "192.168.1.1", {}, false],
  ["this machine's own address", "192.168.1.20", {}, false],
  ["by localhost", "192.168.1.5", { host: "localhost:7655" }, true],
  ["by a name without dots", "192.168.1.5", { host: "pulse:7655" }, true],
  ["by a local name", "192.168.1.5", { host: "pulse.lan" }, true],
  ["by a local name of RFC 8375", "192.168.1.5", { host: "Pulse.Home.Arpa." }, true],
  ["by a name that somebody can own", "192.168.1.5", { host: "pulse.example.com" }, false],
  ["by a name that ends almost like a local one", "192.168.1.5", { host: "evil-lan.com" }, false],
  ["by a name with a local one within", "192.168.1.5", { host: "pulse.lan.example.com" }, false],
  ["by no name", "192.168.1.5", { host: "" }, false],
  ["passed on by a stranger", "192.168.1.5", { "x-forwarded-for": "192.168.1.6" }, false],
  ["with the word of another proxy", "192.168.1.5", { forwarded: "for=192.168.1.6" }, false],
  ["passed on, by the name of who did", "192.168.1.5", { via: "1.1 proxy" }, false],
  ["in the words of HTTP 1.0, as a silent proxy speaks", "192.168.1.5", {}, false, "1.0"],
  ["a public caller who says to be private", "203.0.113.9", { "x-forwarded-for": "192.168.1.5" }, false],
  ["a public caller with the real address in a header", "203.0.113.9", { "x-real-ip": "192.168.1.5" }, false],
  ["a trusted proxy for a private caller", "10.0.0.2", { "x-forwarded-for": "192.168.1.5" }, true],
  ["a trusted proxy of this machine for one", "127.0.0.1", { "x-forwarded-for": "192.168.1.5" }, true],
  ["a trusted proxy that speaks HTTP 1.0, for one", "10.0.0.2", { "x-forwarded-for": "192.168.1.5" }, true, "1.0"],
  ["a trusted proxy for a public caller", "10.0.0.2", { "x-forwarded-for": "203.0.113.9" }, false],
  ["one who put a private address before his", "10.0.0.2", { "x-forwarded-for": "192.168.1.5, 203.0.113.9" }, false],
  ["a trusted proxy that says for nobody", "10.0.0.2", {}, false],
  ["a trusted proxy that says rubbish", "10.0.0.2", { "x-forwarded-for": "unknown" }, false],
  ["a trusted proxy for the router", "10.0.0.2", { "x-forwarded-for": "192.168.1.1" }, false],
  [
    "a trusted proxy for a private caller, by a name that somebody can own",
    "10.0.0.2",
    { "x-forwarded-for": "192.168.1.5", "x-forwarded-host": "pulse.example.com" },
    false,
  ],
];
for (const [sentence, remoteAddress, headers, isPrivate, httpVersion = "1.1"] of CASES)
  test(`private network: ${sentence}: ${isPrivate ? "yes" : "no"}`, () => {
    const request = {
      httpVersion,
      headers: { host: "192.168.1.20:7655", ...headers },
      socket: { remoteAddress },
    } as unknown as IncomingMessage;
    assert.equal(isOfPrivateNetwork(request, EDGE, RELAYS), isPrivate);
  });

test("routers are read from the table of routes; the machine's own addresses are relays, too", () => {
  const routes = [
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
    "eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0",
    "eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0",
    "",
  ].join("\n");
  assert.deepEqual(gatewaysIn(routes), ["172.17.0.1"]);
  const own = Object.values(networkInterfaces()).flatMap(addresses => addresses ?? []);
  assert.ok(own.every(({ address }) => readRelays().has(address)));
});
