import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import type { State } from "../model/state.ts";

test("a demo shows Docker hosts that report to it like real ones, and nobody else may", async context => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-demo-"));
  const environment = {
    ...process.env,
    PULSE_MOCK_MODE: "true",
    DEMO_MODE: "true",
    PULSE_DATA_DIR: folder,
    FRONTEND_PORT: "0",
    BIND_HOST: "127.0.0.1",
    LOG_LEVEL: "error",
  };
  const child = spawn(process.execPath, ["src/main.ts"], { env: environment, stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  context.after(() => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const url = line.slice(line.indexOf("http"));
  const hosts = async () => ((await (await fetch(`${url}/api/state`)).json()) as State).dockerHosts;
  const deadline = Date.now() + 180_000;
  while ((await hosts()).length < 5) {
    assert.ok(Date.now() < deadline, "five hosts within three minutes");
    await new Promise(done => setTimeout(done, 100));
  }
  const found = await hosts();
  assert.deepEqual(
    found.map(({ displayName, status }) => [displayName, status]).toSorted(),
    ["dock1", "edge", "media", "old-nas", "swarm1"].map(name => [name, "online"]),
  );
  assert.deepEqual(
    new Set(found.flatMap(({ issues }) => issues.map(({ kind }) => kind))).isSubsetOf(
      new Set(["unhealthy", "out-of-memory", "memory-pressure", "restart-loop"]),
    ),
    true,
  );
  const report = {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-token": "guessed" },
    body: JSON.stringify({ agent: {}, host: { hostname: "stranger" }, containers: [] }),
  };
  assert.equal((await fetch(`${url}/api/agents/docker/report`, report)).status, 401);
  child.kill("SIGTERM");
  assert.deepEqual(await exit, [0, null]);
});
