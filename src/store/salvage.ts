import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DATABASE_FILE, Database, isRefusal, moveAside, suspectMark } from "./database.ts";

/** What became of a damaged database. */
export interface Salvage {
  /** Where it lies now; it is never deleted. */
  aside: string;
  /** Rows that the new one has of it. */
  rows: number;
  /** Tables of which some could not be read. */
  lost: readonly string[];
}

/** Whether there is a database in a folder of which some could not be read the last time. */
export function isSuspect(folder: string): boolean {
  return existsSync(suspectMark(join(folder, DATABASE_FILE)));
}

/**
 * Sets the database of a folder aside when it is damaged, and puts a new one in its place with all that can be read of it; null: there is
 * nothing wrong with it, or there is none. Nobody may have it open.
 */
export function salvage(folder: string, stamp: string): Salvage | null {
  const path = join(folder, DATABASE_FILE);
  const isToBe = existsSync(path) && isDamaged(path);
  rmSync(suspectMark(path), { force: true });
  if (!isToBe) return null;
  const aside = moveAside(folder, stamp);
  using database = Database.open(folder, stamp);
  let old: DatabaseSync | null = null;
  try {
    old = new DatabaseSync(aside);
    return { aside, ...carryOver(old, database) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { aside, rows: 0, lost: ["all"] };
  } finally {
    old?.close();
  }
}

/** NOTE: reads all of it, which takes seconds where it is large: for when something is known to be wrong. */
function isDamaged(path: string): boolean {
  let sqlite: DatabaseSync | null = null;
  try {
    sqlite = new DatabaseSync(path);
    return sqlite.prepare("PRAGMA quick_check(1)").get()?.quick_check !== "ok";
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return true;
  } finally {
    sqlite?.close();
  }
}

function carryOver(old: DatabaseSync, database: Database): Omit<Salvage, "aside"> {
  const [present] = database.all("PRAGMA user_version");
  const before = old.prepare("PRAGMA user_version").get();
  // Tables of another version are others.
  if (before?.user_version !== present?.user_version) return { rows: 0, lost: ["all"] };
  let rows = 0;
  const lost: string[] = [];
  const tables = database.all("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  // What refers to others comes after them.
  database.run("PRAGMA foreign_keys = OFF");
  for (const { name, sql } of tables) {
    const has = copyTable(old, database, String(name), !String(sql).includes("WITHOUT ROWID"));
    rows += has.rows;
    if (!has.whole) lost.push(String(name));
  }
  database.run("PRAGMA foreign_keys = ON");
  return { rows, lost };
}

/** From the first row up to where it is damaged, and, where rows have numbers, from the last one down to there. */
function copyTable(
  old: DatabaseSync,
  database: Database,
  table: string,
  isNumbered: boolean,
): { rows: number; whole: boolean } {
  const before = countOf(database, table);
  const whole = copyRows(old, database, table, "");
  if (!whole && isNumbered) copyRows(old, database, table, "ORDER BY rowid DESC");
  return { rows: countOf(database, table) - before, whole };
}

function copyRows(old: DatabaseSync, database: Database, table: string, order: string): boolean {
  let whole = true;
  database.transaction(() => {
    try {
      for (const row of old.prepare(`SELECT * FROM ${table} ${order}`).iterate()) {
        const values = Object.values(row);
        database.run(`INSERT OR IGNORE INTO ${table} VALUES (${values.map(() => "?").join(", ")})`, ...values);
      }
    } catch (error) {
      if (!isRefusal(error)) throw error;
      whole = false;
    }
  }, "lazy");
  return whole;
}

function countOf(database: Database, table: string): number {
  return Number(database.all(`SELECT count(*) AS count FROM ${table}`)[0]?.count);
}
