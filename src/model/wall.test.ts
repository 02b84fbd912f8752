import assert from "node:assert/strict";
import { test } from "node:test";
import { Compile } from "typebox/compile";
import { State } from "./state.ts";
import { toWall } from "./wall.ts";

const at = { lastSeen: 1, stale: false, fault: null };
const unknownAlert = { value: 91, threshold: 85, unit: "percent", startTime: "t", lastSeen: "t" } as const;

/** What nobody who walks by is to read has SECRET in it. */
const STATE = {
  version: 7,
  epoch: "e",
  lastUpdate: 5,
  instances: [
    {
      ...{
        id: "home",
        name: "home",
        type: "pve",
        host: "https://SECRET:8006",
        status: "online",
        clusterName: "SECRET",
      },
      ...{ quorate: true, ha: null, version: "9.1 SECRET", lastSeen: 1, lastAttempt: 1, interval: 10_000, took: 3 },
      endpoints: [{ url: "https://SECRET:8006", node: "pve1", fault: null }],
      fault: { kind: "unreachable", message: 'Cannot reach "https://SECRET:8006"' },
      unread: { ceph: "SECRET", "backup-jobs": null },
    },
  ],
  nodes: [
    {
      ...{ id: "home:node:pve1", node: "pve1", name: "pve1", displayName: "pve1", instance: "home", type: "pve" },
      ...{ host: "https://SECRET", status: "online", cpu: 0.4, kernelVersion: "SECRET", pveVersion: "SECRET", ...at },
      memory: { total: 10, used: 5, free: 5, usage: 50, source: "node-used" },
      ...{ mem: 5, maxmem: 10, disk: null, maxdisk: null, uptime: 1, loadAverage: null, cpuInfo: null },
      ...{ temperature: null, zfsPools: null, certificateExpires: null, connectionHealth: "healthy" },
      ...{ isClusterMember: true, clusterName: "SECRET", unread: { disks: "SECRET" } },
    },
  ],
  vms: [
    {
      ...{ id: "home:guest:101", vmid: 101, name: "web", node: "pve1", instance: "home", type: "qemu", ...at },
      ...{ status: "running", cpu: 0.1, cpus: 2, memory: null, mem: null, maxmem: null, disk: null, disks: null },
      ...{ diskStatusReason: null, maxdisk: null, osName: "SECRET", osVersion: "SECRET", ipAddresses: ["SECRET"] },
      networkInterfaces: [{ name: "SECRET", mac: null, addresses: [], rxBytes: null, txBytes: null }],
      ...{ networkIn: null, networkOut: null, diskRead: null, diskWrite: null, uptime: 9, lastBackup: 4 },
      ...{ inBackupJob: null, onboot: null, storages: ["SECRET"], template: false, lock: null, tags: "SECRET" },
      ...{ pool: "SECRET", hastate: null, unread: { snapshots: "SECRET" } },
    },
  ],
  containers: [],
  storage: [],
  dockerHosts: [],
  cephClusters: [],
  physicalDisks: [],
  pbs: [],
  pmg: [],
  pveBackups: { backupTasks: [], storageBackups: [], guestSnapshots: [] },
  backupJobs: [],
  replicationJobs: [],
  pbsBackups: [],
  backupGaps: [],
  activeAlerts: [
    {
      ...{ id: "a", type: "cpu", level: "warning", resourceId: "home:guest:101", resourceName: "web", node: "pve1" },
      ...{
        resourceType: "guest",
        instance: "home",
        message:
          'CPU of "web" is 91 %: cannot reach "SECRET.example.com:8006", nor 192.168.1.7, nor https://SECRET:8006/api2',
        acknowledged: true,
        ...unknownAlert,
      },
      ...{ ackUser: "SECRET", cause: null, covers: [], coversCount: 0, tags: ["SECRET"], metadata: { note: "SECRET" } },
    },
  ],
  recentlyResolved: [],
  metrics: {},
  performance: { home: { cpu: [], memory: [] } },
  stats: {
    ...{
      nodes: 1,
      nodesOnline: 1,
      guests: 1,
      guestsRunning: 1,
      storages: 0,
      stale: 0,
      dockerHosts: 0,
      backupsUnknown: 0,
    },
    ...{ version: "v5", uptime: 1 },
  },
  connectionHealth: { "pve-home": true },
} satisfies State;

test("the wall has what it shows, as a state that fits the schema, and nothing that is not for who walks by", () => {
  const check = Compile(State);
  assert.ok(check.Check(STATE), JSON.stringify(check.Errors(STATE)[0]));
  const wall = toWall(STATE);
  assert.ok(check.Check(wall), JSON.stringify(check.Errors(wall)[0]));
  assert.doesNotMatch(JSON.stringify(wall), /SECRET|192\.168/);
  assert.deepEqual(wall.instances[0]?.unread, { "backup-jobs": null });
  assert.equal(wall.instances[0]?.fault?.message, 'Cannot reach "…"');
  const [node] = wall.nodes;
  const [guest] = wall.vms;
  const [alert] = wall.activeAlerts;
  assert.deepEqual(
    [wall.version, wall.lastUpdate, node?.cpu, node?.memory?.usage, guest?.name, guest?.status, alert?.message],
    [7, 5, 0.4, 50, "web", "running", 'CPU of "web" is 91 %: cannot reach "…", nor …, nor …'],
  );
});
