import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import Fastify from "fastify";
import { HISTORY_ROUTES } from "../contract/history-routes.ts";
import { FakeClock } from "../kit/clock.ts";
import { DAY, HOUR, MINUTE } from "../kit/units.ts";
import type { Point } from "../model/point.ts";
import { Failure } from "./failure.ts";
import type { AnyHandler, Ask } from "./handlers.ts";
import { historyHandlers, type Past } from "./history-handlers.ts";

const NOW = Date.UTC(2026, 0, 1);
const point = (time: number, mean: number): Point => ({ time, min: mean - 1, mean, max: mean + 1 });

/** Knows one guest, one storage, and what it was asked. */
class OnePast implements Past {
  size = 9;
  asked: unknown[] = [];
  note: string | null = null;

  range(resource: string, metric: string, from: number, to: number, points: number): Point[] | null {
    this.asked.push({ resource, metric, from, to, points });
    return resource === "home:guest:1" ? [point(NOW - MINUTE, 5), point(NOW, 6)] : null;
  }
  async recall(resource: string, metric: string, from: number, to: number, points: number) {
    return { found: this.range(resource, metric, from, to, points), note: this.note };
  }
  async charts(kind: string, from: number, to: number, points: number) {
    return { found: this.#charts(kind, from, to, points), note: this.note };
  }
  #charts(kind: string, from: number, to: number, points: number) {
    this.asked.push({ length: to - from, points });
    const at = (mean: number) => [point(to - 10_000, mean)];
    if (kind === "guest")
      return [{ resource: 'home:guest:"1"', metrics: { cpu: at(50), networkIn: at(7), diskRead: [] } }];
    if (kind === "node" || kind === "ceph") return [];
    if (kind === "zfs")
      return [{ resource: "home:zfs:pve1/tank", metrics: { usage: at(40), used: at(4000), total: [] } }];
    return [1, 2].map(id => ({
      resource: `home:storage:${id}`,
      metrics: { usage: at(40), used: at(4000), total: [] },
    }));
  }
}

async function serve(context: TestContext) {
  const past = new OnePast();
  const handlers = historyHandlers(past, new FakeClock(NOW));
  const server = Fastify();
  server.setErrorHandler((error, _request, reply) =>
    error instanceof Failure ? reply.status(error.status).send({ error: error.message }) : reply.status(500).send(),
  );
  for (const [name, { path }] of Object.entries(HISTORY_ROUTES)) {
    const handler = handlers[name as keyof typeof handlers] as AnyHandler;
    server.get(path, (request, reply) => handler({ request, query: request.query } as Ask, reply));
  }
  await server.listen({ port: 0, host: "127.0.0.1" });
  context.after(() => server.close());
  const { port } = server.server.address() as AddressInfo;
  return { past, ask: (path: string) => fetch(`http://127.0.0.1:${port}/api/${path}`) };
}

test("what was never known is refused, or empty for those who ask for that", async context => {
  const { ask } = await serve(context);
  assert.equal((await ask("history?resource=gone&metric=cpu")).status, 404);
  const answer = await ask("history?resource=gone&metric=cpu&unknown=empty");
  assert.deepEqual([answer.status, ((await answer.json()) as { points: unknown }).points], [200, []]);
});

test("trends are rows of numbers on one grid, of what is known, and not of everything at once", async context => {
  const { ask } = await serve(context);
  const ids = (...lines: string[]) => `trends?${new URLSearchParams({ ids: lines.join("\n") })}`;
  const row = [...Array(58).fill(null), 5, 6];
  assert.deepEqual(await (await ask(ids("home:guest:1", "home:guest:2", "home:guest:1"))).json(), {
    from: NOW - 59 * MINUTE,
    step: MINUTE,
    resources: { "home:guest:1": { cpu: row, memory: row } },
  });
  assert.equal((await ask(ids(...Array.from({ length: 200 }, (_, id) => `g${id}`)))).status, 200);
  const refused = await ask(ids(...Array.from({ length: 201 }, (_, id) => `g${id}`)));
  assert.deepEqual([refused.status, await refused.json()], [400, { error: "ids: 200 at the most, not 201" }]);
});

test("charts have the names that older clients know, and the oldest instant", async context => {
  const { ask } = await serve(context);
  const at = (value: number) => [{ timestamp: NOW - 10_000, value }];
  const answer = await ask("charts");
  assert.equal(answer.headers.get("content-encoding"), "gzip");
  assert.deepEqual(await answer.json(), {
    data: {
      'home:guest:"1"': { cpu: at(50), memory: [], disk: [], diskread: [], diskwrite: [], netin: at(7), netout: [] },
    },
    nodeData: {},
    storageData: { "home:storage:1": { disk: at(40) }, "home:storage:2": { disk: at(40) } },
    timestamp: NOW,
    stats: { oldestDataTimestamp: NOW - 10_000 },
  });
});

const RANGES = [
  ["?range=5m", 5 * MINUTE],
  ["?range=24h", DAY],
  ["?range=1y", 365 * DAY],
  ["?range=5y", 5 * 365 * DAY],
  ["", HOUR],
  ["?range=2h", HOUR],
  ["?range=toString", HOUR],
] as const;

for (const [query, length] of RANGES)
  test(`charts${query} are those of ${length / MINUTE} minutes`, async context => {
    const { past, ask } = await serve(context);
    await (await ask(`charts${query}`)).text();
    assert.deepEqual(past.asked[0], { length, points: 120 });
  });

test("a very large estate gets fewer points a chart", async context => {
  const { past, ask } = await serve(context);
  for (past.size of [4000, 1_000_000]) await (await ask("charts")).text();
  assert.deepEqual(
    past.asked.map(asked => (asked as { points: number }).points),
    [60, 60, 60, 24, 24, 24],
  );
});

test("charts of storages are asked for in minutes, and null where nothing is known", async context => {
  const { past, ask } = await serve(context);
  const charts = (await (await ask("storage-charts?range=90")).json()) as Record<string, unknown>;
  const column = (value: number) => [{ timestamp: NOW - 10_000, value }];
  const one = { usage: column(40), used: column(4000), total: null, avail: null };
  assert.deepEqual(charts, { "home:storage:1": one, "home:storage:2": one });
  const all = await (await ask("storage-charts?range=90&pools=true")).json();
  assert.deepEqual(all, { ...charts, "home:zfs:pve1/tank": one });
  for (const range of ["0", "-5", "x", "1e400"]) await (await ask(`storage-charts?range=${range}`)).text();
  const lengths = past.asked.map(asked => (asked as { length: number }).length / MINUTE);
  assert.deepEqual(lengths, [90, 90, 90, 90, 60, 60, 60, 60]);
});

test("one series as JSON, of the last hour unless told otherwise", async context => {
  const { past, ask } = await serve(context);
  const asked = { resource: "home:guest:1", metric: "cpu", from: NOW - HOUR, to: NOW };
  const answer = await ask("history?resource=home:guest:1&metric=cpu");
  assert.deepEqual(await answer.json(), { ...asked, points: [point(NOW - MINUTE, 5), point(NOW, 6)] });
  await ask(`history?resource=home:guest:1&metric=cpu&from=2025-12-31T00:00:00Z&to=${NOW - HOUR}&points=7`);
  assert.deepEqual(past.asked, [
    { ...asked, points: 300 },
    { ...asked, from: NOW - DAY, to: NOW - HOUR, points: 7 },
  ]);
});

test("one series as CSV", async context => {
  const { ask } = await serve(context);
  const answer = await ask("history?resource=home:guest:1&metric=cpu&format=csv");
  assert.equal(answer.headers.get("content-type"), "text/csv; charset=utf-8");
  assert.equal(
    await answer.text(),
    "time,min,mean,max,imported\n2025-12-31T23:59:00.000Z,4,5,6,0\n2026-01-01T00:00:00.000Z,5,6,7,0\n",
  );
});

const REFUSED = [
  ["resource=a&metric=cpu", 404, 'There is no history of "cpu" of "a"'],
  ["resource=a&metric=cpu&from=yesterday", 400, "from: must be ms since the Unix epoch, or RFC 3339"],
  ["resource=a&metric=cpu&to=9999999999999999", 400, "to: must be ms since the Unix epoch, or RFC 3339"],
  ["resource=a&metric=cpu&from=5&to=5", 400, "from: must be before `to`"],
  ["resource=a&metric=cpu&points=0", 400, "points: must be a whole number from 1 to 50000"],
] as const;

for (const [query, status, error] of REFUSED)
  test(`history?${query} is refused: ${error}`, async context => {
    const { ask } = await serve(context);
    const answer = await ask(`history?${query}`);
    assert.equal(answer.status, status);
    assert.deepEqual(await answer.json(), { error });
  });

test("a word goes along when an archive that would have more does not answer", async context => {
  const { past, ask } = await serve(context);
  past.note = "The archive does not answer — no";
  const asked = "history?resource=home:guest:1&metric=cpu";
  assert.equal(((await (await ask(asked)).json()) as { note: string }).note, past.note);
  const csv = await ask(`${asked}&format=csv`);
  assert.equal(decodeURI(csv.headers.get("x-pulse-note") ?? ""), past.note);
  const { stats } = (await (await ask("charts?range=1y")).json()) as { stats: { note: string } };
  assert.equal(stats.note, past.note);
});
