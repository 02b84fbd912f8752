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
  assert.deepEqual(elsewhere, []);
});
