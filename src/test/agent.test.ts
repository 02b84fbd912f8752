import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Compile } from "typebox/compile";
import { openEngine } from "../agent/engine.ts";
import { Looks } from "../agent/look.ts";
import { readMachine } from "../agent/machine.ts";
import type { Target } from "../agent/options.ts";
import { post } from "../agent/post.ts";
import { reportText, toReport } from "../agent/report.ts";
import { runAgent } from "../agent/run.ts";
import { type Clock, systemClock } from "../kit/clock.ts";
import { MINUTE, type Millis, SECOND } from "../kit/units.ts";
import { DockerReport } from "../model/docker.ts";
import { openStandInEngine, type StandInEngine, type StandInOptions } from "./stand-in-engine.ts";
import { openStandInServer, type StandInServer } from "./stand-in-server.ts";

const VALID = Compile(DockerReport);
const FOREVER = new AbortController().signal;

/** An engine, and looks at it: each is made a report that a server takes. */
async function openLooks(options: StandInOptions = {}, callDeadline: Millis = 5 * SECOND) {
  const engine = await openStandInEngine(options);
  const looks = new Looks(openEngine({ kind: "socket", path: engine.socket }), {
    hostname: "dock1",
    machine: readMachine,
    now: Date.now,
    callDeadline,
  });
  const look = async (budget: Millis = 20 * SECOND) => {
    const seen = await looks.look(budget, FOREVER);
    const report = toReport(seen, { id: "a", version: "v5", intervalSeconds: 30 }, Date.now());
    assert.ok(VALID.Check(JSON.parse(reportText(report))), JSON.stringify([...VALID.Errors(report)].slice(0, 3)));
    return seen;
  };
  return { engine, look, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
}

for (const [kind, cgroup] of [
  ["docker", 1],
  ["docker", 2],
  ["podman", 2],
] as const)
  test(`everything about a container of ${kind} with cgroup v${cgroup} is told, and only by reading`, async () => {
    await using opened = await openLooks({
      kind,
      cgroup,
      containers: [{ name: "web", busy: 1.5, health: kind === "docker" ? "healthy" : undefined }],
    } as StandInOptions);
    const first = await opened.look();
    assert.equal(first.containers[0]?.cpuPercent, undefined, "one sample tells nothing");
    await systemClock.sleep(600);
    const { host, containers, warnings } = await opened.look();
    const [web] = containers;
    const { id: _, cpuPercent = 0, uptimeSeconds = 0, ...rest } = web ?? {};
    assert.ok(Math.abs(cpuPercent - 150) < 40, `${cpuPercent}`);
    assert.ok(uptimeSeconds > 0);
    assert.deepEqual(rest, {
      name: "web",
      image: "nginx:1.29",
      imageId: "sha256:000000000000000000000000000000000000000000006e67696e783a312e3239",
      imageCreatedAt: "2025-11-02T03:04:05.678901234Z",
      state: "running",
      status: kind === "docker" ? "Up 3 hours (healthy)" : "Up 3 hours",
      ...(kind === "docker" ? { health: "healthy" } : {}),
      createdAt: "2025-11-24T16:00:00.000Z",
      startedAt: "2025-11-24T16:00:01.987654321Z",
      restartCount: 0,
      exitCode: 0,
      oomKilled: false,
      restartPolicy: "on-failure:5",
      ports: [
        { privatePort: 80, publicPort: 8080, protocol: "tcp", ip: "0.0.0.0" },
        { privatePort: 443, protocol: "tcp" },
      ],
      labels: {},
      networks: [{ name: "bridge", ipv4: "172.17.0.2" }],
      mounts: [
        { type: "bind", source: "/srv/www", destination: "/www", readOnly: true },
        { type: "volume", source: "cache", destination: "/cache", readOnly: false },
      ],
      memoryUsageBytes: 104857600,
      memoryPercent: 1.22,
      networkRxBytes: 1005,
      networkTxBytes: 2006,
      blockReadBytes: 5096,
      blockWriteBytes: 8192,
      pids: 7,
    });
    assert.deepEqual(
      [host.engine, host.totalCpu, host.swarmNodeId],
      [kind, 4, kind === "docker" ? "k1z2y3" : undefined],
    );
    assert.deepEqual(warnings, []);
    assert.ok(opened.engine.calls.every(call => call.startsWith("GET /")));
    assert.equal(opened.engine.calls.filter(call => call.includes("/images/")).length, 1, "an image is asked for once");
  });

test("a counter that begins anew gives no CPU, and the next sample gives it again", async () => {
  await using opened = await openLooks({ containers: [{ name: "web", busy: 1 }] });
  await opened.look();
  await systemClock.sleep(600);
  opened.engine.resetCounters();
  assert.equal((await opened.look()).containers[0]?.cpuPercent, undefined);
  await systemClock.sleep(600);
  assert.ok(((await opened.look()).containers[0]?.cpuPercent ?? 0) > 50);
});

test("a container that was started anew gives no CPU either, though its counter may be greater", async () => {
  await using opened = await openLooks({ containers: [{ name: "web", busy: 1 }] });
  await opened.look();
  await systemClock.sleep(600);
  opened.engine.containers = [{ name: "web", busy: 2, startedAt: new Date().toISOString() }];
  assert.equal((await opened.look()).containers[0]?.cpuPercent, undefined);
});

for (const kind of ["docker", "podman"] as const)
  test(`containers of ${kind} that do not run, or stop in the middle of a look, are told without complaint`, async () => {
    await using opened = await openLooks({
      kind,
      containers: [
        { name: "done", state: "exited", exitCode: 137, oomKilled: true, limit: 2 ** 28 },
        { name: "new", state: "created" },
        { name: "stopping" },
        { name: "going" },
      ],
    });
    opened.engine.fates.set("stopping", "stops").set("going", "goes");
    const { containers, warnings } = await opened.look();
    assert.deepEqual(
      containers.map(({ name, state, exitCode, oomKilled, memoryUsageBytes, memoryLimitBytes }) => [
        [name, state, exitCode, oomKilled],
        [memoryUsageBytes, memoryLimitBytes],
      ]),
      [
        [
          ["done", "exited", 137, true],
          [undefined, 2 ** 28],
        ],
        [
          ["new", "created", 0, false],
          [undefined, undefined],
        ],
        [
          ["stopping", "exited", 0, false],
          [undefined, undefined],
        ],
      ],
    );
    assert.deepEqual(warnings, []);
    const asked = opened.engine.calls.filter(call => call.includes("/stats"));
    assert.equal(asked.length, 2, "what does not run has no statistics");
  });

test("500 containers, one of them with 10,000 labels, names of all the world", async () => {
  const labels = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`label.${index}.名前`, "🐳".repeat(8)]),
  );
  const names = ["naïve", "名前-🐳", "x".repeat(400)];
  await using opened = await openLooks({
    containers: Array.from({ length: 500 }, (_, index) => ({
      name: names[index] ?? `app-${index}`,
      ...(index === 0 ? { labels } : {}),
    })),
  });
  const { containers, warnings } = await opened.look(60 * SECOND);
  assert.equal(containers.length, 500);
  assert.equal(Object.keys(containers[0]?.labels ?? {}).length, 10_000);
  assert.deepEqual([containers[1]?.name, containers[2]?.name.length], ["名前-🐳", 256]);
  assert.deepEqual(warnings, []);
});

test("one container that hangs keeps nobody waiting, is told with what is known, and goes last the next time", async () => {
  const containers = Array.from({ length: 30 }, (_, index) => ({ name: `app-${index}` }));
  await using opened = await openLooks({ containers }, 2 * SECOND);
  const [first] = (await opened.look()).containers;
  opened.engine.hangs = new RegExp(`/containers/${first?.id}/`);
  const seen = await opened.look();
  assert.deepEqual(
    [seen.containers.length, seen.containers[0]?.name, seen.containers[0]?.mounts?.length],
    [30, "app-0", 2],
    "what was known of it is told again",
  );
  assert.equal(seen.containers[0]?.memoryUsageBytes, undefined);
  assert.ok(seen.containers.slice(1).every(({ memoryUsageBytes = 0 }) => memoryUsageBytes > 0));
  assert.deepEqual(seen.warnings, ['"app-0" could not be read: No answer within 2 s']);
  opened.engine.calls.length = 0;
  await opened.look();
  const order = opened.engine.calls.filter(call => call.includes("/stats"));
  assert.match(order.at(-1) ?? "", new RegExp(`/containers/${first?.id}/`));
});

test("when all hang the look ends on time, and lists them all", async () => {
  const containers = Array.from({ length: 40 }, (_, index) => ({ name: `app-${index}` }));
  await using opened = await openLooks({ containers }, 60 * SECOND);
  opened.engine.hangs = /\/containers\/[^/]+\/(json|stats)|images|info/;
  const seen = await opened.look(700);
  assert.equal(seen.containers.length, 40);
  assert.ok(seen.warnings.length > 0 && seen.warnings.length <= 21);
});

test("without a list there is no look: what is not known to be gone is not gone", async () => {
  await using opened = await openLooks({}, SECOND);
  opened.engine.hangs = /containers\/json/;
  await assert.rejects(opened.look(), { name: "EngineError", fault: "timeout" });
  opened.engine.hangs = null;
  await opened.engine.stop();
  await assert.rejects(opened.look(), { name: "EngineError", fault: "unreachable" });
  await opened.engine.start();
  assert.equal((await opened.look()).containers.length, 1);
});

/** The agent on fast time: a report every 100 ms, waits a hundredth of what they are. */
function startAgent(engine: StandInEngine, targets: readonly Target[], events: string[] = []) {
  const stateDir = mkdtempSync(join(tmpdir(), "pulse-agent-"));
  const stop = new AbortController();
  const clock: Clock = { now: Date.now, sleep: (delay, signal) => systemClock.sleep(delay / 100, signal) };
  const done = runAgent(
    {
      targets,
      interval: 10 * SECOND,
      hostname: "dock1",
      agentId: null,
      stateDir,
      ca: null,
      engines: [{ kind: "socket", path: engine.socket }],
    },
    {
      clock,
      log: (_, message, fields) => events.push(`${message} ${JSON.stringify(fields ?? {})}`),
      version: "5.0.0",
      random: () => 0,
      send: (target, text, signal) => post(target, text, { version: "5.0.0", ca: null, deadline: 2 * SECOND }, signal),
      callDeadline: 500,
    },
    stop.signal,
  );
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** Resolves when one of `events` begins so; rejects after two minutes. */
async function logged(events: readonly string[], beginning: string): Promise<void> {
  for (const deadline = Date.now() + 2 * MINUTE; !events.some(event => event.startsWith(beginning)); ) {
    assert.ok(Date.now() < deadline, `"${beginning}" is logged: ${events.join("; ")}`);
    await systemClock.sleep(25);
  }
}

const targetOf = ({ url }: StandInServer): Target => ({ url, token: "the-token", insecure: false });
const timesOf = ({ reports }: StandInServer) => reports.map(({ timestamp }) => timestamp ?? "");

test("a dead server and a slow one delay nobody; the one that comes back gets what it missed, once each and in order", async () => {
  await using engine = await openStandInEngine();
  await using good = await openStandInServer();
  await using dead = await openStandInServer();
  await using slow = await openStandInServer();
  await dead.stop();
  slow.answer = "hangs";
  const events: string[] = [];
  await using _ = startAgent(engine, [good, dead, slow].map(targetOf), events);
  await good.until(({ reports }) => reports.length >= 5);
  assert.deepEqual([dead.tries, slow.reports.length], [0, 0]);
  await dead.start();
  await dead.until(({ reports }) => reports.length >= 7);
  slow.answer = 200;
  await slow.until(({ reports }) => reports.length >= 9);
  for (const server of [dead, slow]) {
    const times = timesOf(server);
    assert.deepEqual(times, timesOf(good).slice(0, times.length), "the same as the one that was there, from the first");
    assert.equal(new Set(times).size, times.length);
  }
  assert.deepEqual(good.headers["user-agent"], "pulse-docker-agent/v5.0.0");
  assert.deepEqual([good.headers["x-api-token"], good.headers.authorization], ["the-token", "Bearer the-token"]);
  for (const server of [dead, slow]) await logged(events, `The server takes reports {"server":"${server.url}"`);
  const ofDead = events.filter(event => event.includes(dead.url));
  assert.match(ofDead[0] ?? "", /^The server does not take reports .*ECONNREFUSED/);
  assert.match(ofDead[1] ?? "", /^The server takes reports .*"waiting":/);
  assert.equal(ofDead.length, 2, "only what changed is logged");
  assert.ok(!events.join().includes("the-token"));
});

test("an engine that restarts is told of again, and its silence is logged once", async () => {
  await using engine = await openStandInEngine();
  await using server = await openStandInServer();
  const events: string[] = [];
  await using _ = startAgent(engine, [targetOf(server)], events);
  await server.until(({ reports }) => reports.length >= 2);
  await engine.stop();
  await logged(events, "Cannot look");
  const before = server.reports.length;
  await engine.start();
  await server.until(({ reports }) => reports.length >= before + 2);
  await logged(events, "The engine answers again");
  const ofEngine = events.filter(event => /look|engine/i.test(event));
  assert.equal(ofEngine.length, new Set(ofEngine).size);
  assert.match(ofEngine.at(-1) ?? "", /^The engine answers again/);
  assert.equal(new Set(server.reports.map(({ agent }) => agent.id)).size, 1);
});

test("a server that refuses a report, or the token, is told apart", async () => {
  await using engine = await openStandInEngine();
  await using server = await openStandInServer();
  const events: string[] = [];
  server.answer = 401;
  await using _ = startAgent(engine, [targetOf(server)], events);
  await server.until(({ tries }) => tries >= 2);
  server.answer = 400;
  await server.until(({ tries }) => tries >= 5);
  server.answer = 200;
  await logged(events, "The server takes reports");
  assert.deepEqual(events.map(event => /^(.*?) \{|answered (\d+)/g.exec(event)?.[1]).slice(0, 3), [
    "The server does not take reports",
    "The server refuses a report",
    "The server takes reports",
  ]);
  assert.match(events[0] ?? "", /answered 401: No/);
});
