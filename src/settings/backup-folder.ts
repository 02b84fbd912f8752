import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { open, rename, statfs } from "node:fs/promises";
import { join } from "node:path";
import { type Bytes, GIB, type Instant, MIB } from "../kit/units.ts";
import { type BackupKind, backupName, type OwnBackup, readBackupName } from "../model/own-backup.ts";
import type { Database } from "../store/database.ts";
import { soundCheck } from "../store/sound-check.ts";

/** Where backups lie in the data folder. */
export const BACKUP_FOLDER = "backups";
/** What is not a backup yet, and if nobody works at it never will be. */
const UNFINISHED = /^pulse-.*\.db\.unchecked(\..*|-.*)?$/;
/** This share of the disk stays free, but no more than a gibibyte: what else lies there needs room, the database first of all. */
const SPARED = 0.05;
const MOST_SPARED: Bytes = GIB;

/** A backup could not be made; the message says why. What was there before is as it was. */
export class BackupFailed extends Error {
  override name = "BackupFailed";
}

/** None where there is no such folder, or it cannot be read: whoever writes there is told why. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return [];
  }
}

/** The backups that lie in a folder, the newest first. */
export function listBackups(folder: string): OwnBackup[] {
  const backups = namesIn(folder).flatMap((name): OwnBackup[] => {
    const read = readBackupName(name);
    const stats = read && statSync(join(folder, name), { throwIfNoEntry: false });
    return read && stats?.isFile() ? [{ name, ...read, size: stats.size }] : [];
  });
  return backups.sort((one, other) => other.at - one.at || other.name.localeCompare(one.name));
}

/** Room on a disk. */
interface Room {
  free: Bytes;
  size: Bytes;
}

/** The backups of a database, each as it was at one moment. */
export class BackupFolder {
  readonly path: string;
  readonly #database: Database;
  readonly #roomIn: (folder: string) => Promise<Room>;

  /** `roomIn`: how much room there is; the file system's unless given. */
  constructor(database: Database, dataDir: string, roomIn = readRoom) {
    this.path = join(dataDir, BACKUP_FOLDER);
    this.#database = database;
    this.#roomIn = roomIn;
  }

  /** The newest first. */
  list(): OwnBackup[] {
    return listBackups(this.path);
  }

  /** The path of the backup of that name; null: there is none. */
  find(name: string): string | null {
    return this.list().some(backup => backup.name === name) ? join(this.path, name) : null;
  }

  /** false: there is none of that name. */
  remove(name: string): boolean {
    const path = this.find(name);
    if (path === null) return false;
    rmSync(path);
    return true;
  }

  /**
   * Makes a backup while everything else goes on. It gets its name when it is on the disk and was found sound. Throws BackupFailed; rejects
   * with the signal's reason when that aborts. Nothing is left of it then.
   */
  async make(kind: BackupKind, now: Instant, signal: AbortSignal): Promise<OwnBackup> {
    const name = backupName(kind, now);
    const unchecked = join(this.path, `${name}.unchecked`);
    try {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
      this.#tidy();
      await this.#checkRoom();
      await this.#database.backup(unchecked, signal);
      const wrong = await soundCheck(unchecked, signal);
      if (wrong !== null) throw new BackupFailed(`what was written is not sound: ${wrong}`);
      await syncFile(unchecked);
      await rename(unchecked, join(this.path, name));
      await syncFile(this.path);
    } catch (error) {
      this.#tidy();
      throw toFailed(error);
    }
    return { name, kind, at: Math.floor(now / 1000) * 1000, size: statSync(join(this.path, name)).size };
  }

  /** Lets go of the oldest of those that the clock made, but for `keep`, and never of the last. Answers their names. */
  prune(keep: number): string[] {
    const scheduled = this.list().filter(({ kind }) => kind === "scheduled");
    const old = scheduled.slice(Math.max(1, keep)).map(({ name }) => name);
    for (const name of old) this.remove(name);
    return old;
  }

  /** How much the next backup takes, and how much room there is; null: nobody knows. */
  async room(): Promise<{ needed: Bytes; free: Bytes } | null> {
    const folder = existsSync(this.path) ? this.path : join(this.path, "..");
    const room = await this.#roomIn(folder).catch(() => null);
    return room && { needed: this.#database.size, free: room.free };
  }

  async #checkRoom(): Promise<void> {
    const { free, size } = await this.#roomIn(this.path);
    const spared = Math.min(MOST_SPARED, size * SPARED);
    const needed = this.#database.size + spared;
    if (free < needed)
      throw new BackupFailed(`there is not enough room: ${toMib(needed)} are needed, ${toMib(free)} are free`);
  }

  /** What a run that was cut short has left. */
  #tidy(): void {
    for (const name of namesIn(this.path)) if (UNFINISHED.test(name)) rmSync(join(this.path, name), { force: true });
  }
}

async function readRoom(folder: string): Promise<Room> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { free: bavail * bsize, size: blocks * bsize };
}

/** A full disk and its like are no surprise. */
function toFailed(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  return typeof code === "string" && code !== "ABORT_ERR" ? new BackupFailed(message, { cause: error }) : error;
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function toMib(bytes: Bytes): string {
  return `${Math.ceil(bytes / MIB).toLocaleString("en-US")} MiB`;
}
