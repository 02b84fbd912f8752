import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE } from "../kit/units.ts";
import { guestId, nodeId, storageId } from "../model/ids.ts";
import type { State } from "../model/state.ts";
import { startPulse } from "./pulse.ts";

const CLUSTER = "cluster1";
const NAS = storageId(CLUSTER, "nas-backup", null);
const PBS = storageId(CLUSTER, "pbs", null);
const archivesOn = (state: State, id: string) =>
  state.pveBackups.storageBackups.filter(({ storageId }) => storageId === id);
const disksOf = (state: State, node: string) => state.physicalDisks.filter(disk => disk.node === node);
const poolOf = (state: State, node: string) => state.nodes.find(one => one.node === node)?.zfsPools?.[0];
const complete = (state: State) =>
  state.nodes.length > 0 &&
  state.nodes.every(
    ({ node, zfsPools, certificateExpires }) => disksOf(state, node).length > 0 && zfsPools && certificateExpires,
  ) &&
  state.cephClusters.length > 0 &&
  archivesOn(state, NAS).length > 0 &&
  archivesOn(state, PBS).length > 0 &&
  state.pveBackups.guestSnapshots.length > 0 &&
  state.pveBackups.backupTasks.some(({ error }) => error !== null) &&
  state.backupJobs.length > 0 &&
  state.replicationJobs.length > 0 &&
  state.storage.some(({ enabled }) => !enabled) &&
  state.vms.some(({ inBackupJob }) => inBackupJob === false);

test("a cluster tells its disks, pools, Ceph, backups, snapshots and jobs", async () => {
  await using pulse = await startPulse();
  const state = await pulse.until(complete);
  const [worn] = state.physicalDisks.filter(({ wearout }) => wearout >= 0 && wearout < 10);
  assert.equal(worn?.node, "pve2");
  assert.ok(state.physicalDisks.some(({ temperature }) => temperature !== null));
  assert.equal(poolOf(state, "pve2")?.state, "DEGRADED");
  assert.equal(
    state.storage.find(({ id }) => id === storageId(CLUSTER, "local-zfs", "pve2"))?.zfsPool?.state,
    "DEGRADED",
  );
  assert.deepEqual(
    state.cephClusters.map(({ health, numOsds, pools }) => [health, numOsds, pools.length]),
    [["HEALTH_OK", 6, 2]],
  );
  assert.ok(archivesOn(state, PBS).every(({ isPBS, node }) => isPBS && node === "shared"));
  assert.ok(
    state.pveBackups.backupTasks.every(({ vmid }) => vmid !== 0),
    "runs are told apart by guest",
  );
  const newest = Math.max(
    ...archivesOn(state, NAS)
      .filter(({ vmid }) => vmid === 101)
      .map(({ ctime }) => ctime * 1000),
  );
  assert.equal(state.vms.find(({ vmid }) => vmid === 101)?.lastBackup, newest);
  assert.ok(state.nodes.every(({ memory }) => memory?.source === "node-available"));
});

test("a storage that does not tell its backups says why, and of guests without a recent one elsewhere nobody says that they have none", async () => {
  await using pulse = await startPulse();
  const nas = (state: State) => state.storage.find(({ id }) => id === NAS);
  const all = await pulse.until(
    state =>
      complete(state) &&
      [...state.instances, ...state.nodes, ...state.vms, ...state.containers, ...state.storage].every(
        ({ unread }) => unread === null,
      ),
  );
  assert.equal(all.stats.backupsUnknown, 0);
  const fault = {
    kind: "status",
    status: 403,
    instance: CLUSTER,
    path: "/nodes/*/storage/nas-backup/content",
  } as const;
  await pulse.estate.faults.cause({ ...fault, reason: "mount error" });
  const refused = await pulse.until(state => nas(state)?.unread != null);
  assert.match(nas(refused)?.unread?.archives ?? "", /mount error/);
  assert.equal(refused.stats.backupsUnknown, all.backupGaps.length);
  assert.deepEqual(refused.backupGaps, []);
  await pulse.estate.faults.clear();
  const again = await pulse.until(state => nas(state)?.unread === null);
  assert.equal(again.stats.backupsUnknown, 0);
});

test("a disk that fails, a pool that degrades and an OSD that stops show within their cadence", async () => {
  await using pulse = await startPulse();
  await pulse.until(complete);
  const { faults } = pulse.estate;
  await faults.cause({ kind: "disk-failing", instance: CLUSTER, node: "pve1", device: "/dev/sda" });
  await faults.cause({ kind: "zfs-degraded", instance: CLUSTER, node: "pve3" });
  await faults.cause({ kind: "osd-down", instance: CLUSTER, osd: 4 });
  const state = await pulse.until(
    state =>
      disksOf(state, "pve1").some(({ health }) => health === "FAILED") &&
      poolOf(state, "pve3")?.state === "DEGRADED" &&
      state.cephClusters[0]?.health === "HEALTH_WARN",
  );
  assert.equal(state.cephClusters[0]?.healthMessage, "1 osds down");
  assert.equal(state.cephClusters[0]?.services.find(({ type }) => type === "osd")?.message, "Offline: osd.4@pve3");
});

test("pools that cannot be asked for are stale with the reason, their node is not, and nothing is forgotten", async () => {
  await using pulse = await startPulse();
  const before = await pulse.until(complete);
  await pulse.estate.faults.cause({ kind: "status", status: 500, path: "/nodes/pve2/disks/zfs" });
  const state = await pulse.until(now => poolOf(now, "pve2")?.stale === true);
  assert.deepEqual([poolOf(state, "pve2")?.state, poolOf(state, "pve2")?.name], ["DEGRADED", "rpool"]);
  assert.match(poolOf(state, "pve2")?.fault ?? "", /500/);
  assert.ok((poolOf(state, "pve2")?.lastSeen ?? 0) >= (poolOf(before, "pve2")?.lastSeen ?? 1));
  assert.equal(poolOf(state, "pve1")?.stale, false);
  assert.ok(state.nodes.every(({ stale }) => !stale));
  await pulse.estate.faults.clear();
  await pulse.until(now => poolOf(now, "pve2")?.stale === false);
});

test("high availability tells who is in charge and whom it misses; guests tell whether they start with their node", async () => {
  await using pulse = await startPulse();
  const told = (state: State) =>
    state.instances[0]?.ha?.nodes.length === 3 &&
    [...state.vms, ...state.containers].every(one => one.template || one.onboot !== null);
  const state = await pulse.until(told);
  assert.equal(state.instances[0]?.ha?.master, "pve1");
  assert.ok((state.instances[0]?.ha?.managed ?? 0) > 0);
  const stopped = [...state.vms, ...state.containers].filter(
    ({ status, template }) => status === "stopped" && !template,
  );
  assert.ok(stopped.every(({ vmid, onboot }) => onboot === (vmid % 2 === 1)));
  const names = new Set(state.storage.map(({ storage }) => storage));
  const real = [...state.vms, ...state.containers].filter(({ template }) => !template);
  assert.ok(real.every(({ storages }) => storages?.length === 1 && names.has(storages[0] ?? "")));
  await pulse.estate.faults.cause({ kind: "node-off", instance: CLUSTER, node: "pve3" });
  const after = await pulse.until(now => now.instances[0]?.ha?.nodes[2]?.state === "old timestamp - dead?");
  assert.equal(after.instances[0]?.ha?.quorate, true);
});

test("a storage that cannot be listed makes its archives stale, and nothing else", async () => {
  await using pulse = await startPulse();
  const before = await pulse.until(complete);
  await pulse.estate.faults.cause({ kind: "status", status: 500, path: "/nodes/*/storage/nas-backup/content" });
  const state = await pulse.until(state => archivesOn(state, NAS).every(({ stale }) => stale));
  assert.equal(archivesOn(state, NAS).length, archivesOn(before, NAS).length);
  assert.match(archivesOn(state, NAS)[0]?.fault ?? "", /500/);
  assert.ok(archivesOn(state, PBS).every(({ stale }) => !stale));
  assert.ok([...state.nodes, ...state.vms, ...state.containers, ...state.physicalDisks].every(({ stale }) => !stale));
  assert.equal(state.instances[0]?.status, "online");
  await pulse.estate.faults.clear();
  await pulse.until(state => archivesOn(state, NAS).every(({ stale }) => !stale));
});

test("a storage whose listing hangs holds up nothing else", async () => {
  await using pulse = await startPulse({ speed: 60 });
  await pulse.until(complete);
  await pulse.estate.faults.cause({ kind: "slow-body", path: "/nodes/*/storage/nas-backup/content" });
  const from = pulse.clock.now();
  const state = await pulse.until(state =>
    disksOf(state, "pve1").every(({ lastSeen }) => lastSeen > from + 6 * MINUTE),
  );
  assert.ok([...state.nodes, ...state.vms, ...state.containers].every(({ stale }) => !stale));
  assert.equal(state.instances[0]?.status, "online");
});

test("what belongs to a guest goes with it, what belongs to a node that is off gets stale", async () => {
  await using pulse = await startPulse();
  const before = await pulse.until(complete);
  const snapshot = before.pveBackups.guestSnapshots[0];
  assert.ok(snapshot);
  const { vmid } = snapshot;
  await pulse.estate.faults.cause({ kind: "guest-deleted", instance: CLUSTER, vmid });
  await pulse.until(
    state => !state.pveBackups.guestSnapshots.some(one => guestId(CLUSTER, one.vmid) === guestId(CLUSTER, vmid)),
  );
  await pulse.estate.faults.cause({ kind: "node-off", instance: CLUSTER, node: "pve3" });
  const state = await pulse.until(state => disksOf(state, "pve3").every(({ stale }) => stale));
  assert.ok(state.nodes.find(({ id }) => id === nodeId(CLUSTER, "pve3"))?.zfsPools);
  assert.ok(disksOf(state, "pve1").every(({ stale }) => !stale));
});

test("Ceph is found on whichever nodes have it", async () => {
  await using pulse = await startPulse();
  const reason = "binary not installed: /usr/bin/ceph-mon";
  await pulse.estate.faults.cause({ kind: "status", status: 500, reason, path: "/nodes/pve1/ceph/*" });
  const state = await pulse.until(state => state.cephClusters.length > 0);
  assert.equal(state.cephClusters[0]?.services.length, 3);
});

test("a host without Ceph is asked for it once an hour", async () => {
  const estate = {
    seed: "sized",
    clusters: [{ name: CLUSTER, nodes: 1, guests: 5, standalone: true, version: "7.4" as const }],
  };
  await using pulse = await startPulse({ estate });
  await pulse.until(state => state.physicalDisks.length > 0);
  await pulse.clock.sleep(20 * MINUTE);
  const state = await pulse.state();
  assert.deepEqual(state.cephClusters, []);
  assert.equal(pulse.estate.requests.read().byPath["/nodes/{node}/ceph/status"], 1);
  assert.ok(state.nodes.every(({ memory }) => memory?.source === "node-used"));
});
