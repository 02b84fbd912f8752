import assert from "node:assert/strict";
import { type OutgoingHttpHeaders, type RequestOptions, request } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import type { Route } from "../contract/route.ts";
import { ROUTES } from "../contract/routes.ts";
import { HOUR, SECOND } from "../kit/units.ts";
import { RIGHTS, type Right } from "../model/caller.ts";
import { type Secured, startSecured } from "./secured.ts";

/** Those that end the very session or token they are called with, or the server's users. */
const ENDS_ITSELF = ["logout", "login", "removeUser", "updateUser"];

/** Everybody who may call, and with which rights. */
async function callersOf({ send, signIn, clock }: Secured) {
  const admin = await signIn();
  const callers: [name: string, headers: Record<string, string>, may: readonly Right[]][] = [];
  for (const [role, may] of [["operator", ["read", "write"]] as const, ["viewer", ["read"]] as const]) {
    await send("POST", "/api/security/users", { name: role, role, password: "correct horse" }, admin);
    callers.push([role, await signIn({ username: role, password: "correct horse" }), may]);
  }
  const token = async (scopes: readonly Right[], expires: number | null = null) => {
    const answer = await send("POST", "/api/security/tokens", { name: scopes.join(), scopes, expires }, admin);
    return (await answer.json()) as { token: string; record: { id: string } };
  };
  for (const [scope, may] of [
    ["read", ["read"]],
    ["write", ["read", "write"]],
    ["agent", ["agent"]],
    ["admin", RIGHTS],
    ["wall", ["wall"]],
  ] as const)
    callers.push([`a token for ${scope}`, { "x-api-token": (await token([scope])).token }, may]);
  const brief = await token(["admin"], clock.now() + HOUR);
  clock.set(clock.now() + HOUR);
  const gone = await token(["admin"]);
  await send("DELETE", `/api/security/tokens/${gone.record.id}`, {}, admin);
  const ended = await signIn();
  await send("POST", "/api/logout", {}, ended);
  callers.push(
    ["a stranger", {}, []],
    ["a stranger who says that this is the proxy's machine", { "x-forwarded-for": "127.0.0.1" }, []],
    ["a stranger with a proxy's words", { "x-authenticated-user": "admin", "x-proxy-secret": "" }, []],
    ["an expired token", { "x-api-token": brief.token }, []],
    ["a revoked token", { authorization: `Bearer ${gone.token}` }, []],
    ["an ended session", ended, []],
    ["a token in the query", { query: (await token(["admin"])).token }, []],
    ["the admin", admin, RIGHTS],
  );
  return callers;
}

test("every route admits who has its right, and nobody else", async context => {
  const pulse = await startSecured(context, {}, { edge: { ...UNLIMITED } });
  const wrong: string[] = [];
  let checked = 0;
  for (const [caller, { query, ...headers }, may] of await callersOf(pulse))
    for (const [name, route] of Object.entries(ROUTES) as [string, Route][]) {
      if (ENDS_ITSELF.includes(name)) continue;
      // Slow enough for the limits of sign-in.
      pulse.clock.set(pulse.clock.now() + 10 * SECOND);
      const path = route.path.replaceAll(/:\w+/g, "nobody") + (query && !route.tokenInQuery ? `?token=${query}` : "");
      const answer =
        route.method === "GET" ? await pulse.ask(path, { headers }) : await pulse.send(route.method, path, {}, headers);
      const text = await answer.text();
      const refused = answer.status === 401 || (answer.status === 403 && /needs the right|CSRF/.test(text));
      const admitted =
        route.access === "public" || may.includes(route.access) || (route.access === "wall" && may.includes("read"));
      checked += 1;
      if (refused === admitted) wrong.push(`${caller}: ${route.method} ${path} ${answer.status} ${text.slice(0, 80)}`);
      if (answer.status >= 500) wrong.push(`${caller}: ${route.method} ${path} ${answer.status}`);
    }
  assert.deepEqual(wrong, []);
  assert.equal(checked, (Object.keys(ROUTES).length - ENDS_ITSELF.length) * 15);
});

test("a screen on the wall gets what it shows, and no other stream, by its token as a protocol", async context => {
  const { url, send, signIn } = await startSecured(context);
  const admin = await signIn();
  const made = await send("POST", "/api/security/tokens", { name: "hall", scopes: ["wall"] }, admin);
  const { token, record } = (await made.json()) as { token: string; record: { id: string } };
  const open = (search: string, protocols: string[]) => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/ws${search}`, protocols);
    return new Promise<string>(resolve => {
      const types: string[] = [];
      socket.onclose = () => resolve("refused");
      socket.onmessage = ({ data }) => {
        types.push((JSON.parse(String(data)) as { type: string }).type);
        if (types.length < 2) return;
        socket.close();
        resolve(`${socket.protocol}: ${types.join()}`);
      };
    });
  };
  const tried: [what: string, search: string, protocols: string[], expected: string][] = [
    ["what the wall shows", "?format=wall", ["pulse.wall", token], "pulse.wall: welcome,wall"],
    ["patches", "?format=patch", ["pulse.wall", token], "refused"],
    ["the full state", "", ["pulse.wall", token], "refused"],
    ["another token", "?format=wall", ["pulse.wall", "0".repeat(48)], "refused"],
    ["no token", "?format=wall", [], "refused"],
  ];
  for (const [what, search, protocols, expected] of tried) assert.equal(await open(search, protocols), expected, what);
  const headers = { "x-api-token": token };
  const polled = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, { headers });
  assert.equal(polled.status, 401);
  await send("DELETE", `/api/security/tokens/${record.id}`, {}, admin);
  assert.equal(await open("?format=wall", ["pulse.wall", token]), "refused", "once it is revoked");
});

/** Callers as long as nobody has set up sign-in; a proxy on this machine, which is trusted, says where they are. */
const BEFORE_SETUP: [caller: string, headers: Record<string, string>, admitted: "all" | "transfer" | "none"][] = [
  ["this machine", {}, "all"],
  ["the private network", { "x-forwarded-for": "192.168.1.5" }, "transfer"],
  [
    "the private network, by a local name",
    { "x-forwarded-for": "10.0.0.9", "x-forwarded-host": "pulse.lan" },
    "transfer",
  ],
  ["a public address", { "x-forwarded-for": "203.0.113.7" }, "none"],
  ["a public address that says it is private", { "x-forwarded-for": "192.168.1.5, 203.0.113.7" }, "none"],
  ["the private network, by a name of a stranger", { "x-forwarded-for": "192.168.1.5", host: "a.example" }, "none"],
  [
    "a page of a stranger in the private network",
    { "x-forwarded-for": "192.168.1.5", origin: "http://a.example" },
    "none",
  ],
];
test("before setup: this machine gets in; the private network only exports and imports", async context => {
  const edge = { ...UNLIMITED, trustedProxies: ["127.0.0.1"] };
  const pulse = await startSecured(context, { user: null }, { edge });
  const { hostname, port } = new URL(pulse.url);
  const wrong: string[] = [];
  for (const [caller, headers, admits] of BEFORE_SETUP)
    for (const [name, route] of Object.entries(ROUTES) as [string, Route][]) {
      if ([...ENDS_ITSELF, "quickSetup"].includes(name)) continue;
      pulse.clock.set(pulse.clock.now() + 30 * SECOND);
      const path = route.path.replaceAll(/:\w+/g, "nobody");
      const { status, body } = await call({ hostname, port, path, method: route.method, headers });
      const refused = status === 401 || (status === 403 && body.includes("another site"));
      const isForeign = "origin" in headers && route.method !== "GET";
      const admitted =
        admits === "all" ||
        (route.access === "public" && !isForeign) ||
        (admits === "transfer" && (name === "exportConfig" || name === "importConfig"));
      if (refused === admitted) wrong.push(`${caller}: ${route.method} ${path} ${status} ${body.slice(0, 80)}`);
    }
  assert.deepEqual(wrong, []);
});

const UNLIMITED = { trustedProxies: [], allowedOrigins: [], proxyAuth: null, requestsPerMinute: null };

/** Ways to write a closed address that might slip past a check. */
const TRICKS: readonly string[] = [
  "//api/state",
  "/api//state",
  "/api/./state",
  "/api/health/../state",
  "/api/health/%2e%2e/state",
  "/api/health/..%2fstate",
  "/api%2fstate",
  "/%61pi/state",
  "/api/state/",
  "/api/state.js",
  "/api/state/x.js",
  "/api/state%00.js",
  "/api/state;x.css",
  "/api/state?x=.js",
  "/API/state",
  "/assets/../api/state",
  "/assets/%2e%2e/api/state",
  "/api/diagnostics.map",
  "/api/security/audit/verify/",
  "/../../../../etc/passwd",
  "/..%2f..%2fetc%2fpasswd",
  "/assets/..%5c..%5cpulse.db",
  "/data/pulse.db",
  "/pulse.key",
];
for (const path of TRICKS)
  test(`a stranger gets nothing by ${path}`, async context => {
    const { url } = await startSecured(context);
    const { status, body } = await raw(url, path);
    assert.ok([302, 400, 401, 404, 503].includes(status), `status ${status}`);
    assert.doesNotMatch(body, /"nodes"|root:x:|SQLite format|"ok":true/);
  });

test("a proxy on this machine that says nothing makes nobody a local", async context => {
  const { url, ask } = await startSecured(context, { user: null });
  assert.equal((await ask("/api/state")).status, 200);
  const answer = await new Promise<string>(resolve => {
    let text = "";
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => {
      socket.write("GET /api/state HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    });
    socket.on("data", chunk => {
      text += String(chunk);
    });
    socket.on("close", () => resolve(text));
  });
  assert.match(answer, /^HTTP\/1\.1 401 /);
});

/** GET with the path just as it is written; fetch() would tidy it up. */
function raw(url: string, path: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(url);
  return call({ hostname, port, path, headers: { accept: "text/html" } });
}

/** With the headers just as they are given, `Host` and `Origin` too. */
function call({ headers = {}, ...options }: RequestOptions): Promise<{ status: number; body: string }> {
  const isChange = options.method !== undefined && options.method !== "GET";
  return new Promise((resolve, reject) => {
    const json = isChange ? { "content-type": "application/json", "content-length": 2 } : {};
    const call = request(
      { ...options, agent: false, headers: { ...json, ...headers } as OutgoingHttpHeaders },
      answer => {
        let body = "";
        answer.on("data", chunk => {
          body += chunk;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
      },
    );
    call.on("error", reject);
    call.end(isChange ? "{}" : undefined);
  });
}
