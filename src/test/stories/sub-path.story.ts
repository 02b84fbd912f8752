import assert from "node:assert/strict";
import { test } from "node:test";
import { openSubPathProxy } from "../sub-path-proxy.ts";
import { eventually, startReader } from "./reader.ts";

test("page, assets and stream work below a path of a reverse proxy, and a line that was cut goes on where it was", async () => {
  await using reader = await startReader({ nodes: 2, guests: 6 });
  await using proxy = await openSubPathProxy(reader.pulse.url, "/pulse");
  const page = await reader.browser.newPage();
  const frames: string[] = [];
  page.on("websocket", socket =>
    socket.on("framereceived", ({ payload }) => frames.push(String(payload).slice(0, 20))),
  );
  const elsewhere: string[] = [];
  page.on("request", request => {
    if (!request.url().startsWith(`${proxy.url}/`)) elsewhere.push(request.url());
  });
  await page.goto(`${proxy.url}/`);
  await page.locator(".guests .row.guest").first().waitFor();
  assert.deepEqual(proxy.streams, ["/ws?format=patch"]);
  proxy.cut();
  await eventually(
    async () => frames,
    seen => assert.ok(seen.some(frame => frame.startsWith('{"type":"resumed"'))),
  );
  assert.match(proxy.streams[1] ?? "", /^\/ws\?format=patch&epoch=\w+&version=\d+$/);
  const before = frames.length;
  await eventually(
    async () => frames.slice(before),
    seen => assert.ok(seen.some(frame => frame.startsWith('{"type":"patch"'))),
  );
  assert.equal(frames.filter(frame => frame.startsWith('{"type":"snapshot"')).length, 1);
  // As notifications link to it, and as it was called by the original.
  await page.goto(`${proxy.url}/alerts`);
  await page.getByRole("navigation", { name: "Alerts" }).waitFor();
  assert.equal(page.url(), `${proxy.url}/?page=alerts`);
  // Help leads to the documentation, at the heading that says more, in a tab of its own.
  await page.goto(`${proxy.url}/?page=alerts&tab=thresholds`);
  await page.getByRole("button", { name: "What is this: Defaults" }).click();
  const panel = page.locator(".panel-head").filter({ has: page.getByRole("heading", { name: "Defaults" }) });
  const [head, text] = [
    await panel.getByRole("heading").boundingBox(),
    await panel.locator(".help-text").boundingBox(),
  ];
  assert.ok(head && text && text.y >= head.y + head.height, "the help lies below the heading");
  const [docs] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: "More in the documentation" }).click(),
  ]);
  const heading = docs.getByRole("heading", { name: "Signals" });
  await heading.waitFor();
  assert.equal(docs.url(), `${proxy.url}/docs/alerts.html#signals`);
  assert.ok(((await heading.boundingBox())?.y ?? Number.POSITIVE_INFINITY) < 200, "the heading is in sight");
  await docs.getByRole("navigation", { name: "Documentation" }).getByRole("link", { name: "Docker hosts" }).click();
  await docs.getByRole("heading", { level: 1, name: "Docker hosts" }).waitFor();
  await docs.getByRole("link", { name: "Pulse", exact: true }).click();
  await docs.locator(".guests .row.guest").first().waitFor();
  assert.deepEqual(elsewhere, []);
});
