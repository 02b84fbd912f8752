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
    const [row] = this.#database.all("SELECT done, upto FROM archive_position WHERE url = ?", url);
    return row ? { done: Number(row.done), upto: row.upto === null ? null : Number(row.upto) } : null;
  }

  /** Only of the archive that there is: one that comes back later begins anew. */
  async write(url: string, { done, upto }: ArchivePosition): Promise<void> {
    this.#database.transaction(() => {
      this.#database.run("DELETE FROM archive_position WHERE url <> ?", url);
      this.#database.run("INSERT OR REPLACE INTO archive_position VALUES (?, ?, ?)", url, done, upto);
    }, "lazy");
  }
}
