import { chmodSync, copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DATABASE_FILE } from "./database.ts";
import { MIGRATIONS } from "./migrations.ts";

/**
 * Puts a backup in the place of the database in `folder`, which nobody may have open; that one is set aside as `….before-STAMP`. Answers
 * its new name, null where there was none, or what is wrong with the backup; nothing is changed then.
 */
export function restoreDatabase(
  backup: string,
  folder: string,
  stamp: string,
): { aside: string | null } | { wrong: string } {
  const path = join(folder, DATABASE_FILE);
  const copy = `${path}.restoring`;
  copyFileSync(backup, copy);
  chmodSync(copy, 0o600);
  const wrong = problemOf(copy);
  // Looking at it may have left these.
  for (const part of ["-wal", "-shm"]) rmSync(copy + part, { force: true });
  if (wrong !== null) {
    rmSync(copy, { force: true });
    return { wrong };
  }
  const aside = existsSync(path) ? `${path}.before-${stamp}` : null;
  // NOTE: what SQLite has not yet merged lies beside the database, and must go with it: it would spoil the other.
  for (const part of ["", "-wal", "-shm"])
    if (aside !== null && existsSync(path + part)) renameSync(path + part, aside + part);
  renameSync(copy, path);
  return { aside };
}

function problemOf(path: string): string | null {
  let sqlite: DatabaseSync | null = null;
  try {
    sqlite = new DatabaseSync(path, { readOnly: true });
    const version = Number(sqlite.prepare("PRAGMA user_version").get()?.user_version ?? 0);
    if (version === 0) return "is no database of Pulse";
    if (version > MIGRATIONS.length) return "was written by a newer Pulse";
    const check = sqlite.prepare("PRAGMA quick_check").get()?.quick_check;
    return check === "ok" ? null : "is damaged";
  } catch {
    return "is no sound database";
  } finally {
    sqlite?.close();
  }
}
