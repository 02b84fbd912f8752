import { chmodSync, closeSync, existsSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DATABASE_FILE, StoreError } from "./database.ts";
import { MIGRATIONS } from "./migrations.ts";

/** SQLITE_BUSY: another process holds the file. */
const BUSY = 5;

/**
 * Copies the database of `folder` into `target`, a folder without one; neither it nor what lies beside it is changed. Throws StoreError
 * when another Pulse uses it, or it cannot be read.
 */
export function copyDatabase(folder: string, target: string): void {
  const path = join(folder, DATABASE_FILE);
  const beside = ["-wal", "-shm"].map(part => path + part).filter(file => !existsSync(file));
  const copy = join(target, DATABASE_FILE);
  let sqlite: DatabaseSync | null = null;
  try {
    sqlite = new DatabaseSync(path, { readOnly: true });
    const version = Number(sqlite.prepare("PRAGMA user_version").get()?.user_version ?? 0);
    if (version > MIGRATIONS.length) throw new StoreError("too-new", `"${path}" was written by a newer Pulse`);
    closeSync(openSync(copy, "wx", 0o600));
    sqlite.prepare("VACUUM INTO ?").run(copy);
    chmodSync(copy, 0o600);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    if (((error as { errcode?: number }).errcode ?? 0) === BUSY)
      throw new StoreError("in-use", `Data folder "${folder}" is in use by a Pulse that runs: stop it first`);
    throw new StoreError("unwritable", `"${path}" cannot be copied: ${(error as Error).message}`, { cause: error });
  } finally {
    sqlite?.close();
    // Looking at it may have made these.
    for (const file of beside) rmSync(file, { force: true });
  }
}
