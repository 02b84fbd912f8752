import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";

/** Stands for the server: tells how it was started, then does what it is told. */
const SERVER = `
process.on("SIGTERM", () => process.exit(7));
console.log(JSON.stringify({ args: process.argv.slice(2), flags: process.execArgv, mark: process.env.MARK, own: process.env.OWN }));
const [command] = process.argv.slice(2);
if (command === "end") process.exit(3);
if (command === "die") process.kill(process.pid, "SIGKILL");
setInterval(() => {}, 1000);
`;

/** The package with that server in it, installed; `needs`: the oldest Node that will do. */
function start(context: TestContext, needs: number, ...args: string[]): ChildProcess {
  const folder = mkdtempSync(join(tmpdir(), "pulse-npx-"));
  const run = { needs, pinned: {}, env: { MARK: "default", OWN: "default" }, flags: ["--no-warnings"] };
  for (const name of ["bin", "lib"]) mkdirSync(join(folder, name));
  cpSync("deploy/npx/pulse.mjs", join(folder, "bin/pulse.mjs"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "lib/run.json"), JSON.stringify(run));
  writeFileSync(join(folder, "lib/pulse.js"), SERVER);
  const child = spawn(process.execPath, [join(folder, "bin/pulse.mjs"), ...args], {
    env: { OWN: "the caller's" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  context.after(() => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });
  return child;
}

async function firstLine(child: ChildProcess, from: "stdout" | "stderr" = "stdout"): Promise<string> {
  const stream = child[from];
  assert.ok(stream);
  const [line] = (await once(createInterface({ input: stream }), "line")) as [string];
  return line;
}

test("the package starts the server with what every start has, and ends as it does", async context => {
  const child = start(context, 1, "end", "a b");
  const ended = once(child, "close");
  assert.deepEqual(JSON.parse(await firstLine(child)), {
    args: ["end", "a b"],
    flags: ["--no-warnings"],
    mark: "default",
    own: "the caller's",
  });
  assert.deepEqual(await ended, [3, null]);
});

test("who stops it stops the server, in its order", async context => {
  const child = start(context, 1);
  const ended = once(child, "close");
  await firstLine(child);
  child.kill("SIGTERM");
  assert.deepEqual(await ended, [7, null]);
});

test("a server that was killed is no success", async context => {
  assert.deepEqual(await once(start(context, 1, "die"), "close"), [137, null]);
});

test("a Node that is too old is told, where npm brought no other", async context => {
  const child = start(context, 99);
  const ended = once(child, "close");
  assert.equal(await firstLine(child, "stderr"), `Pulse needs Node 99 or newer, this is ${process.version}`);
  assert.deepEqual(await ended, [1, null]);
});
