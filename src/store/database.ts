import { closeSync, fdatasync, mkdirSync, openSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backup, DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { MIGRATIONS } from "./migrations.ts";

/** The name of the one database file in the data folder. */
export const DATABASE_FILE = "pulse.db";

/** SQLite's result codes that mean "this file is no sound database": SQLITE_CORRUPT and SQLITE_NOTADB. */
const BROKEN_CODES: ReadonlySet<number> = new Set([11, 26]);
/** What a backup copies at once, and how much of it waits for the disk at the most. */
const STEP_PAGES = 256;
const SYNC_PAGES = 32 * STEP_PAGES;
/** SQLITE_BUSY: another process holds the file. */
const BUSY = 5;

/**
 * How safe a transaction is once it is over. `full`: it survives a power cut. `lazy`: it survives the end of the process, however that
 * came; a power cut may take what the system had not written to the disk yet (Linux: about 30 s). It costs far fewer writes.
 */
export type Durability = "full" | "lazy";

export type StoreFault = "unwritable" | "in-use" | "too-new";

/** The data folder cannot be used; the message says what and why. */
export class StoreError extends Error {
  readonly fault: StoreFault;
  override name = "StoreError";

  constructor(fault: StoreFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** The database itself says no: the disk is full, or read-only, or broken. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === "ERR_SQLITE_ERROR";
}

/** Why it says no, as the end of a sentence, by SQLite's result code (SQLITE_FULL, _READONLY, _IOERR, _CANTOPEN, _CORRUPT, _NOTADB). */
const REASONS: Readonly<Record<number, string>> = {
  13: "the disk is full",
  8: "the data folder is read-only",
  10: "the disk does not take or give what it should",
  14: "its file cannot be opened",
  11: "its file is damaged",
  26: "its file is damaged",
};

/** The file is no sound database, wherever in it that shows. */
export function isDamage(error: unknown): boolean {
  return isRefusal(error) && BROKEN_CODES.has(((error as { errcode?: number }).errcode ?? 0) & 0xff);
}

/** What a refusal means; null: it is none, but a mistake of ours, or something else altogether. `full`: there is no room. */
export function refusalOf(error: unknown): { full: boolean; reason: string } | null {
  if (!isRefusal(error)) return null;
  const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
  const reason = REASONS[code];
  return reason === undefined ? null : { full: code === 13, reason };
}

/** A table that lives on in memory while the file cannot be written. */
export interface Sheltered {
  table: string;
  /** Which rows move: a condition that says the same of them, or of no others, until they are back. */
  rows: string;
}

/** The embedded database: one file, one process, one writer. */
export class Database implements Disposable {
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #durability: Durability = "full";
  #sheltered: readonly Sheltered[] = [];
  /** Within this transaction the tables became others. */
  #moved = false;
  /** Where an unreadable database was put aside when this one was opened; null: there was none. */
  readonly setAside: string | null;

  readonly #path: string;
  readonly #inode: number;
  /** Of the copy that was put back for a file that somebody had removed; null: none was. */
  #copy: number | null = null;
  #damage: string | null = null;

  private constructor(path: string, setAside: string | null) {
    this.#sqlite = openSqlite(path);
    this.#path = path;
    this.#inode = inodeOf(path) ?? 0;
    this.setAside = setAside;
  }

  /**
   * Opens (or makes) the database in `folder` and brings its tables up to date. A file that is no sound database is renamed, never
   * deleted. Throws StoreError when the folder cannot be written, or another process uses it, or a newer Pulse has written it.
   */
  static open(folder: string, stamp: string): Database {
    try {
      mkdirSync(folder, { recursive: true });
      return new Database(join(folder, DATABASE_FILE), null);
    } catch (error) {
      if (error instanceof StoreError) throw error;
      const code = (error as { errcode?: number }).errcode;
      if (code === BUSY)
        throw new StoreError("in-use", `Data folder "${folder}" is in use by another Pulse`, { cause: error });
      if (code !== undefined && BROKEN_CODES.has(code & 0xff)) return Database.#afresh(folder, stamp);
      const reason = error instanceof Error ? error.message : String(error);
      throw new StoreError("unwritable", `Cannot write to data folder "${folder}": ${reason}`, { cause: error });
    }
  }

  static #afresh(folder: string, stamp: string): Database {
    return new Database(join(folder, DATABASE_FILE), moveAside(folder, stamp));
  }

  /**
   * Runs `work` in one transaction: all of it is kept, or, when it throws, none. Within another one it is part of that: it is over, and as
   * safe, when the outer one is. NOTE: who catches what an inner one throws must throw, too.
   */
  transaction<T>(work: () => T, durability: Durability = "full"): T {
    if (this.#sqlite.isTransaction) return work();
    this.#setDurability(durability);
    this.#sqlite.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#sqlite.exec("COMMIT");
      return result;
    } catch (error) {
      // Some errors have rolled it back already.
      if (this.#sqlite.isTransaction) this.#sqlite.exec("ROLLBACK");
      throw error;
    } finally {
      // NOTE: a statement goes on with the table that it was compiled for.
      if (this.#moved) this.#statements.clear();
      this.#moved = false;
    }
  }

  /** Does what is no great loss when the database refuses it; false: it did. */
  spare(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return false;
    }
  }

  /** Whether tables live in memory now. */
  get isSheltered(): boolean {
    return this.#sheltered.length > 0;
  }

  /**
   * Lets tables live in memory while the file cannot be written: under their own names, so that who reads and writes them notices nothing.
   * Those of one file that refer to each other must all be named, the ones that are referred to first.
   */
  shelter(tables: readonly Sheltered[]): void {
    if (this.isSheltered) return;
    this.transaction(() => {
      this.#moved = true;
      for (const { table, rows } of tables) {
        for (const sql of this.#definitions(table)) this.#sqlite.exec(sql);
        this.#sqlite.exec(`INSERT INTO temp.${table} SELECT * FROM main.${table} WHERE ${rows}`);
      }
      this.#carryNumbers();
    });
    this.#sheltered = tables;
  }

  /** Puts sheltered tables back. To be called at the beginning of a transaction, and `sheltered` once that is over. */
  leaveShelter(): void {
    if (!this.isSheltered) return;
    this.#moved = true;
    this.#statements.clear();
    for (const { table, rows } of this.#sheltered) this.#sqlite.exec(`DELETE FROM main.${table} WHERE ${rows}`);
    for (const { table } of this.#sheltered)
      this.#sqlite.exec(`INSERT OR REPLACE INTO main.${table} SELECT * FROM temp.${table}`);
    for (const { table } of this.#sheltered.toReversed()) this.#sqlite.exec(`DROP TABLE temp.${table}`);
  }

  leftShelter(): void {
    this.#sheltered = [];
  }

  /** Numbers that were given in the file are not given again. */
  #carryNumbers(): void {
    if (!this.#sqlite.prepare("SELECT 1 FROM temp.sqlite_schema WHERE name = 'sqlite_sequence'").get()) return;
    this.#sqlite.exec(
      "DELETE FROM temp.sqlite_sequence; INSERT INTO temp.sqlite_sequence SELECT name, seq FROM main.sqlite_sequence",
    );
  }

  /** What makes a table and its indices in memory. */
  #definitions(table: string): string[] {
    const rows = this.#sqlite
      .prepare("SELECT sql FROM main.sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC")
      .all(table);
    return rows.map(({ sql }) =>
      String(sql)
        .replace(/^CREATE TABLE /, "CREATE TEMP TABLE ")
        .replace(/^CREATE INDEX /, "CREATE INDEX temp."),
    );
  }

  all(sql: string, ...values: SQLInputValue[]): Record<string, SQLOutputValue>[] {
    try {
      return this.#prepare(sql).all(...values);
    } catch (error) {
      if (isDamage(error) && this.#damage === null) this.#noteDamage(error);
      throw error;
    }
  }

  #noteDamage(error: unknown): void {
    this.#damage = refusalOf(error)?.reason ?? null;
    try {
      writeFileSync(suspectMark(this.#path), "Some of the database could not be read; the next start looks at it.\n");
    } catch {
      // Where nothing can be written, whoever looks after the disk has another problem first.
    }
  }

  /** What is wrong with the file, as the end of a sentence: some of it could not be read. null: all that was asked for could. */
  get damage(): string | null {
    return this.#damage;
  }

  run(sql: string, ...values: SQLInputValue[]): void {
    if (!this.#sqlite.isTransaction) this.#setDurability("full");
    this.#prepare(sql).run(...values);
  }

  /**
   * Copies the whole, as it is at one moment, to a new file for its owner only; others go on meanwhile. What has been copied is put on the
   * disk as it comes, so that it need not all be at the end, which everybody would wait for. Rejects when `signal` aborts.
   */
  async backup(path: string, signal?: AbortSignal): Promise<void> {
    const partial = `${path}.partial`;
    rmSync(partial, { force: true });
    const file = openSync(partial, "a", 0o600);
    try {
      let copied = 0;
      const step = () => {
        signal?.throwIfAborted();
        copied += STEP_PAGES;
        if (copied % SYNC_PAGES === 0) fdatasync(file, () => {});
      };
      await backup(this.#sqlite, partial, { rate: STEP_PAGES, progress: step });
    } catch (error) {
      rmSync(partial, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
  }

  /**
   * Whether somebody has removed the file while it was open. The system lets us go on with it, and it is gone with the process: so a copy
   * is put back at once, and again when this is closed, unless something else lies there by then.
   */
  wasRemoved(): boolean {
    const there = inodeOf(this.#path);
    if (there === this.#inode) return false;
    if (there === null) this.#putBack();
    return true;
  }

  /** Where that cannot be, because the folder is gone as well, or the disk full, nothing is there. */
  #putBack(): void {
    const partial = `${this.#path}.partial`;
    try {
      rmSync(partial, { force: true });
      closeSync(openSync(partial, "a", 0o600));
      this.#sqlite.prepare("VACUUM INTO ?").run(partial);
      // NOTE: the log of the removed file must not be taken for that of the copy.
      for (const part of ["-wal", "-shm"]) rmSync(this.#path + part, { force: true });
      renameSync(partial, this.#path);
      this.#copy = inodeOf(this.#path);
    } catch (error) {
      if (!isRefusal(error) && (error as NodeJS.ErrnoException).syscall === undefined) throw error;
      rmSync(partial, { force: true });
    }
  }

  /** Of the file, in bytes, without what is in its log only. */
  get size(): number {
    const [row] = this.all("SELECT page_count * page_size AS size FROM pragma_page_count(), pragma_page_size()");
    return Number(row?.size ?? 0);
  }

  [Symbol.dispose](): void {
    if (!this.#sqlite.isOpen) return;
    const there = inodeOf(this.#path);
    if (there !== this.#inode && (there === null || there === this.#copy)) this.#putBack();
    this.#sqlite.close();
  }

  /** Statements are few, and their text is fixed: each is compiled once. */
  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#sqlite.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** NOTE: a full transaction that follows a lazy one makes that one safe too: they lie in one log. */
  #setDurability(durability: Durability): void {
    if (durability === this.#durability) return;
    this.#sqlite.exec(`PRAGMA synchronous = ${durability === "full" ? "FULL" : "NORMAL"}`);
    this.#durability = durability;
  }
}

/** The file beside a database that says that some of it could not be read. */
export function suspectMark(path: string): string {
  return `${path}.suspect`;
}

/** Renames the database of a folder, which nobody may have open; answers its new name. */
export function moveAside(folder: string, stamp: string): string {
  const path = join(folder, DATABASE_FILE);
  const aside = `${path}.broken-${stamp}`;
  // What SQLite has not yet merged lies beside it, and belongs to it.
  for (const part of ["-wal", "-shm"]) if (inodeOf(path + part) !== null) renameSync(path + part, aside + part);
  renameSync(path, aside);
  return aside;
}

/** null: there is no such file. */
function inodeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}

function openSqlite(path: string): DatabaseSync {
  // A new one is for its owner only: hashes of passwords lie in it. What SQLite makes beside it is as open as it is.
  closeSync(openSync(path, "a", 0o600));
  const sqlite = new DatabaseSync(path);
  try {
    // Small pages: what is written most often is far smaller than one. A database keeps the size that it was made with.
    sqlite.exec(
      "PRAGMA page_size = 1024; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY",
    );
    migrate(sqlite, path);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** `user_version` counts the migrations that have run; each runs once, in a transaction of its own. */
function migrate(sqlite: DatabaseSync, path: string): void {
  const version = Number(sqlite.prepare("PRAGMA user_version").get()?.user_version ?? 0);
  if (version > MIGRATIONS.length)
    throw new StoreError(
      "too-new",
      `Database "${path}" was written by a newer Pulse (schema ${version}, this one knows ${MIGRATIONS.length})`,
    );
  sqlite.exec("BEGIN IMMEDIATE");
  for (const sql of MIGRATIONS.slice(version)) sqlite.exec(sql);
  if (version < MIGRATIONS.length) sqlite.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  sqlite.exec("COMMIT");
}
