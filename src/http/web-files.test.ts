import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import Fastify from "fastify";
import { serveWeb } from "./web-files.ts";

test("the mark is found where dashboards look for it, also below the names that the original has", async context => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-web-"));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "index.html"), "<!doctype html>");
  writeFileSync(join(folder, "pulse.svg"), "<svg/>");
  const server = Fastify();
  context.after(() => server.close());
  await serveWeb(server, folder);
  for (const path of ["/pulse.svg", "/logo.svg", "/favicon.ico"]) {
    const { statusCode, headers, body } = await server.inject(path);
    assert.deepEqual([statusCode, headers["content-type"], body], [200, "image/svg+xml", "<svg/>"], path);
  }
});
