import { closeSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { backup, DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { MIGRATIONS } from "./migrations.ts";

/** The name of the one database file in the data folder. */
export const DATABASE_FILE = "pulse.db";

/** SQLite's result codes that mean "this file is no sound database": SQLITE_CORRUPT and SQLITE_NOTADB. */
const BROKEN_CODES: ReadonlySet<number> = new Set([11, 26]);
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

/** The embedded database: one file, one process, one writer. */
export class Database implements Disposable {
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #durability: Durability = "full";
  /** Where an unreadable database was put aside when this one was opened; null: there was none. */
  readonly setAside: string | null;

  private constructor(sqlite: DatabaseSync, setAside: string | null) {
    this.#sqlite = sqlite;
    this.setAside = setAside;
  }

  /**
   * Opens (or makes) the database in `folder` and brings its tables up to date. A file that is no sound database is renamed, never
   * deleted. Throws StoreError when the folder cannot be written, or another process uses it, or a newer Pulse has written it.
   */
  static open(folder: string, stamp: string): Database {
    try {
      mkdirSync(folder, { recursive: true });
      return new Database(openSqlite(join(folder, DATABASE_FILE)), null);
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
    const path = join(folder, DATABASE_FILE);
    const aside = `${path}.broken-${stamp}`;
    renameSync(path, aside);
    return new Database(openSqlite(path), aside);
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
      this.#sqlite.exec("ROLLBACK");
      throw error;
    }
  }

  all(sql: string, ...values: SQLInputValue[]): Record<string, SQLOutputValue>[] {
    return this.#prepare(sql).all(...values);
  }

  run(sql: string, ...values: SQLInputValue[]): void {
    if (!this.#sqlite.isTransaction) this.#setDurability("full");
    this.#prepare(sql).run(...values);
  }

  /** Copies the whole, as it is at one moment, to a new file for its owner only; others go on meanwhile. */
  async backup(path: string): Promise<void> {
    const partial = `${path}.partial`;
    rmSync(partial, { force: true });
    closeSync(openSync(partial, "a", 0o600));
    await backup(this.#sqlite, partial);
    renameSync(partial, path);
  }

  [Symbol.dispose](): void {
    if (this.#sqlite.isOpen) this.#sqlite.close();
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

function openSqlite(path: string): DatabaseSync {
  // A new one is for its owner only: hashes of passwords lie in it. What SQLite makes beside it is as open as it is.
  closeSync(openSync(path, "a", 0o600));
  const sqlite = new DatabaseSync(path);
  try {
    // Small pages: what is written most often is far smaller than one. A database keeps the size that it was made with.
    sqlite.exec(
      "PRAGMA page_size = 1024; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON",
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
