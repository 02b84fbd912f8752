import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { DAY, HOUR, MINUTE, SECOND } from "../kit/units.ts";
import type { BackupTask, GuestSnapshot } from "../model/backup.ts";
import type { BackupServer, Datastore } from "../model/backup-server.ts";
import type { CephCluster } from "../model/ceph.ts";
import type { DockerHostFacts } from "../model/docker.ts";
import { nodeId } from "../model/ids.ts";
import type { Instance } from "../model/instance.ts";
import type { MailGateway } from "../model/mail-gateway.ts";
import type { PbsBackup } from "../model/pbs-backup.ts";
import type { PhysicalDisk } from "../model/physical-disk.ts";
import type { Picture } from "../model/picture.ts";
import type { ReplicationJob } from "../model/replication.ts";
import type { ZfsDevice, ZfsPool } from "../model/zfs.ts";
import { Database } from "../store/database.ts";
import { Alerts } from "./alerts.ts";
import { DEFAULTS } from "./defaults.ts";
import { KINDS } from "./kinds.ts";
import { addContainer, addGuest, addNode, addStorage, samplePicture } from "./sample-estate.ts";
import type { Context, Past } from "./signal.ts";
import type { Rule } from "./thresholds.ts";

const START = Date.UTC(2026, 0, 1);
const NOW = START + 2 * HOUR;
const FRESH = { stale: false, fault: null, lastSeen: 1 };
const iso = (at: number) => new Date(at).toISOString();

/** Quarantines held 1,000 mails a day ago; CPU is usually between 5 and 10 %. */
const PAST: Past = { dayBefore: () => 1000, usual: (_, metric) => (metric === "cpu" ? { low: 5, high: 10 } : null) };

/** The alerts of an estate that has been so for half an hour. */
function firing(make: (picture: Picture) => void, change: object = {}): string[] {
  const folder = mkdtempSync(join(tmpdir(), "pulse-signals-"));
  const database = Database.open(folder, "a");
  const picture = samplePicture();
  make(picture);
  const alerts = new Alerts(database, { now: START, past: PAST });
  alerts.configure(change);
  for (let now = NOW; now < NOW + HOUR / 2; now += 10 * SECOND) alerts.evaluate(picture, now);
  const found = alerts.active().map(({ id, level, cause }) => `${level} ${id}${cause === null ? "" : ` of ${cause}`}`);
  database[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
  return found;
}

function node(picture: Picture) {
  const found = picture.nodes[nodeId("home", "pve1")];
  if (!found) throw new Error("The sample has a node");
  return found;
}

function pool(picture: Picture, fields: Partial<ZfsPool>, devices: Partial<ZfsDevice>[] = []): void {
  const none = { readErrors: 0, writeErrors: 0, checksumErrors: 0, message: null };
  const made = { name: "rpool", state: "ONLINE", status: null, ...none, ...FRESH };
  const all = devices.map(device => ({ name: "sda", type: "disk", state: "ONLINE", ...none, ...device }));
  node(picture).zfsPools = [{ ...made, ...fields, devices: all } as ZfsPool];
}

function disk(picture: Picture, fields: Partial<PhysicalDisk>): void {
  const made = { id: "home:disk:pve1/S1", node: "pve1", instance: "home", devPath: "/dev/sda", model: "", ...FRESH };
  picture.physicalDisks["home:disk:pve1/S1"] = {
    ...made,
    health: "PASSED",
    wearout: -1,
    temperature: null,
    ...fields,
  } as PhysicalDisk;
}

function instance(picture: Picture, name: string, type: Instance["type"], status: Instance["status"] = "online"): void {
  picture.instances[name] = { id: name, name, type, status, interval: 10_000, quorate: null, fault: null } as Instance;
}

function backupServer(picture: Picture, fields: Partial<BackupServer>, status: Instance["status"] = "online"): void {
  instance(picture, "vault", "pbs", status);
  const jobs = { syncJobs: [], verifyJobs: [], pruneJobs: [], garbageJobs: [], backupJobs: [] };
  const made = {
    id: "vault",
    name: "vault",
    instance: "vault",
    cpu: 5,
    memory: 20,
    datastores: [],
    faults: {},
    ...jobs,
  };
  picture.pbs.vault = { ...made, ...FRESH, ...fields } as unknown as BackupServer;
}

function roll(picture: Picture, ...members: [site: string | null, name: string, silentSince?: number][]): void {
  picture.roll = {
    at: NOW + HOUR / 2,
    members: members.map(([site, name, silentSince = null]) => ({ site, name, silentSince })),
  };
}
const store = (fields: Partial<Datastore>) =>
  ({ id: "vault:datastore:main", name: "main", usage: 10, status: "available", error: null, ...fields }) as Datastore;

function gateway(picture: Picture, fields: Partial<MailGateway>, status: Instance["status"] = "online"): void {
  instance(picture, "mail", "pmg", status);
  const made = { id: "mail", name: "mail", instance: "mail", nodes: [], quarantine: null, ...FRESH };
  picture.pmg.mail = { ...made, ...fields } as unknown as MailGateway;
}
const queue = (total: number, oldestAge = 0) =>
  [
    { name: "mx1", status: "online", queueStatus: { total, deferred: 0, hold: 0, active: 0, incoming: 0, oldestAge } },
  ] as unknown as MailGateway["nodes"];

function task(picture: Picture, at: number, error: string | null): void {
  const made = { id: `t${at}`, node: "pve1", instance: "home", vmid: 1, startTime: iso(at), endTime: iso(at + 1) };
  picture.backupTasks[made.id] = { ...made, error, ...FRESH } as BackupTask;
}

function pbsBackup(picture: Picture, at: number, verification: string | null): void {
  const made = { id: `b${at}`, instance: "vault", datastore: "main", guestId: "home:guest:1", backupTime: iso(at) };
  picture.pbsBackups[made.id] = { ...made, verification, ...FRESH } as PbsBackup;
}

// biome-ignore format: a line a case
const CASES: [sentence: string, make: (picture: Picture) => void, alerts: string[], change?: object][] = [
  ["a cluster without quorum", p => Object.assign(p.instances.home ?? {}, { quorate: false }), ["critical home-quorum"]],
  ["an instance that nobody looks at any more", p => Object.assign(p.instances.home ?? {}, { status: "degraded", lastAttempt: START }), ["critical home-unwatched"]],
  ["one that is asked and does not answer well", p => Object.assign(p.instances.home ?? {}, { status: "degraded", lastAttempt: NOW + HOUR / 2 }), []],
  ["a Backup Server that nobody looks at any more", p => { backupServer(p, { stale: true }, "degraded"); Object.assign(p.instances.vault ?? {}, { lastAttempt: START }); }, ["critical vault-unwatched"]],
  ["a gateway that nobody looks at any more", p => { gateway(p, { stale: true }, "degraded"); Object.assign(p.instances.mail ?? {}, { lastAttempt: START }); }, ["critical mail-unwatched"]],
  ["an instance that has yet to be looked at", p => Object.assign(p.instances.home ?? {}, { status: "connecting", lastAttempt: 0 }), []],
  ["a core that is not heard of", p => roll(p, [null, "core-1"], [null, "core-2", START]), ["warning pulse core core-2-unheard"]],
  ["an edge that another one of its site goes on without", p => roll(p, ["north", "one"], ["north", "two", START]), ["warning pulse edge north/two-unheard"]],
  ["the last edge of its site: its instances say so", p => roll(p, ["north", "one", START], ["north", "two", START], ["south", "one"]), []],
  ["a core that was not heard of when somebody last said who is there", p => { roll(p, [null, "core-2", START]); Object.assign(p.roll ?? {}, { at: NOW - HOUR }); }, []],
  ["a guest in the error state of HA", p => addGuest(p, 1, { hastate: "error" }), ["critical home:guest:1-ha-error"]],
  ["a certificate that expires in five days", p => Object.assign(node(p), { certificateExpires: NOW + 5 * DAY }), ["warning home:node:pve1-certificate"]],
  ["one that has expired", p => Object.assign(node(p), { certificateExpires: NOW - DAY }), ["critical home:node:pve1-certificate"]],
  ["one that is good for two weeks", p => Object.assign(node(p), { certificateExpires: NOW + 14 * DAY }), []],
  ["an NVMe disk that is hot", p => Object.assign(node(p), { temperature: { available: true, nvme: [{ device: "a", temp: 40 }, { device: "b", temp: 80 }] } }), ["warning home:node:pve1-temperature"]],
  ["the fullest of a guest's disks counts", p => addGuest(p, 1, { disks: [{ total: 9, used: 1, free: 8, usage: 11 }, { total: 9, used: 9, free: 0, usage: 98 }] }), ["critical home:guest:1-disk"]],
  ["how full a disk is, is not known", p => addGuest(p, 1, { disk: { total: 9, used: null, free: null, usage: -1 } }), []],

  ["a pool that is degraded, by a device that is gone: one alert speaks", p => pool(p, { state: "DEGRADED" }, [{ state: "FAULTED" }]),
    ["warning home:zfs:pve1/rpool-zfs-device of home:zfs:pve1/rpool-zfs-state", "warning home:zfs:pve1/rpool-zfs-state"]],
  ["a pool that is suspended", p => pool(p, { state: "SUSPENDED" }), ["critical home:zfs:pve1/rpool-zfs-state"]],
  ["errors that were counted", p => pool(p, {}, [{ checksumErrors: 3 }]), ["warning home:zfs:pve1/rpool-zfs-errors"]],
  ["spares in reserve, in use and away, caches and logs without a state", p => pool(p, {}, [
    { type: "spare", state: "AVAIL" }, { type: "spare", state: "INUSE" }, { type: "spare", state: "UNAVAIL" },
    { type: "cache", state: "" }, { type: "log", state: null }, { type: "logs", state: "ONLINE" },
  ]), []],

  ["a disk that says it is failing", p => disk(p, { health: "FAILED" }), ["critical home:disk:pve1/S1-disk-health"]],
  ["a disk that does not tell its health is no failure", p => disk(p, { health: "UNKNOWN" }), []],
  ["wear is the life that is left", p => disk(p, { wearout: 8 }), ["warning home:disk:pve1/S1-wearout"]],
  ["a new disk has all of it", p => disk(p, { wearout: 100 }), []],
  ["a disk that tells no wear", p => disk(p, { wearout: -1 }), []],

  ["a storage that no node has mounted", p => addStorage(p, "nas", { active: false }), ["warning home:storage:nas-storage-inactive"]],
  ["a storage that is switched off", p => addStorage(p, "nas", { active: false, enabled: false }), []],
  ["a storage whose only node is down", p => { addStorage(p, "nas", { active: false, nodes: ["pve9"] }); addNode(p, "pve9", { status: "unknown" }); }, []],
  ["a storage that is full", p => addStorage(p, "nas", { usage: 96 }), ["critical home:storage:nas-usage"]],

  ["a Ceph that warns of a daemon that is down: one alert speaks", p => { p.cephClusters["home:ceph"] = { id: "home:ceph", instance: "home", name: "home", health: "HEALTH_WARN", healthMessage: "1 osds down", numOsds: 3, numOsdsUp: 2, usagePercent: 10, ...FRESH } as CephCluster; },
    ["warning home:ceph-ceph-health", "warning home:ceph-ceph-osd of home:ceph-ceph-health"]],

  ["a Backup Server that cannot be reached covers its datastores", p => backupServer(p, { stale: true, datastores: [store({ usage: 99 })] }, "offline"), ["critical vault-offline"]],
  ["a datastore that is full", p => backupServer(p, { datastores: [store({ usage: 90 })] }), ["warning vault:datastore:main-usage"]],
  ["a datastore that cannot be used", p => backupServer(p, { datastores: [store({ status: "error", error: "no such directory" })] }), ["critical vault:datastore:main-datastore-unavailable"]],
  ["a datastore in maintenance is its operator's own doing", p => backupServer(p, { datastores: [store({ status: "maintenance", usage: null })] }), []],
  ["a job that failed, and one that is switched off", p => backupServer(p, { syncJobs: [{ id: "s1", enabled: true, status: "x", error: "refused" }, { id: "s2", enabled: false, status: "x", error: "refused" }] as BackupServer["syncJobs"] }), ["warning vault:job:sync/s1-job-failed"]],

  ["the newest backup failed", p => { addGuest(p, 1); task(p, NOW - DAY, null); task(p, NOW - HOUR, "no space"); }, ["warning home:guest:1-backup-failed"]],
  ["the next good one clears it", p => { addGuest(p, 1); task(p, NOW - DAY, "no space"); task(p, NOW - HOUR, null); }, []],
  ["a backup that is too old", p => addGuest(p, 1, { lastBackup: NOW - 9 * DAY }), ["warning home:guest:1-backupAge"]],
  ["a guest that was never backed up, and is meant to be in none", p => addGuest(p, 1, { lastBackup: null }), []],
  ["old as it seems: a storage has not been read yet", p => { addGuest(p, 1, { lastBackup: NOW - 9 * DAY }); addStorage(p, "nas", { unread: { archives: null } }); }, []],
  ["or a Backup Server", p => { addGuest(p, 1, { lastBackup: NOW - 9 * DAY }); backupServer(p, { unread: { main: null }, datastores: [store({})] }); }, []],
  ["or it cannot be read, which is told instead", p => { addGuest(p, 1, { lastBackup: NOW - 9 * DAY }); addStorage(p, "nas", { unread: { archives: "refused" } }); }, ["warning home:storage:nas-backups-unread"]],
  ["what lies on another node's own storage matters to none of this one", p => { addGuest(p, 1, { lastBackup: NOW - 9 * DAY }); addNode(p, "pve2"); addStorage(p, "far", { nodes: ["pve2"], shared: false, unread: { archives: "refused" } }); }, ["warning home:storage:far-backups-unread", "warning home:guest:1-backupAge"]],
  ["a datastore that does not tell its backups", p => backupServer(p, { unread: { main: "refused" }, datastores: [store({})] }), ["warning vault:datastore:main-backups-unread"]],
  ["one in maintenance need not", p => backupServer(p, { unread: { main: "refused" }, datastores: [store({ status: "maintenance", usage: null })] }), []],
  ["a storage whose nodes are off need not", p => { addNode(p, "pve9", { status: "unknown" }); addStorage(p, "nas", { nodes: ["pve9"], unread: { archives: "no node" } }); }, []],
  ["a bad backup, as long as a newer one may show", p => { addGuest(p, 1); addStorage(p, "nas", { unread: { archives: null } }); pbsBackup(p, NOW - HOUR, "failed"); }, []],
  ["a run that failed, as long as the tasks of another node may tell of a newer one", p => { addGuest(p, 1); task(p, NOW - DAY, "no space"); addNode(p, "pve2", { unread: { tasks: null } }); }, []],
  ["a node that is off keeps back nothing", p => { addGuest(p, 1); task(p, NOW - DAY, "no space"); addNode(p, "pve2", { status: "unknown", unread: { tasks: null } }); }, ["warning home:guest:1-backup-failed"]],
  ["a template is not backed up", p => addGuest(p, 1, { lastBackup: NOW - 90 * DAY, template: true, status: "stopped" }), []],
  ["the newest backup failed its verification", p => { addGuest(p, 1); pbsBackup(p, NOW - DAY, "ok"); pbsBackup(p, NOW - HOUR, "failed"); }, ["critical home:guest:1-backup-unverified"]],
  ["backups that nobody verifies are backups all the same", p => { addGuest(p, 1); backupServer(p, {}); pbsBackup(p, NOW - 20 * DAY, null); }, []],
  ["where they are verified, one that was left out", p => { addGuest(p, 1); backupServer(p, { verifyJobs: [{ id: "v", enabled: true, store: "main", status: "OK", error: null }] as BackupServer["verifyJobs"] }); pbsBackup(p, NOW - 20 * DAY, null); }, ["warning home:guest:1-backup-unverified"]],
  ["a snapshot that was forgotten", p => { addGuest(p, 1); p.guestSnapshots.s = { id: "s", instance: "home", vmid: 1, time: iso(NOW - 90 * DAY), ...FRESH } as GuestSnapshot; }, ["warning home:guest:1-snapshotAge"]],
  ["an old snapshot, of a guest whose list cannot be read now", p => { addGuest(p, 1, { unread: { snapshots: "refused" } }); p.guestSnapshots.s = { id: "s", instance: "home", vmid: 1, time: iso(NOW - 90 * DAY), ...FRESH } as GuestSnapshot; }, []],
  ["a replication that fails", p => { p.replicationJobs.r = { id: "home:replication:1-0", job: "1-0", target: "pve2", node: "pve1", instance: "home", enabled: true, failures: 2, error: "x", ...FRESH } as ReplicationJob; }, ["warning home:replication:1-0-replication-failed"]],

  ["a Mail Gateway whose queue is long", p => gateway(p, { nodes: queue(600) }), ["warning mail-mail-queue"]],
  ["a mail that waits for hours", p => gateway(p, { nodes: queue(1, 5 * 3600) }), ["critical mail-mail-oldest"]],
  ["a figure of 0 is no threshold", p => gateway(p, { nodes: queue(600) }), [], { pmgThresholds: { queueTotalWarning: 0, queueTotalCritical: 0 } }],
  ["a quarantine that has grown within a day", p => gateway(p, { quarantine: { spam: 1800, virus: 0 } as MailGateway["quarantine"] }), ["warning mail-mail-quarantine"]],
  ["one that has grown a little", p => gateway(p, { quarantine: { spam: 1100, virus: 0 } as MailGateway["quarantine"] }), []],
  ["a member of a gateway's cluster that is offline", p => gateway(p, { nodes: [{ name: "mx2", status: "offline", queueStatus: null }] as unknown as MailGateway["nodes"] }), ["critical mail-offline"]],

  ["a Docker host that does not report covers its containers", p => { p.dockerHosts.box = { id: "box", displayName: "box", hostname: "box", status: "offline", cpuPercent: null, memoryUsedBytes: null, totalMemoryBytes: 100, ...FRESH, stale: true } as DockerHostFacts; addContainer(p, "web", { stale: true }); }, ["critical box-offline"]],
  ["a Docker host that is called like an instance is another", p => { p.dockerHosts.home = { id: "home", displayName: "home", hostname: "home", status: "offline", ...FRESH, stale: true } as DockerHostFacts; }, ["critical docker:home-offline"]],
  ["a container that is unhealthy", p => addContainer(p, "web", { health: "unhealthy" }), ["warning docker:box/web-container-health"]],
  ["a container at its limit", p => addContainer(p, "web", { memoryLimitBytes: 100, memoryPercent: 98 }), ["critical docker:box/web-container-memory-limit"]],
  ["memory without a limit is judged by the host's", p => addContainer(p, "web", { memoryLimitBytes: null, memoryPercent: 95 }), ["warning docker:box/web-memory"]],
  ["busy on one CPU of eight is not busy", p => { p.dockerHosts.box = { id: "box", displayName: "box", hostname: "box", status: "online", cpus: 8, cpuPercent: 12.5, memoryUsedBytes: null, totalMemoryBytes: null, ...FRESH } as DockerHostFacts; addContainer(p, "web", { cpuPercent: 100 }); }, []],
  ["a Docker host that is busy as a whole", p => { p.dockerHosts.box = { id: "box", displayName: "box", hostname: "box", status: "online", cpus: 8, cpuPercent: 95, memoryUsedBytes: 10, totalMemoryBytes: 100, ...FRESH } as DockerHostFacts; }, ["warning box-cpu"]],

  ["what is unusual is no alert unless it is asked for", p => addGuest(p, 1, { cpu: 0.6 }), []],
  ["what is unusual at this hour, where it is asked for", p => addGuest(p, 1, { cpu: 0.6 }), ["warning home:guest:1-anomaly"], { checks: { anomaly: { enabled: true } } }],
];
for (const [sentence, make, alerts, change] of CASES)
  test(sentence, () => assert.deepEqual(firing(make, change), alerts));

test("every signal is in the manual", () => {
  const manual = readFileSync("docs/alerts.md", "utf8");
  const types = Object.values(KINDS).flatMap(({ signals }) => signals.map(({ type }) => type));
  assert.deepEqual(
    types.filter(type => !manual.includes(`\`${type}\``)),
    [],
  );
});

const AGES: readonly [oldest: number, says: string | null][] = [
  [30 * MINUTE, null],
  [90 * MINUTE, "has had a mail waiting for more than 90 minutes (threshold 60 minutes)"],
  [1280 * MINUTE, "has had a mail waiting for more than 21 hours (threshold 4 hours)"],
  [9 * DAY, "has had a mail waiting for more than 9 days (threshold 4 hours)"],
];
test("how long a mail waits is told in units that anybody reads", () => {
  const picture = samplePicture();
  for (const [oldest, says] of AGES) {
    gateway(picture, { nodes: queue(1, oldest / SECOND) });
    const [kind] = KINDS.pmg.signals.filter(({ type }) => type === "mail-oldest");
    if (kind?.kind !== "check" || !picture.pmg.mail) throw new Error("Gateways have such a check");
    const found = kind.read(picture.pmg.mail, { config: DEFAULTS } as Context, {} as Rule);
    assert.equal(found ? found.message : null, says);
  }
});
