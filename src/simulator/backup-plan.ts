import { type Bytes, DAY, HOUR, type Instant, MINUTE, SECOND } from "../kit/units.ts";
import { diceOf } from "./dice.ts";
import type { ClusterPlan, GuestPlan } from "./plan.ts";
import type { Guest, Scene } from "./scene.ts";
import type { StoragePlan } from "./storage-plan.ts";

/** The nightly run begins at that time of the day, on all nodes at once. */
const NIGHTLY = 2 * HOUR;
/** How long the run spends on each guest. */
const EACH = 3 * MINUTE;
/** How many nights' archives are kept. */
const NIGHTS = 4;
/** The guest that is backed up hourly, and how long that takes: it is locked meanwhile. */
const HOURLY = { every: HOUR, takes: 300 * SECOND, kept: 6 };

/** A backup of one guest, that went well or did not. */
export interface BackupRun {
  guest: GuestPlan;
  node: string;
  start: Instant;
  end: Instant;
  size: Bytes;
  ok: boolean;
}

/** A vzdump task: over all guests of a node, or of one. */
export interface BackupTaskPlan {
  node: string;
  upid: string;
  /** Empty: of all guests. */
  id: string;
  start: Instant;
  end: Instant;
  runs: readonly BackupRun[];
}

/** True for what the nightly job covers: not templates, and a few that somebody forgot. */
export function isCovered({ vmid, template }: GuestPlan): boolean {
  return !template && vmid % 9 !== 3;
}

/** Where the nightly job writes: the NAS of a cluster, the local disk of a host of its own. */
export function targetOf(plan: ClusterPlan): string {
  return plan.storages.some(({ name }) => name === "nas-backup") ? "nas-backup" : "local";
}

/** All tasks up to `scene.at` that Proxmox still lists, the newest first. */
export function tasksOf(scene: Scene, node: string): BackupTaskPlan[] {
  const tasks: BackupTaskPlan[] = [];
  const here = scene.guests.filter(guest => guest.node === node);
  const covered = here.filter(({ plan }) => isCovered(plan)).toSorted((a, b) => a.plan.vmid - b.plan.vmid);
  for (let night = 0; night < NIGHTS; night++) {
    const start = Math.floor((scene.at - NIGHTLY) / DAY) * DAY + NIGHTLY - night * DAY;
    const runs = covered.map((guest, index) => runOf(guest, start + index * EACH, scene.plan));
    if (runs.length > 0) tasks.push(toTask(node, "", start, runs));
  }
  for (const guest of here.filter(({ plan }) => plan.backedUp))
    for (let back = 0; back < HOURLY.kept; back++) {
      const start = Math.floor(scene.at / HOURLY.every) * HOURLY.every - back * HOURLY.every;
      const run = { ...runOf(guest, start, scene.plan), end: start + HOURLY.takes, ok: true };
      tasks.push(toTask(node, String(guest.plan.vmid), start, [run]));
    }
  return tasks.toSorted((a, b) => b.start - a.start);
}

function runOf({ plan: guest, node }: Guest, start: Instant, plan: ClusterPlan): BackupRun {
  const dice = diceOf(plan.name, "backup", guest.vmid, start);
  const size = Math.floor(Math.max(guest.maxdisk, 4 * 2 ** 30) * guest.fill * dice.between(0.3, 0.36));
  return { guest, node, start, end: start + EACH - SECOND, size, ok: guest.vmid % 37 !== 5 };
}

function toTask(node: string, id: string, start: Instant, runs: readonly BackupRun[]): BackupTaskPlan {
  const seconds = Math.floor(start / SECOND);
  const hex = (number: number) => number.toString(16).toUpperCase().padStart(8, "0");
  const upid = `UPID:${node}:${hex(seconds % 4_000_000)}:${hex(seconds % 900_000_000)}:${hex(seconds)}:vzdump:${id}:root@pam:`;
  return { node, upid, id, start, end: runs.at(-1)?.end ?? start, runs };
}

/** The good runs that have ended and whose archive lies on `storage`: the nightly target has them all, the Backup Server those that matter. */
export function archivesOn(scene: Scene, storage: StoragePlan, node: string): BackupRun[] {
  if (!storage.content.split(",").includes("backup")) return [];
  const target = targetOf(scene.plan) === storage.name;
  if (!target && storage.plugintype !== "pbs") return [];
  const nodes = storage.shared ? scene.nodes.map(({ plan }) => plan.name) : [node];
  const runs = nodes.flatMap(one => tasksOf(scene, one).flatMap(task => task.runs));
  return runs.filter(({ ok, end, guest }) => ok && end <= scene.at && (target || guest.pool !== null));
}
