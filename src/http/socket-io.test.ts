import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import type { Caller, Credentials } from "../model/caller.ts";
import type { State } from "../model/state.ts";
import type { Door } from "./door.ts";
import { SocketIo } from "./socket-io.ts";

const DOOR: Door = {
  signIn: "token",
  identify: ({ token }: Credentials): Caller => ({ name: token, may: token === "reader" ? ["read"] : [] }),
  login: () => Promise.reject(new Error("not here")),
  logout: async () => {},
};
const READER = { "x-api-token": "reader" };

async function serve(context: TestContext) {
  let version = 1;
  const server = createServer((_, response) => response.end("another"));
  const socketIo = new SocketIo(server, {
    door: DOOR,
    version: "v5",
    state: () => ({ version: version++ }) as unknown as State,
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  context.after(async () => {
    await socketIo.close();
    server.close();
    server.closeAllConnections();
  });
  const open = (options: Partial<ManagerOptions & SocketOptions>) => {
    const client = io(url, { reconnection: false, forceNew: true, extraHeaders: READER, ...options });
    context.after(() => client.disconnect());
    return client;
  };
  return { socketIo, open, url };
}

/** Resolves with the first so many events, each with its data. */
function first(client: Socket, count: number): Promise<[type: string, data: unknown][]> {
  const events: [string, unknown][] = [];
  return new Promise(resolve =>
    client.onAny((type: string, data: unknown) => {
      events.push([type, data]);
      if (events.length === count) resolve(events);
    }),
  );
}

// The first of all: no other's timers are there.
test("when it closes, a client that polls is let go of at once, and would come back", async context => {
  const { socketIo, open, url } = await serve(context);
  const waiting = () => process.getActiveResourcesInfo().filter(kind => kind === "Timeout").length;
  const client = open({ transports: ["polling"], reconnection: true, reconnectionDelay: 60_000 });
  await first(client, 2);
  const gone = new Promise(resolve => client.once("disconnect", resolve));
  // Its next poll has come meanwhile.
  await (await fetch(url)).text();
  const before = waiting();
  await socketIo.close();
  assert.match(String(await gone), /^transport (close|error)$/);
  assert.equal(client.active, true);
  client.disconnect();
  assert.ok(waiting() < before, "no timer goes on");
});

const TRANSPORTS: ("polling" | "websocket")[][] = [["polling"], ["websocket"], ["polling", "websocket"]];
for (const transports of TRANSPORTS)
  test(`a Socket.IO client gets the events of the old frames by ${transports.join(", then ")}`, async context => {
    const { socketIo, open } = await serve(context);
    const client = open({ transports });
    assert.deepEqual(await first(client, 2), [
      ["welcome", { message: "Connected to Pulse", version: "v5" }],
      ["initialState", { version: 1 }],
    ]);
    assert.equal(socketIo.size, 1);
    client.emit("requestData");
    assert.deepEqual(await first(client, 1), [["rawData", { version: 2 }]]);
    const pong = first(client, 1);
    client.emit("ping");
    assert.equal((await pong)[0]?.[0], "pong");
    const test = first(client, 1);
    socketIo.broadcast({ type: "testNotification", data: { message: "m", timestamp: 3 } });
    assert.deepEqual(await test, [["testNotification", { message: "m", timestamp: 3 }]]);
  });

test("all get the same state at once, and who has not taken the last is passed over", async context => {
  const { socketIo, open } = await serve(context);
  const clients = [open({ transports: ["websocket"] }), open({ transports: ["websocket"] })];
  await Promise.all(clients.map(client => first(client, 2)));
  const next = clients.map(client => first(client, 1));
  socketIo.publishFull();
  const [one, other] = await Promise.all(next);
  assert.deepEqual(one, [["rawData", { version: 3 }]]);
  assert.deepEqual(other, one, "made once");

  const poller = open({ transports: ["polling"] });
  await first(poller, 2);
  const types: string[] = [];
  poller.onAny((type: string) => types.push(type));
  const pinged = new Promise(resolve => poller.once("ping", resolve));
  // Between a poll's answer and the next poll nothing waits for it.
  for (let version = 4; version < 54; version++) socketIo.publishFull();
  socketIo.broadcast({ type: "ping", data: { timestamp: 1 } });
  await pinged;
  assert.ok(types.filter(type => type === "rawData").length <= 1, String(types));
});

const REFUSED: [sentence: string, path: string, headers: Record<string, string>, status: number][] = [
  ["a stranger", "/socket.io/?EIO=4&transport=polling", {}, 401],
  ["a page of another origin", "/socket.io/?EIO=4&transport=polling", { ...READER, origin: "https://a.example" }, 403],
  ["a stranger who knows a session", "/socket.io/?EIO=4&transport=polling&sid=SID", {}, 401],
];
for (const [sentence, path, headers, status] of REFUSED)
  test(`${sentence} is refused with ${status} and { error }, without CORS`, async context => {
    const { open, url } = await serve(context);
    const client = open({ transports: ["polling"] });
    await first(client, 2);
    const answer = await fetch(`${url}${path.replace("SID", client.io.engine.id ?? "")}`, { headers });
    assert.equal(answer.status, status);
    assert.equal(typeof ((await answer.json()) as { error: unknown }).error, "string");
    assert.equal(answer.headers.get("access-control-allow-origin"), null);
  });

test("a stranger's WebSocket is refused", async context => {
  const { open, socketIo } = await serve(context);
  const client = open({ transports: ["websocket"], extraHeaders: {} });
  const [error] = (await new Promise(resolve => client.once("connect_error", (...args) => resolve(args)))) as [Error];
  assert.match(error.message, /websocket error/);
  assert.equal(socketIo.size, 0);
});

test("other paths are left alone", async context => {
  const { url } = await serve(context);
  assert.equal(await (await fetch(`${url}/api/state`)).text(), "another");
});
