import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY } from "../kit/units.ts";
import { guestId } from "../model/ids.ts";
import type { InstanceSettings } from "../model/instance-settings.ts";
import type { State } from "../model/state.ts";
import type { Fault, HttpFault } from "../simulator/fault.ts";
import type { BackupServerOptions, EstateOptions } from "../simulator/options.ts";
import { startPulse, type TestPulse } from "./pulse.ts";

const namespaces = [{ path: "" }, { path: "home", cluster: "home" }, { path: "office", cluster: "office" }];
const VAULT: BackupServerOptions = {
  name: "vault",
  datastores: [
    { name: "main", size: 1000, fill: 0.5, namespaces },
    { name: "tape", size: 500, fill: 0.95, namespaces: [{ path: "", hosts: ["nas", "100"] }] },
  ],
};
const estate = (more: Partial<BackupServerOptions> = {}): EstateOptions => ({
  seed: "vault",
  clusters: ["home", "office"].map(name => ({ name, nodes: 1, guests: 20, nodePrefix: `${name}-pve` })),
  backupServers: [{ ...VAULT, ...more }],
});
const serverOf = (state: State) => state.pbs[0];
const storeOf = (state: State, name: string) => serverOf(state)?.datastores.find(store => store.name === name);
const complete = (state: State) =>
  state.pbsBackups.some(({ datastore }) => datastore === "tape") &&
  state.pbsBackups.some(({ namespace, guestId: guest }) => namespace === "office" && guest !== null) &&
  (serverOf(state)?.syncJobs.length ?? 0) > 0;

/** Waits until so many further looks at the Backup Server have been taken in. */
async function looks(pulse: TestPulse, count: number): Promise<State> {
  const seen = new Set<number>();
  return pulse.until(
    state => seen.add(state.instances.find(({ type }) => type === "pbs")?.lastAttempt ?? 0).size > count,
  );
}

test("a Backup Server is on screen: load, datastores, namespaces, jobs, tasks", async () => {
  await using pulse = await startPulse({ estate: estate() });
  const state = await pulse.until(complete);
  const server = serverOf(state);
  assert.deepEqual([server?.id, server?.status, server?.connectionHealth], ["vault", "online", "healthy"]);
  assert.match(server?.version ?? "", /^4\.0/);
  assert.ok((server?.memory ?? 0) > 1 && (server?.memoryUsed ?? 0) > 1e9, "percent and bytes");
  assert.ok((storeOf(state, "tape")?.usage ?? 0) > 90 && (storeOf(state, "tape")?.daysUntilFull ?? 0) > 0);
  assert.ok((storeOf(state, "main")?.deduplicationFactor ?? 0) > 1);
  assert.deepEqual(
    storeOf(state, "main")?.namespaces.map(({ path }) => path),
    ["", "home", "office"],
  );
  assert.ok(server?.garbageJobs.every(({ lastRun, nextRun }) => lastRun && nextRun));
  assert.ok(server?.syncJobs.some(({ error }) => error?.includes("connection refused")));
  assert.equal(server?.tasks.length, 50);
  assert.ok((server?.backupJobs.length ?? 0) > 10);
  assert.match(server?.lastSeen ?? "", /^20\d\d-/);
  assert.deepEqual(server?.faults, {});
  assert.equal(state.connectionHealth["pbs-vault"], true);
  assert.equal(state.instances.find(({ type }) => type === "pbs")?.status, "online");
});

test("each backup goes to the right guest, though VMIDs repeat in two clusters, and hosts to none", async () => {
  await using pulse = await startPulse({ estate: estate() });
  const state = await pulse.until(state => complete(state) && state.vms.every(({ stale }) => !stale));
  const owners = (namespace: string) =>
    new Set(
      state.pbsBackups
        .filter(backup => backup.namespace === namespace && backup.vmid === "100")
        .map(backup => backup.guestId),
    );
  assert.deepEqual([...owners("home")], [guestId("home", 100)]);
  assert.deepEqual([...owners("office")], [guestId("office", 100)]);
  const hosts = state.pbsBackups.filter(({ datastore }) => datastore === "tape");
  assert.ok(hosts.some(({ vmid }) => vmid === "100"));
  assert.ok(hosts.every(({ backupType, guestId: guest }) => backupType === "host" && guest === null));
  const backedUp = state.vms.find(({ id }) => id === guestId("home", 100));
  assert.ok(pulse.clock.now() - (backedUp?.lastBackup ?? 0) < 2 * DAY);
  assert.ok(!state.backupGaps.some(gap => gap.guestId === guestId("home", 100)));
  await pulse.estate.faults.cause({ kind: "guest-created", instance: "home", vmid: 9003, node: "home-pve" });
  const later = await pulse.until(state => state.backupGaps.some(gap => gap.guestId === guestId("home", 9003)));
  assert.equal(later.vms.find(({ vmid }) => vmid === 9003)?.lastBackup, null);
});

test("a snapshot that only one cluster's own storage lists is of that cluster, whatever its namespace is called", async () => {
  const clusters = [2, 3].map(nodes => ({ name: `c${nodes}`, nodes, guests: 24, nodePrefix: `c${nodes}-` }));
  const datastores = [
    {
      name: "main",
      size: 1000,
      fill: 0.5,
      namespaces: clusters.map(({ name, nodes }) => ({ path: `daily-${nodes}`, cluster: name })),
    },
  ];
  await using pulse = await startPulse({
    estate: { seed: "listed", clusters, backupServers: [{ name: "vault", datastores }] },
  });
  const ofGuests = (state: State, namespace: string) =>
    state.pbsBackups.filter(backup => backup.namespace === namespace);
  const isSure = (state: State) =>
    [2, 3].every(nodes => {
      const backups = ofGuests(state, `daily-${nodes}`);
      return (
        backups.length > 0 && backups.every(({ guestId: guest, vmid }) => guest === guestId(`c${nodes}`, Number(vmid)))
      );
    });
  const state = await pulse.until(isSure);
  assert.ok(
    ofGuests(state, "daily-2").some(({ comment }) => comment === null),
    "some have no comment to go by",
  );
  assert.ok(state.pveBackups.storageBackups.some(({ isPBS }) => isPBS));
});

test("a datastore that is removed goes, and its backups with it", async () => {
  await using pulse = await startPulse({ estate: estate() });
  await pulse.until(complete);
  await pulse.estate.faults.cause({ kind: "datastore-removed", instance: "vault", datastore: "main" });
  const state = await pulse.until(state => state.pbsBackups.every(({ datastore }) => datastore === "tape"));
  assert.ok(state.pbsBackups.length > 0);
  assert.deepEqual(
    serverOf(state)?.datastores.map(({ name }) => name),
    ["tape"],
  );
  await pulse.until(state => state.vms.every(({ lastBackup }) => lastBackup === null || lastBackup > 0));
});

test("a datastore in maintenance is shown as such, its backups stay, and the other one is as before", async () => {
  await using pulse = await startPulse({ estate: estate() });
  const before = await pulse.until(complete);
  await pulse.estate.faults.cause({
    kind: "datastore-maintenance",
    instance: "vault",
    datastore: "main",
    mode: "offline",
  });
  const state = await pulse.until(state => storeOf(state, "main")?.status === "maintenance");
  assert.match(storeOf(state, "main")?.error ?? "", /maintenance/);
  assert.equal(storeOf(state, "tape")?.status, "available");
  assert.equal(serverOf(state)?.status, "online");
  assert.equal(state.pbsBackups.length, before.pbsBackups.length);
  assert.equal(storeOf(state, "main")?.namespaces.length, 3);
});

const DENIED: [sentence: string, fault: HttpFault, part: string][] = [
  ["the node", { kind: "status", status: 403, path: "/nodes/localhost/status" }, "node"],
  ["the tasks", { kind: "status", status: 403, path: "/nodes/localhost/tasks" }, "tasks"],
  ["the jobs", { kind: "status", status: 403, path: "/admin/verify" }, "verify jobs"],
  ["the usage", { kind: "cut-json", path: "/status/datastore-usage" }, "datastores"],
  ["the namespaces", { kind: "status", status: 500, path: "/admin/datastore/main/namespace" }, "namespaces of main"],
];
for (const [sentence, fault, part] of DENIED)
  test(`a failing call about ${sentence} is that part's fault, and the rest is as it was`, async () => {
    await using pulse = await startPulse({ estate: estate() });
    const before = await pulse.until(complete);
    await pulse.estate.faults.cause({ ...fault, instance: "vault" });
    const state = await pulse.until(state => serverOf(state)?.faults[part] !== undefined);
    const server = serverOf(state);
    assert.deepEqual([server?.status, server?.stale, server?.datastores.length], ["online", false, 2]);
    assert.equal(server?.verifyJobs.length, 2);
    assert.equal(state.pbsBackups.length, before.pbsBackups.length);
    await pulse.estate.faults.clear();
    await pulse.until(state => Object.keys(serverOf(state)?.faults ?? { x: "" }).length === 0);
  });

test("lists that are suddenly empty, as to a user who may see nothing any more, take nothing away", async () => {
  await using pulse = await startPulse({ estate: estate() });
  const before = await pulse.until(complete);
  for (const path of ["/status/datastore-usage", "/admin/datastore"])
    await pulse.estate.faults.cause({ kind: "null-data", instance: "vault", path });
  await pulse.until(state => serverOf(state)?.faults["list of datastores"] !== undefined);
  const state = await looks(pulse, 2);
  assert.match(serverOf(state)?.faults.datastores ?? "", /role Audit/);
  assert.deepEqual([serverOf(state)?.datastores.length, state.pbsBackups.length], [2, before.pbsBackups.length]);
});

test("a namespace whose snapshots cannot be listed keeps them, stale, and says why", async () => {
  await using pulse = await startPulse({ estate: estate() });
  const before = await pulse.until(complete);
  const path = "/admin/datastore/main/snapshots";
  await pulse.estate.faults.cause({ kind: "status", status: 403, instance: "vault", path });
  const state = await pulse.until(state => state.pbsBackups.some(({ stale }) => stale));
  assert.equal(state.pbsBackups.length, before.pbsBackups.length);
  assert.ok(state.pbsBackups.every(({ stale, datastore }) => !stale || datastore === "main"));
  assert.ok(
    Object.keys((await looks(pulse, 2)).pbs[0]?.faults ?? {}).some(part => part.startsWith("snapshots of main/")),
  );
});

const OUTAGES: [sentence: string, fault: Fault, kind: string, status: string, health: string][] = [
  ["is off", { kind: "node-off", instance: "vault", node: "vault" }, "unreachable", "offline", "error"],
  ["resets every connection", { kind: "reset", instance: "vault" }, "reset", "offline", "error"],
  ["answers everything with 500", { kind: "status", status: 500, instance: "vault" }, "rejected", "online", "degraded"],
  ["refuses the token", { kind: "token-revoked", instance: "vault" }, "auth", "online", "degraded"],
  [
    "shows another certificate",
    { kind: "certificate-changed", instance: "vault", node: "vault" },
    "fingerprint",
    "online",
    "degraded",
  ],
];
for (const [sentence, fault, kind, status, health] of OUTAGES)
  test(`a Backup Server that ${sentence} is told so, loses nothing, and comes back`, async () => {
    await using pulse = await startPulse({ estate: estate() });
    const before = await pulse.until(complete);
    await pulse.estate.faults.cause(fault);
    const state = await pulse.until(state => serverOf(state)?.stale === true);
    assert.equal(state.instances.find(({ type }) => type === "pbs")?.fault?.kind, kind);
    assert.deepEqual([serverOf(state)?.status, serverOf(state)?.connectionHealth], [status, health]);
    assert.deepEqual([serverOf(state)?.datastores.length, state.pbsBackups.length], [2, before.pbsBackups.length]);
    assert.equal(state.connectionHealth["pbs-vault"], false);
    assert.ok(
      state.vms.every(({ stale }) => !stale),
      "its clusters are as they were",
    );
    await pulse.estate.faults.clear();
    await pulse.until(state => serverOf(state)?.stale === false && serverOf(state)?.connectionHealth === "healthy");
  });

test("a Backup Server that was never reached is listed as offline", async () => {
  const change = (settings: InstanceSettings) =>
    settings.type === "pbs" ? { ...settings, host: "https://127.0.0.1:9" } : settings;
  await using pulse = await startPulse({ estate: estate(), change });
  const state = await pulse.until(state => serverOf(state)?.status === "offline");
  assert.match(serverOf(state)?.fault ?? "", /127\.0\.0\.1:9/);
  assert.ok(!state.nodes.some(({ name }) => name === "vault"), "it is no node");
});

test("an old release, signed in to with user and password, and slow: jobs, factors and snapshots are there", async () => {
  const change = (settings: InstanceSettings): InstanceSettings =>
    settings.type === "pbs"
      ? { ...settings, credentials: { kind: "password", user: "monitor@pbs", password: "password-of-vault" } }
      : settings;
  await using pulse = await startPulse({ estate: { ...estate({ version: "2.4" }), latency: 30 }, change });
  const state = await pulse.until(complete);
  assert.equal(serverOf(state)?.garbageJobs.length, 2);
  assert.equal(pulse.estate.requests.read().byPath["POST /access/ticket"], 1);
});

test("calls do not grow with the number of backups", async () => {
  await using pulse = await startPulse({ estate: estate() });
  await pulse.until(complete);
  pulse.estate.requests.reset();
  await looks(pulse, 6);
  const { byPath } = pulse.estate.requests.read();
  assert.ok((byPath["/status/datastore-usage"] ?? 0) >= 5);
  assert.ok((byPath["/admin/datastore/{store}/snapshots"] ?? 0) <= 4, "each namespace every five minutes at most");
});
