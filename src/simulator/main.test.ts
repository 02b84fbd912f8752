import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { call, present } from "./call.ts";
import type { InstanceInfo } from "./estate.ts";

const MAIN = new URL("./main.ts", import.meta.url).pathname;

function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const exit = once(child, "exit") as Promise<[number | null, string | null]>;
  return { child, exit };
}

async function firstLine(child: ChildProcess): Promise<{ instances: InstanceInfo[]; adminUrl: string }> {
  const [line] = (await once(createInterface(present(child.stdout)), "line")) as [string];
  return JSON.parse(line);
}

const ends: [string, string[], (child: ChildProcess) => void][] = [
  ["SIGTERM", [], child => child.kill("SIGTERM")],
  ["the end of its input", ["--exit-with-parent"], child => child.stdin?.end()],
];
for (const [name, args, end] of ends)
  test(`says in one line where it listens, and stops cleanly at ${name}`, async () => {
    const { child, exit } = start("--nodes", "3", "--guests", "6", "--clusters", "1", "--standalone", "1", ...args);
    const { instances, adminUrl } = await firstLine(child);
    assert.deepEqual(
      instances.map(instance => [instance.name, instance.endpoints.length]),
      [
        ["cluster1", 2],
        ["host1", 1],
      ],
    );
    assert.equal((await call(present(instances[0]), "/version")).status, 200);
    assert.equal((await fetch(`${adminUrl}/requests`)).status, 200);
    end(child);
    assert.deepEqual(await exit, [0, null]);
  });
