import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as testAnywhere } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { promisify } from "node:util";
import { MINUTE, SECOND } from "../kit/units.ts";
import { issueCertificate } from "../simulator/certificate.ts";
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
  for (const deadline = Date.now() + 2 * MINUTE; host === undefined; host = await read()) {
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

test("certificates are checked by what each server is trusted by, and an engine behind TLS by its own", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-certificates-"));
  const certificate = issueCertificate("localhost", "127.0.0.1");
  for (const [name, text] of [
    ["ca.pem", certificate.cert],
    ["cert.pem", certificate.cert],
    ["key.pem", certificate.key],
  ] as const)
    writeFileSync(join(folder, name), text);
  await using engine = await openStandInEngine();
  const door = createTlsServer({ ...certificate, ca: certificate.cert, requestCert: true }, caller =>
    caller.pipe(connect(engine.socket)).pipe(caller),
  );
  await new Promise<void>(done => door.listen(0, "127.0.0.1", done));
  await using strict = await openStandInServer(certificate);
  await using loose = await openStandInServer(certificate);
  const port = (door.address() as AddressInfo).port;
  const env = { DOCKER_HOST: `tcp://localhost:${port}`, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: folder };
  const targets = ["--target", `${strict.url}|t`, "--target", `${loose.url}|t|insecure`];
  {
    await using agent = startAgent({ socket: engine.socket, args: targets, env });
    await loose.until(({ reports }) => reports.length > 0);
    while (!agent.log().includes("certificate is not trusted")) await new Promise(done => setTimeout(done, 20));
    assert.equal(strict.tries, 0);
    assert.equal(loose.reports[0]?.host.hostname, "engine-host", "an engine elsewhere is not this machine");
    assert.equal(loose.reports[0]?.host.loadAverage, undefined);
  }
  await using _ = startAgent({ socket: engine.socket, args: [...targets, "--ca", join(folder, "ca.pem")], env });
  await strict.until(({ reports }) => reports.length > 0);
  door.close();
  rmSync(folder, { recursive: true });
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
