import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { test } from "node:test";
import type { Route } from "../contract/route.ts";
import { ROUTES } from "../contract/routes.ts";
import { SECOND } from "../kit/units.ts";
import { NO_EDGE } from "../model/security-settings.ts";
import { startSecured } from "./secured.ts";

/** Another seed asks other questions; a failure names it. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_123);
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 10_000);
const TOKEN = "f".repeat(48);

const agent = new Agent({ keepAlive: true });

/** What ends the very means that are asked with, restarts, or looks about in networks. */
const SPARED = ["regenerateToken", "revokeApiToken", "discover"];

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 53,
  "",
  "x",
  "0",
  "-1",
  "NaN",
  "2026-13-45",
  "\u0000",
  "\ud800",
  "💥".repeat(50),
  "'; DROP TABLE account; --",
  "../../etc/passwd",
  "%2e%2e%2f",
  "{{7*7}}",
  "<script>",
  "http://127.0.0.1:1",
  "__proto__",
  "a".repeat(5000),
  [],
  {},
  [[[[]]]],
  { constructor: 1, toString: 2 },
];
const BODIES: readonly string[] = [
  "",
  "{",
  "[]",
  "null",
  '"',
  "\u0000",
  '{"__proto__":{"a":1}}',
  "1e999",
  "[".repeat(5000),
];
const TYPES: readonly string[] = [
  "application/json",
  "text/plain",
  "application/xml",
  "",
  "multipart/form-data",
  "application/json; charset=x",
];
const PIECES: readonly string[] = [
  "x",
  "%00",
  "%ff",
  "%2f",
  "..",
  "%zz",
  "a%20b",
  "💥",
  "constructor",
  "__proto__",
  "-1",
  "a".repeat(300),
];

test(`${REQUESTS} malformed requests (seed ${SEED}): no answer is 5xx, none tells of the inside`, {
  timeout: 110_000,
}, async context => {
  const unlimited = { ...NO_EDGE, requestsPerMinute: null };
  const pulse = await startSecured(context, { apiToken: TOKEN }, { edge: unlimited });
  const roll = dice(SEED);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)] as T;
  const routes = (Object.entries(ROUTES) as [string, Route][]).filter(([name]) => !SPARED.includes(name));
  const bodyFor = (route: Route): string => {
    const { properties = {} } = (route.body ?? {}) as { properties?: object };
    if (roll() < 0.2) return pick(BODIES);
    return JSON.stringify(
      Object.fromEntries(Object.keys(properties).flatMap(name => (roll() < 0.8 ? [[name, pick(VALUES)]] : []))),
    );
  };
  const queryFor = (route: Route): string => {
    const { properties = {} } = (route.query ?? {}) as { properties?: object };
    const names = [...Object.keys(properties), "token", "x"];
    const parts = names.flatMap(name =>
      roll() < 0.5 ? [`${name}=${encodeURIComponent(textOf(pick(VALUES)).toWellFormed())}`] : [],
    );
    return parts.length > 0 ? `?${parts.join("&")}` : "";
  };
  const seen = new Map<number, number>();
  const wrong: string[] = [];
  for (let count = 0; count < REQUESTS; count += 1) {
    const [name, route] = pick(routes);
    pulse.clock.set(pulse.clock.now() + 7 * SECOND);
    const path = route.path.replaceAll(/:\w+/g, () => encodePiece(pick(PIECES))) + queryFor(route);
    const method = roll() < 0.9 ? route.method : pick(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]);
    const headers: Record<string, string> =
      roll() < 0.8 ? { "x-api-token": TOKEN } : { cookie: `pulse_session=${encodePiece(pick(PIECES))}` };
    if (method !== "GET" && method !== "HEAD") headers["content-type"] = pick(roll() < 0.8 ? TYPES.slice(0, 1) : TYPES);
    const body = method === "GET" || method === "HEAD" ? null : bodyFor(route);
    const { status, text } = await send(pulse.url, { path, method, headers, body });
    seen.set(status, (seen.get(status) ?? 0) + 1);
    const tells =
      /node:internal|\.ts:\d+|\bat [\w.<>]+ \([^)]*:\d+:\d+\)|SQLITE|sqlite|UNIQUE constraint|node_modules/.test(text);
    // 502 and 503 are honest answers of routes that ask somebody else.
    if (status === 500 || tells)
      wrong.push(
        `#${count} ${name} ${method} ${path.slice(0, 120)} ${body?.slice(0, 200)}: ${status} ${text.slice(0, 200)}`,
      );
  }
  agent.destroy();
  assert.deepEqual(wrong, []);
  assert.ok((seen.get(400) ?? 0) > REQUESTS / 10 && (seen.get(200) ?? 0) > 0, JSON.stringify([...seen]));
});

/** Left as it is where it is broken on purpose; what no HTTP client can send is encoded. */
function encodePiece(piece: string): string {
  return piece.includes("%") ? piece : encodeURIComponent(piece.toWellFormed());
}

/** Sends the request just as it is: fetch() would tidy the path up. */
function send(
  url: string,
  {
    path,
    method,
    headers,
    body,
  }: { path: string; method: string; headers: Record<string, string>; body: string | null },
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(url);
  // Node leaves the length of a DELETE's body out by itself; what follows would be taken for another request.
  if (body !== null) headers["content-length"] = String(Buffer.byteLength(body));
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, path, method, headers, agent }, answer => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", chunk => {
        text += chunk;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    call.on("error", error =>
      reject(new Error(`${method} ${path.slice(0, 200)} ${body?.slice(0, 200)}`, { cause: error })),
    );
    call.end(body ?? undefined);
  });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
