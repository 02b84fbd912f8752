import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { systemClock } from "../kit/clock.ts";
import { runMockOnFolder, toMockCommand } from "../mock-command.ts";
import type { State } from "../model/state.ts";
import { startSupervised } from "./supervised.ts";

const PATH = "/api/system/mock-mode";
const SMALL = {
  nodeCount: 2,
  vmsPerNode: 3,
  lxcsPerNode: 1,
  dockerHostCount: 1,
  dockerContainersPerHost: 9,
  stoppedPercent: 0.25,
};
const HOME = { type: "pve", host: "127.0.0.9:1", name: "home", tokenName: "a@pam!b", tokenValue: "c" };

test("the simulated estate comes and goes at the same address, its data apart, and who is signed in stays so", async context => {
  const pulse = await startSupervised(context);
  const { send, until, ask, folder } = pulse;
  assert.equal((await send("POST", "/api/config/nodes", HOME)).status, 201);
  const before = await until<{ enabled: boolean; config: object }>(PATH, () => true);
  assert.equal(before.enabled, false);

  const on = await send("POST", PATH, { enabled: true, config: SMALL });
  assert.deepEqual(await on.json(), {
    enabled: true,
    config: {
      NodeCount: 2,
      VMsPerNode: 3,
      LXCsPerNode: 1,
      DockerHostCount: 1,
      DockerContainersPerHost: 9,
      RandomMetrics: true,
      HighLoadNodes: null,
      StoppedPercent: 0.25,
    },
  });
  const state = await until<State>(
    "/api/state",
    ({ nodes, vms, dockerHosts }) => nodes.length === 2 && vms.length === 6 && dockerHosts.length === 1,
  );
  assert.deepEqual(
    [state.containers.length, state.dockerHosts[0]?.containers.length, state.instances.map(({ id }) => id).sort()],
    [2, 9, ["mail", "mock", "vault"]],
  );
  assert.equal([...state.vms, ...state.containers].filter(({ status }) => status === "stopped").length, 2);
  const refused = await send("POST", "/api/config/nodes", { ...HOME, host: "127.0.0.8:1" });
  assert.deepEqual([refused.status, /simulated/.test(await refused.text())], [403, true]);
  assert.equal((await send("PUT", "/api/guests/metadata/mock:guest:100", { notes: "a made-up one" })).status, 200);
  assert.ok(existsSync(join(folder, "mock/pulse.db")));

  const uptime = async () => ((await (await ask("/api/health")).json()) as { uptime: number }).uptime;
  const upFor = await uptime();
  const off = await send("PUT", PATH, { enabled: false });
  assert.equal(((await off.json()) as { enabled: boolean }).enabled, false);
  await until<State>("/api/state", ({ instances }) => instances.map(({ id }) => id).join() === "home");
  assert.deepEqual(await until<object>("/api/guests/metadata", () => true), {});
  assert.ok((await uptime()) > upFor, "since the process began");
});

test("what was chosen counts after a restart, and a file that somebody has spoiled is named", async context => {
  const { send, folder } = await startSupervised(context);
  await send("POST", PATH, { config: { nodeCount: 3 } });
  const kept = JSON.parse(readFileSync(join(folder, "mock-mode.json"), "utf8")) as object;
  assert.deepEqual(Object.keys(kept), ["enabled", "config"]);
});

const REFUSED: [sentence: string, wish: object, status: number, error: RegExp][] = [
  ["too many of one kind", { config: { nodeCount: 101 } }, 400, /^config.nodeCount: /],
  ["too many together", { config: { nodeCount: 100, vmsPerNode: 200 } }, 400, /^config: 20600 guests are too many/],
  ["a share in percent", { config: { stoppedPercent: 20 } }, 400, /^config.stoppedPercent: /],
  ["a word for a flag", { enabled: "on" }, 400, /^enabled: must be true or false/],
];
for (const [sentence, wish, status, error] of REFUSED)
  test(`${sentence} is refused by the field's name`, async context => {
    const { send } = await startSupervised(context);
    const answer = await send("POST", PATH, wish);
    assert.equal(answer.status, status);
    assert.match(((await answer.json()) as { error: string }).error, error);
  });

test("what PULSE_MOCK_MODE says cannot be changed here", async context => {
  const { send } = await startSupervised(context, { mockMode: false });
  const answer = await send("POST", PATH, { enabled: true });
  assert.deepEqual(
    [answer.status, ((await answer.json()) as { error: string }).error],
    [403, "enabled: is set by PULSE_MOCK_MODE; change it there"],
  );
  assert.equal((await send("POST", PATH, { enabled: false })).status, 200);
});

test("by the command line: while the server runs, and while it does not", async context => {
  const pulse = await startSupervised(context);
  const run = async (action: string) => {
    const command = toMockCommand(["mock", action]);
    if (typeof command === "string") throw new Error(command);
    return (await runMockOnFolder(pulse.environment, command, systemClock)).text;
  };
  assert.equal(await run("status"), "Pulse shows the real estate");
  assert.equal(await run("on"), "Pulse shows a simulated estate");
  await pulse.until<{ enabled: boolean }>(PATH, ({ enabled }) => enabled);
  await pulse.until<State>("/api/state", ({ nodes }) => nodes.length === 8);
  await pulse.supervisor[Symbol.asyncDispose]();
  assert.equal(await run("off"), "Pulse shows the real estate, from the next start on");
  assert.equal(await run("status"), "Pulse shows the real estate");
  assert.equal(toMockCommand(["mock", "maybe"]), "mock on | off | status");
});
