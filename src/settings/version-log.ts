import type { Instant } from "../kit/units.ts";
import type { Database } from "../store/database.ts";

/** One version took the place of another. */
export interface VersionChange {
  id: string;
  at: Instant;
  from: string;
  to: string;
}

/** The versions that have run on this data folder. */
export class VersionLog {
  readonly #database: Database;

  /** Notes that `version` runs, when another one ran before, or none. */
  constructor(database: Database, version: string, now: Instant) {
    this.#database = database;
    const [last] = database.all("SELECT version FROM version_run ORDER BY number DESC LIMIT 1");
    if (last?.version !== version) database.run("INSERT INTO version_run (at, version) VALUES (?, ?)", now, version);
  }

  /** The newest first; the version that ran first has taken nothing's place. */
  changes(): VersionChange[] {
    const runs = this.#database.all("SELECT number, at, version FROM version_run ORDER BY number DESC");
    return runs.slice(0, -1).map(({ number, at, version }, place) => ({
      id: String(number),
      at: Number(at),
      from: String(runs[place + 1]?.version),
      to: String(version),
    }));
  }
}
