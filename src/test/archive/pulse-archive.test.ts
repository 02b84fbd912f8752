import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR, MINUTE, SECOND } from "../../kit/units.ts";
import type { ArchiveStatus } from "../../model/archive.ts";
import type { Point } from "../../model/point.ts";
import { openEstate } from "../../simulator/estate.ts";
import { sizedEstate } from "../../simulator/presets.ts";
import { pictureOf, readJson, send } from "../cluster/looks.ts";
import { clusterProcess, entriesOf, until } from "../cluster/processes.ts";
import { type Came, openStrictStore } from "./strict-store.ts";

test("a Pulse sends what it keeps to a store, goes on where it was killed, and shows what only the store remembers", async t => {
  await using store = await openStrictStore();
  await using estate = await openEstate({ ...sizedEstate({ nodes: 1, guests: 2 }), tick: 5 * SECOND });

  const pulse = clusterProcess({ command: "start", env: {}, config: { instances: entriesOf(estate.instances) } });
  await using stopping = new AsyncDisposableStack();
  stopping.use(pulse);
  await pulse.start();
  const status = () => readJson<ArchiveStatus>(pulse, "/api/config/archive");
  await t.test("what cannot be an address is refused", async () => {
    await assert.rejects(send(pulse, "PUT", "/api/config/archive", { url: "victoria" }), / 400 .*is no address/);
  });
  store.authorization = `Basic ${btoa("pulse:secret")}`;
  await send(pulse, "PUT", "/api/config/archive", { url: store.url, user: "pulse", password: "wrong" });
  await until(async () => /answered with 401/.test((await status()).failure?.message ?? ""), "refused");
  await send(pulse, "PUT", "/api/config/archive", { url: store.url, user: "pulse", password: "secret" });
  const guest = async () => Object.keys((await pictureOf(pulse)).guests)[0] ?? "";
  const cpu = (id: string) => store.series.get(`pulse_history_guest_cpu ${id}`) ?? new Map<number, Came>();
  const id = await guest();
  await until(() => cpu(id).size > 0, "sent");
  await t.test("a password is not shown, and not told to another address", async () => {
    const { hasPassword, failure, user } = await status();
    assert.deepEqual([hasPassword, failure, user], [true, null, "pulse"]);
    await assert.rejects(
      send(pulse, "PUT", "/api/config/archive", { url: "http://127.0.0.1:9", user: "pulse" }),
      / 400 .*password: missing/,
    );
  });

  await t.test("after a kill it goes on, and leaves out nothing that it has kept", async () => {
    await pulse.kill();
    await pulse.start();
    const again = cpu(id).size;
    await until(() => cpu(id).size > again, "sent again");
    const times = [...cpu(id).keys()].sort((a, b) => a - b);
    const [from = 0, to = 0] = [times[0], (times.at(-1) ?? 0) + 10 * SECOND];
    const query = new URLSearchParams({
      resource: id,
      metric: "cpu",
      from: `${from}`,
      to: `${to}`,
      points: `${(to - from) / (10 * SECOND)}`,
    });
    const { points } = await readJson<{ points: Point[] }>(pulse, `/api/history?${query}`);
    const sent = [...cpu(id).values()].filter(({ isStale }) => !isStale);
    assert.deepEqual(
      points.map(({ time, mean }) => [time, mean]),
      sent.map(({ at, value }) => [at, value]).sort(([a = 0], [b = 0]) => a - b),
    );
    assert.deepEqual(store.complaints, []);
  });

  await t.test("a range that Pulse keeps no longer so finely comes from the store", async () => {
    const old = Math.floor((Date.now() - 300 * DAY) / HOUR) * HOUR;
    const series = store.series.get(`pulse_history_guest_cpu ${id}`) as Map<number, object>;
    series.set(old, { at: old, value: 12, isStale: false });
    series.set(old + 10 * SECOND, { at: old + 10 * SECOND, value: 14, isStale: false });
    const query = new URLSearchParams({
      resource: id,
      metric: "cpu",
      from: `${old}`,
      to: `${old + MINUTE}`,
      points: "6",
    });
    type Found = { points: Point[]; note?: string };
    const found = await readJson<Found>(pulse, `/api/history?${query}`);
    assert.deepEqual(found.points, [
      { time: old, min: 12, mean: 12, max: 12 },
      { time: old + 10 * SECOND, min: 14, mean: 14, max: 14 },
    ]);
    // Nor has it kept anything of the years before its first start, however coarsely it is asked.
    const years = { resource: id, metric: "cpu", from: `${Date.now() - 5 * 365 * DAY}`, points: "300" };
    const { points } = await readJson<Found>(pulse, `/api/history?${new URLSearchParams(years)}`);
    assert.ok(points.some(({ mean }) => mean === 13));
    const year = { ...years, from: `${Date.now() - 360 * DAY}` };
    const { points: ofYear } = await readJson<Found>(pulse, `/api/history?${new URLSearchParams(year)}`);
    assert.ok(ofYear.some(({ mean }) => mean === 13));
    store.answer = { status: 503, body: "busy" };
    const without = await readJson<Found>(pulse, `/api/history?${query}`);
    // What the server remembered of that time is coarser.
    assert.ok(without.points.every(({ imported }) => imported));
    assert.match(without.note ?? "", /^The archive does not answer.*503: busy/);
    store.answer = undefined;
  });
});
