import assert from "node:assert/strict";
import { test } from "node:test";
import { SECOND } from "../../kit/units.ts";
import { openReceiver } from "../../notify/outbound/recording-receiver.ts";
import { openEstate } from "../../simulator/estate.ts";
import { sizedEstate } from "../../simulator/presets.ts";
import { figuresOf, pictureOf, readJson, send } from "./looks.ts";
import { startNats } from "./nats-servers.ts";
import { type ClusterProcess, clusterProcess, northEdge, until, untilEqual } from "./processes.ts";

const KEY = "0".repeat(64);

test("when NATS has lost everything, cores keep what they have, agree on it, and go on; one that is new gets it all", async t => {
  await using nats = await startNats();
  await nats.ready();
  await using estate = await openEstate({ ...sizedEstate({ nodes: 1, guests: 3 }), tick: 5 * SECOND });
  const [instance = ""] = estate.instances.map(({ name }) => name);
  const line = { PULSE_NATS_URL: nats.url };
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
  await using edge = northEdge(line, estate.instances);
  const [one, two, three] = ["one", "two", "three"].map(name =>
    clusterProcess({ command: "core", env: { ...line, PULSE_NAME: name, PULSE_ENCRYPTION_KEY: KEY }, config }),
  );
  assert.ok(one && two && three);
  await using stopping = new AsyncDisposableStack();
  for (const core of [one, two, three]) stopping.use(core);
  await Promise.all([edge.start(), one.start(), two.start()]);

  const guests = async (core: ClusterProcess) => Object.keys((await pictureOf(core)).guests);
  const settings = async (core: ClusterProcess) => {
    const { guestDefaults } = await readJson<{ guestDefaults: object }>(core, "/api/alerts/config");
    return { guestDefaults, silences: await readJson<object[]>(core, "/api/alerts/silences") };
  };
  const change = (core: ClusterProcess, trigger: number) =>
    send(core, "PUT", "/api/alerts/config", { guestDefaults: { memory: { trigger, clear: 50 } } });
  const chartsOf = async (core: ClusterProcess) => {
    const { data, nodeData } = await readJson<{ data: object; nodeData: object }>(core, "/api/charts?range=1h");
    return { data, nodeData };
  };
  const toldOf = (id: string) =>
    posts.flatMap(({ reason, alerts }) => (alerts.some(one => one.id === id) ? reason : []));

  await until(async () => (await guests(one)).length === 3, "shown");
  const [guest = ""] = await guests(one);
  const vmid = Number(guest.split(":").at(-1));
  const began = Date.now() - 30 * SECOND;
  await estate.faults.cause({ kind: "guest-cpu", instance, vmid, cpu: 1 });
  await until(() => toldOf(`${guest}-cpu`).length > 0, "told");
  await change(two, 91);
  await untilEqual(() => Promise.all([one, two].map(settings)));
  // From here on the first knows more than the second.
  await two.kill();
  await change(one, 92);
  const kept = async (core: ClusterProcess) => (await figuresOf(core, guest, began)).length;
  const before = await kept(one);
  await until(async () => (await kept(one)) > before, "kept more");
  const behind = two.log().length;

  for (const server of nats.servers) await server.lose();
  for (const server of nats.servers) server.start();
  await nats.ready();
  await until(() => one.log().includes("NATS has lost what it had stored"), "noticed");
  await until(() => edge.log().includes("NATS has lost what it had stored"), "noticed at the edge");
  const lost = Date.now();

  await t.test("what one core knew that was there, another one takes over that was behind", async () => {
    await two.start();
    await until(() => two.log().slice(behind).includes("goes on with what another one remembers"), "taken over");
    await until(async () => JSON.stringify(await settings(two)) === JSON.stringify(await settings(one)), "the same");
    assert.match(JSON.stringify(await settings(two)), /"trigger":92/);
  });

  await t.test("settings count on both from then on, once", async () => {
    await until(() => change(two, 93).then(() => true), "agreed upon");
    await untilEqual(() => Promise.all([one, two].map(settings)));
    assert.match(JSON.stringify(await settings(one)), /"trigger":93/);
  });

  await t.test("history goes on without a hole but for the time of the loss, and is the same", async () => {
    await until(async () => (await figuresOf(one, guest, lost)).length >= 3, "kept again");
    await untilEqual(() => Promise.all([one, two].map(core => figuresOf(core, guest, began, lost))));
    await untilEqual(() => Promise.all([one, two].map(pictureOf)));
  });

  await t.test("one that is new has all of it", async () => {
    await three.start();
    await until(() => three.log().includes("goes on with what another one remembers"), "taken over");
    const to = Date.now();
    const past = async (core: ClusterProcess) => ({
      figures: await figuresOf(core, guest, began, to),
      charts: await chartsOf(core),
      alerts: await readJson(core, "/api/alerts/history?limit=50"),
      settings: await settings(core),
    });
    await untilEqual(() => Promise.all([one, two, three].map(past)));
    assert.match(JSON.stringify((await past(three)).alerts), new RegExp(`"${guest}-cpu"`));
  });

  await t.test("what was told is not told again, and what follows is told once", async () => {
    assert.deepEqual(toldOf(`${guest}-cpu`), ["firing"]);
    await estate.faults.clear();
    await until(() => toldOf(`${guest}-cpu`).length > 1, "told of the end");
    assert.deepEqual(toldOf(`${guest}-cpu`), ["firing", "resolved"]);
  });
});
