import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { download } from "./download.ts";
import { fetchSmall, toReleaseUrl } from "./fetching.ts";
import { OTHER_KEY, OUR_KEY, type ReleaseServer, releaseOf, sha256, startReleaseServer, until } from "./fixture.ts";
import { fetchIndex } from "./release-source.ts";
import type { UpdateFault } from "./update-fault.ts";

const ARCHIVE = Buffer.alloc(300_000, "release ");
const LIMITS = { silence: 20_000, whole: 60_000 };

async function serving(context: TestContext): Promise<ReleaseServer> {
  const server = await startReleaseServer();
  context.after(() => server[Symbol.asyncDispose]());
  server.offer([{ release: releaseOf("5.1.0", ARCHIVE), archive: ARCHIVE }]);
  return server;
}

const isFault = (kind: UpdateFault["kind"], pattern: RegExp) => (error: unknown) => {
  assert.deepEqual([(error as UpdateFault).name, (error as UpdateFault).kind], ["UpdateFault", kind], String(error));
  assert.match((error as UpdateFault).message, pattern);
  return true;
};

for (const [text, is] of [
  ["https://example.com/releases.json", true],
  ["http://127.0.0.1:8080/releases.json", true],
  ["http://[::1]/releases.json", true],
  ["http://localhost/releases.json", true],
  ["http://example.com/releases.json", false],
  ["http://127.0.0.1.example.com/", false],
  ["http://10.0.0.1/", false],
  ["https://user:secret@example.com/", false],
  ["file:///etc/passwd", false],
  ["releases.json", false],
] as const)
  test(`releases may ${is ? "" : "not "}come from ${text}`, () => assert.equal(toReleaseUrl(text) !== null, is));

test("an index that is signed is taken, and nothing is told of who asks", async context => {
  const server = await serving(context);
  const { releases } = await fetchIndex(server.url, OUR_KEY.open);
  assert.deepEqual(
    releases.map(({ version }) => version),
    ["5.1.0"],
  );
  const headers = server.requests.map(request => request.headers);
  for (const told of headers) {
    assert.equal(told["user-agent"], "Pulse");
    assert.ok(!("cookie" in told) && !("authorization" in told) && !("referer" in told));
  }
});

const page =
  (status: number, headers: Record<string, string> = {}) =>
  (_: unknown, response: ServerResponse) =>
    void response.writeHead(status, headers).end("no");

for (const [sentence, kind, pattern, change] of [
  ["one of another key", "bad-signature", /not signed with our key/, server => server.offer([], OTHER_KEY.secret)],
  [
    "one without a signature",
    "unreachable",
    /releases\.json\.sig" answered with 404/,
    server => server.files.delete("/releases.json.sig"),
  ],
  [
    "one that was changed afterwards",
    "bad-signature",
    /not signed/,
    server => server.files.set("/releases.json", Buffer.from('{"format":1,"releases":[]}')),
  ],
  ["one that is not there", "unreachable", /404: there is nothing at that address$/, server => server.files.clear()],
  [
    "a server that is asked too often",
    "unreachable",
    /429: it has been asked too often; try again in 90 s$/,
    server => server.files.set("/releases.json", page(429, { "retry-after": "90" })),
  ],
  [
    "a server that says so with 403",
    "unreachable",
    /403: it has been asked too often$/,
    server => server.files.set("/releases.json", page(403, { "x-ratelimit-remaining": "0" })),
  ],
  ["a server in trouble", "unreachable", /answered with 503$/, server => server.files.set("/releases.json", page(503))],
  [
    "a way to another machine without encryption",
    "unreachable",
    /leads to where no release may come from/,
    server => server.files.set("/releases.json", page(302, { location: "http://10.0.0.1/" })),
  ],
  [
    "a way that never ends",
    "unreachable",
    /leads on and on/,
    server => server.files.set("/releases.json", page(302, { location: "/releases.json" })),
  ],
  [
    "a connection that is ended",
    "unreachable",
    /ended the connection/,
    server => server.files.set("/releases.json", request => void request.socket.destroy()),
  ],
  [
    "more than an index can be",
    "bad-size",
    /larger than/,
    server => server.files.set("/releases.json", Buffer.alloc(9 * 1024 * 1024)),
  ],
] as readonly (readonly [string, UpdateFault["kind"], RegExp, (server: ReleaseServer) => void])[])
  test(`an index is not taken: ${sentence}`, async context => {
    const server = await serving(context);
    change(server);
    await assert.rejects(fetchIndex(server.url, OUR_KEY.open), isFault(kind, pattern));
  });

test("who cannot be reached at all is told as such", async context => {
  const server = await serving(context);
  await server[Symbol.asyncDispose]();
  await assert.rejects(
    fetchSmall(server.url, 10),
    isFault("unreachable", /^Cannot reach "http:.*": it refuses the connection$/),
  );
  const nowhere = new URL("https://pulse-releases.invalid/releases.json");
  await assert.rejects(fetchSmall(nowhere, 10), isFault("unreachable", /is there a connection to the internet\?$/));
});

const ASSET = releaseOf("5.1.0", ARCHIVE).assets[0];
assert.ok(ASSET);
const asset = ASSET;

async function downloading(context: TestContext) {
  const server = await serving(context);
  const folder = mkdtempSync(join(tmpdir(), "pulse-download-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "archive");
  const url = new URL("/5.1.0.tar.gz", server.url);
  const seen: number[] = [];
  const get = (limits: Partial<typeof LIMITS> = {}) =>
    download(url, asset, path, { progress: bytes => void seen.push(bytes), limits: { ...LIMITS, ...limits } });
  const ranges = () => server.requests.map(({ headers }) => headers.range);
  return { server, path, get, seen, ranges };
}

/** Sends the first `size` bytes; once they are in the file at `path`, ends the connection, or says nothing more. */
const cutOff = (size: number, then: "ends" | "hangs", path: string) => (_: unknown, response: ServerResponse) => {
  const isThere = () => statSync(path, { throwIfNoEntry: false })?.size === size;
  response.writeHead(200, { "content-length": ARCHIVE.length });
  response.write(
    ARCHIVE.subarray(0, size),
    () => then === "ends" && void until(isThere).then(() => response.destroy()),
  );
};

test("an archive comes as a whole, is compared, and is not downloaded twice", async context => {
  const { path, get, seen, server } = await downloading(context);
  await get();
  await get();
  assert.equal(sha256(readFileSync(path)), asset.sha256);
  assert.deepEqual([seen.at(-1), server.requests.length], [ARCHIVE.length, 1]);
});

for (const then of ["ends", "hangs"] as const)
  test(`a download that ${then} in the middle is told, and gone on with the next time`, async context => {
    const { server, path, get, ranges } = await downloading(context);
    server.files.set("/5.1.0.tar.gz", cutOff(100_000, then, path));
    const limits = then === "ends" ? {} : { silence: 1000 };
    await assert.rejects(get(limits), isFault("unreachable", then === "ends" ? /ended/ : /said nothing for 1 s$/));
    assert.equal(readFileSync(path).length, 100_000);
    server.files.set("/5.1.0.tar.gz", ARCHIVE);
    await get();
    assert.equal(sha256(readFileSync(path)), asset.sha256);
    assert.deepEqual(ranges(), [undefined, "bytes=100000-"]);
  });

test("a server that trickles is not waited for without end", async context => {
  const { server, get } = await downloading(context);
  server.files.set("/5.1.0.tar.gz", (_, response) => {
    const timer = setInterval(() => response.write("x"), 20);
    response.once("close", () => clearInterval(timer));
  });
  await assert.rejects(get({ whole: 600 }), isFault("unreachable", /took longer than 0\.6 s$/));
});

test("what an earlier download left of something else is found out, and the next one is whole", async context => {
  const { path, get, server } = await downloading(context);
  writeFileSync(path, Buffer.alloc(1000, "other"));
  await assert.rejects(get(), isFault("bad-checksum", /another$/));
  await get();
  writeFileSync(path, Buffer.alloc(ARCHIVE.length, "other"));
  await assert.rejects(get(), isFault("bad-checksum", /another$/));
  // A server that knows no ranges starts again.
  writeFileSync(path, ARCHIVE.subarray(0, 1000));
  server.files.set("/5.1.0.tar.gz", (_, response) => void response.end(ARCHIVE));
  await get();
  assert.equal(sha256(readFileSync(path)), asset.sha256);
});

test("an archive of another size, or other content, is not kept", async context => {
  const { server, path, get } = await downloading(context);
  server.files.set("/5.1.0.tar.gz", Buffer.concat([ARCHIVE, ARCHIVE]));
  await assert.rejects(get(), isFault("bad-size", /larger than the 300000 bytes/));
  assert.throws(() => readFileSync(path), /ENOENT/);
  server.files.set("/5.1.0.tar.gz", Buffer.alloc(ARCHIVE.length, "evil"));
  await assert.rejects(get(), isFault("bad-checksum", /another$/));
  assert.throws(() => readFileSync(path), /ENOENT/);
  server.files.set("/5.1.0.tar.gz", ARCHIVE.subarray(0, 5000));
  await assert.rejects(get(), isFault("unreachable", /ended after 5000 of 300000 bytes/));
});
