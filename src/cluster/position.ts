import { DAY, type Instant, MINUTE, type Millis } from "../kit/units.ts";
import type { Database } from "../store/database.ts";

/** How far a core is, or was, in one stream. */
export interface Position {
  /** When the stream was made, by which it is told from another of the same name. */
  stream: string;
  /** Of the last entry whose effects are kept. */
  sequence: number;
  /** From here on it is read again after a start, to know what is in memory only. */
  warm: number;
  /** When NATS stored the last tick. */
  tick: Instant;
  /** ... and the last command that was done; 0: none was. */
  command: Instant;
  /** From when on there is a history here. */
  began: Instant;
  /** The last tick that was judged. */
  judged: Instant;
}

/** So much is read again: longer than what is looked at often takes to come once. */
export const WARM: Millis = 2 * MINUTE;
/** How far it was in a stream that is no more is known for so long. */
const REMEMBERED: Millis = 30 * DAY;

/** Keeps how far a core is, in the transaction that keeps what it came to. */
export class PositionBook {
  readonly #database: Database;
  readonly #begins: () => Instant | null;
  #stream = "";
  #began: Instant;
  /** Ticks and the entries at which they stood, the oldest first. */
  #marks: { at: Instant; sequence: number }[] = [];

  /** `begins`: from when on there is a history here; null: there is none. */
  constructor(database: Database, begins: () => Instant | null = () => null) {
    this.#database = database;
    this.#begins = begins;
    this.#began = this.all().at(-1)?.began ?? 0;
  }

  /** In every stream that is remembered, the last one last. */
  all(): Position[] {
    return this.#database.all("SELECT * FROM cluster_position ORDER BY tick").map(row => ({
      ...{ stream: String(row.stream), sequence: Number(row.sequence), warm: Number(row.warm) },
      ...{ tick: Number(row.tick), command: Number(row.command), began: Number(row.began) },
      judged: Number(row.judged),
    }));
  }

  /** Keeps positions in the stream that was made at `stream` from now on. */
  open(stream: string): void {
    this.#stream = stream;
    const position = this.all().find(one => one.stream === stream);
    this.#marks = position ? [{ at: Number.NEGATIVE_INFINITY, sequence: position.warm }] : [];
  }

  /** Marks of before lie in what is no more. */
  startAnew(): void {
    this.#marks = [];
  }

  /**
   * It is read from entry `sequence` on: until more than `WARM` of it was read, it is to be read from there again, as what is left out before was
   * overtaken by then, and nobody finds it any more.
   */
  begin(sequence: number): void {
    if (this.#marks.length === 0) this.#marks.push({ at: Number.NEGATIVE_INFINITY, sequence });
  }

  /** To be called within the transaction that keeps what the tick came to. `command` and `judged`: see `Position`. */
  keep(sequence: number, at: Instant, { command, judged }: Pick<Position, "command" | "judged">): void {
    if (this.#began === 0) this.#began = this.#begins() ?? at;
    this.#marks.push({ at, sequence });
    while ((this.#marks[1]?.at ?? at) <= at - WARM) this.#marks.shift();
    this.#database.run("DELETE FROM cluster_position WHERE tick < ?", at - REMEMBERED);
    this.#database.run(
      "INSERT OR REPLACE INTO cluster_position (stream, sequence, warm, tick, began, command, judged) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ...[this.#stream, sequence, this.#marks[0]?.sequence ?? sequence, at, this.#began, command, judged],
    );
  }

  /** A command was done, also after the last tick. */
  note(command: Instant): void {
    this.#database.run("UPDATE cluster_position SET command = ? WHERE stream = ?", command, this.#stream);
  }
}
