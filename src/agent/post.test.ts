import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { SECOND } from "../kit/units.ts";
import { type Outcome, post } from "./post.ts";

type Given = [status: number, headers: Record<string, string>, body: string];
/** What the server answers: a status, headers and a body; null: nothing. */
let answer: Given | null = null;
const server = createServer((request, response) => {
  request.resume();
  if (answer !== null) response.writeHead(answer[0], answer[1]).end(answer[2]);
});
before(() => new Promise<void>(done => server.listen(0, "127.0.0.1", done)));
after(() => {
  server.closeAllConnections();
  server.close();
});

const FOREVER = new AbortController().signal;
const send = (signal = FOREVER, deadline = 20 * SECOND, port = (server.address() as AddressInfo).port) =>
  post(
    { url: `http://127.0.0.1:${port}/pulse`, token: "t", insecure: false },
    "{}",
    { version: "5", ca: null, deadline },
    signal,
  );
const later = (reason: string, wait: number | null = null): Outcome => ({ kind: "later", reason, after: wait });

const OUTCOMES: [sentence: string, answer: Given, outcome: Outcome][] = [
  ["taken", [200, {}, "{}"], { kind: "taken" }],
  [
    "a report that is none",
    [400, {}, '{"error":"host: missing"}'],
    { kind: "never", reason: "The server answered 400: host: missing" },
  ],
  ["a report that is too large", [413, {}, "<html>"], { kind: "never", reason: "The server answered 413" }],
  ["a wrong token", [401, {}, '{"error":"No"}'], later("The server answered 401: No")],
  ["a wrong address", [404, {}, "404 page not found"], later("The server answered 404")],
  ["too often", [429, { "retry-after": "7" }, ""], later("The server answered 429", 7 * SECOND)],
  ["too often, for a day", [429, { "retry-after": "86400" }, ""], later("The server answered 429", 300 * SECOND)],
  [
    "too often, until a date",
    [429, { "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT" }, ""],
    later("The server answered 429"),
  ],
  ["a fault of its own", [502, {}, "x".repeat(100_000)], later("The server answered 502")],
  [
    "another address",
    [301, { location: "https://pulse.example/" }, ""],
    later('The server sends elsewhere (301), to "https://pulse.example/": give that address'),
  ],
];
for (const [sentence, given, outcome] of OUTCOMES)
  test(`the server answers: ${sentence}`, async () => {
    answer = given;
    assert.deepEqual(await send(), outcome);
  });

test("a server that says nothing is not waited for beyond the deadline, nor beyond the agent's end", async () => {
  answer = null;
  assert.deepEqual(await send(FOREVER, 100), later("No answer within 0.1 s"));
  const stop = new AbortController();
  const sent = send(stop.signal);
  stop.abort();
  assert.deepEqual(await sent, later("The agent stops"));
  assert.deepEqual(await send(stop.signal), later("The agent stops"));
});

test("a server that is not there cannot be reached", async () => {
  assert.deepEqual(await send(FOREVER, 20 * SECOND, 1), later("Cannot reach it (ECONNREFUSED)"));
});
