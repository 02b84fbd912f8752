import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openControlSocket } from "../control-socket.ts";
import { silent } from "../kit/log.ts";
import { readStatus } from "../status-command.ts";
import { startSupervised } from "./supervised.ts";

test("the command line is told where a server answers, and that none runs any more", async context => {
  const pulse = await startSupervised(context);
  const { ok, text } = await readStatus(pulse.folder);
  assert.match(text, /^Pulse \d\S* answers at http:\/\/\S+:\d+$/);
  assert.ok(ok);
  const none = await readStatus(join(pulse.folder, "elsewhere"));
  assert.deepEqual(none, { ok: false, text: `No Pulse runs on "${join(pulse.folder, "elsewhere")}"` });
});

/** A server that tells an address, at which something answers with `status` and `body`. */
async function openStandIn(context: TestContext, status: number, body: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "pulse-status-"));
  const server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>(done => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const socket = await openControlSocket(folder, async () => ({ ok: true, text: url }), silent);
  context.after(async () => {
    await socket[Symbol.asyncDispose]();
    server.close();
    rmSync(folder, { recursive: true });
  });
  return folder;
}

for (const [sentence, status, body] of [
  ["an error", 500, "{}"],
  ["no JSON", 200, "<html>"],
  ["another JSON", 200, "{}"],
] as const)
  test(`a server that answers with ${sentence} is not well`, async context => {
    const { ok, text } = await readStatus(await openStandIn(context, status, body));
    assert.match(text, /^Pulse runs, and does not answer at http/);
    assert.equal(ok, false);
  });
