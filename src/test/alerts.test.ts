import assert from "node:assert/strict";
import { test } from "node:test";
import { io } from "socket.io-client";
import type { ServerFrame } from "../contract/live.ts";
import type { AnswerOf } from "../contract/route.ts";
import type { Routes } from "../contract/routes.ts";
import { MINUTE, SECOND } from "../kit/units.ts";
import type { Alert, Transition } from "../model/alert.ts";
import type { AlertConfig } from "../model/alert-config.ts";
import type { State } from "../model/state.ts";
import { startPulse, type TestPulse } from "./pulse.ts";

const CLUSTER = "cluster1";
const JSON_HEADERS = { "content-type": "application/json" };
const guests = (state: State) => [...state.vms, ...state.containers];
const seen = (state: State) => guests(state).length > 0 && state.instances.every(({ status }) => status === "online");

function callsTo(pulse: TestPulse) {
  const read = async <T>(path: string) => (await (await fetch(`${pulse.url}/api/alerts/${path}`)).json()) as T;
  return {
    read,
    active: () => read<Alert[]>("active"),
    steps: () => read<Transition[]>("transitions?limit=1000"),
    send: (method: string, path: string, body: unknown = {}) =>
      fetch(`${pulse.url}/api/alerts/${path}`, { method, headers: JSON_HEADERS, body: JSON.stringify(body) }),
  };
}

/** CPU alerts at once, and nothing else about guests. */
const SWIFT = { metricTimeThresholds: { guest: { cpu: 10 } }, guestDefaults: { cpu: { trigger: 90, clear: 50 } } };

test("a node that is off is one alert, which names its guests; when it is back, all is well again", async () => {
  await using pulse = await startPulse({ nodes: 3, guests: 18 });
  const { active, steps } = callsTo(pulse);
  const before = await pulse.until(seen);
  const node = before.nodes[2]?.node ?? "";
  const on = guests(before).filter(guest => guest.node === node && !guest.template);
  await pulse.estate.faults.cause({ kind: "node-off", instance: CLUSTER, node });
  const root = `${CLUSTER}:node:${node}-offline`;
  const state = await pulse.until(({ activeAlerts }) => activeAlerts.some(({ id }) => id === root));
  const alert = state.activeAlerts.find(({ id }) => id === root);
  const named = new Set(alert?.covers.map(({ resourceId }) => resourceId));
  assert.ok(on.length > 0 && on.every(({ id }) => named.has(id)));
  assert.equal(alert?.coversCount, alert?.covers.length);
  await pulse.clock.sleep(3 * MINUTE);
  const roots = (await active()).filter(({ cause, node: of }) => cause === null && of === node);
  assert.deepEqual(
    roots.map(({ id }) => id),
    [root],
  );
  await pulse.estate.faults.clear();
  await pulse.until(({ activeAlerts }) => activeAlerts.every(({ node: of }) => of !== node));
  const told = (await steps()).filter(step => step.alert.cause === null && step.alert.node === node);
  assert.deepEqual(
    told.map(({ kind }) => kind),
    ["resolved", "fired"],
  );
});

test("a backup in stop mode of a powered-off guest that is acknowledged makes no step", async () => {
  await using pulse = await startPulse({ nodes: 1, guests: 8 });
  const { send, steps } = callsTo(pulse);
  const guest = guests(await pulse.until(seen)).find(({ status, template }) => status === "running" && !template);
  assert.ok(guest);
  const { vmid } = guest;
  const id = `${guest.id}-powered-off`;
  await send("PUT", "config", {
    overrides: { [guest.id]: { checks: { "powered-off": { enabled: true, hold: 20 } } } },
  });
  const cause = pulse.estate.faults.cause.bind(pulse.estate.faults);
  await cause({ kind: "guest-stopped", instance: CLUSTER, vmid });
  await pulse.until(({ activeAlerts }) => activeAlerts.some(alert => alert.id === id));
  assert.equal((await send("POST", `${encodeURIComponent(id)}/acknowledge`)).status, 200);
  const before = (await steps()).length;
  await cause({ kind: "guest-locked", instance: CLUSTER, vmid, lock: "backup", lasts: 2 * MINUTE });
  await cause({ kind: "guest-started", instance: CLUSTER, vmid, lasts: 2 * MINUTE });
  await pulse.until(state => guests(state).some(one => one.id === guest.id && one.status === "running"));
  await pulse.until(state => guests(state).some(one => one.id === guest.id && one.status === "stopped"));
  await pulse.clock.sleep(4 * MINUTE);
  const after = await steps();
  assert.deepEqual(
    after.slice(0, after.length - before).map(({ kind, alert }) => `${kind} ${alert.id}`),
    [],
  );
  const alert = (await pulse.state()).activeAlerts.find(one => one.id === id);
  assert.equal(alert?.acknowledged, true);
});

const HARDSHIPS = [
  ["lists no resources", { kind: "empty-resources" }],
  ["answers 500 to one call", { kind: "status", status: 500, path: "/cluster/resources" }],
  ["answers 501 to another", { kind: "status", status: 501, path: "/nodes/*/status" }],
  ["refuses the token", { kind: "token-revoked" }],
] as const;
for (const [sentence, fault] of HARDSHIPS)
  test(`a cluster that ${sentence} is not offline: nothing fires, and nothing resolves`, async () => {
    await using pulse = await startPulse({ nodes: 2, guests: 10 });
    const { steps } = callsTo(pulse);
    await pulse.until(seen);
    await pulse.clock.sleep(2 * MINUTE);
    const before = await steps();
    await pulse.estate.faults.cause({ ...fault, instance: CLUSTER });
    await pulse.clock.sleep(5 * MINUTE);
    const kinds = /offline|unreachable|powered-off/;
    const fresh = (await steps()).slice(0, (await steps()).length - before.length);
    assert.deepEqual(
      fresh.filter(({ alert }) => kinds.test(alert.type)).map(({ alert }) => alert.id),
      [],
    );
    assert.equal((await pulse.state()).nodes.length, 2);
  });

test("an instance that is unreachable since the start alerts, and its guests are none the wiser", async () => {
  await using pulse = await startPulse({
    nodes: 1,
    guests: 3,
    change: settings => ({ ...settings, host: "https://127.0.0.1:1" }),
  });
  const state = await pulse.until(({ activeAlerts }) => activeAlerts.length > 0);
  assert.deepEqual(
    state.activeAlerts.map(({ id, level }) => [id, level]),
    [[`${CLUSTER}-unreachable`, "critical"]],
  );
  await pulse.clock.sleep(2 * MINUTE);
  assert.equal((await callsTo(pulse).active()).length, 1);
});

test("alerts outlive the server without a step: who has seen them, and since when", async () => {
  await using pulse = await startPulse({ nodes: 2, guests: 12 });
  const { send, steps, active } = callsTo(pulse);
  await send("PUT", "config", SWIFT);
  const state = await pulse.until(seen);
  const busy = guests(state)
    .filter(({ status }) => status === "running")
    .slice(0, 5);
  for (const { vmid } of busy) await pulse.estate.faults.cause({ kind: "guest-cpu", instance: CLUSTER, vmid, cpu: 1 });
  const ids = busy.map(({ id }) => `${id}-cpu`);
  await pulse.until(({ activeAlerts }) => ids.every(id => activeAlerts.some(alert => alert.id === id)));
  assert.equal((await send("POST", "bulk/acknowledge", { alertIds: [ids[0], "nothing"] })).status, 200);
  const before = {
    last: (await steps())[0]?.number ?? 0,
    since: new Map((await active()).map(one => [one.id, one.startTime])),
  };
  await pulse.stopServer();
  await pulse.startServer();
  assert.ok(ids.every(id => before.since.has(id)));
  const first = await pulse.state();
  // One more may have fired just before it was stopped.
  const there = new Set(first.activeAlerts.map(({ id }) => id));
  assert.deepEqual(
    [...before.since.keys()].filter(id => !there.has(id)),
    [],
    "at once",
  );
  await pulse.until(seen);
  await pulse.clock.sleep(2 * MINUTE);
  const later = (await steps()).filter(({ number }) => number > before.last);
  assert.deepEqual(
    later.filter(({ alert }) => before.since.has(alert.id)).map(({ kind, alert }) => [kind, alert.id]),
    [],
  );
  for (const alert of await active())
    if (before.since.has(alert.id)) assert.equal(alert.startTime, before.since.get(alert.id));
  assert.equal((await active()).find(({ id }) => id === ids[0])?.acknowledged, true);
});

test("the configuration is read, sent back and the same; a change is judged at once; nonsense is named", async () => {
  await using pulse = await startPulse({ nodes: 1, guests: 6 });
  const { read, send, steps } = callsTo(pulse);
  const { vmid, id } = guests(await pulse.until(seen)).find(({ status }) => status === "running") ?? {
    vmid: 0,
    id: "",
  };
  await send("POST", "", { ...SWIFT, overrides: { "docker:a/b (1)": { disabled: true } } });
  for (const [method, path] of [
    ["PUT", "config"],
    ["POST", ""],
  ] as const) {
    const text = async () => await (await fetch(`${pulse.url}/api/alerts/${path}`)).text();
    const before = await text();
    assert.equal((await send(method, path, JSON.parse(before))).status, 200);
    assert.equal(await text(), before);
  }
  await pulse.estate.faults.cause({ kind: "guest-cpu", instance: CLUSTER, vmid, cpu: 1 });
  await pulse.until(({ activeAlerts }) => activeAlerts.some(alert => alert.id === `${id}-cpu`));
  await send("PUT", "config", { overrides: { [id]: { cpu: -1 } } });
  assert.equal((await steps())[0]?.kind, "withdrawn", "not waiting for the next tick");
  assert.ok((await pulse.state()).activeAlerts.every(alert => alert.id !== `${id}-cpu`));
  const wrong = await send("PUT", "config", { guestDefaults: { cpu: { trigger: 50, clear: 60 } } });
  assert.equal(wrong.status, 400);
  assert.match(((await wrong.json()) as { error: string }).error, /^guestDefaults\.cpu\.clear: must be below/);
  const config = await read<AlertConfig>("config");
  assert.deepEqual(Object.keys(config.overrides), ["docker:a/b (1)", id]);
});

test("whatever a container is called, its alert can be acknowledged, by whichever way it is written", async () => {
  await using pulse = await startPulse({ nodes: 1, guests: 2 });
  const { send, active } = callsTo(pulse);
  const names = ["a (1)", "ünï/cødé", "100%", "x%2Fy", "acknowledge", "clear/all"];
  const ended = { image: "i", state: "exited", exitCode: 1, finishedAt: new Date(pulse.clock.now()).toISOString() };
  const report = {
    agent: { id: "box" },
    host: { hostname: "box" },
    containers: names.map((name, place) => ({ id: `c${place}`, name, ...ended })),
  };
  const ids = names.map(name => `docker:box/${name}-container-state`);
  const tell = () =>
    fetch(`${pulse.url}/api/agents/docker/report`, {
      method: "POST",
      headers: JSON_HEADERS,
      body: JSON.stringify(report),
    });
  await pulse.until(state => {
    void tell();
    return ids.every(id => state.activeAlerts.some(alert => alert.id === id));
  });
  const ways = [encodeURIComponent, (id: string) => id.split("/").map(encodeURIComponent).join("/")];
  for (const encode of ways)
    for (const id of ids) {
      assert.equal((await send("POST", `${encode(id)}/acknowledge`)).status, 200, id);
      assert.equal((await active()).find(alert => alert.id === id)?.acknowledged, true, id);
      assert.equal((await send("POST", `${encode(id)}/unacknowledge`)).status, 200, id);
      assert.equal((await active()).find(alert => alert.id === id)?.acknowledged, false, id);
    }
  for (const verb of ["acknowledge", "unacknowledge", "clear"]) {
    const answer = await send("POST", `nothing/${verb}`);
    assert.deepEqual([answer.status, await answer.json()], [404, { error: 'There is no alert "nothing"' }]);
  }
  const bare = await fetch(`${pulse.url}/api/alerts/${encodeURIComponent(ids[1] ?? "")}/acknowledge`, {
    method: "POST",
  });
  assert.equal(bare.status, 200, "without a body");
  assert.equal((await send("POST", "clear", { id: ids[0] })).status, 200);
  assert.ok((await active()).every(({ id }) => id !== ids[0]));
});

test("clients of the old frames are told when an alert fires and when it is over; who explains says why", async () => {
  await using pulse = await startPulse({ nodes: 1, guests: 6 });
  const { read, send } = callsTo(pulse);
  const guest = guests(await pulse.until(seen)).find(({ status }) => status === "running");
  assert.ok(guest);
  const id = `${guest.id}-cpu`;
  await send("PUT", "config", SWIFT);
  const old = new WebSocket(`${pulse.url.replace("http", "ws")}/ws`);
  const told: string[] = [];
  old.addEventListener("message", ({ data }) => {
    const frame = JSON.parse(String(data)) as ServerFrame;
    if (frame.type === "alert" && frame.data.id === id) told.push(`alert ${frame.data.level}`);
    if (frame.type === "alertResolved") told.push(`over ${frame.data.alertId}`);
  });
  const older = io(pulse.url, { transports: ["websocket"] });
  const events: string[] = [];
  older.on("alert", (alert: Alert) => alert.id === id && events.push("alert"));
  older.on("alertResolved", ({ alertId }: { alertId: string }) => events.push(alertId));
  await pulse.clock.sleep(10 * SECOND);
  await pulse.estate.faults.cause({ kind: "guest-cpu", instance: CLUSTER, vmid: guest.vmid, cpu: 1, lasts: MINUTE });
  await pulse.until(({ activeAlerts }) => activeAlerts.some(alert => alert.id === id));
  const [why] = await read<AnswerOf<Routes["explainAlerts"]>>(
    `explain?resource=${encodeURIComponent(guest.id)}&type=cpu`,
  );
  assert.deepEqual([why?.phase, why?.trigger, why?.origin.kind], ["firing", 90, "default"]);
  const over = await pulse.until(({ recentlyResolved }) => recentlyResolved.some(alert => alert.id === id));
  assert.ok(over.activeAlerts.every(alert => alert.id !== id));
  assert.deepEqual(
    told.filter(line => line.includes("alert ") || line.includes(id)),
    ["alert warning", `over ${id}`],
  );
  assert.deepEqual(
    events.filter(event => event === "alert" || event === id),
    ["alert", id],
  );
  old.close();
  older.close();
  const tried = await send("POST", "try", { type: "cpu", of: "guest", thresholds: { cpu: 95 }, hold: 0, days: 1 });
  const { firings, replays } = (await tried.json()) as AnswerOf<Routes["tryThresholds"]>;
  assert.ok(firings > 0 && replays.some(({ resourceId }) => resourceId === guest.id));
  assert.equal((await fetch(`${pulse.url}/api/alerts/explain?resource=nothing`)).status, 404);
  const metrics = await (await fetch(`${pulse.url}/metrics`)).text();
  assert.match(metrics, /pulse_alerts\{level="warning",acknowledged="false"\} \d+/);
});
