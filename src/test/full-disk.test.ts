import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { MIB, MINUTE } from "../kit/units.ts";
import type { Alert } from "../model/alert.ts";
import { openReceiver } from "../notify/outbound/recording-receiver.ts";
import { startPulse, type TestPulse } from "./pulse.ts";
import { openSmallDisk, type SmallDisk } from "./small-disk.ts";

interface Health {
  status: string;
  database: { writable: boolean; since: number | null; reason: string | null };
}

/** On a small disk of its own; null: the test is skipped. */
function diskFor(context: TestContext, size = 16 * MIB): SmallDisk | null {
  const disk = openSmallDisk(size);
  if (disk) context.after(() => disk[Symbol.dispose]());
  else context.skip("only root may mount a disk");
  return disk;
}

async function read<T>(pulse: TestPulse, path: string): Promise<T> {
  return (await (await fetch(`${pulse.url}${path}`)).json()) as T;
}

function send(pulse: TestPulse, method: string, path: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${pulse.url}${path}`, { method, headers, body: JSON.stringify(body) });
}

async function untilHealth(pulse: TestPulse, is: (health: Health) => boolean): Promise<Health> {
  for (const deadline = Date.now() + 2 * MINUTE; ; await pulse.clock.sleep(1000)) {
    const health = await read<Health>(pulse, "/api/health");
    if (is(health)) return health;
    if (Date.now() > deadline) throw new Error(`Not so after two minutes: ${is} ${JSON.stringify(health)}`);
  }
}

const isItself = (id: string) => id === "pulse itself-unwritten";
const firesItself = ({ id }: Alert) => isItself(id);

test("on a full disk Pulse watches, alerts and tells on; changes are refused; with room it is all kept", async context => {
  const disk = diskFor(context);
  if (!disk) return;
  const told: { reason: string; alerts: { id: string }[] }[] = [];
  const { port } = await openReceiver(context, (response, { body }) => {
    told.push(JSON.parse(body.toString()) as (typeof told)[number]);
    response.end("ok");
  });
  const logged: string[] = [];
  await using pulse = await startPulse({
    nodes: 3,
    guests: 10,
    dataDir: disk.folder,
    log: (_, message) => logged.push(message),
  });
  for (const [path, body] of [
    ["/api/notifications/", { allowedPrivateNetworks: ["127.0.0.1/32"] }],
    ["/api/notifications/webhooks", { name: "Here", url: `http://127.0.0.1:${port}/` }],
  ] as const)
    assert.equal((await send(pulse, "POST", path, body)).status, 200);
  const { nodes } = await pulse.until(({ vms }) => vms.length > 0);
  await pulse.clock.sleep(MINUTE);

  disk.fill();
  const since = pulse.clock.now();
  const { database, status } = await untilHealth(pulse, health => !health.database.writable);
  assert.deepEqual([status, database.reason], ["healthy", "the disk is full"]);

  const theme = async () => (await read<{ theme: string }>(pulse, "/api/system/settings")).theme;
  const change = (to: string) => send(pulse, "POST", "/api/system/settings/update", { theme: to });
  // What room the database had set aside for itself takes small changes for a while.
  let kept = await theme();
  let refused = await change("dark");
  for (let tries = 0; refused.status === 200 && tries < 5000; tries++) {
    kept = await theme();
    refused = await change(kept === "dark" ? "light" : "dark");
  }
  assert.equal(refused.status, 507);
  assert.match(((await refused.json()) as { error: string }).error, /Nothing was saved: .*the disk is full/);
  assert.equal(await theme(), kept);

  const node = nodes[1]?.node ?? "";
  await pulse.estate.faults.cause({ kind: "node-off", instance: "cluster1", node });
  await pulse.until(
    ({ activeAlerts }) => activeAlerts.some(firesItself) && activeAlerts.some(({ type }) => type === "offline"),
  );
  const isTold = (reason: string, is: (id: string) => boolean) =>
    told.filter(message => message.reason === reason && message.alerts.some(({ id }) => is(id))).length;
  const isOffline = (id: string) => id.endsWith(`${node}-offline`);
  await pulse.until(() => isTold("firing", isOffline) > 0 && isTold("firing", isItself) > 0);

  disk.empty();
  await untilHealth(pulse, health => health.database.writable);
  await pulse.until(({ activeAlerts }) => !activeAlerts.some(firesItself));
  assert.equal((await change("light")).status, 200);
  const { points } = await read<{ points: { time: number }[] }>(
    pulse,
    `/api/history?resource=${encodeURIComponent(nodes[0]?.id ?? "")}&metric=cpu&from=${since - MINUTE}&points=50000`,
  );
  const gaps = points.slice(1).map(({ time }, at) => time - (points[at]?.time ?? 0));
  // A busy machine may be late for a tick; the disk was full for minutes.
  assert.ok(points.length > 6 && Math.max(...gaps) <= 30_000, `missing of the time when nothing was written: ${gaps}`);

  await pulse.stopServer();
  await pulse.startServer();
  assert.equal(await theme(), "light");
  await pulse.estate.faults.clear();
  await pulse.until(() => isTold("resolved", isOffline) > 0);
  assert.equal(isTold("firing", isOffline), 1, "what was told out of memory is not told again");
  assert.equal(logged.filter(message => /^The database cannot be written/.test(message)).length, 1);
});

const BUNDLE = join(import.meta.dirname, "../main.ts");

test("on a disk that is full from the start Pulse says so and ends with 1", async context => {
  const disk = diskFor(context, MIB);
  if (!disk) return;
  disk.fill();
  const env = { ...process.env, PULSE_DATA_DIR: disk.folder, FRONTEND_PORT: "0", BIND_HOST: "127.0.0.1" };
  const child = spawn(process.execPath, [...process.execArgv, BUNDLE], { env, stdio: ["ignore", "ignore", "pipe"] });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  assert.equal(code, 1);
  assert.match(said, /^Pulse cannot start: Cannot write to .*(disk is full|no space|disk I\/O)/m);
});
