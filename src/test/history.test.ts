import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnswerOf } from "../contract/route.ts";
import type { Routes } from "../contract/routes.ts";
import { MINUTE, SECOND } from "../kit/units.ts";
import { startPulse } from "./pulse.ts";

test("what the picture showed is in the charts, under the same ids, and outlives the server", async () => {
  await using pulse = await startPulse({ nodes: 2, guests: 6, speed: 100 });
  const began = pulse.clock.now();
  const state = await pulse.until(({ vms }) => vms.some(({ cpu }) => cpu !== null));
  const read = async <T>(path: string) => (await (await fetch(`${pulse.url}/api/${path}`)).json()) as T;
  await pulse.clock.sleep(2 * MINUTE);

  const charts = await read<AnswerOf<Routes["charts"]>>("charts?range=5m");
  const running = [...state.vms, ...state.containers].filter(({ status }) => status === "running");
  for (const { id } of running) assert.ok((charts.data[id]?.cpu.length ?? 0) >= 8, id);
  for (const { id } of state.nodes) assert.ok((charts.nodeData[id]?.memory.length ?? 0) >= 8, id);
  for (const { id } of state.storage) assert.ok((charts.storageData[id]?.disk.length ?? 0) >= 8, id);
  assert.ok(charts.stats.oldestDataTimestamp > began - 10 * SECOND);

  const storages = await read<AnswerOf<Routes["storageCharts"]>>("storage-charts?range=5");
  assert.deepEqual(Object.keys(storages).sort(), state.storage.map(({ id }) => id).sort());

  for (const query of ["", "resource=a", "resource=a&resource=b&metric=cpu", "resource=a&metric=cpu&format=xml"])
    assert.equal((await fetch(`${pulse.url}/api/history?${query}`)).status, 400, query);
  assert.equal((await fetch(`${pulse.url}/api/charts?range=2h`)).status, 200);

  await pulse.stopServer();
  const stopped = pulse.clock.now();
  await pulse.startServer();
  const query = `resource=${running[0]?.id}&metric=memory&from=${began}&to=${stopped}&points=1000`;
  const { points } = await read<AnswerOf<Routes["history"]>>(`history?${query}`);
  assert.ok(points.length >= 8);
  assert.ok(points.every(({ min, max }) => min === max && min > 0 && max <= 100));
});
