import { toRow } from "../../kit/fields.ts";
import { type Instant, MINUTE, type Millis, SECOND } from "../../kit/units.ts";
import type { Guest } from "../../model/guest.ts";
import { nodeId } from "../../model/ids.ts";
import type { Facts, PartLists } from "../../model/observation.ts";
import type { Storage } from "../../model/storage.ts";
import { inTurns } from "../in-turns.ts";
import { LookFailed } from "../source.ts";
import type { Errand } from "./agenda.ts";
import { toArchives, toBackupJobs, toNotBackedUp, toReplicationJobs, toSnapshots } from "./archives.ts";
import type { Ask } from "./ask.ts";
import { type GuestRun, toBackupTasks, toGuestRuns, toVzdumpTasks, type VzdumpTask } from "./backup-tasks.ts";
import { type Errands, unlessBug } from "./errands.ts";
import { type GuestAddress, pathOf, toAddress } from "./guest-address.ts";
import type { Resources } from "./resources.ts";
import { StandingErrands } from "./standing-errands.ts";

const ARCHIVES: Millis = 5 * MINUTE;
const TASKS: Millis = 2 * MINUTE;
const SNAPSHOTS: Millis = 10 * MINUTE;
const JOBS: Millis = 10 * MINUTE;
const REPLICATION: Millis = 5 * MINUTE;
/** A storage with thousands of archives, or a tired NAS, takes its time. */
const SLOW: Millis = 30 * SECOND;
const MOST_TASKS = 100;
/** Logs of runs over several guests that are read in one look; the others wait for the next. */
const LOGS_AT_ONCE = 4;
/** Lines of a log that are read: a run over a hundred guests has a few thousand. */
const MOST_LINES = 5000;

/** A guest whose snapshots are listed; `moves`: one is being made, or gone back to. */
interface Listed extends GuestAddress {
  moves: boolean;
}

/** Backups and what belongs to them: archives, runs, jobs, snapshots, replication. */
export class BackupRounds {
  readonly #errands: Errands;
  readonly #snapshots = new StandingErrands<Listed>(guest => this.#snapshotsOf(guest));
  /** What the logs of runs over several guests said, by task. */
  readonly #runs = new Map<string, { runs: readonly GuestRun[]; over: boolean }>();
  #types: ReadonlyMap<number, Guest["type"]> = new Map();
  /** The guests that there were when it was told which of them no job is for. */
  #jobs: { asked: ReadonlyMap<number, unknown>; uncovered: ReadonlySet<number> } | null = null;

  constructor(errands: Errands) {
    this.#errands = errands;
  }

  errands({ guests, storages }: Resources, online: readonly string[]): Errand[] {
    this.#types = new Map(guests.map(({ vmid, type }) => [vmid ?? 0, type ?? "qemu"]));
    const [first] = online;
    const isBackingUp = guests.some(({ lock }) => lock === "backup");
    return [
      ...(first === undefined ? [] : this.#jobErrands(first)),
      ...online.flatMap(node => [this.#tasks(node), this.#replication(node)]),
      ...storages.flatMap(storage => this.#archives(storage, online, isBackingUp)),
      ...this.#snapshots.of(
        guests
          .filter(({ withheld, node }) => !withheld && online.includes(node ?? ""))
          .map(guest => ({ ...toAddress(guest), moves: isMoving(guest.lock) })),
      ),
    ];
  }

  /** Whether a backup job is for it; null: not known yet. */
  isInJob({ vmid = 0 }: Facts<Guest>): boolean | null {
    return this.#jobs?.asked.has(vmid) ? !this.#jobs.uncovered.has(vmid) : null;
  }

  /** A shared storage is asked at one node that has it, a local one at its own. */
  #archives(storage: Facts<Storage>, online: readonly string[], moves: boolean): Errand[] {
    const { instance } = this.#errands.options;
    const name = storage.storage ?? "";
    const node = storage.nodes?.find(one => online.includes(one));
    const usable = storage.enabled !== false && !storage.withheld && storage.content?.split(",").includes("backup");
    if (node === undefined || !usable) return [];
    const path = `/nodes/${encodeURIComponent(node)}/storage/${encodeURIComponent(name)}/content?content=backup`;
    const look = async (ask: Ask, _: Instant, signal: AbortSignal): Promise<PartLists> => {
      const storageBackups = await inTurns(toArchives(await ask(path, node, signal, SLOW), storage, instance));
      if (storageBackups.length === 0) await refuseIfHidden(name, node, ask, signal);
      return { storageBackups };
    };
    return [this.#errands.part({ scope: "archives", part: storage.id, node, interval: ARCHIVES, moves, look })];
  }

  #snapshotsOf({ moves, ...guest }: Listed): Errand {
    const { instance } = this.#errands.options;
    const { id, node } = guest;
    const look = async (ask: Ask, _: Instant, signal: AbortSignal): Promise<PartLists> => ({
      guestSnapshots: toSnapshots(await ask(`${pathOf(guest)}/snapshot`, node, signal), guest, instance),
    });
    return this.#errands.part({ scope: "snapshots", part: id, node, interval: SNAPSHOTS, moves, look });
  }

  #replication(node: string): Errand {
    const { instance } = this.#errands.options;
    const path = `/nodes/${encodeURIComponent(node)}/replication`;
    const look = async (ask: Ask, _: Instant, signal: AbortSignal): Promise<PartLists> => ({
      replicationJobs: toReplicationJobs(await ask(path, node, signal), instance, node),
    });
    const part = nodeId(instance, node);
    return this.#errands.part({ scope: "replication", part, node, interval: REPLICATION, look });
  }

  #jobErrands(node: string): Errand[] {
    const { instance } = this.#errands.options;
    const uncovered = async (ask: Ask, _: Instant, signal: AbortSignal) => {
      const asked = this.#types;
      this.#jobs = { asked, uncovered: toNotBackedUp(await ask("/cluster/backup-info/not-backed-up", node, signal)) };
    };
    const look = async (ask: Ask, _: Instant, signal: AbortSignal): Promise<PartLists> => ({
      backupJobs: toBackupJobs(await ask("/cluster/backup", node, signal), instance),
    });
    return [
      this.#errands.part({ scope: "backup-jobs", part: instance, node, interval: JOBS, moves: false, look }),
      this.#errands.note({ scope: "uncovered-guests", part: instance, node, interval: JOBS, look: uncovered }),
    ];
  }

  #tasks(node: string): Errand {
    const { instance } = this.#errands.options;
    const path = `/nodes/${encodeURIComponent(node)}/tasks`;
    const look = async (ask: Ask, _: Instant, signal: AbortSignal): Promise<PartLists> => {
      const tasks = toVzdumpTasks(await ask(`${path}?typefilter=vzdump&source=all&limit=${MOST_TASKS}`, node, signal));
      await this.#readLogs(tasks, path, node, ask, signal);
      const typeOf = (vmid: number) => this.#types.get(vmid) ?? null;
      const split = (task: VzdumpTask) =>
        toBackupTasks(task, this.#runs.get(task.upid)?.runs ?? [], instance, node, typeOf);
      return { backupTasks: tasks.flatMap(split) };
    };
    return this.#errands.part({ scope: "tasks", part: nodeId(instance, node), node, interval: TASKS, look });
  }

  /** The newest first; the log of a run that is over is read once. */
  async #readLogs(tasks: readonly VzdumpTask[], path: string, node: string, ask: Ask, signal: AbortSignal) {
    const unread = tasks.filter(({ upid, vmid }) => vmid === null && this.#runs.get(upid)?.over !== true);
    for (const { upid, end } of unread.toSorted((a, b) => b.start - a.start).slice(0, LOGS_AT_ONCE)) {
      const log = ask(`${path}/${encodeURIComponent(upid)}/log?limit=${MOST_LINES}`, node, signal);
      const runs = await log.then(toGuestRuns, unlessBug);
      if (runs) this.#runs.set(upid, { runs, over: end !== null });
    }
    const ours = new Set(tasks.map(({ upid }) => upid));
    for (const upid of this.#runs.keys()) if (upid.split(":")[1] === node && !ours.has(upid)) this.#runs.delete(upid);
  }
}

/**
 * Proxmox VE leaves out of its list what a user may not see, and an empty one looks like none (`check_volume_access`): then the user's own
 * privileges tell. Throws LookFailed.
 */
async function refuseIfHidden(storage: string, node: string, ask: Ask, signal: AbortSignal): Promise<void> {
  const has = async (path: string, privilege: string) =>
    hasPrivilege(await ask(`/access/permissions?path=${encodeURIComponent(path)}`, node, signal), path, privilege);
  const mayList = async () => {
    const own = `/storage/${storage}`;
    return (
      (await has(own, "Datastore.Allocate")) ||
      ((await has(own, "Datastore.AllocateSpace")) && (await has("/vms", "VM.Backup")))
    );
  };
  if ((await mayList().catch(unlessBug)) !== false) return;
  throw new LookFailed(
    "forbidden",
    `The backups on "${storage}" are shown only to who has Datastore.Allocate there, or Datastore.AllocateSpace and VM.Backup`,
  );
}

/** Reads `GET /access/permissions`; an answer that is not about `path` is no evidence against it. */
function hasPrivilege(answer: unknown, path: string, privilege: string): boolean {
  const row = toRow(toRow(answer)?.[path]);
  return row === null || privilege in row;
}

function isMoving(lock: Guest["lock"] | undefined): boolean {
  return lock === "rollback" || (lock?.startsWith("snapshot") ?? false);
}
