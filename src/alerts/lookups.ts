import type { BackupTask, GuestSnapshot, StorageBackup } from "../model/backup.ts";
import { ByGuest } from "../model/by-guest.ts";
import type { Guest } from "../model/guest.ts";
import { type NotKnown, notKnown, unknownBackups } from "../model/not-known.ts";
import type { PbsBackup } from "../model/pbs-backup.ts";
import { allOf, type Collection, type Entities, type Picture, revisionOf } from "../model/picture.ts";

/** What was gathered of collections, as long as they stay as they are: of a large estate they are tens of thousands, and change rarely. */
export class Gathered {
  readonly #known = new Map<Collection, { picture: Picture; revision: number | null; found: unknown }>();

  /** What `gather` finds in a collection. NOTE: always the same `gather` for one. */
  of<C extends Collection, T>(picture: Picture, collection: C, gather: (list: readonly Entities[C][]) => T): T {
    const revision = revisionOf(picture, collection);
    const known = this.#known.get(collection);
    if (known && revision !== null && known.revision === revision && known.picture === picture) return known.found as T;
    const found = gather(allOf(picture, collection));
    this.#known.set(collection, { picture, revision, found });
    return found;
  }
}

/** The parts of a picture by what they belong to; each is gathered when it is first asked for. */
export class Lookups {
  readonly #picture: Picture;
  readonly #gathered: Gathered;
  #tasks: ByGuest<BackupTask> | null = null;
  #snapshots: ByGuest<GuestSnapshot> | null = null;
  #archives: ByGuest<StorageBackup> | null = null;
  #pbsBackups: ReadonlyMap<string, PbsBackup> | null = null;
  #unknownBackups: ((guest: Guest) => NotKnown | null) | null = null;
  #waiting: ReadonlySet<string> | null = null;

  /** `gathered`: what earlier looks at this picture have gathered. */
  constructor(picture: Picture, gathered: Gathered) {
    this.#picture = picture;
    this.#gathered = gathered;
  }

  /** Why it is not certain which backups a guest has; null: it is. */
  backupsNotKnown(guest: Guest): NotKnown | null {
    this.#unknownBackups ??= unknownBackups(this.#picture);
    return this.#unknownBackups(guest);
  }

  /** Whether the tasks of a node of that instance have not been read yet: they may tell of a newer run of any guest. */
  waitsForTasks(instance: string): boolean {
    this.#waiting ??= new Set(
      allOf(this.#picture, "nodes").flatMap(node => {
        const waits = node.status === "online" && notKnown(node, "tasks")?.reason === null;
        return waits ? [node.instance] : [];
      }),
    );
    return this.#waiting.has(instance);
  }

  /** The newest backup run of a guest that has ended. */
  lastTask(guest: Guest): BackupTask | null {
    this.#tasks ??= this.#gathered.of(this.#picture, "backupTasks", lastTasks);
    return this.#tasks.get(guest) ?? null;
  }

  /** The oldest snapshot of a guest of which it is known when it was made. */
  oldestSnapshot(guest: Guest): GuestSnapshot | null {
    this.#snapshots ??= this.#gathered.of(this.#picture, "guestSnapshots", oldestSnapshots);
    return this.#snapshots.get(guest) ?? null;
  }

  /** The newest archive of a guest that its cluster lists on a Backup Server. */
  newestArchive(guest: Guest): StorageBackup | null {
    this.#archives ??= this.#gathered.of(this.#picture, "storageBackups", newestArchives);
    return this.#archives.get(guest) ?? null;
  }

  /** The newest backup of a guest that a Backup Server lists. */
  newestPbsBackup({ id }: Guest): PbsBackup | null {
    this.#pbsBackups ??= this.#gathered.of(this.#picture, "pbsBackups", newestPbsBackups);
    return this.#pbsBackups.get(id) ?? null;
  }
}

const lastTasks = best<BackupTask>(
  ({ endTime, vmid }) => endTime !== null && vmid !== 0,
  (one, other) => one.startTime > other.startTime,
);
const oldestSnapshots = best<GuestSnapshot>(
  ({ time }) => time !== null,
  (one, other) => (one.time ?? "") < (other.time ?? ""),
);
const newestArchives = best<StorageBackup>(
  ({ isPBS, vmid }) => isPBS && vmid > 0,
  (one, other) => one.ctime > other.ctime,
);

/** Finds in a list, of each guest, the one that counts and goes before all its others. */
function best<T extends { instance: string; vmid: number }>(
  counts: (one: T) => boolean,
  before: (one: T, other: T) => boolean,
): (list: readonly T[]) => ByGuest<T> {
  return list => {
    const found = new ByGuest<T>();
    for (const one of list) {
      if (!counts(one)) continue;
      const known = found.get(one);
      if (!known || before(one, known)) found.set(one, one);
    }
    return found;
  };
}

function newestPbsBackups(list: readonly PbsBackup[]): ReadonlyMap<string, PbsBackup> {
  const found = new Map<string, PbsBackup>();
  for (const one of list) {
    if (one.guestId === null) continue;
    const known = found.get(one.guestId);
    if (!known || one.backupTime > known.backupTime) found.set(one.guestId, one);
  }
  return found;
}
