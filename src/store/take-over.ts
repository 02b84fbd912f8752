import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Instant } from "../kit/units.ts";
import { DATABASE_FILE } from "./database.ts";
import { MIGRATIONS } from "./migrations.ts";

/** A copy of another server's database that is to take the place of this one's at the next start. */
export const COMING_FILE = `${DATABASE_FILE}.coming`;
/** What is each server's own, and stays when it takes over what another one remembers. */
const OWN = ["audit", "version_run", "update_event", "gap", "member", "cluster_outbox"];
/** What is nobody's any more: who was signed in here may have been shut out meanwhile. */
const GONE = ["session"];
const ASIDE = `${DATABASE_FILE}.replaced-`;
/** How the group of a notification begins that tells the end of what only the memory knew that was replaced. */
export const LEFT = "left ";

/**
 * Puts what was fetched from another server in the place of the database in `folder`, which nobody may have open, but for what is this one's
 * own, and for the end of what it told people of and nobody else knows. The old one is set aside, and what was set aside before is removed.
 * Answers its new name, or why nothing was changed; null: nothing came.
 */
export function takeOver(folder: string, now: Instant): { aside: string | null } | { wrong: string } | null {
  const coming = join(folder, COMING_FILE);
  if (!existsSync(coming)) return null;
  const path = join(folder, DATABASE_FILE);
  const wrong = problemWith(coming, existsSync(path) ? path : null, now);
  if (wrong !== null) {
    for (const part of ["", "-wal", "-shm", "-journal"]) rmSync(coming + part, { force: true });
    return { wrong };
  }
  const aside = existsSync(path) ? `${ASIDE}${now}` : null;
  for (const name of readdirSync(folder)) if (name.startsWith(ASIDE)) rmSync(join(folder, name));
  for (const part of ["", "-wal", "-shm"])
    if (aside !== null && existsSync(path + part)) renameSync(path + part, join(folder, aside) + part);
  renameSync(coming, path);
  return { aside };
}

/** Brings what is this server's own into what came. Why it cannot be used, as the end of a sentence; null: it can. */
function problemWith(coming: string, own: string | null, now: Instant): string | null {
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
      sqlite.exec(replaced(sqlite, bring, leftBehind(now)));
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

/**
 * Queues the end of what people were told of by the memory that is replaced, where the one that comes knows nothing of it: nobody else would tell
 * it. NOTE: of what both know the one that comes tells the end, or has told it.
 */
function leftBehind(now: Instant): string {
  return `
    CREATE TEMP TABLE left_behind AS
      SELECT told.channel, told.alert, told.at, told.level, told.certain, told.dedup, episode.alert AS snapshot,
        entry.name, entry.service, entry.address
      FROM own.notification_told AS told
      JOIN own.alert_episode AS episode
        ON episode.number = (SELECT max(number) FROM own.alert_episode WHERE alert_id = told.alert)
      JOIN own.notification AS entry
        ON entry.id = (SELECT max(id) FROM own.notification WHERE channel = told.channel AND dedup = told.dedup)
      WHERE told.over IS NULL
        AND NOT EXISTS (SELECT 1 FROM main.alert_episode WHERE alert_id = told.alert AND began = episode.began);
    INSERT INTO main.notification
        (channel, name, service, address, reason, group_key, dedup, title, status, queued, due)
      SELECT channel, name, service, address, 'resolved', '${LEFT}' || alert, dedup, snapshot ->> 'message', 'waiting', ${now}, ${now}
      FROM temp.left_behind;
    INSERT INTO main.notification_alert
      SELECT id, alert, snapshot FROM temp.left_behind
      JOIN main.notification USING (channel) WHERE group_key = '${LEFT}' || alert AND queued = ${now};
    INSERT OR REPLACE INTO main.notification_told (channel, alert, at, level, certain, dedup)
      SELECT channel, alert, at, level, certain, dedup FROM temp.left_behind AS left_one
      WHERE NOT EXISTS (SELECT 1 FROM main.notification_told AS told
        WHERE told.channel = left_one.channel AND told.alert = left_one.alert AND told.over IS NULL);
    DROP TABLE temp.left_behind`;
}

/** `work` for each table that is the server's own, and `more`, in one transaction. NOTE: triggers keep the audit log from being changed, and are put back. */
function replaced(sqlite: DatabaseSync, work: (table: string) => string, more = ""): string {
  const tables = new Set(OWN);
  const triggers = sqlite
    .prepare("SELECT name, tbl_name, sql FROM main.sqlite_schema WHERE type = 'trigger'")
    .all()
    .filter(({ tbl_name }) => tables.has(String(tbl_name)));
  return [
    ...["BEGIN IMMEDIATE", ...triggers.map(({ name }) => `DROP TRIGGER main.${name}`)],
    ...[...GONE.map(table => `DELETE FROM main.${table}`), ...OWN.map(work), more],
    ...[...triggers.map(({ sql }) => String(sql)), "COMMIT"],
  ].join(";\n");
}
