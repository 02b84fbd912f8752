import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { type TestContext, test } from "node:test";
import { WebSocket } from "ws";
import type { Caller, Credentials } from "../model/caller.ts";
import { emptyPicture, type Patch, type Picture } from "../model/picture.ts";
import { snapshotParts } from "../model/snapshot.ts";
import type { Door } from "./door.ts";
import { Live } from "./live.ts";
import { PictureView } from "./picture-view.ts";
import { takesDeflate } from "./wire-frame.ts";

/** Tokens that have been revoked. */
const revoked = new Set<string | null>();
const DOOR: Door = {
  signIn: "token",
  identify: ({ token }: Credentials): Caller => ({
    name: token,
    may: token?.startsWith("reader") && !revoked.has(token) ? ["read"] : [],
  }),
  login: () => Promise.reject(new Error("not here")),
  logout: async () => {},
};

interface Frame {
  type: string;
  data: { version?: number; part?: number };
}

/** A WebSocket client that keeps its frames until they are asked for. */
class Listener {
  readonly socket: WebSocket;
  readonly #frames: Frame[] = [];
  #waiting: (() => void) | null = null;

  constructor(url: string, headers: Record<string, string>, perMessageDeflate = false) {
    this.socket = new WebSocket(url, { headers, perMessageDeflate });
    this.socket.on("message", data => {
      this.#frames.push(JSON.parse(String(data)) as Frame);
      this.#waiting?.();
    });
  }

  async next(): Promise<Frame> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame) return frame;
      await new Promise<void>(resolve => {
        this.#waiting = resolve;
      });
    }
  }

  async types(count: number): Promise<string[]> {
    const types: string[] = [];
    while (types.length < count) types.push((await this.next()).type);
    return types;
  }
}

/** `guests`: the picture has so many, and takes as many parts. */
async function serve(context: TestContext, padding = 0, guests = 1) {
  let version = 1;
  const picture = () => ({
    ...emptyPicture(),
    version,
    vms: Object.fromEntries(Array.from({ length: guests }, (_, at) => [`a:${at}`, { id: `a:${at}`, pad }])),
  });
  const pad = "x".repeat(padding / guests);
  const view = new PictureView({
    epoch: "e",
    version: () => version,
    pieces: () => [JSON.stringify({ version, pad: "x".repeat(padding) })],
    parts: () => snapshotParts(picture() as unknown as Picture, "e", 1),
  });
  const live = new Live(view, DOOR, "v5");
  const server = createServer();
  live.attach(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  context.after(() => {
    live.close();
    server.close();
    server.closeAllConnections();
  });
  const patch = (size = 0): Patch => {
    version++;
    return { version, at: 0, seen: {}, changed: {}, removed: { vms: ["x".repeat(size)] } };
  };
  const open = (path = "/ws", headers: Record<string, string> = { "x-api-token": "reader" }, deflate = false) =>
    new Listener(`ws://127.0.0.1:${port}${path}`, headers, deflate);
  return { live, open, patch, port };
}

test("a client of the old frames gets welcome, initialState, then rawData", async context => {
  const { live, open, patch } = await serve(context);
  const client = open();
  assert.deepEqual(await client.types(2), ["welcome", "initialState"]);
  live.publish(patch());
  live.publishFull();
  const frame = await client.next();
  assert.deepEqual([frame.type, frame.data.version], ["rawData", 2]);
  client.socket.send('{"type":"requestData"}');
  assert.equal((await client.next()).type, "rawData");
});

test("a stream ends with the right to read, and a page may show its token in the address", async context => {
  const { live, open } = await serve(context);
  const client = open("/ws?token=reader-2", {});
  assert.deepEqual(await client.types(2), ["welcome", "initialState"]);
  live.ping(1);
  assert.equal((await client.next()).type, "ping");
  revoked.add("reader-2");
  live.ping(2);
  const [code] = await once(client.socket, "close");
  assert.equal(code, 1008);
});

test("a client of patches gets a snapshot, each patch once, and a new snapshot when it asks", async context => {
  const { live, open, patch } = await serve(context);
  const client = open("/ws?format=patch");
  assert.deepEqual(await client.types(2), ["welcome", "snapshot"]);
  live.publish(patch());
  live.publishFull();
  live.publish(patch());
  assert.deepEqual([(await client.next()).data.version, (await client.next()).data.version], [2, 3]);
  client.socket.send('{"type":"requestData"}');
  const frame = await client.next();
  assert.deepEqual([frame.type, frame.data.version], ["snapshot", 3]);
});

test("a picture comes in its parts, whatever is published meanwhile, and then the patches since", async context => {
  const { live, open, patch } = await serve(context, 0, 5);
  const client = open("/ws?format=patch");
  assert.deepEqual(await client.types(2), ["welcome", "snapshot"]);
  live.publish(patch());
  const parts: unknown[] = [];
  let frame = await client.next();
  for (; frame.type === "snapshot"; frame = await client.next()) parts.push([frame.data.part, frame.data.version]);
  assert.deepEqual(
    parts,
    [1, 2, 3, 4].map(part => [part, 1]),
  );
  assert.deepEqual([frame.type, frame.data.version], ["patch", 2]);
});

test("ping is answered with pong, garbage is ignored", async context => {
  const { open } = await serve(context);
  const client = open();
  await client.types(2);
  for (const garbage of ["", "null", "{", '{"type":1}', '{"type":"requestdata"}', "[]"]) client.socket.send(garbage);
  client.socket.send('{"type":"ping"}');
  assert.equal((await client.next()).type, "pong");
});

test("a client that does not read misses patches instead of piling them up, and gets a snapshot when it reads again", async context => {
  const { live, open, patch } = await serve(context);
  const client = open("/ws?format=patch");
  await client.types(2);
  client.socket.pause();
  for (let sent = 0; sent < 200; sent++) live.publish(patch(256 * 1024));
  client.socket.resume();
  const versions: number[] = [];
  let frame = await client.next();
  for (; frame.type === "patch"; frame = await nextWhile(client, () => live.publish(patch())))
    versions.push(frame.data.version ?? 0);
  assert.equal(frame.type, "snapshot");
  assert.deepEqual(
    versions,
    Array.from(versions, (_, index) => index + 2),
    "what did arrive has no gap",
  );
  assert.ok(versions.length < 100, `${versions.length} of 200 patches were kept for it`);
  const version = frame.data.version ?? 0;
  live.publish(patch());
  frame = await client.next();
  assert.deepEqual([frame.type, frame.data.version], ["patch", version + 1]);
});

/** The next frame; while there is none, the server goes on doing `work`. */
async function nextWhile(client: Listener, work: () => void): Promise<Frame> {
  const next = client.next();
  for (;;) {
    const frame = await Promise.race([next, new Promise<null>(resolve => setImmediate(resolve, null))]);
    if (frame) return frame;
    work();
  }
}

const SIZES = [0, 100, 126, 1024, 5000, 70_000, 300_000];
for (const deflate of [false, true])
  test(`frames of every size arrive whole, ${deflate ? "deflated" : "plain"}`, async context => {
    const { live, open, patch } = await serve(context, 200_000);
    const reader = open("/ws?format=patch", { "x-api-token": "reader" }, deflate);
    const old = open("/ws", { "x-api-token": "reader" }, deflate);
    for (const client of [reader, old]) await client.types(2);
    assert.equal(reader.socket.extensions, deflate ? "permessage-deflate" : "");
    for (const size of SIZES) {
      const sent = patch(size);
      live.publish(sent);
      assert.deepEqual(await reader.next(), { type: "patch", data: sent });
      old.socket.send('{"type":"requestData"}');
      const { type, data } = await old.next();
      assert.deepEqual([type, data.version], ["rawData", sent.version]);
      live.ping(size);
      assert.equal((await old.next()).type, "ping");
      assert.equal((await reader.next()).type, "ping");
    }
    // Deflated questions are understood, too.
    reader.socket.send(`{"type":"requestData","data":"${" ".repeat(3000)}"}`);
    assert.equal((await reader.next()).type, "snapshot");
  });

test("Node's own WebSocket, which offers deflate as browsers do, reads deflated frames", async context => {
  const { live, patch, port } = await serve(context, 200_000);
  const { WebSocket: NodeWebSocket } = globalThis;
  const socket = new NodeWebSocket(`ws://127.0.0.1:${port}/ws?format=patch`, {
    headers: { "x-api-token": "reader" },
  } as unknown as string[]);
  const frames: Frame[] = [];
  const three = new Promise<void>(resolve =>
    socket.addEventListener("message", ({ data }) => {
      frames.push(JSON.parse(String(data)) as Frame);
      if (frames.length === 2) live.publish(patch(50_000));
      if (frames.length === 3) resolve();
    }),
  );
  await three;
  assert.equal(socket.extensions.includes("permessage-deflate"), true);
  assert.deepEqual(
    frames.map(({ type }) => type),
    ["welcome", "snapshot", "patch"],
  );
  socket.close();
});

const OFFERS: [offer: string | undefined, takes: boolean][] = [
  [undefined, false],
  ["permessage-deflate; client_max_window_bits", true],
  ["permessage-deflate", true],
  ["permessage-deflate; server_max_window_bits=10", false],
  ["x-webkit-deflate-frame", false],
];
for (const [offer, takes] of OFFERS)
  test(`an offer of "${offer}" ${takes ? "is" : "is not"} taken`, () => assert.equal(takesDeflate(offer), takes));

test("who comes back gets the patches since; from another epoch, too long ago, or from the future a snapshot", async context => {
  const { live, open, patch } = await serve(context);
  for (let sent = 0; sent < 5; sent++) live.publish(patch());
  const back = open("/ws?format=patch&epoch=e&version=4");
  assert.deepEqual(await back.types(2), ["welcome", "resumed"]);
  assert.deepEqual([(await back.next()).data.version, (await back.next()).data.version], [5, 6]);
  live.publish(patch());
  assert.equal((await back.next()).data.version, 7);
  const same = open("/ws?format=patch&epoch=e&version=7");
  assert.deepEqual(await same.types(2), ["welcome", "resumed"]);
  for (const query of ["epoch=f&version=4", "epoch=e&version=0", "epoch=e&version=8", "epoch=e&version=x", "epoch=e"])
    assert.deepEqual(await open(`/ws?format=patch&${query}`).types(2), ["welcome", "snapshot"], query);
});

test("while nobody listens for long, no patches are kept", async context => {
  const { live, open, patch } = await serve(context);
  for (let sent = 0; sent < 700; sent++) live.publish(patch());
  assert.deepEqual(await open("/ws?format=patch&epoch=e&version=700").types(2), ["welcome", "snapshot"]);
});

const REFUSED: [sentence: string, path: string, headers: Record<string, string>, status: number][] = [
  ["a stranger", "/ws", {}, 401],
  ["a page of another origin", "/ws", { "x-api-token": "reader", origin: "https://evil.example" }, 403],
  ["another path", "/wss", { "x-api-token": "reader" }, 404],
];
for (const [sentence, path, headers, status] of REFUSED)
  test(`${sentence} is refused with ${status}`, async context => {
    const { open } = await serve(context);
    const [, response] = await once(open(path, headers).socket, "unexpected-response");
    assert.equal(response.statusCode, status);
  });

test("a page of this origin is let in", async context => {
  const { open, port } = await serve(context);
  const client = open("/ws", { "x-api-token": "reader", origin: `http://127.0.0.1:${port}` });
  assert.equal((await client.next()).type, "welcome");
});

test("who does not answer a ping is dropped at the next", async context => {
  const { live, port } = await serve(context);
  const socket = connect(port, "127.0.0.1");
  socket.write(
    "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nX-API-Token: reader\r\n\r\n",
  );
  await once(socket, "data");
  assert.equal(live.size, 1);
  live.ping(0);
  live.ping(1);
  socket.resume();
  await once(socket, "close");
  assert.equal(live.size, 0);
});
