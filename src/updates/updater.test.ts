import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Clock, systemClock } from "../kit/clock.ts";
import type { UpdateStatus } from "../model/update.ts";
import { Database } from "../store/database.ts";
import {
  ARCH,
  type Behaviour,
  goOver,
  OUR_KEY,
  releaseOf,
  running,
  standIn,
  startReleaseServer,
  tarGz,
  until,
} from "./fixture.ts";
import { UpdateBook } from "./update-book.ts";
import type { UpdateFault } from "./update-fault.ts";
import { Updater, type UpdaterOptions, type Wish } from "./updater.ts";

const WISH: Wish = { acceptMajor: false, channel: "stable", by: "anna", via: "ui" };

/** An installed Pulse, a release server, and the server's part of updates with a real database. */
async function updating(context: TestContext, clock: Clock = systemClock) {
  const installed = await running(context);
  const server = await startReleaseServer();
  context.after(() => server[Symbol.asyncDispose]());
  const told: UpdateStatus[] = [];
  let database = Database.open(installed.dataDir, "0");
  const open = (change: Partial<UpdaterOptions> = {}) =>
    new Updater({
      ...{ clock, log: () => {}, url: server.url, key: installed.paths.key, current: "5.0.0", arch: ARCH },
      ...{ dataDir: installed.dataDir, root: installed.root },
      book: new UpdateBook(database),
      backup: path => database.backup(path),
      address: () => installed.address,
      tell: status => void told.push(status),
      ...change,
    });
  let updater = open();
  context.after(async () => {
    await updater[Symbol.asyncDispose]();
    database[Symbol.dispose]();
  });
  const offer = (...versions: (readonly [version: string, behaviour?: Behaviour])[]) =>
    server.offer(
      versions.map(([version, behaviour]) => {
        const archive = tarGz(standIn(version, behaviour));
        return { release: releaseOf(version, archive), archive };
      }),
    );
  return {
    ...{ installed, server, told, offer },
    get updater() {
      return updater;
    },
    book: () => new UpdateBook(database),
    events: () => new UpdateBook(database).all(),
    /** As a process that ends and starts again; `change`: as the one that starts. */
    async restart(change: Partial<UpdaterOptions> = {}) {
      await updater[Symbol.asyncDispose]();
      database[Symbol.dispose]();
      database = Database.open(installed.dataDir, "0");
      updater = open(change);
    },
    until: (status: UpdateStatus["status"]) => until(() => updater.status.status === status),
  };
}

const rejects = (promise: Promise<unknown>, kind: UpdateFault["kind"], pattern: RegExp) =>
  assert.rejects(promise, (error: UpdateFault) => {
    assert.equal(error.kind, kind, String(error));
    assert.match(error.message, pattern);
    return true;
  });

test("a look tells what is newer, what it is, and is not repeated each time", async context => {
  const { updater, offer, server, told } = await updating(context);
  offer(["5.1.0"], ["6.0.0"], ["5.2.0-rc.1"]);
  assert.equal(updater.known("stable"), null);
  const found = await updater.look("stable");
  assert.deepEqual(
    [found.offer?.release.version, found.offer?.release.notes, found.isMajor, found.laterMajor],
    ["5.1.0", "What is new in 5.1.0", false, "6.0.0"],
  );
  assert.equal(found.downloadUrl, new URL("/5.1.0.tar.gz", server.url).href);
  assert.equal((await updater.look("rc")).offer?.release.version, "5.2.0-rc.1");
  assert.deepEqual([updater.known("stable"), server.requests.length], ["5.1.0", 2]);
  assert.deepEqual([told.map(({ status }) => status), updater.status.status], [["checking", "idle"], "idle"]);
});

test("why nothing can be known is a sentence: no source, no key, no connection", async context => {
  const { updater, server, restart, installed } = await updating(context);
  await server[Symbol.asyncDispose]();
  await rejects(updater.look("stable"), "unreachable", /^Cannot reach/);
  assert.equal(updater.status.status, "idle");
  rmSync(installed.paths.key);
  await rejects(updater.look("stable"), "no-key", /cannot be read \(ENOENT\)/);
  await restart({ key: null });
  const again = new Updater({ ...NOWHERE, dataDir: installed.dataDir, book: EMPTY });
  await rejects(again.look("stable"), "no-source", /^No source of releases is configured: PULSE_UPDATE_URL/);
});

const EMPTY = { open: null } as UpdateBook;
const NOWHERE = {
  ...{ clock: systemClock, log: () => {}, url: null, key: null, current: "5.0.0", arch: ARCH, root: null },
  ...{ backup: async () => {}, address: () => ({ host: "127.0.0.1", port: 1, tls: false }), tell: () => {} },
} as const;

test("an update from the wish to the end, over the restart that it is", async context => {
  const it = await updating(context);
  it.offer(["5.1.0"]);
  assert.deepEqual(await it.updater.apply(WISH), { started: "5.1.0" });
  assert.deepEqual(await it.updater.apply(WISH), { refused: "busy", message: "An update is going on already" });
  await until(() => existsSync(it.installed.paths.request));
  // The server is stopped in the middle, and the new version follows what becomes of it.
  await it.restart({ current: "5.1.0" });
  await it.until("installing");
  const outcome = await goOver(it.installed);
  assert.equal(outcome?.status, "completed", outcome?.message);
  await it.until("completed");
  const [event] = it.events();
  assert.deepEqual(
    [event?.status, event?.from, event?.to, event?.by, event?.via, event?.fault],
    ["completed", "5.0.0", "5.1.0", "anna", "ui", null],
  );
  assert.equal(await it.installed.answers(), "v5.1.0");
  assert.deepEqual(readdirSync(it.installed.paths.updates), ["before-5.1.0.db"]);
  const way = it.told.map(({ status }) => status);
  assert.deepEqual([...new Set(way)], ["checking", "idle", "downloading", "installing", "completed"]);
  const steps = it.told.map(({ progress }) => progress);
  assert.deepEqual(
    steps.slice(2),
    [...steps.slice(2)].sort((a, b) => a - b),
  );
  // The copy of the database is one, and knows that the update was handed over.
  mkdirSync(join(it.installed.dataDir, "copy"));
  writeFileSync(
    join(it.installed.dataDir, "copy/pulse.db"),
    readFileSync(join(it.installed.paths.updates, "before-5.1.0.db")),
  );
  using copy = Database.open(join(it.installed.dataDir, "copy"), "0");
  assert.equal(new UpdateBook(copy).open?.stage, "handing-over");
});

test("an update that went back is told by the version before, with the reason", async context => {
  const it = await updating(context);
  it.offer(["5.1.0", "unwell"]);
  await it.updater.apply(WISH);
  await until(() => existsSync(it.installed.paths.request));
  await it.restart();
  await goOver(it.installed);
  await it.until("error");
  const [event] = it.events();
  assert.deepEqual([event?.status, event?.fault?.code], ["rolled_back", "unwell"]);
  assert.match(it.updater.status.error ?? "", /v5\.0\.0 runs again$/);
  assert.equal(await it.installed.answers(), "v5.0.0");
  // And it can be tried again.
  it.offer(["5.1.1"]);
  await it.restart();
  assert.deepEqual(await it.updater.apply(WISH), { started: "5.1.1" });
});

for (const [sentence, code, change] of [
  [
    "an archive that is not the one",
    "bad-checksum",
    it => it.server.files.set("/5.1.0.tar.gz", Buffer.alloc(tarGz(standIn("5.1.0")).length)),
  ],
  ["an archive that is gone", "unreachable", it => it.server.files.delete("/5.1.0.tar.gz")],
  [
    "a folder that cannot be written",
    "unwritable",
    it => {
      rmSync(it.installed.paths.updates, { recursive: true });
      symlinkSync("/dev/null/nowhere", it.installed.paths.updates);
    },
  ],
] as readonly (readonly [string, string, (it: Awaited<ReturnType<typeof updating>>) => void])[])
  test(`an update that fails before anything is replaced is told: ${sentence}`, async context => {
    const it = await updating(context);
    it.offer(["5.1.0"]);
    await it.updater.look("stable");
    change(it);
    await it.updater.apply(WISH);
    await it.until("error");
    const [event] = it.events();
    assert.deepEqual([event?.status, event?.fault?.code], ["failed", code], event?.fault?.message);
    assert.ok(!existsSync(it.installed.paths.request));
    assert.equal(await it.installed.answers(), "v5.0.0");
  });

test("a full disk is told as one, and the database is not copied in vain", async context => {
  const it = await updating(context);
  it.offer(["5.1.0"]);
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  await it.restart({
    backup: async () => {
      throw full;
    },
  });
  await it.updater.apply(WISH);
  await it.until("error");
  assert.deepEqual([it.events()[0]?.fault?.code, it.updater.status.error], ["no-space", "The disk is full"]);
  const huge = releaseOf("5.1.0", Buffer.from("x"));
  const [asset] = huge.assets;
  assert.ok(asset);
  it.server.offer([{ release: { ...huge, assets: [{ ...asset, size: 2 ** 50 }] }, archive: Buffer.from("x") }]);
  await it.restart();
  await it.updater.apply(WISH);
  await it.until("error");
  assert.match(it.updater.status.error ?? "", /MiB free; \d+ MiB are needed$/);
});

test("one that was cut off is told by the next start: while it downloaded, and before it was handed over", async context => {
  const it = await updating(context);
  it.offer(["5.1.0"]);
  await it.updater.look("stable");
  it.server.files.set(
    "/5.1.0.tar.gz",
    (_: unknown, response: ServerResponse) => void response.writeHead(200).write("x"),
  );
  await it.updater.apply(WISH);
  await until(() => it.server.requests.some(({ path }) => path === "/5.1.0.tar.gz"));
  await it.restart();
  assert.deepEqual([it.events()[0]?.status, it.events()[0]?.fault?.code], ["failed", "cut-off"]);
  assert.match(it.updater.status.error ?? "", /while it downloaded/);
  const { id } = it.book().begin({ ...WISH, began: 1, from: "5.0.0", to: "5.1.0" });
  it.book().handOver(id, "before-5.1.0.db");
  await it.restart();
  await it.until("error");
  assert.deepEqual(
    it.events().map(({ status, fault }) => [status, fault?.message]),
    [
      ["failed", "Pulse was stopped while it downloaded the release"],
      ["failed", "Pulse was stopped before anything was replaced"],
    ],
  );
});

test("nobody takes it: the request is withdrawn, and where to look is told", async context => {
  // Minutes pass as half seconds.
  const fast: Clock = { now: () => Date.now() * 20, sleep: (_, signal) => systemClock.sleep(20, signal) };
  const it = await updating(context, fast);
  it.offer(["5.1.0"]);
  await it.updater.apply(WISH);
  await it.until("error");
  assert.match(it.updater.status.error ?? "", /systemctl status pulse-update\.path/);
  assert.equal(it.events()[0]?.fault?.code, "not-taken");
  assert.ok(!existsSync(it.installed.paths.request));
});

test("only what the index offers is taken: an address of its own, a version of its own, a new major one that was accepted", async context => {
  const it = await updating(context);
  it.offer(["5.1.0"], ["6.0.0"], ["4.9.0"]);
  const of = async (change: Partial<Wish>) => {
    const outcome = await it.updater.apply({ ...WISH, ...change });
    return "refused" in outcome ? [outcome.refused, outcome.message] : outcome.started;
  };
  const [refused, message] = (await of({ downloadUrl: "https://example.com/pulse-linux-amd64.tar.gz" })) as string[];
  assert.deepEqual(
    [refused, message?.slice(0, 60)],
    ["not-offered", "downloadUrl: is none of the archives newer than v5.0.0 that "],
  );
  assert.equal((await of({ version: "v4.9.0" }))[0], "not-offered");
  assert.equal((await of({ version: "vv5.1.0" }))[0], "not-offered");
  assert.deepEqual((await of({ version: "v6.0.0" }))[0], "major");
  assert.deepEqual(it.events(), []);
  assert.equal(await of({ downloadUrl: new URL("/6.0.0.tar.gz", it.server.url).href, acceptMajor: true }), "6.0.0");
});

test("a key other than ours makes nothing of an index", async context => {
  const it = await updating(context);
  it.offer(["5.1.0"]);
  writeFileSync(it.installed.paths.key, OUR_KEY.open.replace(/[A-Z]/, "Z"));
  await rejects(it.updater.apply(WISH), "bad-signature", /not signed/);
  assert.deepEqual(it.events(), []);
});
