import type { Gap } from "../model/instance-settings.ts";
import type { Database } from "../store/database.ts";

/** What of an instance's history an earlier run was still to ask for; null: nothing. */
export function gapOf(database: Database, instance: string): Gap | null {
  const [row] = database.all("SELECT began, ended FROM gap WHERE instance = ?", instance);
  return row ? { from: Number(row.began), to: Number(row.ended) } : null;
}

/** Remembers what is still to be asked for, or that nothing is. A database that cannot be written stops nothing else: this run asks all the same. */
export function rememberGap(database: Database, instance: string, gap: Gap | null): void {
  database.spare(() => {
    if (gap) database.run("INSERT OR REPLACE INTO gap VALUES (?, ?, ?)", instance, gap.from, gap.to);
    else database.run("DELETE FROM gap WHERE instance = ?", instance);
  });
}
