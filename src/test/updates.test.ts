import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { VersionLog } from "../settings/version-log.ts";
import { Database } from "../store/database.ts";
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

test("updates: nothing is asked of the internet, nothing is pretended, and who would apply one is told why not", async context => {
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
  assert.match(String(check.warning), /asks nobody/);
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

test("the public numbers: JSON unless a browser asks, and to anybody", async context => {
  const { ask } = await startSecured(context);
  const json = await ask("/simple-stats");
  assert.equal(json.status, 200);
  assert.deepEqual(Object.keys((await json.json()) as object), ["nodes", "guests", "dockerHosts", "alerts", "updated"]);
  const page = await ask("/simple-stats", { headers: { accept: "text/html,application/xhtml+xml" } });
  assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
  assert.match(await page.text(), /<h1>Pulse<\/h1>/);
  assert.equal((await ask("/api/summary")).status, 401);
});
