import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnswerOf } from "../contract/route.ts";
import type { Routes } from "../contract/routes.ts";
import { DAY, MINUTE } from "../kit/units.ts";
import { startPulse } from "./pulse.ts";

test("what the picture showed is in the charts, under the same ids, and outlives the server", async () => {
  await using pulse = await startPulse({ nodes: 2, guests: 6 });
  const began = pulse.clock.now();
  const state = await pulse.until(({ vms }) => vms.some(({ cpu }) => cpu !== null));
  const read = async <T>(path: string) => (await (await fetch(`${pulse.url}/api/${path}`)).json()) as T;
  const running = [...state.vms, ...state.containers].filter(({ status }) => status === "running");
  // One that is switched off has no figures.
  const storages = state.storage.filter(({ enabled }) => enabled);
  const short = ({ data, nodeData, storageData }: AnswerOf<Routes["charts"]>) => [
    ...running.filter(({ id }) => (data[id]?.cpu.length ?? 0) < 8),
    ...state.nodes.filter(({ id }) => (nodeData[id]?.memory.length ?? 0) < 8),
    ...storages.filter(({ id }) => (storageData[id]?.disk.length ?? 0) < 8),
  ];
  await pulse.clock.sleep(2 * MINUTE);
  let charts = await read<AnswerOf<Routes["charts"]>>("charts?range=5m");
  for (let turns = 0; turns < 5 && short(charts).length > 0; turns++) {
    await pulse.clock.sleep(MINUTE);
    charts = await read<AnswerOf<Routes["charts"]>>("charts?range=5m");
  }
  assert.deepEqual(short(charts), []);
  assert.ok(charts.stats.oldestDataTimestamp > began - 5 * MINUTE, "no further back than was asked for");

  const { performance, stats } = await pulse.state();
  assert.ok((performance[state.instances[0]?.id ?? ""]?.cpu.length ?? 0) > 0);
  assert.equal(stats.version, "v5.0.0-test");

  const charted = await read<AnswerOf<Routes["storageCharts"]>>("storage-charts?range=5");
  assert.deepEqual(Object.keys(charted).sort(), storages.map(({ id }) => id).sort());
  const all = Object.keys(await read<AnswerOf<Routes["storageCharts"]>>("storage-charts?range=5&pools=true"));
  assert.ok(all.length > storages.length);

  for (const query of ["", "resource=a", "resource=a&resource=b&metric=cpu", "resource=a&metric=cpu&format=xml"])
    assert.equal((await fetch(`${pulse.url}/api/history?${query}`)).status, 400, query);
  assert.equal((await fetch(`${pulse.url}/api/charts?range=2h`)).status, 200);

  await pulse.stopServer();
  const stopped = pulse.clock.now();
  await pulse.startServer();
  const query = `resource=${running[0]?.id}&metric=memory&from=${began}&to=${stopped}&points=1000`;
  const { points } = await read<AnswerOf<Routes["history"]>>(`history?${query}`);
  const own = points.filter(({ imported }) => !imported);
  assert.ok(own.length >= 8);
  assert.ok(own.every(({ min, max }) => min === max && min > 0 && max <= 100));
});

for (const version of ["7.4", "9.1"] as const)
  test(`the past that Proxmox VE ${version} remembers is there soon after it was added, once, and marked`, async () => {
    const clusters = [{ name: "lab", nodes: 2, guests: 8, version }];
    await using pulse = await startPulse({ estate: { seed: "past", clusters }, remembers: Infinity });
    const state = await pulse.until(
      ({ instances, storage }) => instances[0]?.status === "online" && storage.length > 0,
    );
    const pointsOf = async (resource: string, metric: string, days: number) => {
      const from = pulse.clock.now() - days * DAY;
      const query = new URLSearchParams({
        resource,
        metric,
        from: String(Math.round(from)),
        points: "100",
        unknown: "empty",
      });
      const answer = await fetch(`${pulse.url}/api/history?${query}`);
      return ((await answer.json()) as { points: { time: number; mean: number; imported?: true }[] }).points;
    };
    const eventually = (resource: string, metric: string, days: number) =>
      pulse.untilSo(
        () => pointsOf(resource, metric, days),
        points => points.length >= 60,
      );
    const running = [...state.vms, ...state.containers].filter(({ status }) => status === "running");
    for (const { id } of [...state.nodes, ...running.slice(0, 3)])
      for (const days of [1, 30, 300]) {
        const points = await eventually(id, "cpu", days);
        assert.ok(points.filter(({ imported }) => imported).length >= 50);
        assert.ok(points.every(({ mean }) => mean >= 0 && mean <= 100));
      }
    await eventually(state.storage.find(({ active }) => active)?.id ?? "", "used", 30);
    const asked = () =>
      Object.entries(pulse.estate.requests.read().byPath)
        .filter(([path]) => path.endsWith("/rrddata"))
        .reduce((sum, [, count]) => sum + count, 0);
    // Until nothing was asked for in two minutes.
    for (let last = -1; asked() !== last; await pulse.clock.sleep(2 * MINUTE)) last = asked();
    await pulse.stopServer();
    const before = asked();
    await pulse.startServer();
    await pulse.until(({ instances }) => instances[0]?.status === "online");
    await pulse.clock.sleep(2 * MINUTE);
    assert.ok(
      asked() - before < before / 4,
      `asked ${before} times, then ${asked() - before} times more after a restart`,
    );
  });

for (const version of ["8.0", "9.1"] as const)
  test(`what was missed while Pulse was down is filled in from what Proxmox VE ${version} remembers, and marked`, async () => {
    const clusters = [{ name: "lab", nodes: 2, guests: 6, version }];
    await using pulse = await startPulse({ estate: { seed: "gap", clusters } });
    const state = await pulse.until(({ instances, nodes }) => instances[0]?.status === "online" && nodes.length === 2);
    const [node] = state.nodes;
    await pulse.clock.sleep(3 * MINUTE);
    await pulse.stopServer();
    const from = pulse.clock.now();
    await pulse.clock.sleep(8 * MINUTE);
    const to = pulse.clock.now();
    await pulse.startServer();
    const resource = node?.id ?? "";
    const query = new URLSearchParams({
      resource,
      metric: "cpu",
      from: `${from + MINUTE}`,
      to: `${to - MINUTE}`,
      points: "12",
    });
    const { points } = await pulse.untilSo(
      async () =>
        (await (await fetch(`${pulse.url}/api/history?${query}`)).json()) as { points: { imported?: true }[] },
      answer => answer.points.length >= 5,
    );
    assert.ok(points.every(({ imported }) => imported));
    assert.equal((await pulse.state()).nodes.length, 2);
    const exports = pulse.estate.requests.read().byPath["/cluster/metrics/export"] ?? 0;
    assert.equal(exports, 1, "asked once");
  });
