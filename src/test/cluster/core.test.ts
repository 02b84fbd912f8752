import assert from "node:assert/strict";
import { test } from "node:test";
import { jetstream } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { TICK, toTickBody } from "../../cluster/entries.ts";
import { toBody } from "../../cluster/entry.ts";
import { instanceSubject, resourcesSubject, TICK_SUBJECT } from "../../cluster/names.ts";
import { HOUR, SECOND } from "../../kit/units.ts";
import type { Delivery } from "../../model/notification.ts";
import { openReceiver } from "../../notify/outbound/recording-receiver.ts";
import { openEstate } from "../../simulator/estate.ts";
import { sizedEstate } from "../../simulator/presets.ts";
import { figuresOf, pictureOf, readJson, send } from "./looks.ts";
import { startNats } from "./nats-servers.ts";
import { type ClusterProcess, clusterProcess, forget, northEdge, until, untilEqual } from "./processes.ts";

const KEY = "0".repeat(64);

test("cores show and keep the same of what an edge sees, also one that was away, and none ends by a bad entry", async t => {
  await using nats = await startNats({ servers: 1 });
  await nats.ready();
  await using estate = await openEstate({ ...sizedEstate({ nodes: 2, guests: 6 }), tick: 5 * SECOND });
  const [instance = ""] = estate.instances.map(({ name }) => name);
  const line = { PULSE_NATS_URL: nats.url };
  await using edge = northEdge(line, estate.instances);
  const posts: { reason: string; alerts: { id: string }[]; duplicatePossible?: boolean }[] = [];
  const { port } = await openReceiver(t, (response, { body }) => {
    posts.push(JSON.parse(body.toString()));
    response.end("ok");
  });
  const config = {
    channels: {
      webhooks: [{ id: "hook", name: "Hook", url: `http://127.0.0.1:${port}/` }],
      allowedPrivateNetworks: ["127.0.0.1/32"],
    },
    thresholds: {
      metricTimeThresholds: { guest: { cpu: 0 } },
      guestDefaults: { cpu: { trigger: 96, clear: 95 } },
      schedule: { grouping: { enabled: false } },
    },
  };
  const cores = ["one", "two"].map(name =>
    clusterProcess({ command: "core", env: { ...line, PULSE_NAME: name, PULSE_ENCRYPTION_KEY: KEY }, config }),
  );
  const [one, two] = cores;
  assert.ok(one && two);
  await using stopping = new AsyncDisposableStack();
  for (const core of cores) stopping.use(core);
  await Promise.all([edge.start(), one.start(), two.start()]);
  const guest = async () => {
    const shown = await Promise.any(cores.map(pictureOf));
    return Object.keys(shown.guests)[0] ?? "";
  };
  await until(async () => (await guest()) !== "", "anything shown");

  await t.test("the pictures are equal", async () => {
    await until(async () => {
      const [first, second] = await Promise.all([pictureOf(one), pictureOf(two)]);
      return Object.keys(first.guests).length === 6 && JSON.stringify(first) === JSON.stringify(second);
    }, "equal");
  });

  await t.test("ticks that somebody says too early, as his clock is ahead, keep nobody from judging", async () => {
    const connection = await connect({ servers: nats.url });
    const next = Math.floor(Date.now() / TICK);
    const early = [3, 4, 5].map(ahead => next + ahead);
    for (const slot of early)
      await jetstream(connection).publish(TICK_SUBJECT, toTickBody(slot), { msgID: `tick ${slot}` });
    await connection.close();
    const to = (next + 7) * TICK;
    await until(async () => ((await figuresOf(one, await guest(), next * TICK)).at(-1)?.time ?? 0) >= to, "judged");
    for (const core of cores) {
      const times = (await figuresOf(core, await guest(), next * TICK)).map(({ time }) => time);
      for (const slot of early) assert.ok(times.includes(slot * TICK), `${slot - next} ticks later`);
    }
  });

  await t.test("entries that are not what they should be are skipped", async () => {
    const connection = await connect({ servers: nats.url });
    const stream = jetstream(connection);
    const subject = resourcesSubject("north", instance);
    const look = { kind: "seen", scope: "resources", instance, at: Date.now(), took: 1, interval: 5000 };
    const lists = { nodes: [], guests: [], storages: [], endpoints: [] };
    const bad: [string, Uint8Array][] = [
      [subject, new TextEncoder().encode("nothing that zstd knows")],
      [subject, toBody({ fence: 1, seen: { ...look, ...lists, instance: "another" } } as never)],
      [subject, toBody({ fence: 1, seen: { ...look, ...lists, guests: [{ id: "another:guest:1" }] } } as never)],
      [subject, toBody({ fence: 1e9, seen: { ...look, ...lists, guests: [null] } } as never)],
      [resourcesSubject("south", instance), toBody({ fence: 1e9, seen: { ...look, ...lists } } as never)],
      [instanceSubject("south", instance), toBody({ fence: 1e9, settings: null })],
    ];
    for (const [place, body] of bad) await stream.publish(place, body);
    await connection.close();
    await until(() => [one, two].every(core => core.log().split("was skipped").length > bad.length), "skipped");
    const { guests } = await pictureOf(two);
    assert.equal(Object.keys(guests).length, 6);
  });

  const toldOf = (id: string) =>
    posts.flatMap(({ reason, alerts }) => (alerts.some(one => one.id === id) ? reason : []));
  await t.test("what fires is told once", async () => {
    await until(() => cores.some(core => core.log().includes("This core tells")), "one that tells");
    const vmid = Number((await guest()).split(":").at(-1));
    await estate.faults.cause({ kind: "guest-cpu", instance, vmid, cpu: 1 });
    const id = `${instance}:guest:${vmid}-cpu`;
    await until(() => toldOf(id).length > 0, "told");
    const delivered = async (core: ClusterProcess) => {
      const log = await readJson<Delivery[]>(core, "/api/notifications/history");
      return log.some(({ status, alertIds }) => status === "delivered" && alertIds.includes(id));
    };
    await until(async () => (await Promise.all(cores.map(delivered))).every(is => is), "known to all as told");
    assert.deepEqual(toldOf(id), ["firing"]);
  });

  const kept = async (core: ClusterProcess) => {
    const [silences, alerts, { pvePollingInterval }] = await Promise.all([
      readJson<object[]>(core, "/api/alerts/silences"),
      readJson<{ guestDefaults: object }>(core, "/api/alerts/config"),
      readJson<{ pvePollingInterval: number }>(core, "/api/config/system"),
    ]);
    const { alerts: firing, dockerHosts } = await pictureOf(core);
    return { dockerHosts, silences, defaults: alerts.guestDefaults, pvePollingInterval, firing };
  };
  await t.test("what is changed on any core counts on all, in the same way", async () => {
    const id = `${await guest()}-cpu`;
    assert.deepEqual(await send(two, "POST", "/api/alerts/acknowledge", { id }), { success: true });
    await send(one, "PUT", "/api/config/system", { pvePollingInterval: 20 });
    const { id: silence } = await send(two, "POST", "/api/alerts/silences", {
      matcher: { resource: await guest() },
      kind: "silence",
      comment: "known",
      endsAt: Date.now() + HOUR,
    });
    await untilEqual(() => Promise.all(cores.map(kept)));
    const text = JSON.stringify(await kept(one));
    assert.match(text, new RegExp(`"${silence}"`));
    assert.match(text, /"acknowledged":true/);
    await assert.rejects(send(one, "PUT", "/api/config/system", { pvePollingInterval: -1 }), / 400 /);
    await send(one, "DELETE", `/api/alerts/silences/${silence}`);
    await send(two, "POST", "/api/agents/docker/report", {
      agent: { id: "agent-1", version: "1", intervalSeconds: 30 },
      host: { hostname: "box", totalCpu: 2, totalMemoryBytes: 1e9 },
      containers: [{ id: "c1", name: "web", image: "nginx", state: "running", status: "Up" }],
      timestamp: new Date().toISOString(),
    });
    await untilEqual(() => Promise.all(cores.map(kept)));
    assert.equal(Object.keys((await pictureOf(one)).dockerHosts).length, 1);
  });

  await t.test("when the one that tells is killed, the other tells; back again, it knows what it missed", async () => {
    const began = Date.now() - 30 * SECOND;
    const teller = one.log().includes("This core tells") ? one : two;
    const other = teller === one ? two : one;
    const id = `${await guest()}-cpu`;
    await teller.kill();
    await estate.faults.clear();
    await until(() => toldOf(id).length > 1, "told of the end");
    await send(other, "PUT", "/api/alerts/config", { guestDefaults: { memory: { trigger: 97, clear: 90 } } });
    const about = id.slice(0, -"-cpu".length);
    const past = async (core: ClusterProcess) => await figuresOf(core, about, began);
    const killed = Date.now();
    const isSince = (figures: { time: number }[]) => figures.some(({ time }) => time > killed);
    await until(async () => isSince(await past(other)), "something missed");
    await teller.start();
    await until(async () => {
      const [first, second] = await Promise.all([past(other), past(teller)]);
      return isSince(first) && JSON.stringify(first) === JSON.stringify(second);
    }, "caught up");
    assert.deepEqual(toldOf(id), ["firing", "resolved"]);
    await untilEqual(() => Promise.all(cores.map(kept)));
    assert.match(JSON.stringify(await kept(teller)), /"trigger":97/);
  });

  await t.test("an instance that no edge watches any more is forgotten when somebody says so", async () => {
    const site = { ...line, PULSE_SITE: "north", PULSE_NAME: "hand" };
    const refused = forget(instance, site);
    assert.deepEqual([refused.code, /Edge "edge" watches/.test(refused.said)], [1, true], refused.said);
    await edge.stop();
    assert.deepEqual(forget(instance, site), { code: 0, said: `Instance "${instance}" is forgotten\n` });
    const left = async (core: ClusterProcess) => Object.keys((await pictureOf(core)).guests).length;
    await until(async () => (await Promise.all(cores.map(left))).every(count => count === 0), "gone");
  });
});
