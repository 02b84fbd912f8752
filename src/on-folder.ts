import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CommandOutcome } from "./account-command.ts";
import { askRunningServer } from "./control-socket.ts";
import type { Clock } from "./kit/clock.ts";
import { type Millis, SECOND } from "./kit/units.ts";
import { DATABASE_FILE, Database, StoreError } from "./store/database.ts";

/** A server that is starting, or opens anew after an import, holds the database and does not listen yet. */
const PATIENCE: Millis = 5 * SECOND;

/**
 * Does to a data folder what the command line asks for: the server that runs on it answers `question`, and when none runs, `offline` does it
 * with the database. Throws StoreError when the database cannot be used, and what the socket throws when the running server cannot be
 * reached.
 */
export async function onFolder(
  dataDir: string,
  clock: Clock,
  question: unknown,
  offline: (database: Database) => CommandOutcome | Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  if (!existsSync(join(dataDir, DATABASE_FILE)))
    return { ok: false, text: `There is no Pulse in "${dataDir}": set PULSE_DATA_DIR to its data folder` };
  for (const deadline = clock.now() + PATIENCE; ; await clock.sleep(100)) {
    try {
      using database = Database.open(dataDir, String(clock.now()));
      return await offline(database);
    } catch (error) {
      if (!(error instanceof StoreError) || error.fault !== "in-use") throw error;
    }
    try {
      return (await askRunningServer(dataDir, question)) as CommandOutcome;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).syscall !== "connect" || clock.now() >= deadline) throw error;
    }
  }
}
