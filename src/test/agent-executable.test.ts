import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { test as testAnywhere } from "node:test";
import { promisify } from "node:util";
import { SECOND } from "../kit/units.ts";
import { EXECUTABLE, startAgent } from "./agent-process.ts";
import { startPulse } from "./pulse.ts";
import { openStandInEngine } from "./stand-in-engine.ts";
import { openStandInServer } from "./stand-in-server.ts";

// The built agent, as it is given to hosts: scripts/test.ts has it built before, on Linux, which it is for.
const test = process.platform === "linux" ? testAnywhere : testAnywhere.skip;

test("the executable reports to a Pulse, which shows the host and its containers", async () => {
  await using pulse = await startPulse({ configured: [], apiToken: "the-token", speed: 1 });
  await using engine = await openStandInEngine({
    containers: [
      { name: "web", busy: 0.5, labels: { "com.docker.compose.project": "site" } },
      { name: "old", state: "exited" },
    ],
  });
  await using agent = startAgent({
    socket: engine.socket,
    args: ["--url", pulse.url, "--hostname", "dock1"],
    env: { PULSE_TOKEN: "the-token" },
  });
  const read = async () => {
    const answer = await fetch(`${pulse.url}/api/state`, {
      headers: { "x-api-token": "the-token", connection: "close" },
    });
    return ((await answer.json()) as Awaited<ReturnType<typeof pulse.state>>).dockerHosts[0];
  };
  let host = await read();
  for (const deadline = Date.now() + 30 * SECOND; host === undefined; host = await read()) {
    assert.ok(Date.now() < deadline, agent.log());
    await new Promise(done => setTimeout(done, 50));
  }
  assert.deepEqual([host.hostname, host.status, host.dockerVersion, host.cpus], ["dock1", "online", "28.2.2", 4]);
  assert.match(host.id, /^[\da-f-]{36}$/);
  assert.deepEqual(host.containers.map(({ name, state, project }) => [name, state, project]).sort(), [
    ["old", "exited", null],
    ["web", "running", "site"],
  ]);
  const web = host.containers.find(({ name }) => name === "web");
  assert.ok((web?.cpuPercent ?? 0) > 25, "the first report has CPU: there were two samples before it");
});

test("a token on the command line is out of sight when it is used", async () => {
  await using engine = await openStandInEngine();
  await using server = await openStandInServer();
  await using other = await openStandInServer();
  const args = ["--url", server.url, "--token", "secret-one", "--target", `${other.url}|secret-two`];
  await using agent = startAgent({ socket: engine.socket, args });
  await server.until(({ reports }) => reports.length > 0);
  const shown = readFileSync(`/proc/${agent.child.pid}/cmdline`, "utf8");
  assert.match(shown, /--token\0x{10}\0--target\0http:\/\/127\.0\.0\.1:\d+\|x{10}\0/);
  assert.equal(server.headers["x-api-token"], "secret-one");
  assert.ok(!agent.log().includes("secret"));
});

test("told to stop while an engine and a server hang, it is gone at once, with 0", async () => {
  await using engine = await openStandInEngine();
  await using server = await openStandInServer();
  server.answer = "hangs";
  await using agent = startAgent({
    socket: engine.socket,
    args: ["--url", server.url, "--interval", "1s"],
    env: { PULSE_TOKEN: "t" },
  });
  await server.until(({ tries }) => tries > 0);
  const before = engine.calls.length;
  engine.hangs = /./;
  while (engine.calls.length === before) await new Promise(done => setTimeout(done, 20));
  const from = performance.now();
  agent.child.kill("SIGTERM");
  const [code] = (await once(agent.child, "exit")) as [number | null];
  assert.equal(code, 0, agent.log());
  // Much less on a machine at rest; what hangs would take from 5 to 15 seconds.
  assert.ok(performance.now() - from < 4 * SECOND);
});

test("--once prints a report and needs no server; --help, --version and what is wrong are told", async () => {
  await using engine = await openStandInEngine({ kind: "podman" });
  const state = `${engine.socket}-state`;
  const run = (args: string[], env: Record<string, string> = {}) =>
    spawnSync(EXECUTABLE, args, { encoding: "utf8", env: { DOCKER_HOST: `unix://${engine.socket}`, ...env } });
  // NOTE: not spawnSync, which would keep the stand-in in this process from answering.
  const printed = await promisify(execFile)(EXECUTABLE, ["--once", "--state-dir", state], {
    env: { DOCKER_HOST: `unix://${engine.socket}` },
  });
  const report = JSON.parse(printed.stdout) as { host: { engine: string }; containers: { name: string }[] };
  assert.deepEqual([report.host.engine, report.containers[0]?.name], ["podman", "web"]);
  assert.match(run(["--version"]).stdout, /^v\d+\.\d+\.\d+/);
  assert.match(run(["--help"]).stdout, /--token-file FILE/);
  for (const [args, message] of [
    [["--interval", "soon"], /^--interval: /],
    [["--frob"], /^--frob: /],
    [[], /^--token-file: a token is missing/],
    [["--token", "t", "--ca", "/nowhere"], /^--ca: "\/nowhere" cannot be read/],
  ] as const) {
    const { status, stderr } = run([...args]);
    assert.equal(status, 2, stderr);
    assert.match(stderr, message);
  }
  const nowhere = run(["--once", "--state-dir", state], { DOCKER_HOST: "unix:///nowhere.sock" });
  assert.equal(nowhere.status, 1);
  assert.match(nowhere.stderr, /^There is no engine at "unix:\/\/\/nowhere.sock"/);
});
