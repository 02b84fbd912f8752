import type { Instant } from "../kit/units.ts";
import type { Alert, AlertLevel } from "../model/alert.ts";
import type { Database } from "../store/database.ts";
import type { Told } from "./judge.ts";

/** Levels of escalation that were reached, by alert and when it began. */
type Levels = Map<string, Map<string, Set<number>>>;

/** What each channel knows of the alerts. Writes belong in the transaction of what they go with. */
export class ToldBook {
  readonly #database: Database;
  #levels: Levels;

  constructor(database: Database) {
    this.#database = database;
    this.#levels = this.#readLevels();
  }

  /** null: it never heard of it. */
  of(channel: string, alert: string): Told | null {
    const [row] = this.#database.all(
      "SELECT * FROM notification_told WHERE channel = ? AND alert = ?",
      ...[channel, alert],
    );
    return row ? toTold(row) : null;
  }

  /** Channels for which the alert fires, as far as they know. */
  knowing(alert: string): string[] {
    const rows = this.#database.all("SELECT channel FROM notification_told WHERE alert = ? AND over IS NULL", alert);
    return rows.map(({ channel }) => String(channel));
  }

  /** Who is to be reminded: of alerts that fire, when each channel was last told. */
  last(): { channel: string; alert: string; at: Instant }[] {
    return this.#database
      .all("SELECT channel, alert, max(at, ifnull(reminded, 0)) AS at FROM notification_told WHERE over IS NULL")
      .map(({ channel, alert, at }) => ({ channel: String(channel), alert: String(alert), at: Number(at) }));
  }

  /** How many alerts that a receiver knows under this key it still takes to fire, those of `but` aside. */
  openUnder(channel: string, dedup: string, but: readonly string[]): number {
    const [row] = this.#database.all(
      `SELECT count(*) AS count FROM notification_told
       WHERE channel = ? AND dedup = ? AND over IS NULL AND alert NOT IN (SELECT value FROM json_each(?))`,
      ...[channel, dedup, JSON.stringify(but)],
    );
    return Number(row?.count);
  }

  /** The channel was told, or, not `certain`, may have been, that the alert fires. */
  told(channel: string, { id, level }: Pick<Alert, "id" | "level">, dedup: string, at: Instant, certain = true): void {
    this.#database.run(
      `INSERT INTO notification_told (channel, alert, at, level, certain, dedup) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET at = excluded.at, level = excluded.level, over = NULL, certain = excluded.certain,
         dedup = excluded.dedup, reminded = NULL`,
      ...[channel, id, at, level, Number(certain), dedup],
    );
  }

  /** It will be reminded, or is: the next time is counted from here. */
  reminded(channel: string, alert: string, at: Instant): void {
    this.#database.run(
      "UPDATE notification_told SET reminded = ? WHERE channel = ? AND alert = ?",
      ...[at, channel, alert],
    );
  }

  /** The alert is over for the channel, whether it was told so or not. */
  over(channel: string, alert: string, at: Instant): void {
    this.#database.run(
      "UPDATE notification_told SET over = ? WHERE channel = ? AND alert = ? AND over IS NULL",
      ...[at, channel, alert],
    );
  }

  overForAll(alert: string, at: Instant): void {
    this.#database.run("UPDATE notification_told SET over = ? WHERE alert = ? AND over IS NULL", at, alert);
  }

  forgetChannel(channel: string): void {
    this.#database.run("DELETE FROM notification_told WHERE channel = ?", channel);
  }

  /** Forgets what has been over since before then, and the escalations of what fires no longer. */
  forget(before: Instant, firing: { find(id: string): object | null }): void {
    this.#database.run("DELETE FROM notification_told WHERE over < ?", before);
    for (const [alert] of this.#levels) {
      if (firing.find(alert)) continue;
      this.#database.run("DELETE FROM notification_escalated WHERE alert = ? AND at < ?", alert, before);
    }
    this.#levels = this.#readLevels();
  }

  /** Levels of escalation that the alert has reached since it began. */
  escalated({ id, startTime }: Alert): ReadonlySet<number> {
    return this.#levels.get(id)?.get(startTime) ?? NONE;
  }

  escalate({ id, startTime }: Alert, level: number, at: Instant): void {
    this.#database.run("INSERT OR IGNORE INTO notification_escalated VALUES (?, ?, ?, ?)", id, startTime, level, at);
    this.#remember(this.#levels, id, startTime, level);
  }

  /** In memory, because every alert is asked about every few seconds. */
  #readLevels(): Levels {
    const levels: Levels = new Map();
    for (const { alert, start, level } of this.#database.all("SELECT alert, start, level FROM notification_escalated"))
      this.#remember(levels, String(alert), String(start), Number(level));
    return levels;
  }

  #remember(levels: Levels, alert: string, start: string, level: number): void {
    const starts = levels.get(alert) ?? new Map<string, Set<number>>();
    starts.set(start, (starts.get(start) ?? new Set()).add(level));
    levels.set(alert, starts);
  }
}

const NONE: ReadonlySet<number> = new Set();

function toTold({ at, level, over, certain, dedup }: Record<string, unknown>): Told {
  return {
    at: Number(at),
    level: level as AlertLevel,
    over: over === null ? null : Number(over),
    certain: certain === 1,
    dedup: String(dedup),
  };
}
