import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { chooseAddress, EngineError, openEngine } from "./engine.ts";
import type { EngineAddress } from "./engine-address.ts";

const folder = mkdtempSync(join(tmpdir(), "pulse-engine-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): EngineAddress => ({ kind: "socket", path: join(folder, name) });
const FOREVER = new AbortController().signal;

test("the first socket that exists is the engine's, whether it answers or not; without any the first is complained of", () => {
  writeFileSync(join(folder, "second"), "");
  writeFileSync(join(folder, "third"), "");
  assert.deepEqual(chooseAddress([at("first"), at("second"), at("third")]), at("second"));
  assert.deepEqual(chooseAddress([at("first"), at("nowhere")]), at("first"));
});

const ANSWERS: [sentence: string, bytes: string, fault: string, message: RegExp][] = [
  ["closes", "", "broken", /answer to "\/info" ends early/],
  ["answers half", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{", "broken", /ends early/],
  [
    "answers nothing, as Podman does for what has stopped",
    "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    "broken",
    /is no JSON/,
  ],
  ["does not speak HTTP", "hello there\r\n\r\n", "broken", /is no HTTP/],
  ["does not know", "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}", "missing", /does not know "\/info"/],
  ["refuses", "HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\n{}", "refused", /answered 403 to "\/info"/],
];
for (const [index, [sentence, bytes, fault, message]] of ANSWERS.entries())
  test(`an engine that ${sentence}: ${fault}`, async () => {
    const server = createServer(socket => {
      socket.on("error", () => {}).once("data", () => socket.end(bytes));
    });
    const path = join(folder, `e${index}.sock`);
    await new Promise<void>(done => server.listen(path, done));
    const engine = openEngine({ kind: "socket", path });
    await assert.rejects(engine.get("/info", FOREVER), (error: unknown) => {
      assert.ok(error instanceof EngineError);
      assert.equal(error.fault, fault);
      assert.match(error.message, message);
      return true;
    });
    server.close();
  });

test("what is asked after the end of a look is not asked", async () => {
  await assert.rejects(openEngine(at("first")).get("/info", AbortSignal.abort()), { fault: "stopped" });
});
