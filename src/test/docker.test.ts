import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { startPulse, type TestPulse } from "./pulse.ts";
import { startSecured } from "./secured.ts";

const TOKEN = { "x-api-token": "the-token" };

/** A Pulse with sign-in and nothing else to watch, and how a host reports to it. */
async function startClosed() {
  const pulse = await startPulse({ configured: [], apiToken: "the-token", user: { name: "ann", password: "secret" } });
  const send = async (body: unknown, headers: Record<string, string> = TOKEN) => {
    const answer = await fetch(`${pulse.url}/api/agents/docker/report`, {
      method: "POST",
      headers: { "content-type": "application/json", connection: "close", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> & { error?: string } };
  };
  return { pulse, send };
}

/** As an agent of 4.22 writes it. */
function report(host: string, names: string[], more: object = {}) {
  return {
    agent: { id: host, version: "v4.22.0", intervalSeconds: 30 },
    host: {
      hostname: host,
      machineId: host,
      os: "Debian 12",
      dockerVersion: "27.1",
      totalCpu: 4,
      totalMemoryBytes: 8e9,
    },
    containers: names.map((name, index) => ({
      id: `${index}`.padStart(64, "0"),
      name,
      image: "nginx:1",
      createdAt: "2026-01-01T00:00:00Z",
      state: "running",
      status: "Up 3 hours",
      cpuPercent: 12.5,
      memoryUsageBytes: 1e8,
      memoryLimitBytes: 1e9,
      memoryPercent: 10,
      uptimeSeconds: 100,
      restartCount: 0,
      exitCode: 0,
      ports: [{ privatePort: 80, publicPort: 8080, protocol: "tcp" }],
      labels: { "com.docker.compose.project": "site" },
      networks: [{ name: "bridge", ipv4: "172.17.0.2" }],
    })),
    timestamp: new Date().toISOString(),
    ...more,
  };
}

const state = async ({ url }: TestPulse) =>
  (await (await fetch(`${url}/api/state`, { headers: { ...TOKEN, connection: "close" } })).json()) as Awaited<
    ReturnType<TestPulse["state"]>
  >;

test("a host that reports is there with its containers, goes offline in silence, comes back, and can be removed", async () => {
  const { pulse, send } = await startClosed();
  await using _ = pulse;
  const now = () => ({ timestamp: new Date(pulse.clock.now()).toISOString() });
  const taken = await send(report("dock1", ["web", "db"], now()));
  assert.equal(taken.status, 200, JSON.stringify(taken.body));
  assert.deepEqual([taken.body.success, taken.body.hostId, taken.body.containers], [true, "dock1", 2]);
  const seen = await state(pulse);
  const [host] = seen.dockerHosts;
  assert.deepEqual([host?.status, host?.displayName, host?.containers.length], ["online", "dock1", 2]);
  assert.equal(host?.containers.find(({ name }) => name === "web")?.project, "site");
  assert.equal(seen.connectionHealth["docker-dock1"], true);

  await pulse.clock.sleep(25_000);
  for (const [resource, metric, expected] of [
    ["docker:dock1/web", "cpu", 12.5],
    ["dock1", "cpu", 6.25],
    ["dock1", "memory", 2.5],
  ] as const) {
    const query = new URLSearchParams({ resource, metric });
    const answer = await fetch(`${pulse.url}/api/history?${query}`, { headers: { ...TOKEN, connection: "close" } });
    const { points } = (await answer.json()) as { points: { mean: number }[] };
    assert.equal(points[0]?.mean, expected, `${resource} ${metric}`);
  }

  const silent = await pulse.untilSo(
    () => state(pulse),
    ({ dockerHosts }) => dockerHosts[0]?.status === "offline",
  );
  assert.equal(silent.dockerHosts[0]?.containers.length, 2, "what it told stays");
  assert.ok(silent.dockerHosts[0]?.containers.every(({ stale }) => stale));
  assert.equal(silent.connectionHealth["docker-dock1"], false);
  await send(report("dock1", ["web"], now()));
  const back = await state(pulse);
  assert.deepEqual(
    back.dockerHosts.map(({ status, containers }) => [status, containers.map(({ name, stale }) => [name, stale])]),
    [["online", [["web", false]]]],
  );

  const remove = () => fetch(`${pulse.url}/api/agents/docker/hosts/dock1`, { method: "DELETE", headers: TOKEN });
  const removed = await remove();
  assert.equal(removed.status, 200);
  assert.match(JSON.stringify(await removed.json()), /it comes back when its agent reports anew/);
  assert.deepEqual((await state(pulse)).dockerHosts, []);
  assert.equal((await remove()).status, 404);
  await send(report("dock1", ["web"], now()));
  assert.equal((await state(pulse)).dockerHosts[0]?.status, "online");
});

test("a report from before the newest, or one that comes twice, changes nothing, and is answered as taken", async () => {
  const { pulse, send } = await startClosed();
  await using _ = pulse;
  const at = pulse.clock.now();
  const made = (offset: number) => ({ timestamp: new Date(at + offset).toISOString() });
  await send(report("dock1", ["web", "db"], made(0)));
  for (const late of [report("dock1", ["old"], made(-30_000)), report("dock1", ["web"], made(0))]) {
    const { status, body } = await send(late);
    assert.deepEqual([status, body.success, body.late, body.containers], [200, true, true, 0]);
  }
  const names = (await state(pulse)).dockerHosts[0]?.containers.map(({ name }) => name);
  assert.deepEqual(names?.toSorted(), ["db", "web"]);
});

test("a clock that is an hour off is told, in either direction; another machine under the same id stands beside", async () => {
  const { pulse, send } = await startClosed();
  await using _ = pulse;
  const made = (offset: number) => ({ timestamp: new Date(pulse.clock.now() + offset).toISOString() });
  await send(report("ahead", [], made(3_600_000)));
  await send(report("behind", [], made(-3_600_000)));
  const good = report("behind", [], made(0));
  await send({ ...good, host: { ...good.host, machineId: "other" } });
  const found = (await state(pulse)).dockerHosts.map(({ id, clockSkew, issues }): [string, number, string[]] => [
    id,
    Math.round((clockSkew ?? 0) / 3_600_000) + 0,
    issues.map(({ kind }) => kind),
  ]);
  assert.deepEqual(found.toSorted(), [
    ["ahead", 1, []],
    ["behind", -1, []],
    ["behind@other", 0, ["identity"]],
  ]);
});

test("a host that is silent since before a restart is missed, not forgotten", async () => {
  const { pulse, send } = await startClosed();
  await using _ = pulse;
  await send(report("dock1", ["web"]));
  await send(report("dock2", []));
  await fetch(`${pulse.url}/api/agents/docker/hosts/dock2`, { method: "DELETE", headers: TOKEN });
  await pulse.stopServer();
  await pulse.startServer();
  const [host, ...others] = (await state(pulse)).dockerHosts;
  assert.deepEqual([host?.hostname, host?.stale, others], ["dock1", true, []]);
  await pulse.untilSo(
    () => state(pulse),
    ({ dockerHosts }) => dockerHosts[0]?.status === "offline",
  );
});

test("what an agent sends that is no report is refused with the field's name, and strangers are not listened to", async () => {
  const { pulse, send } = await startClosed();
  await using _ = pulse;
  assert.equal((await send(report("dock1", []), {})).status, 401);
  const good = report("dock1", ["web"]);
  for (const [body, status, error] of [
    ["{", 400, /JSON/i],
    [{}, 400, /^agent: missing/],
    [{ ...good, host: {} }, 400, /^host\.hostname: missing/],
    [{ ...good, host: { ...good.host, totalCpu: "four" } }, 400, /^host\.totalCpu: /],
    [{ ...good, containers: [{ ...good.containers[0], restartCount: "3" }] }, 400, /^containers\.0\.restartCount: /],
    [{ ...good, containers: [{ ...good.containers[0], networkRxBytes: -1 }] }, 400, /^containers\.0\.networkRxBytes: /],
    [{ ...good, host: { ...good.host, loadAverage: [1] } }, 400, /^host\.loadAverage: /],
    [{ ...good, timestamp: "2020-01-01T00:00:00Z" }, 400, /^timestamp: .* more than a day off/],
    [{ ...good, containers: "none" }, 400, /^containers: /],
    [{ ...good, agent: { id: 7 } }, 400, /^agent\.id: /],
    [{ ...good, containers: [{ ...good.containers[0], networkRxBytes: -1 }] }, 400, /^containers\.0\.networkRxBytes: /],
    [
      { ...good, containers: [{ ...good.containers[0], mounts: [{ type: "bind" }] }] },
      400,
      /^containers\.0\.mounts\.0/,
    ],
    [{ ...good, host: { ...good.host, loadAverage: [1] } }, 400, /^host\.loadAverage: /],
    [{ ...good, warnings: "many" }, 400, /^warnings: /],
    [{ ...good, pad: "x".repeat(9_000_000) }, 413, /./],
  ] as const) {
    const answer = await send(body);
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.match(answer.body.error ?? "", error);
  }
  assert.deepEqual((await state(pulse)).dockerHosts, []);
});

test("what only this Pulse's own agent tells is taken", async () => {
  const { pulse, send } = await startClosed();
  await using _ = pulse;
  const good = report("dock1", ["web"]);
  const container = {
    ...good.containers[0],
    imageId: "sha256:abc",
    imageCreatedAt: "2026-01-01T00:00:00Z",
    networkRxBytes: 1,
    networkTxBytes: 0,
    blockReadBytes: 2 ** 50,
    blockWriteBytes: 0,
    mounts: [{ type: "bind", source: "/srv", destination: "/data", readOnly: true }],
    restartPolicy: "on-failure:5",
    pids: 7,
  };
  const host = {
    ...good.host,
    engine: "podman",
    cpuPercent: 99.9,
    memoryUsedBytes: 1e9,
    loadAverage: [0, 0.5, 12],
    swarmNodeId: "node1",
  };
  const taken = await send({
    ...good,
    host,
    containers: [container],
    warnings: ["The stats of one could not be read"],
  });
  assert.equal(taken.status, 200, JSON.stringify(taken.body));
});

test("a report of 50 MB is refused before it has come", async () => {
  const { pulse } = await startClosed();
  await using _ = pulse;
  const status = await new Promise((resolve, reject) => {
    const call = request(`${pulse.url}/api/agents/docker/report`, {
      method: "POST",
      headers: { ...TOKEN, "content-type": "application/json", "content-length": 50_000_000 },
    });
    call.on("response", answer => resolve(answer.statusCode));
    call.on("error", reject);
    call.write("{");
  });
  assert.equal(status, 413);
});

test("an agent of the original is told its own version, so that it does not replace itself", async () => {
  const { pulse } = await startClosed();
  await using _ = pulse;
  const ask = async (agent: string) => {
    const answer = await fetch(`${pulse.url}/api/agent/version`, { headers: { "user-agent": agent } });
    return ((await answer.json()) as { version: string }).version;
  };
  assert.equal(await ask("pulse-docker-agent/v4.22.0"), "v4.22.0");
  assert.equal(await ask("pulse-docker-agent/4.20.1"), "v4.20.1");
  assert.equal(await ask("curl/8"), "v5.0.0-test");
});

test("hosts that share a token do not use up each other's requests", async context => {
  const limited = { trustedProxies: ["127.0.0.1"], allowedOrigins: [], proxyAuth: null, requestsPerMinute: 3 };
  const { send } = await startSecured(context, { apiToken: "the-token" }, { edge: limited });
  const statuses: string[] = [];
  for (let turn = 0; turn < 4; turn += 1)
    for (const host of ["10.0.0.1", "10.0.0.2"]) {
      const headers = { ...TOKEN, "x-forwarded-for": host };
      const { status } = await send("POST", "/api/agents/docker/report", report(host, [], { timestamp: "" }), headers);
      statuses.push(`${host} ${status}`);
    }
  assert.deepEqual(statuses.slice(0, 6), Array(3).fill(["10.0.0.1 200", "10.0.0.2 200"]).flat());
  assert.deepEqual(statuses.slice(6), ["10.0.0.1 429", "10.0.0.2 429"]);
});
