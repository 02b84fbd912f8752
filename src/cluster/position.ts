import type { Instant, Millis } from "../kit/units.ts";
import { MINUTE } from "../kit/units.ts";
import type { Database } from "../store/database.ts";

/** How far a core is. */
export interface Position {
  /** Of the last entry whose effects are kept. */
  sequence: number;
  /** From here on it is read again after a start, to know what is in memory only. */
  warm: number;
  /** The last tick. */
  tick: Instant;
}

/** So much is read again: longer than what is looked at often takes to come once. */
const WARM: Millis = 2 * MINUTE;

/** Keeps how far a core is, in the transaction that keeps what it came to. */
export class PositionBook {
  readonly #database: Database;
  #stream = "";
  /** Ticks and the entries at which they stood, the oldest first. */
  #marks: { at: Instant; sequence: number }[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  /** The position in the stream that was made at `stream`, whose last entry is `last`; null: in none, or in another, or it lost some. */
  open(stream: string, last: number): Position | null {
    this.#stream = stream;
    const [row] = this.#database.all("SELECT sequence, warm, tick FROM cluster_position WHERE stream = ?", stream);
    const position = row && { sequence: Number(row.sequence), warm: Number(row.warm), tick: Number(row.tick) };
    if (!position || position.sequence > last) return null;
    this.#marks = [{ at: Number.NEGATIVE_INFINITY, sequence: position.warm }];
    return position;
  }

  /** To be called within the transaction that keeps what the tick came to. */
  keep(sequence: number, at: Instant): void {
    this.#marks.push({ at, sequence });
    while ((this.#marks[1]?.at ?? at) <= at - WARM) this.#marks.shift();
    this.#database.run("DELETE FROM cluster_position WHERE stream <> ?", this.#stream);
    this.#database.run(
      "INSERT OR REPLACE INTO cluster_position VALUES (?, ?, ?, ?)",
      ...[this.#stream, sequence, this.#marks[0]?.sequence ?? sequence, at],
    );
  }
}
