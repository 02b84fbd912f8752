import type { History } from "./history/history.ts";
import { samplesOf } from "./history/metrics.ts";
import type { Log } from "./kit/log.ts";
import type { Instant } from "./kit/units.ts";
import type { PastSeen } from "./model/observation.ts";
import type { Picture } from "./model/picture.ts";

/**
 * What every tick does: keeps what the picture shows, except for what is stale. The picture is asked, and not each observation, because
 * it alone knows what is stale, so that nothing stale is ever kept; because all instances together then make one small write a tick; and
 * because an instance that is looked at every minute has no gaps then. A database that cannot be written stops nothing else: it is told
 * once, and what was to be kept is written when it can be again.
 */
export function historyKeeper(history: History, picture: Picture, log: Log): (at: Instant) => void {
  let refused = false;
  return at => {
    try {
      history.record(at, samplesOf(picture));
      if (refused) log("info", "History is written again");
      refused = false;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (!refused) log("error", "History cannot be written", { reason: error.message });
      refused = true;
    }
  };
}

/** Keeps what a server remembered of a resource; when the database refuses that, it is asked for again another time. */
export function keepPast(history: History, seen: PastSeen, log: Log): void {
  try {
    history.importPast(seen);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    log("warn", "Imported history cannot be written", { resource: seen.resource, reason: error.message });
  }
}

/** The database itself says no: the disk is full, or read-only, or broken. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === "ERR_SQLITE_ERROR";
}
