import { DAY, type Instant } from "../../kit/units.ts";
import type { StorageBackup } from "../../model/backup.ts";
import type { Guest } from "../../model/guest.ts";
import { guestId } from "../../model/ids.ts";
import type { PbsBackup } from "../../model/pbs-backup.ts";
import type { Picture } from "../../model/picture.ts";
import { compareNames } from "../ui/sort.ts";
import { t } from "../words/words.ts";

/** What backups are called by: of guests whose numbers change with each patch, this seldom does. */
export type NamedGuest = Pick<Guest, "id" | "instance" | "name">;

/** One backup, wherever it lies. */
export interface Backup {
  id: string;
  /** The guest that it is of, when it is there and certain. */
  guest: NamedGuest | null;
  /** What it is of: the guest's name, or what the backup itself says. */
  title: string;
  at: Instant;
  /** bytes; null: not told */
  size: number | null;
  /** Server and datastore, or storage. */
  place: string;
  /** null: not checked, or nothing that can be checked. */
  verification: "ok" | "failed" | null;
  protected: boolean;
  stale: boolean;
}

/** Of one guest. */
interface OwnBackups {
  newest: Backup;
  count: number;
}

export interface FoundBackups {
  /** The guests whose backups they are. */
  guests: ReadonlyMap<string, NamedGuest>;
  /** The newest first. */
  all: readonly Backup[];
  byGuest: ReadonlyMap<string, OwnBackups>;
  /** As the picture has them. */
  unsorted: readonly Backup[];
}

/** By the archives of a picture, which stay the same object: what was found last. */
const lists = new WeakMap<object, FoundBackups>();
/** By what the picture has of it, which is another object once it has changed. */
const rows = new WeakMap<object, Backup>();

/** What was found in the picture before, on a page that has been left since; null: nothing yet. */
export function foundBefore(picture: Picture): FoundBackups | null {
  return lists.get(picture.storageBackups) ?? null;
}

/** So many backups are a step: a millisecond, and some on a phone. */
const STEP = 500;

/**
 * All backups of the picture, in steps: there may be a hundred thousand. What lies on a Backup Server is listed by the server, or, when that
 * is not watched, by the Proxmox VE storage that leads to it; never twice. A backup that is as it was found before is the same object, and when all
 * are, so is the list.
 */
export function* findingBackups(
  picture: Pick<Picture, "pbsBackups" | "storageBackups">,
  named: readonly NamedGuest[],
): Generator<void, FoundBackups> {
  const guests = new Map(named.map(guest => [guest.id, guest]));
  // NOTE: both as of now, whatever patches come between the steps.
  const [served, stored] = [Object.values(picture.pbsBackups), Object.values(picture.storageBackups)];
  const unsorted: Backup[] = [];
  const known = new Set<string>();
  for (const [at, one] of served.entries()) {
    const backup = toRow(one, guests.get(one.guestId ?? "") ?? null, ofServer);
    unsorted.push(backup);
    known.add(momentOf(backup));
    if (at % STEP === 0) yield;
  }
  for (const [at, one] of stored.entries()) {
    const backup = toRow(one, guests.get(guestId(one.instance, one.vmid)) ?? null, ofStorage);
    if (!one.isPBS || !known.has(momentOf(backup))) unsorted.push(backup);
    if (at % STEP === 0) yield;
  }
  yield;
  const before = lists.get(picture.storageBackups);
  const isSame = before !== undefined && areSame(before.unsorted, unsorted);
  if (isSame && areNamedAlike([...before.guests.values()], named)) return before;
  const found = { ...(isSame ? before : yield* ordering(unsorted)), guests, unsorted };
  lists.set(picture.storageBackups, found);
  return found;
}

function toRow<T extends object>(one: T, guest: NamedGuest | null, of: (one: T, guest: NamedGuest | null) => Backup) {
  const known = rows.get(one);
  if (known && known.guest?.name === guest?.name) return known;
  const row = of(one, guest);
  rows.set(one, row);
  return row;
}

function areSame(before: readonly Backup[], after: readonly Backup[]): boolean {
  return before.length === after.length && before.every((row, at) => row === after[at]);
}

function* ordering(unsorted: readonly Backup[]): Generator<void, Pick<FoundBackups, "all" | "byGuest">> {
  const all = yield* sorting(unsorted);
  return { all, byGuest: yield* grouping(all) };
}

function momentOf({ guest, at }: Backup): string {
  return `${guest?.id} ${at}`;
}

function ofServer(one: PbsBackup, guest: NamedGuest | null): Backup {
  return {
    id: one.id,
    guest,
    title: guest?.name ?? `${one.backupType}/${one.vmid}${one.comment ? ` ${one.comment}` : ""}`,
    at: Date.parse(one.backupTime),
    size: one.size,
    place: `${one.instance}: ${one.datastore}${one.namespace ? `/${one.namespace}` : ""}`,
    verification: toVerification(one.verification),
    protected: one.protected,
    stale: one.stale,
  };
}

function ofStorage(one: StorageBackup, guest: NamedGuest | null): Backup {
  const storage = one.node === "shared" ? one.storage : t("{name} on {node}", { name: one.storage, node: one.node });
  return {
    id: one.id,
    guest,
    title: guest?.name ?? `${one.type}/${one.vmid}`,
    at: one.ctime * 1000,
    size: one.size || null,
    place: `${one.instance}: ${storage}`,
    verification: one.isPBS ? toVerification(one.verification) : null,
    protected: one.protected,
    stale: one.stale,
  };
}

function toVerification(text: string | null): Backup["verification"] {
  return text === "ok" || text === "failed" ? text : null;
}

/** As their table has them unless somebody wants it otherwise, so that it has little to do; one day after the other. */
function* sorting(backups: readonly Backup[]): Generator<void, Backup[]> {
  const days = Map.groupBy(backups, ({ at }) => Math.floor(at / DAY));
  const sorted: Backup[][] = [];
  for (const [, ofDay] of [...days].sort(([a], [b]) => b - a)) {
    yield;
    sorted.push(ofDay.sort((a, b) => b.at - a.at || compareNames(a.title, b.title) || compareNames(a.place, b.place)));
  }
  return sorted.flat();
}

/** `backups`: the newest first. */
function* grouping(backups: readonly Backup[]): Generator<void, Map<string, OwnBackups>> {
  const byGuest = new Map<string, OwnBackups>();
  for (const [at, backup] of backups.entries()) {
    if (at % (4 * STEP) === 0) yield;
    if (backup.guest === null) continue;
    const own = byGuest.get(backup.guest.id);
    if (own) own.count += 1;
    else byGuest.set(backup.guest.id, { newest: backup, count: 1 });
  }
  return byGuest;
}

export function toNamed({ id, instance, name }: Guest): NamedGuest {
  return { id, instance, name };
}

/** Whether backups are called the same by both. */
export function areNamedAlike(before: readonly NamedGuest[], after: readonly NamedGuest[]): boolean {
  return (
    before.length === after.length &&
    before.every(({ id, name }, at) => id === after[at]?.id && name === after[at]?.name)
  );
}
