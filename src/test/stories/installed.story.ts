import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { shoot } from "../browser.ts";
import { openSubPathProxy } from "../sub-path-proxy.ts";
import { eventually, startReader } from "./reader.ts";

const PASSWORD = "correct horse battery";
const READY = "navigator.serviceWorker.ready.then(({ scope, active }) => [scope, active.scriptURL])";
/** As when somebody looks at something else. */
const OUT_OF_SIGHT = `Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));`;
/** What is kept on the device: the name of each store, and what lies in it. */
const KEPT = `caches.keys().then(names => Promise.all(names.map(async name =>
  [name, (await (await caches.open(name)).keys()).map(({ url }) => url)])))`;

test("the page opens without network and says how old it is, lies below a path if need be, and leaves nothing behind", async () => {
  await using reader = await startReader({ nodes: 3, guests: 20, user: { name: "ann", password: PASSWORD } });
  const { pulse } = reader;
  const page = await reader.open("", { worker: true });
  await signIn(page);
  const [scope, script] = await page.evaluate<[string, string]>(READY);
  assert.deepEqual([scope, script], [`${pulse.url}/`, `${pulse.url}/service-worker.js`]);
  await manifestHolds(page, pulse.url);
  await page.evaluate(OUT_OF_SIGHT);
  const kept = () => page.evaluate<[string, string[]][]>(KEPT);
  await eventually(kept, stores => assert.equal(pictureOf(stores).length, 1));

  await pulse.stopServer();
  await page.goto(`${pulse.url}/?page=storage`);
  await page.getByText(/What you see was kept on this device: it is from/).waitFor();
  await page.getByRole("heading", { name: "Storages" }).waitFor();
  await shoot(page, "installed-offline");
  await pulse.startServer();
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByText(/kept on this device/).waitFor({ state: "detached" });
  const files = (await kept()).filter(([name]) => name.startsWith("pulse-files")).flatMap(([, urls]) => urls);
  assert.ok(files.length > 10);
  assert.deepEqual(
    files.filter(url => url.includes("/api/")),
    [],
    "nothing that the API answers is kept among the files",
  );

  await using proxy = await openSubPathProxy(pulse.url, "/pulse");
  const below = await reader.open("", { worker: true });
  await below.goto(`${proxy.url}/`);
  await signIn(below);
  assert.equal((await below.evaluate<[string, string]>(READY))[0], `${proxy.url}/`);
  await proxy[Symbol.asyncDispose]();
  await below.goto(`${proxy.url}/?page=backups`);
  await below.getByText(/The server cannot be reached/).waitFor();

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await eventually(kept, stores => assert.equal(pictureOf(stores).length, 0));
  assert.deepEqual(
    reader.complaints.filter(text => !/Failed to load resource|ERR_FAILED/.test(text)),
    [],
  );
});

function pictureOf(stores: [string, string[]][]): string[] {
  return stores.filter(([name]) => name.startsWith("pulse-picture")).flatMap(([, urls]) => urls);
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel("User").fill("ann");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".guests .row.guest").first().waitFor();
}

/** Every picture of the manifest is there and as large as it says; every address lies below its own. */
async function manifestHolds(page: Page, url: string): Promise<void> {
  const href = await page.locator('link[rel="manifest"]').getAttribute("href");
  const answer = await fetch(new URL(href ?? "", `${url}/`));
  assert.equal(answer.headers.get("content-type"), "application/manifest+json");
  const { icons, start_url, shortcuts } = (await answer.json()) as {
    icons: { src: string; sizes: string; type: string }[];
    start_url: string;
    shortcuts: { url: string }[];
  };
  for (const { src, sizes, type } of icons) {
    const picture = await fetch(new URL(src, `${url}/`));
    assert.equal(picture.status, 200, src);
    const bytes = Buffer.from(await picture.arrayBuffer());
    if (type === "image/png") assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, sizes, src);
  }
  for (const address of [start_url, ...shortcuts.map(one => one.url)]) assert.match(address, /^\.\//);
}
