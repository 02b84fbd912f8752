import type { ArchivePosition } from "../model/archive.ts";
import type { Database } from "../store/database.ts";
import type { Positions } from "./archive.ts";

/** How far an archive is, in the database of a Pulse that is alone. */
export class PositionBook implements Positions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async read(url: string): Promise<ArchivePosition | null> {
    const [row] = this.#database.all("SELECT done, upto, late FROM archive_position WHERE url = ?", url);
    if (!row) return null;
    const { done, upto, late } = row;
    return {
      ...{ done: Number(done), upto: upto === null ? null : Number(upto) },
      ...(late === null ? {} : { late: Number(late) }),
    };
  }

  /** Only of the archive that there is: one that comes back later begins anew. */
  async write(url: string, { done, upto, late }: ArchivePosition): Promise<void> {
    this.#database.transaction(() => {
      this.#database.run("DELETE FROM archive_position WHERE url <> ?", url);
      const sql = "INSERT OR REPLACE INTO archive_position (url, done, upto, late) VALUES (?, ?, ?, ?)";
      this.#database.run(sql, url, done, upto, late ?? null);
    }, "lazy");
  }
}
