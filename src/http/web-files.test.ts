import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import Fastify from "fastify";
import { serveWeb } from "./web-files.ts";

/** A server of a built UI that has these files. */
async function serverOf(context: TestContext, files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-web-"));
  context.after(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries({ "index.html": "<!doctype html>", ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const server = Fastify({ routerOptions: { ignoreTrailingSlash: true } });
  context.after(() => server.close());
  await serveWeb(server, folder);
  return server;
}

test("the mark is found where dashboards look for it, also below the names that the original has", async context => {
  const server = await serverOf(context, { "pulse.svg": "<svg/>" });
  for (const path of ["/pulse.svg", "/logo.svg", "/favicon.ico"]) {
    const { statusCode, headers, body } = await server.inject(path);
    assert.deepEqual([statusCode, headers["content-type"], body], [200, "image/svg+xml", "<svg/>"], path);
  }
});

test("the documentation is found by its name alone, with relative links that hold, and by its pages", async context => {
  const server = await serverOf(context, { "docs/index.html": "first", "docs/alerts.html": "alerts" });
  const { statusCode, headers } = await server.inject("/docs");
  assert.deepEqual([statusCode, headers.location], [302, "./docs/"]);
  for (const [path, said] of [
    ["/docs/", "first"],
    ["/docs/index.html", "first"],
    ["/docs/alerts.html", "alerts"],
  ] as const)
    assert.equal((await server.inject(path)).body, said, path);
  assert.equal((await server.inject("/docs/none.html")).statusCode, 404);
});
