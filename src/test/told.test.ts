import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { HOUR, MINUTE } from "../kit/units.ts";
import type { Alert } from "../model/alert.ts";
import type { State } from "../model/state.ts";
import { openMailServer } from "../notify/channels/recording-mail-server.ts";
import { openReceiver } from "../notify/outbound/recording-receiver.ts";
import { startPulse, type TestPulse } from "./pulse.ts";

const CLUSTER = "cluster1";
const guests = (state: State) => [...state.vms, ...state.containers];
const seen = (state: State) => guests(state).length > 0 && state.instances.every(({ status }) => status === "online");
const busy = (vmid: number) => ({ kind: "guest-cpu", instance: CLUSTER, vmid, cpu: 1 }) as const;
/** CPU alerts at once. */
const SWIFT = { metricTimeThresholds: { guest: { cpu: 10 } }, guestDefaults: { cpu: { trigger: 96, clear: 95 } } };

interface Post {
  reason: string;
  alerts: Alert[];
}

/** A webhook and a mail server, which a server tells from now on; and how to call it. */
async function tellFromNowOn(context: TestContext, pulse: TestPulse) {
  const posts: Post[] = [];
  const { port } = await openReceiver(context, (response, { body }) => {
    posts.push(JSON.parse(body.toString()) as Post);
    response.end("ok");
  });
  const { mails, settings } = await openMailServer(context);
  const send = async (method: string, path: string, body: unknown) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${pulse.url}/api/${path}`, { method, headers, body: JSON.stringify(body) });
    assert.equal(answer.status, 200, `${path}: ${await answer.text()}`);
  };
  await send("POST", "notifications/", { allowedPrivateNetworks: ["127.0.0.1/32"], canary: { enabled: false } });
  await send("POST", "notifications/webhooks", { id: "hook", name: "Hook", url: `http://127.0.0.1:${port}/` });
  await send("PUT", "notifications/email", settings);
  /** What was told of these alerts, as `reason id id`. */
  const about = (is: (alert: Alert) => boolean) =>
    posts
      .filter(({ alerts }) => alerts.some(is))
      .map(({ reason, alerts }) => [reason, ...alerts.filter(is).map(({ id }) => id)].join(" "));
  return { posts, mails, send, about };
}

/** Once it is so. */
const until = (pulse: TestPulse, is: () => boolean) => pulse.untilSo(is, so => so);

test("a node with a hundred guests that dies is one message a channel, and one when it is back", async context => {
  await using pulse = await startPulse({ nodes: 3, guests: 300 });
  const before = await pulse.until(seen);
  const node = before.nodes[2]?.node ?? "";
  assert.ok(guests(before).filter(guest => guest.node === node).length >= 90);
  await pulse.clock.sleep(3 * MINUTE);
  const { about, posts, mails } = await tellFromNowOn(context, pulse);
  const root = `${CLUSTER}:node:${node}-offline`;
  // What its tasks tell once they can be read again is another matter.
  const ofNode = (alert: Alert) => (alert.node === node && !/backup|job/.test(alert.type)) || alert.id === root;
  await pulse.estate.faults.cause({ kind: "node-off", instance: CLUSTER, node });
  await until(pulse, () => about(ofNode).length > 0);
  await pulse.clock.sleep(3 * MINUTE);
  assert.deepEqual(about(ofNode), [`firing ${root}`]);
  const told = posts.flatMap(({ alerts }) => alerts).find(({ id }) => id === root);
  assert.ok((told?.coversCount ?? 0) >= 60, `it covers ${told?.coversCount}`);
  await pulse.estate.faults.clear();
  await until(pulse, () => about(ofNode).length > 1);
  await pulse.clock.sleep(3 * MINUTE);
  assert.deepEqual(about(ofNode), [`firing ${root}`, `resolved ${root}`]);
  const mailed = () => mails.filter(({ text }) => /^Subject:.*/m.exec(text)?.[0].includes(node)).length;
  await until(pulse, () => mailed() === 2);
  assert.equal(mailed(), 2);
});

test("a restart tells nobody of what they know; what ended meanwhile is told together", async context => {
  await using pulse = await startPulse({ nodes: 2, guests: 24 });
  const state = await pulse.until(seen);
  await pulse.clock.sleep(2 * MINUTE);
  const { about, mails, send } = await tellFromNowOn(context, pulse);
  await send("PUT", "alerts/config", SWIFT);
  const some = guests(state)
    .filter(({ status, template }) => status === "running" && !template)
    .slice(0, 10);
  for (const { vmid } of some) await pulse.estate.faults.cause(busy(vmid));
  const ids = some.map(({ id }) => `${id}-cpu`);
  const ours = (alert: Alert) => ids.includes(alert.id);
  const count = () => about(ours).flatMap(text => text.split(" ").slice(1)).length;
  const mailed = () => mails.filter(({ text }) => some.some(({ name }) => text.includes(`CPU of ${name} `))).length;
  await until(pulse, () => count() === 10);
  await pulse.clock.sleep(MINUTE);
  const known = { posts: about(ours), mails: mailed() };
  assert.ok(known.mails > 0);
  await pulse.stopServer();
  await pulse.startServer();
  await pulse.until(seen);
  await pulse.clock.sleep(5 * MINUTE);
  assert.deepEqual({ posts: about(ours), mails: mailed() }, known);
  await pulse.stopServer();
  await pulse.estate.faults.clear();
  await pulse.clock.sleep(MINUTE);
  await pulse.startServer();
  await until(pulse, () => count() === 20);
  const ends = about(ours).filter(text => text.startsWith("resolved"));
  assert.deepEqual(
    ends.map(text => text.split(" ").length - 1),
    [10],
  );
});

test("a backup in stop mode of a powered-off guest that is acknowledged tells nobody anything", async context => {
  await using pulse = await startPulse({ nodes: 1, guests: 8 });
  const guest = guests(await pulse.until(seen)).find(({ status, template }) => status === "running" && !template);
  assert.ok(guest);
  await pulse.clock.sleep(2 * MINUTE);
  const { about, send } = await tellFromNowOn(context, pulse);
  const id = `${guest.id}-powered-off`;
  const ours = (alert: Alert) => alert.id === id;
  await send("PUT", "alerts/config", {
    overrides: { [guest.id]: { checks: { "powered-off": { enabled: true, hold: 20 } } } },
  });
  const cause = pulse.estate.faults.cause.bind(pulse.estate.faults);
  const of = { instance: CLUSTER, vmid: guest.vmid };
  await cause({ kind: "guest-stopped", ...of });
  await until(pulse, () => about(ours).length > 0);
  assert.deepEqual(about(ours), [`firing ${id}`]);
  await send("POST", `alerts/${encodeURIComponent(id)}/acknowledge`, {});
  await cause({ kind: "guest-locked", ...of, lock: "backup", lasts: 2 * MINUTE });
  await cause({ kind: "guest-started", ...of, lasts: 2 * MINUTE });
  const isNow = (status: string) => (state: State) =>
    guests(state).some(one => one.id === guest.id && one.status === status);
  await pulse.until(isNow("running"));
  await pulse.until(isNow("stopped"));
  await pulse.clock.sleep(4 * MINUTE);
  assert.deepEqual(about(ours), [`firing ${id}`]);
});

test("what is switched off, silenced or acknowledged while it waits for its group is told to nobody", async context => {
  await using pulse = await startPulse({ nodes: 1, guests: 12 });
  const state = await pulse.until(seen);
  await pulse.clock.sleep(2 * MINUTE);
  const { about, send } = await tellFromNowOn(context, pulse);
  await send("PUT", "alerts/config", { ...SWIFT, schedule: { grouping: { window: 240 } } });
  const some = guests(state)
    .filter(({ status, template }) => status === "running" && !template)
    .slice(0, 4);
  const [off, silenced, acknowledged, told] = some;
  assert.ok(off && silenced && acknowledged && told);
  for (const { vmid } of some) await pulse.estate.faults.cause(busy(vmid));
  const ids = some.map(({ id }) => `${id}-cpu`);
  await pulse.until(({ activeAlerts }) => ids.every(id => activeAlerts.some(alert => alert.id === id)));
  await send("PUT", "alerts/config", { overrides: { [off.id]: { disabled: true } } });
  const endsAt = pulse.clock.now() + HOUR;
  await send("POST", "alerts/silences", { kind: "silence", matcher: { resource: silenced.id }, endsAt, comment: "" });
  await send("POST", `alerts/${encodeURIComponent(`${acknowledged.id}-cpu`)}/acknowledge`, {});
  const ours = (alert: Alert) => ids.includes(alert.id);
  await until(pulse, () => about(ours).length > 0);
  await pulse.clock.sleep(2 * MINUTE);
  assert.deepEqual(about(ours), [`firing ${told.id}-cpu`]);
  const answer = await fetch(`${pulse.url}/api/alerts/explain?resource=${encodeURIComponent(silenced.id)}&type=cpu`);
  const [explained] = (await answer.json()) as { suppressedBy: string[] }[];
  assert.match(explained?.suppressedBy.join() ?? "", /Silenced/);
});
