import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DATABASE_FILE } from "./database.ts";
import { MIGRATIONS } from "./migrations.ts";

/** A copy of another server's database that is to take the place of this one's at the next start. */
export const COMING_FILE = `${DATABASE_FILE}.coming`;
/** What is each server's own, and stays when it takes over what another one remembers. */
const OWN = ["audit", "version_run", "update_event", "gap", "member", "cluster_outbox"];
/** What is nobody's any more: who was signed in here may have been shut out meanwhile. */
const GONE = ["session"];
const ASIDE = `${DATABASE_FILE}.replaced-`;

/**
 * Puts what was fetched from another server in the place of the database in `folder`, which nobody may have open, but for what is this one's
 * own. That one is set aside, and what was set aside before is removed. Answers its new name, or why nothing was changed; null: nothing came.
 */
export function takeOver(folder: string, stamp: string): { aside: string | null } | { wrong: string } | null {
  const coming = join(folder, COMING_FILE);
  if (!existsSync(coming)) return null;
  const path = join(folder, DATABASE_FILE);
  const wrong = problemWith(coming, existsSync(path) ? path : null);
  if (wrong !== null) {
    for (const part of ["", "-wal", "-shm", "-journal"]) rmSync(coming + part, { force: true });
    return { wrong };
  }
  const aside = existsSync(path) ? `${ASIDE}${stamp}` : null;
  for (const name of readdirSync(folder)) if (name.startsWith(ASIDE)) rmSync(join(folder, name));
  for (const part of ["", "-wal", "-shm"])
    if (aside !== null && existsSync(path + part)) renameSync(path + part, join(folder, aside) + part);
  renameSync(coming, path);
  return { aside };
}

/** Brings what is this server's own into what came. Why it cannot be used, as the end of a sentence; null: it can. */
function problemWith(coming: string, own: string | null): string | null {
  let sqlite: DatabaseSync | null = null;
  try {
    sqlite = new DatabaseSync(coming);
    if (sqlite.prepare("PRAGMA quick_check").get()?.quick_check !== "ok") return "is damaged";
    const version = Number(sqlite.prepare("PRAGMA user_version").get()?.user_version ?? 0);
    if (version !== MIGRATIONS.length) return "was written by another version of Pulse";
    if (own === null) sqlite.exec(replaced(sqlite, table => `DELETE FROM main.${table}`));
    else {
      sqlite.prepare("ATTACH ? AS own").run(own);
      const there = Number(sqlite.prepare("PRAGMA own.user_version").get()?.user_version ?? 0);
      if (there !== MIGRATIONS.length) return "is not of the version of the database here";
      const bring = (table: string) =>
        `DELETE FROM main.${table}; INSERT INTO main.${table} SELECT * FROM own.${table}`;
      sqlite.exec(replaced(sqlite, bring));
      sqlite.exec("DETACH own");
    }
    sqlite.exec("PRAGMA journal_mode = DELETE");
    return null;
  } catch (error) {
    return `cannot be used: ${(error as Error).message}`;
  } finally {
    sqlite?.close();
  }
}

/** `work` for each table that is the server's own, in one transaction. NOTE: triggers keep the audit log from being changed, and are put back. */
function replaced(sqlite: DatabaseSync, work: (table: string) => string): string {
  const tables = new Set(OWN);
  const triggers = sqlite
    .prepare("SELECT name, tbl_name, sql FROM main.sqlite_schema WHERE type = 'trigger'")
    .all()
    .filter(({ tbl_name }) => tables.has(String(tbl_name)));
  return [
    ...["BEGIN IMMEDIATE", ...triggers.map(({ name }) => `DROP TRIGGER main.${name}`)],
    ...[...GONE.map(table => `DELETE FROM main.${table}`), ...OWN.map(work)],
    ...[...triggers.map(({ sql }) => String(sql)), "COMMIT"],
  ].join(";\n");
}
