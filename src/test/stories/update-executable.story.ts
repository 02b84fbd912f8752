import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { WebSocket } from "ws";
import { systemClock } from "../../kit/clock.ts";
import { SECOND } from "../../kit/units.ts";
import type { UpdateStatus } from "../../model/update.ts";
import { openBrowser, shoot } from "../browser.ts";
import { type InstalledRelease, installRelease } from "../installed-release.ts";
import { ADMIN, shownBy } from "../secured.ts";
import { assertFits } from "./reader.ts";

const asRoot = { skip: process.getuid?.() !== 0 && "a service is replaced by root" };

test(
  "an administrator updates an installed Pulse on the page; a version that is not well goes back by itself",
  asRoot,
  async () => {
    await using stack = new AsyncDisposableStack();
    const installed = stack.use(await installRelease(ADMIN));
    const browser = stack.use(await openBrowser());
    const page = await signIn(await browser.newPage({ viewport: { width: 1440, height: 900 } }), installed);
    const { frames, cookie } = await listen(installed, stack);
    const [first, second, third] = [installed.version, "5.0.0-alpha.900", "5.0.0-alpha.901"];
    installed.offer(second);

    await page.goto(`${installed.url}/?page=settings&section=updates`);
    const updates = page.getByRole("region", { name: "Updates", exact: true });
    await updates.getByText(`v${first} runs`).waitFor();
    await page.getByText("Only one version has run here.").waitFor();
    assert.equal(installed.releases.requests.length, 0);
    await updates.getByRole("button", { name: "Look for a newer version" }).click();
    const offer = page.getByRole("article", { name: "A newer version" });
    await offer.getByText("Charts are drawn twice as fast.").waitFor();
    await offer.getByRole("button", { name: `Update to v${second}` }).click();
    await offer.getByText(/comes back by itself/).waitFor();
    await shoot(page, "updates-offer");
    await offer.getByRole("button", { name: "Update now" }).click();
    await page.getByRole("heading", { name: "An update is going on" }).waitFor();
    await shoot(page, "updates-progress");
    const ended = await endOf(installed, cookie);
    assert.deepEqual([ended.status, ended.error], ["completed", undefined], ended.message);
    await page.getByText(`v${second} runs; v${first} is kept.`).waitFor({ timeout: 240_000 });
    await updates.getByText(`v${second} runs`).waitFor();
    assert.equal(await installed.answers(), `v${second}`);
    await page
      .getByRole("row", { name: new RegExp(`v${first} v${second} ${ADMIN.username} done in .*\\d+s`) })
      .waitFor();
    assert.ok(frames.length > 2, JSON.stringify(frames));
    for (const frame of frames) {
      assert.deepEqual(Object.keys(frame), ["type", "data", "timestamp"]);
      assert.ok(["downloading", "installing", "checking", "idle"].includes(frame.data.status), JSON.stringify(frame));
    }

    // This one writes the database as no other can read it, and ends.
    installed.offer(third, code => `${BROKEN}\n${code}`);
    await page.reload();
    await updates.getByText(`v${second} runs`).waitFor();
    await updates.getByRole("button", { name: "Look for a newer version" }).click();
    await offer.getByRole("button", { name: `Update to v${third}` }).click();
    await offer.getByRole("button", { name: "Update now" }).click();
    await page.getByRole("heading", { name: "An update is going on" }).waitFor();
    assert.equal((await endOf(installed, cookie)).status, "error");
    const problem = page
      .getByText(new RegExp(`v${third} was not well within 20 s: .*v${second} runs again\\.$`))
      .first();
    await problem.waitFor({ timeout: 240_000 });
    await page.getByRole("row", { name: /went back/ }).waitFor();
    assert.equal(await installed.answers(), `v${second}`);
    assert.ok(readdirSync(installed.dataDir).some(name => name.startsWith("pulse.db.before-")));
    assert.deepEqual(readdirSync(join(installed.root, "releases")), [second]);
    const history = await fetch(`${installed.url}/api/updates/history`, { headers: { cookie } });
    const events = (await history.json()) as { status: string; initiated_via: string }[];
    assert.deepEqual(
      events.map(({ status, initiated_via }) => `${status} ${initiated_via}`),
      ["rolled_back ui", "completed ui"],
    );
    // A page that was not there while it happened is told the same.
    await page.reload();
    await problem.waitFor();
    await page.getByRole("heading", { name: "The last update" }).waitFor();
    await shoot(page, "updates-went-back");
    await updates.getByRole("button", { name: "Look for a newer version" }).click();
    await offer.waitFor();
    for (const [name, colorScheme, width] of [
      ["updates-dark", "dark", 1440],
      ["updates-360", "light", 360],
      ["updates-360-dark", "dark", 360],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.getByRole("row", { name: /went back/ }).waitFor();
      await assertFits(page);
      await shoot(page, name);
    }
  },
);

const BROKEN = `
import { DatabaseSync as Broken } from "node:sqlite";
if (process.argv[2] === undefined) {
  const database = new Broken(process.env.PULSE_DATA_DIR + "/pulse.db");
  database.exec("PRAGMA user_version = 9999");
  database.close();
  process.exit(1);
}
`;

async function signIn(page: Page, { url }: InstalledRelease): Promise<Page> {
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  await page.getByLabel("User").fill(ADMIN.username);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  return page;
}

interface ProgressFrame {
  type: string;
  data: { status: string };
  timestamp: string;
}

/** A client of the old frames; what it is told of updates. */
async function listen({ url }: InstalledRelease, stack: AsyncDisposableStack) {
  const login = await fetch(`${url}/api/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(ADMIN),
  });
  const { cookie } = shownBy(login);
  const frames: ProgressFrame[] = [];
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, { headers: { cookie } });
  socket.on("message", data => {
    const frame = JSON.parse(String(data)) as ProgressFrame;
    if (frame.type === "update:progress") frames.push(frame);
  });
  await new Promise(resolve => socket.once("open", resolve));
  stack.defer(() => socket.terminate());
  return { frames, cookie };
}

/** How an update ended, as the server tells that runs then. */
async function endOf({ url }: InstalledRelease, cookie: string) {
  for (let last = "nothing", deadline = Date.now() + 240 * SECOND; ; await systemClock.sleep(SECOND)) {
    const answer = await fetch(`${url}/api/updates/status`, { headers: { cookie } }).catch(() => null);
    const status = answer?.ok ? ((await answer.json()) as UpdateStatus) : null;
    if (status?.status === "completed" || status?.status === "error") return status;
    last = status ? `${status.status}: ${status.message}` : last;
    if (Date.now() > deadline) throw new Error(`The update does not end; it said ${last}`);
  }
}
