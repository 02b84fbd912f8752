import { HOUR, type Instant } from "../kit/units.ts";
import type { Sheltered } from "../store/database.ts";

/**
 * What people are told by goes on in memory while the database cannot be written: what waits or is being sent, what was sent within the
 * hour (so many an hour, and no more), and what each channel knows. The rest of the log is not seen meanwhile.
 */
export function shelteredTables(now: Instant): Sheltered[] {
  const open = `status IN ('waiting', 'sending') OR delivered > ${now - HOUR}`;
  return [
    { table: "notification", rows: open },
    { table: "notification_alert", rows: `notification IN (SELECT id FROM main.notification WHERE ${open})` },
    { table: "notification_told", rows: "true" },
    { table: "notification_escalated", rows: "true" },
    { table: "notification_channel", rows: "true" },
  ];
}
