import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, afterEach, test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { HOUR, type Instant, MINUTE, SECOND } from "../kit/units.ts";
import { present } from "./call.ts";
import { openEstate } from "./estate.ts";
import { UnknownFault } from "./fault.ts";
import { listen, readText } from "./wire.ts";

const BEGUN = Date.UTC(2026, 0, 1, 10);
const clock = new FakeClock(BEGUN);
const estate = await openEstate({ seed: "docker", clusters: [], dockerHosts: 6, clock });
const { docker, faults } = estate;
after(() => estate[Symbol.asyncDispose]());
afterEach(() => faults.clear());

interface Container {
  id: string;
  name: string;
  state: string;
  health?: string;
  exitCode: number;
  oomKilled?: boolean;
  restartCount: number;
  cpuPercent?: number;
  memoryPercent?: number;
  networkRxBytes?: number;
  startedAt: string;
  finishedAt: string;
  labels: Record<string, string>;
}
interface Report {
  agent: { id: string; version: string };
  host: { hostname: string; cpuPercent?: number };
  containers: Container[];
  timestamp: string;
}

function reportOf(name: string, at: Instant = clock.now()): Report {
  return present(docker.report(present(docker.plans.find(plan => plan.name === name)), at)) as Report;
}

function containerOf(host: string, name: string, at: Instant = clock.now()): Container {
  return present(reportOf(host, at).containers.find(one => one.name === name));
}

test("an estate that is started again hours later has nothing started anew but what is always restarting", async () => {
  await using again = await openEstate({
    seed: "docker",
    clusters: [],
    dockerHosts: 6,
    clock: new FakeClock(BEGUN + 5 * HOUR),
  });
  const startsOf = (docker: typeof estate.docker, at: Instant) =>
    docker.plans.flatMap(plan =>
      (present(docker.report(plan, at)) as Report).containers
        .filter(({ restartCount }) => restartCount === 0)
        .map(({ id, startedAt }) => [id, startedAt]),
    );
  const first = startsOf(docker, BEGUN);
  assert.ok(first.length > 10);
  assert.deepEqual(startsOf(again.docker, BEGUN + 5 * HOUR), first);
});

test("hosts have names of their own, also beyond the catalogue, and ids that stay", () => {
  assert.deepEqual(
    docker.plans.map(({ name }) => name),
    ["dock1", "media", "edge", "swarm1", "old-nas", "dock1-2"],
  );
  const ids = docker.plans.flatMap(plan => [plan.machineId, ...plan.containers.map(({ id }) => id)]);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(reportOf("dock1", BEGUN).agent.id, reportOf("dock1", BEGUN + HOUR).agent.id);
});

const TROUBLES: [sentence: string, host: string, name: string, of: (one: Container) => unknown, expected: unknown][] = [
  [
    "one was stopped for want of memory",
    "media",
    "immich-machine-learning",
    one => [one.state, one.exitCode, one.oomKilled, one.cpuPercent],
    ["exited", 137, true, undefined],
  ],
  ["one fails its health check", "dock1", "paperless-tika", one => [one.state, one.health], ["running", "unhealthy"]],
  ["one was stopped by somebody", "media", "duplicati", one => [one.state, one.exitCode], ["exited", 0]],
  ["one is short of memory", "dock1", "prometheus", one => (one.memoryPercent ?? 0) > 90, true],
  ["most are well", "dock1", "nextcloud-db", one => [one.state, one.health], ["running", "healthy"]],
];
for (const [sentence, host, name, of, expected] of TROUBLES)
  test(`${sentence}, and stays so`, () => {
    for (const at of [BEGUN, BEGUN + HOUR]) assert.deepEqual(of(containerOf(host, name, at)), expected);
  });

test("one ends and is started again, over and over", () => {
  const seen = Array.from({ length: 60 }, (_, turn) => containerOf("edge", "ddclient", BEGUN + turn * 10 * SECOND));
  assert.deepEqual(new Set(seen.map(({ state }) => state)), new Set(["running", "restarting"]));
  const restarts = seen.map(({ restartCount }) => restartCount);
  assert.deepEqual(
    restarts.toSorted((a, b) => a - b),
    restarts,
  );
  assert.ok((restarts.at(-1) ?? 0) - (restarts[0] ?? 0) >= 4);
});

test("values move, counters only forwards", () => {
  const seen = [0, 10, 20, 30].map(second => containerOf("dock1", "nextcloud-app", BEGUN + second * SECOND));
  const counters = seen.map(({ networkRxBytes = 0 }) => networkRxBytes);
  assert.ok(counters.every((value, index) => index === 0 || value > (counters[index - 1] ?? 0)));
  assert.ok(new Set(seen.map(({ cpuPercent }) => cpuPercent)).size > 1);
});

test("an older agent tells less, a swarm has its labels", () => {
  const old = reportOf("old-nas");
  assert.deepEqual([old.agent.version, old.host.cpuPercent], ["v4.22.0", undefined]);
  assert.equal(old.containers[0]?.networkRxBytes, undefined);
  const [shop] = reportOf("swarm1").containers;
  assert.equal(shop?.labels["com.docker.swarm.service.name"], "shop_web");
});

test("a container that crashes is down until the fault passes, and is started again then", async () => {
  const id = await faults.cause({ kind: "container-crashed", host: "dock1", container: "grafana", exitCode: 137 });
  clock.set(clock.now() + MINUTE);
  const { state, exitCode, oomKilled } = containerOf("dock1", "grafana");
  assert.deepEqual([state, exitCode, oomKilled], ["exited", 137, true]);
  await faults.clear(id);
  clock.set(clock.now() + MINUTE);
  const again = containerOf("dock1", "grafana");
  assert.deepEqual([again.state, again.startedAt], ["running", new Date(clock.now() - MINUTE).toISOString()]);
});

test("what the estate does not have is refused", async () => {
  await assert.rejects(faults.cause({ kind: "docker-silent", host: "nowhere" }), UnknownFault);
  const fault = { kind: "container-crashed", host: "dock1", container: "nothing" } as const;
  await assert.rejects(faults.cause(fault), /"dock1" has no container "nothing"/);
});

test("hosts report where they are told to, with their token, except for one that is silent; also where another place is not there", async () => {
  const got: { token: string | undefined; path: string | undefined; host: string }[] = [];
  const server = createServer(async (asked, answer) => {
    const { host } = JSON.parse((await readText(asked)) ?? "") as Report;
    got.push({ token: asked.headers.authorization, path: asked.url, host: host.hostname });
    answer.end("{}");
  });
  const port = await listen(server, 0, "127.0.0.1");
  await faults.cause({ kind: "docker-silent", host: "media" });
  const gone = createServer();
  const nobody = await listen(gone, 0, "127.0.0.1");
  gone.close();
  docker.reportTo(
    { url: `http://127.0.0.1:${nobody}/`, token: "secret" },
    { url: `http://127.0.0.1:${port}/pulse/`, token: "secret" },
  );
  while (got.length < 5) await new Promise(done => setTimeout(done, 10));
  server.close();
  assert.deepEqual(
    got.map(({ host }) => host).toSorted(),
    docker.plans
      .map(({ name }) => name)
      .filter(name => name !== "media")
      .toSorted(),
  );
  assert.deepEqual(new Set(got.map(({ token }) => token)), new Set(["Bearer secret"]));
  assert.deepEqual(new Set(got.map(({ path }) => path)), new Set(["/pulse/api/agents/docker/report"]));
});
