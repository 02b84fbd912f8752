import type { Member } from "../model/instance-settings.ts";
import type { Database } from "../store/database.ts";

/** The members of a cluster as last learned; empty when nothing was. */
export function membersOf(database: Database, instance: string): Member[] {
  return database
    .all("SELECT node, url, fingerprint FROM member WHERE instance = ? ORDER BY node", instance)
    .map(row => ({
      node: String(row.node),
      url: String(row.url),
      fingerprint: row.fingerprint === null ? null : String(row.fingerprint),
    }));
}

/** Replaces what was known of the cluster's members. A database that cannot be written stops nothing else: the next start learns them anew. */
export function rememberMembers(database: Database, instance: string, members: readonly Member[]): void {
  database.spare(() =>
    database.transaction(() => {
      database.run("DELETE FROM member WHERE instance = ?", instance);
      for (const { node, url, fingerprint } of members)
        database.run("INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?)", instance, node, url, fingerprint);
    }),
  );
}
