import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { VersionLog } from "../settings/version-log.ts";
import { Database } from "../store/database.ts";
import { OUR_KEY, releaseOf, startReleaseServer } from "../updates/fixture.ts";
import { startSecured } from "./secured.ts";

test("the versions that ran are told, the newest first; the first one took nothing's place", context => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-versions-"));
  const database = Database.open(folder, "0");
  context.after(() => {
    database[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });
  for (const [at, version] of [
    [1, "5.0.0"],
    [2, "5.0.0"],
    [3, "5.1.0"],
    [4, "5.0.1"],
  ] as const)
    new VersionLog(database, version, at);
  assert.deepEqual(
    new VersionLog(database, "5.0.1", 5).changes().map(({ at, from, to }) => [at, from, to]),
    [
      [4, "5.1.0", "5.0.1"],
      [3, "5.0.0", "5.1.0"],
    ],
  );
});

test("updates without a source: nothing is asked of the internet, nothing is pretended, and who would apply one is told why not", async context => {
  const { ask, send, signIn } = await startSecured(context);
  const headers = await signIn();
  const read = async (path: string) => {
    const answer = await ask(`/api/updates/${path}`, { headers });
    return [answer.status, (await answer.json()) as Record<string, unknown>] as const;
  };
  const [status, check] = await read("check?channel=rc");
  assert.deepEqual(
    [status, check.available, check.latestVersion, check.channel, check.deploymentType],
    [200, false, null, "rc", "development"],
  );
  assert.match(String(check.warning), /^No source of releases is configured: PULSE_UPDATE_URL/);
  assert.equal((await read("status"))[1].status, "idle");
  assert.deepEqual((await read("history?limit=5"))[1], []);
  assert.equal((await read("history/entry?id=7"))[0], 404);
  assert.equal((await read("plan"))[0], 400);
  assert.equal((await read("plan?version=v5.1.0;reboot"))[0], 400);
  assert.equal((await read("plan?version=v5.1.0"))[0], 404);
  const apply = await send("POST", "/api/updates/apply", { downloadUrl: "https://example.com/x.tar.gz" }, headers);
  assert.deepEqual(
    [apply.status, ((await apply.json()) as { error: string }).error.slice(0, 32)],
    [409, "This Pulse runs from its sources"],
  );
});

/** A server that runs from its sources, and knows where releases come from. */
async function startWithReleases(context: TestContext) {
  const releases = await startReleaseServer();
  context.after(() => releases[Symbol.asyncDispose]());
  const folder = mkdtempSync(join(tmpdir(), "pulse-key-"));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "key.pub"), OUR_KEY.open);
  const archive = Buffer.from("archive");
  releases.offer(["5.0.1", "5.1.0-rc.1"].map(version => ({ release: releaseOf(version, archive), archive })));
  const updates = { url: releases.url.href, key: join(folder, "key.pub") };
  const secured = await startSecured(context, { updates });
  const headers = await secured.signIn();
  const check = async (query = "") => {
    const answer = await secured.ask(`/api/updates/check${query}`, { headers });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return { releases, check, secured, headers };
}

test("what is newer is told with its notes, and by /api/version from then on; who asks too often is told to wait", async context => {
  const { check, secured } = await startWithReleases(context);
  const version = async () => (await (await secured.ask("/api/version")).json()) as Record<string, unknown>;
  assert.equal((await version()).updateAvailable, false);
  const { body } = await check("?channel=stable");
  assert.deepEqual(
    [body.available, body.latestVersion, body.releaseNotes, body.releaseDate, body.isPrerelease, body.warning],
    [true, "v5.0.1", "What is new in 5.0.1", "2026-01-02T03:04:05.000Z", false, ""],
  );
  assert.match(String(body.downloadUrl), /^http:\/\/127\.0\.0\.1:\d+\/5\.0\.1\.tar\.gz$/);
  // The one that runs is tried out, so the usual channel is that one.
  assert.deepEqual(
    [(await check()).body.latestVersion, (await version()).latestVersion],
    ["v5.1.0-rc.1", "v5.1.0-rc.1"],
  );
  const statuses = [];
  for (let times = 0; times < 9; times++) statuses.push((await check()).status);
  assert.deepEqual(statuses.slice(-2), [200, 429]);
});

test("without the internet, a look says so and what runs is told all the same", async context => {
  const { releases, check } = await startWithReleases(context);
  await releases[Symbol.asyncDispose]();
  const { status, body } = await check();
  assert.deepEqual(
    [status, body.available, body.currentVersion, body.latestVersion, body.checkedAt],
    [200, false, "v5.0.0-test", null, null],
  );
  assert.match(
    String(body.warning),
    /^Cannot reach "http:\/\/127\.0\.0\.1:\d+\/releases\.json": it refuses the connection$/,
  );
});

test("the public numbers: JSON unless a browser asks, and to anybody", async context => {
  const { ask } = await startSecured(context);
  const json = await ask("/simple-stats");
  assert.equal(json.status, 200);
  assert.deepEqual(Object.keys((await json.json()) as object), [
    "waiting",
    "nodes",
    "guests",
    "dockerHosts",
    "alerts",
    "updated",
  ]);
  const page = await ask("/simple-stats", { headers: { accept: "text/html,application/xhtml+xml" } });
  assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
  assert.match(await page.text(), /<h1>Pulse<\/h1>/);
  assert.equal((await ask("/api/summary")).status, 401);
});
