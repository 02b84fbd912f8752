import type { BackupTask, GuestSnapshot, StorageBackup } from "../model/backup.ts";
import type { Guest } from "../model/guest.ts";
import { guestId } from "../model/ids.ts";
import { type NotKnown, notKnown, unknownBackups } from "../model/not-known.ts";
import type { PbsBackup } from "../model/pbs-backup.ts";
import type { Picture } from "../model/picture.ts";

/** The parts of a picture by what they belong to; each is gathered when it is first asked for. */
export class Lookups {
  readonly #picture: Picture;
  #tasks: Map<string, BackupTask> | null = null;
  #snapshots: Map<string, GuestSnapshot> | null = null;
  #archives: Map<string, StorageBackup> | null = null;
  #pbsBackups: Map<string, PbsBackup> | null = null;
  #unknownBackups: ((guest: Guest) => NotKnown | null) | null = null;
  #waiting: ReadonlySet<string> | null = null;

  constructor(picture: Picture) {
    this.#picture = picture;
  }

  /** Why it is not certain which backups a guest has; null: it is. */
  backupsNotKnown(guest: Guest): NotKnown | null {
    this.#unknownBackups ??= unknownBackups(this.#picture);
    return this.#unknownBackups(guest);
  }

  /** Whether the tasks of a node of that instance have not been read yet: they may tell of a newer run of any guest. */
  waitsForTasks(instance: string): boolean {
    this.#waiting ??= new Set(
      Object.values(this.#picture.nodes).flatMap(node => {
        const waits = node.status === "online" && notKnown(node, "tasks")?.reason === null;
        return waits ? [node.instance] : [];
      }),
    );
    return this.#waiting.has(instance);
  }

  /** The newest backup run of a guest that has ended. */
  lastTask(guest: string): BackupTask | null {
    this.#tasks ??= best(
      Object.values(this.#picture.backupTasks),
      task => (task.endTime === null || task.vmid === 0 ? null : guestId(task.instance, task.vmid)),
      (one, other) => one.startTime > other.startTime,
    );
    return this.#tasks.get(guest) ?? null;
  }

  /** The oldest snapshot of a guest of which it is known when it was made. */
  oldestSnapshot(guest: string): GuestSnapshot | null {
    this.#snapshots ??= best(
      Object.values(this.#picture.guestSnapshots),
      ({ time, instance, vmid }) => (time === null ? null : guestId(instance, vmid)),
      (one, other) => (one.time ?? "") < (other.time ?? ""),
    );
    return this.#snapshots.get(guest) ?? null;
  }

  /** The newest archive of a guest that its cluster lists on a Backup Server. */
  newestArchive(guest: string): StorageBackup | null {
    this.#archives ??= best(
      Object.values(this.#picture.storageBackups),
      ({ isPBS, vmid, instance }) => (isPBS && vmid > 0 ? guestId(instance, vmid) : null),
      (one, other) => one.ctime > other.ctime,
    );
    return this.#archives.get(guest) ?? null;
  }

  /** The newest backup of a guest that a Backup Server lists. */
  newestPbsBackup(guest: string): PbsBackup | null {
    this.#pbsBackups ??= best(
      Object.values(this.#picture.pbsBackups),
      ({ guestId }) => guestId,
      (one, other) => one.backupTime > other.backupTime,
    );
    return this.#pbsBackups.get(guest) ?? null;
  }
}

/** Of each owner the one that goes before all its others. */
function best<T>(
  list: readonly T[],
  owner: (one: T) => string | null,
  before: (one: T, other: T) => boolean,
): Map<string, T> {
  const found = new Map<string, T>();
  for (const one of list) {
    const key = owner(one);
    if (key === null) continue;
    const known = found.get(key);
    if (!known || before(one, known)) found.set(key, one);
  }
  return found;
}
