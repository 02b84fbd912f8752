import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { shoot } from "../browser.ts";
import { eventually, type Reader, startReader } from "./reader.ts";

let reader: Reader;
before(async () => {
  reader = await startReader({ nodes: 2, guests: 6 });
});
after(async () => await reader[Symbol.asyncDispose]());

test("a wall keeps its screen awake, again after it was out of sight, and no longer once it is left", async () => {
  const page = await reader.open();
  await page.locator(".guests .row.guest").first().waitFor();
  await page.evaluate(`(() => {
    window.locks = { asked: 0, released: 0 };
    const lock = { release: async () => void (window.locks.released += 1) };
    Object.defineProperty(navigator, "wakeLock", { value: { request: async () => (window.locks.asked++, lock) } });
  })()`);
  const locks = () => page.evaluate<{ asked: number; released: number }>("window.locks");
  await page.evaluate(`history.pushState(null, "", "?page=wall"); dispatchEvent(new PopStateEvent("popstate"))`);
  await page.locator(".wall-tile").first().waitFor();
  await eventually(locks, ({ asked }) => assert.equal(asked, 1));
  await page.evaluate(`document.dispatchEvent(new Event("visibilitychange"))`);
  await eventually(locks, ({ asked }) => assert.equal(asked, 2));
  await page.keyboard.press("Escape");
  await eventually(locks, ({ released }) => assert.ok(released > 0));
});

test("a browser that may not tell, or cannot reach its push service, is said so, with what to do", async () => {
  const page = await reader.open("?page=alerts&tab=destinations", { worker: true });
  await page.evaluate(`Notification.requestPermission = async () => "denied"`);
  const panel = page.getByRole("region", { name: "This browser" });
  await panel.getByRole("button", { name: "Tell this browser" }).click();
  await panel.getByText(/allow notifications for this page in its settings/).waitFor();
  await page.evaluate(`Notification.requestPermission = async () => "granted"`);
  await panel.getByRole("button", { name: "Tell this browser" }).click();
  await panel.getByText("This browser could not reach its push service").waitFor();
});

test("where the browser offers to make Pulse an app, the settings do, too", async () => {
  const page = await reader.open("?page=settings&section=page");
  await page.getByText(/The browser's menu makes it one/).waitFor();
  await page.evaluate(`(() => {
    const offer = new Event("beforeinstallprompt", { cancelable: true });
    offer.prompt = async () => void (window.asked = true);
    dispatchEvent(offer);
  })()`);
  await page.getByRole("button", { name: "Install" }).click();
  assert.equal(await page.evaluate("window.asked"), true);
  await page.getByText(/The browser's menu makes it one/).waitFor();
});

test("a server that comes back as another version is said, and loading its page again loses no edit without asking", async () => {
  const { pulse } = reader;
  const page = await reader.open("?page=settings");
  await page.getByRole("button", { name: "Add an instance" }).click();
  const address = page.getByRole("textbox", { name: "Address" });
  await address.fill("https://pve.example.com");
  const again = page.getByRole("button", { name: "Load again" });
  await pulse.stopServer();
  await page.getByRole("button", { name: "Try now" }).waitFor();
  await pulse.startServer();
  await page.getByRole("button", { name: "Try now" }).waitFor({ state: "detached" });
  await page.locator(".freshness.live").waitFor();
  assert.equal(await again.count(), 0, "the same version says nothing");
  await pulse.stopServer();
  await pulse.startServer(undefined, "5.0.1-test");
  await page.getByText("Pulse was updated. Load the page again to get its new version.").waitFor();
  await shoot(page, "another-version");
  for (const isLost of [false, true]) {
    const asked = page.waitForEvent("dialog");
    const clicked = again.click();
    const dialog = await asked;
    assert.equal(dialog.type(), "beforeunload");
    await (isLost ? dialog.accept() : dialog.dismiss());
    await clicked;
    if (!isLost) assert.equal(await address.inputValue(), "https://pve.example.com");
  }
  await address.waitFor({ state: "detached" });
  await page.locator(".freshness.live").waitFor();
  assert.equal(await again.count(), 0);
});
