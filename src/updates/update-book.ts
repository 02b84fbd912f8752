import { randomUUID } from "node:crypto";
import type { Instant } from "../kit/units.ts";
import type { UpdateChannel, UpdateEvent } from "../model/update.ts";
import type { Database } from "../store/database.ts";

/** An update that was asked for here. */
export interface Attempt {
  id: string;
  began: Instant;
  /** null: it goes on. */
  ended: Instant | null;
  /** `handing-over`: from now on who puts it in place says what becomes of it. */
  stage: "downloading" | "handing-over";
  status: UpdateEvent["status"];
  channel: UpdateChannel;
  from: string;
  to: string;
  by: string | null;
  via: UpdateEvent["initiated_via"];
  /** Where the database as it was before lies. */
  backup: string | null;
  fault: { code: string; message: string } | null;
}

/** The updates that this server was asked for, and what came of them; kept over the restart that an update is. */
export class UpdateBook {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  begin(attempt: Pick<Attempt, "began" | "channel" | "from" | "to" | "by" | "via">): Attempt {
    const id = randomUUID();
    const { began, channel, from, to, by, via } = attempt;
    this.#database.run(
      `INSERT INTO update_event (id, began, stage, status, channel, version_from, version_to, initiated_by, initiated_via)
       VALUES (?, ?, 'downloading', 'in_progress', ?, ?, ?, ?, ?)`,
      ...[id, began, channel, from, to, by, via],
    );
    return { ...attempt, id, ended: null, stage: "downloading", status: "in_progress", backup: null, fault: null };
  }

  handOver(id: string, backup: string): void {
    this.#database.run("UPDATE update_event SET stage = 'handing-over', backup = ? WHERE id = ?", backup, id);
  }

  end(id: string, status: Attempt["status"], fault: Attempt["fault"], at: Instant): void {
    const { code = null, message = null } = fault ?? {};
    this.#database.run(
      "UPDATE update_event SET ended = ?, status = ?, code = ?, error = ? WHERE id = ?",
      ...[at, status, code, message, id],
    );
  }

  /** The one that goes on, or was cut off; null: none. */
  get open(): Attempt | null {
    return this.all().find(({ ended }) => ended === null) ?? null;
  }

  /** The newest first. */
  all(): Attempt[] {
    const rows = this.#database.all("SELECT * FROM update_event ORDER BY began DESC, rowid DESC");
    return rows.map(row => ({
      id: String(row.id),
      began: Number(row.began),
      ended: row.ended === null ? null : Number(row.ended),
      stage: row.stage as Attempt["stage"],
      status: row.status as Attempt["status"],
      channel: row.channel as UpdateChannel,
      from: String(row.version_from),
      to: String(row.version_to),
      by: row.initiated_by === null ? null : String(row.initiated_by),
      via: row.initiated_via as Attempt["via"],
      backup: row.backup === null ? null : String(row.backup),
      fault: row.code === null ? null : { code: String(row.code), message: String(row.error) },
    }));
  }
}
