import type { History } from "./history/history.ts";
import type { Log } from "./kit/log.ts";
import type { PastSeen } from "./model/observation.ts";
import { isRefusal } from "./store/database.ts";

/** Keeps what a server remembered of a resource, or what came late of it; when the database refuses that, it is asked for again another time. */
export function keepPast(
  history: Pick<History, "importPast">,
  seen: PastSeen,
  log: Log,
  how: "remembered" | "late" = "remembered",
): void {
  try {
    history.importPast(seen, how);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // That it cannot be written is told by who writes all the time.
    log("debug", "Imported history cannot be written", { resource: seen.resource, reason: error.message });
  }
}
