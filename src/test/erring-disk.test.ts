import assert from "node:assert/strict";
import { closeSync, openSync, readdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { DAY, MINUTE } from "../kit/units.ts";
import { DATABASE_FILE } from "../store/database.ts";
import { type ErringDisk, openErringDisk } from "./erring-disk.ts";
import { startPulse, type TestPulse } from "./pulse.ts";

/** A disk that errs; null: the test is skipped. */
function diskFor(context: TestContext): ErringDisk | null {
  const disk = openErringDisk();
  if (disk) context.after(() => disk[Symbol.dispose]());
  else context.skip("only root may mount a disk");
  return disk;
}

interface Health {
  status: string;
  database: { writable: boolean; reason: string | null };
}

const read = async <T>({ url }: TestPulse, path: string) => (await (await fetch(`${url}${path}`)).json()) as T;

function sendTheme({ url }: TestPulse, theme: string): Promise<Response> {
  return fetch(`${url}/api/system/settings/update`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ theme }),
  });
}

async function untilHealth(pulse: TestPulse, writable: boolean): Promise<Health> {
  for (const deadline = Date.now() + 2 * MINUTE; ; await pulse.clock.sleep(1000)) {
    const health = await read<Health>(pulse, "/api/health");
    if (health.database.writable === writable) return health;
    if (Date.now() > deadline) throw new Error(`Not so after two minutes: ${writable} ${JSON.stringify(health)}`);
  }
}

const firesItself = ({ id }: { id: string }) => id === "pulse itself-unwritten";

/** Started on the disk; `logged`: what it said. */
async function startOn(disk: ErringDisk) {
  const logged: string[] = [];
  const pulse = await startPulse({
    ...{ nodes: 2, guests: 6, dataDir: disk.folder },
    log: (level, message) => logged.push(`${level} ${message}`),
  });
  await pulse.until(({ vms }) => vms.length > 0);
  await pulse.clock.sleep(MINUTE);
  return { pulse, logged };
}

/** It goes on watching and judging, says so in each place where people look, and refuses what people change. */
async function isTold(pulse: TestPulse, logged: readonly string[]): Promise<void> {
  const { status, database } = await untilHealth(pulse, false);
  assert.equal(status, "healthy", "a restart would not help");
  assert.equal(database.reason, "the disk does not take or give what it should");
  await pulse.until(({ activeAlerts }) => activeAlerts.some(firesItself));
  assert.deepEqual(
    logged.filter(line => line.startsWith("error ")),
    [`error The database cannot be written: ${database.reason}`],
  );
  const refused = await sendTheme(pulse, "dark");
  assert.equal(refused.status, 503);
  assert.match(((await refused.json()) as { error: string }).error, /^Nothing was saved: /);
  const before = (await pulse.state()).lastUpdate;
  await pulse.until(({ lastUpdate, nodes }) => lastUpdate > before && nodes.every(({ stale }) => !stale));
}

test("a disk that answers writes with errors is told, and when it takes them again all is kept, without a hand", async context => {
  const disk = diskFor(context);
  if (!disk) return;
  const { pulse, logged } = await startOn(disk);
  await using _ = pulse;
  const since = pulse.clock.now();
  disk.refuse();
  await isTold(pulse, logged);
  disk.accept();
  await untilHealth(pulse, true);
  await pulse.until(({ activeAlerts }) => !activeAlerts.some(firesItself));
  assert.ok(logged.includes("info The database is written again"));
  assert.equal((await sendTheme(pulse, "dark")).status, 200);
  const { nodes } = await pulse.state();
  const { points } = await read<{ points: { time: number }[] }>(
    pulse,
    `/api/history?resource=${encodeURIComponent(nodes[0]?.id ?? "")}&metric=cpu&from=${since}&points=50000`,
  );
  const gaps = points.slice(1).map(({ time }, at) => time - (points[at]?.time ?? 0));
  assert.ok(points.length > 3 && Math.max(...gaps) <= 30_000, `missing of the time when nothing was written: ${gaps}`);
});

test("a file system that the system made read-only is told; it ends in order, and begins anew once that is repaired", async context => {
  const disk = diskFor(context);
  if (!disk) return;
  const { pulse, logged } = await startOn(disk);
  await using _ = pulse;
  const { nodes } = await pulse.state();
  disk.breakDown();
  await isTold(pulse, logged);
  await pulse.stopServer();
  await assert.rejects(pulse.startServer(), /read-only|EROFS|Cannot write/);
  disk.repair();
  await pulse.startServer();
  assert.equal((await untilHealth(pulse, true)).database.reason, null);
  await pulse.until(state => state.nodes.length === nodes.length);
});

test("a database that is damaged while Pulse runs is told, the present goes on, and the next start saves what it can", async () => {
  const logged: string[] = [];
  await using pulse = await startPulse({
    ...{ nodes: 2, guests: 6, remembers: Infinity },
    log: (level, message) => logged.push(`${level} ${message}`),
  });
  const { nodes, vms, containers } = await pulse.until(state => state.vms.length > 0);
  assert.equal((await sendTheme(pulse, "dark")).status, 200);
  await pulse.clock.sleep(2 * MINUTE);
  await pulse.stopServer();
  const path = join(pulse.dataDir, DATABASE_FILE);
  const places = placesOfPast(path);
  await pulse.startServer();
  spoil(path, places);
  const from = String(pulse.clock.now() - 300 * DAY);
  const ask = (resource: string, metric: string) =>
    fetch(`${pulse.url}/api/history?${new URLSearchParams({ resource, metric, from })}`);
  // Some of it was read at the start and is still known.
  const answers = await Promise.all(
    [...nodes, ...vms, ...containers].flatMap(({ id }) => ["cpu", "memory"].map(metric => ask(id, metric))),
  );
  const refused = answers.find(({ status }) => status !== 200);
  assert.equal(refused?.status, 503);
  assert.deepEqual(await refused.json(), { error: "The database cannot be read: its file is damaged" });
  const { activeAlerts } = await pulse.until(state => state.activeAlerts.some(firesItself) && state.vms.length > 0);
  assert.match(activeAlerts.find(firesItself)?.message ?? "", /cannot read some of its database/);
  assert.equal((await untilHealth(pulse, false)).database.reason, "its file is damaged");
  assert.ok(logged.some(line => line.startsWith("error Some of the database cannot be read: its file is damaged.")));
  await pulse.stopServer();
  await pulse.startServer();
  assert.ok(logged.some(line => line.startsWith("error The database was damaged; it was set aside")));
  assert.ok(readdirSync(pulse.dataDir).some(name => name.startsWith(`${DATABASE_FILE}.broken-`)));
  assert.equal((await read<{ theme: string }>(pulse, "/api/system/settings")).theme, "dark");
  assert.equal((await ask(nodes[0]?.id ?? "", "cpu")).status, 200);
  await pulse.until(state => !state.activeAlerts.some(firesItself));
});

/** The places in a database that nobody has open of what Proxmox told of the past. */
function placesOfPast(path: string): readonly number[] {
  const sqlite = new DatabaseSync(path, { readOnly: true });
  const rows = sqlite
    .prepare("SELECT pgoffset FROM dbstat WHERE name = 'history_past' AND pagetype <> 'internal'")
    .all();
  sqlite.close();
  return rows.map(({ pgoffset }) => Number(pgoffset));
}

function spoil(path: string, places: readonly number[]): void {
  const file = openSync(path, "r+");
  for (const place of places) writeSync(file, Buffer.alloc(1024, 0x5a), 0, 1024, place);
  closeSync(file);
}
