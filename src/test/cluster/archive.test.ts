import assert from "node:assert/strict";
import { test } from "node:test";
import { SECOND } from "../../kit/units.ts";
import type { ArchiveStatus } from "../../model/archive.ts";
import { openEstate } from "../../simulator/estate.ts";
import { sizedEstate } from "../../simulator/presets.ts";
import { type Came, openStrictStore } from "../archive/strict-store.ts";
import { figuresOf, pictureOf, readJson, send } from "./looks.ts";
import { startNats } from "./nats-servers.ts";
import { clusterProcess, northEdge, until } from "./processes.ts";

test("of several cores one sends to the archive, and another goes on where it was killed", async () => {
  await using nats = await startNats({ servers: 1 });
  await nats.ready();
  await using store = await openStrictStore();
  await using estate = await openEstate({ ...sizedEstate({ nodes: 1, guests: 2 }), tick: 5 * SECOND });
  const line = { PULSE_NATS_URL: nats.url };
  await using edge = northEdge(line, estate.instances);
  const ofCore = (name: string) => ({ ...line, PULSE_NAME: name, PULSE_ENCRYPTION_KEY: "0".repeat(64) });
  await using one = clusterProcess({ command: "core", env: ofCore("one") });
  await using two = clusterProcess({ command: "core", env: ofCore("two") });
  await Promise.all([edge.start(), one.start(), two.start()]);
  await until(async () => Object.keys((await pictureOf(two)).guests).length === 2, "seen");
  const [guest = ""] = Object.keys((await pictureOf(two)).guests);
  await send(one, "PUT", "/api/config/archive", { url: store.url, user: "a", password: "b" });
  const status = (core: typeof one) => readJson<ArchiveStatus>(core, "/api/config/archive");
  await until(async () => (await status(two)).hasPassword, "known to the other");
  const sent = () => store.series.get(`pulse_history_guest_cpu ${guest}`) ?? new Map<number, Came>();
  await until(() => sent().size > 0, "sent");
  const senders = await Promise.all([one, two].map(async core => [core, (await status(core)).isSender] as const));
  assert.equal(senders.filter(([, is]) => is).length, 1);
  const sender = senders.find(([, is]) => is)?.[0] ?? one;
  const other = sender === one ? two : one;

  await sender.kill();
  const before = sent().size;
  await until(async () => (await status(other)).isSender, "sending in its place");
  await until(() => sent().size > before, "sent on");
  const times = [...sent().values()].filter(({ isStale }) => !isStale).sort((a, b) => a.at - b.at);
  const [first, last] = [times[0]?.at ?? 0, times.at(-1)?.at ?? 0];
  const kept = await figuresOf(other, guest, first, last + 10 * SECOND);
  assert.deepEqual(
    times.map(({ at, value }) => ({ time: at, mean: value })),
    kept.map(({ time, mean }) => ({ time, mean })),
  );
  assert.deepEqual(store.complaints, []);
});
