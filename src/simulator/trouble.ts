import type { ServerResponse } from "node:http";
import { systemClock } from "../kit/clock.ts";
import { every } from "../kit/every.ts";
import { MIB, type Millis } from "../kit/units.ts";
import type { Fault, HttpFault } from "./fault.ts";
import type { Machine } from "./machine.ts";
import { Refusal } from "./refusal.ts";
import { bodyOf, ok, type Reply, writeHeaders } from "./reply.ts";

/** A request on its way through an instance. */
export interface Passage {
  instance: Machine;
  node: string;
  path: string;
  response: ServerResponse;
  /** Resets the connection below TLS. */
  reset: () => void;
}

/** What is wrong with this passage: the delay of all latencies together, and the first other fault that concerns it. */
export function troublesOf({ instance, node, path }: Passage): { delay: Millis; fault: HttpFault | null } {
  const faults = instance.book
    .activeAt(instance.clock.now())
    .map(entry => entry.fault)
    .filter(isHttp)
    .filter(
      fault =>
        (fault.instance ?? instance.name) === instance.name &&
        (fault.node ?? node) === node &&
        (fault.path === undefined || matches(fault.path, path)) &&
        (fault.kind !== "empty-resources" || path === "/cluster/resources"),
    );
  const delay = faults.reduce((sum, fault) => sum + (fault.kind === "latency" ? fault.delay : 0), 0);
  return { delay, fault: faults.find(fault => fault.kind !== "latency") ?? null };
}

/** What the fault makes of the reply; null when it has seen to the connection itself. */
export function spoil(fault: HttpFault, reply: Reply, passage: Passage): Reply | null {
  const { response, instance } = passage;
  switch (fault.kind) {
    case "status":
      return instance.refuse(new Refusal(fault.status, fault.reason ?? REASONS[fault.status] ?? "Failed"));
    case "html-502":
      return { status: 502, reason: "Bad Gateway", type: "text/html", body: bodyOf(BAD_GATEWAY) };
    case "cut-json":
      return { ...reply, body: bodyOf(reply.body.plain.subarray(0, Math.floor(reply.body.plain.length / 2))) };
    case "empty-resources":
      return reply.status === 200 ? ok(bodyOf('{"data":[]}')) : reply;
    case "null-data":
      return reply.status === 200 ? ok(bodyOf('{"data":null}')) : reply;
    case "huge-body":
      return ok(bodyOf(`{"data":"${"x".repeat(Math.max(0, (fault.size ?? 20 * MIB) - 11))}"}`));
    case "reset":
      passage.reset();
      return null;
    case "slow-body":
      drip(response);
      return null;
    case "endless-body":
      flood(response);
      return null;
    case "latency":
      return reply;
  }
}

const REASONS: Readonly<Record<number, string>> = {
  401: "permission denied - invalid PVE ticket",
  403: "Permission check failed (/, Sys.Audit)",
  500: "got timeout",
  501: "Method not implemented",
  595: "Connection refused",
  596: "Connection timed out",
};

const BAD_GATEWAY =
  "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n" +
  "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

function drip(response: ServerResponse): void {
  begin(response);
  const stop = new AbortController();
  response.once("close", () => stop.abort());
  void every(100, () => void response.write(" "), systemClock, stop.signal);
}

function flood(response: ServerResponse): void {
  begin(response);
  const water = Buffer.alloc(64 * 1024, " ");
  const pour = () => {
    if (response.destroyed) return;
    if (response.write(water)) setImmediate(pour);
    else response.once("drain", pour);
  };
  pour();
}

function begin(response: ServerResponse): void {
  writeHeaders(200, response);
  response.writeHead(200, "OK", { "content-type": "application/json;charset=UTF-8" });
  response.write('{"data":[');
}

const HTTP_KINDS: { readonly [K in HttpFault["kind"]]: true } = {
  status: true,
  latency: true,
  reset: true,
  "cut-json": true,
  "slow-body": true,
  "endless-body": true,
  "huge-body": true,
  "html-502": true,
  "null-data": true,
  "empty-resources": true,
};

function isHttp(fault: Fault): fault is Fault & HttpFault {
  return fault.kind in HTTP_KINDS;
}

function matches(pattern: string, path: string): boolean {
  const parts = pattern.split("*").map(part => part.replace(/[.\\+?^${}()|[\]]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(path);
}
