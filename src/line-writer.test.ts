import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { test } from "node:test";
import { MIB } from "./kit/units.ts";
import { lineWriter } from "./line-writer.ts";

const LINES = 10_000;
const LONG = "x".repeat(1000);

/** What the child does: as asked, it writes lines to stderr, says how much waits, and goes on living. */
function serve(): void {
  const write = lineWriter(process.stderr, dropped => `dropped ${dropped}`);
  process.on("message", count => {
    for (let line = 0; line < Number(count); line++) write(`${line} ${LONG}`);
    setImmediate(() => process.send?.(process.stderr.writableLength));
  });
}

function start(context: { after: (clean: () => void) => void }) {
  const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, "serve"], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  context.after(() => void child.kill("SIGKILL"));
  const write = async (lines: number) => {
    child.send(lines);
    const [waiting] = (await once(child, "message")) as [number];
    return waiting;
  };
  return { child, stderr: child.stderr as Readable, write };
}

if (process.argv[2] === "serve") serve();
else {
  test("a reader that has stopped blocks nothing and fills no memory; it is told what it missed", async context => {
    const { stderr, write } = start(context);
    assert.ok((await write(LINES)) < 1.1 * MIB);
    assert.ok((await write(LINES)) < 1.1 * MIB);
    let [seen, dropped] = [0, 0];
    createInterface({ input: stderr }).on("line", line => {
      if (line.startsWith("dropped ")) dropped += Number(line.slice("dropped ".length));
      else seen += 1;
    });
    while ((await write(0)) > 0);
    await write(1);
    while (seen + dropped < 2 * LINES + 1) await write(0);
    assert.equal(seen + dropped, 2 * LINES + 1);
    assert.ok(dropped > LINES);
  });

  test("a reader that is gone ends nothing", async context => {
    const { child, stderr, write } = start(context);
    stderr.destroy();
    await write(LINES);
    await write(LINES);
    assert.equal(child.exitCode, null);
  });
}
