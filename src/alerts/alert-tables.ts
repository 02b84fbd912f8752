import { DAY, type Instant, type Millis } from "../kit/units.ts";
import type { AlertEpisode, AlertLevel, Transition } from "../model/alert.ts";
import type { AlertConfig } from "../model/alert-config.ts";
import type { Database } from "../store/database.ts";
import type { Kept } from "./entry.ts";

const KEPT_FOR: Millis = 400 * DAY;
const MOST_EPISODES = 100_000;
const MOST_TRANSITIONS = 400_000;
/** So many transitions between two looks for what is too old. */
const TRIM_EVERY = 500;

export interface EpisodeQuery {
  limit: number;
  offset: number;
  /** That still fired then, or later. */
  from: Instant | null;
  /** That began before. */
  to: Instant | null;
  level: AlertLevel | null;
  resource: string | null;
  type: string | null;
}

export interface TransitionQuery {
  limit: number;
  alert: string | null;
  resource: string | null;
  from: Instant | null;
  to: Instant | null;
  /** Only those with a number below. */
  before: number | null;
}

/** An episode as it is written. */
export interface EpisodeRow {
  number: number;
  began: Instant;
  ended: Instant | null;
  how: AlertEpisode["ended"];
  worst: AlertLevel;
  alert: Transition["alert"];
}

/** The alerts in the database. */
export class AlertTables {
  readonly #database: Database;
  #untilTrim = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  config(): Partial<AlertConfig> | null {
    const [row] = this.#database.all("SELECT config FROM alert_config");
    return row ? (JSON.parse(String(row.config)) as Partial<AlertConfig>) : null;
  }

  putConfig(config: AlertConfig): void {
    this.#database.run("INSERT OR REPLACE INTO alert_config VALUES (1, ?)", JSON.stringify(config));
  }

  /** By which alerts were last judged; null: not known. */
  rules(): { present: AlertConfig; before: AlertConfig | null } | null {
    const [row] = this.#database.all("SELECT present, before FROM alert_rules");
    if (!row) return null;
    return {
      present: JSON.parse(String(row.present)) as AlertConfig,
      before: row.before === null ? null : (JSON.parse(String(row.before)) as AlertConfig),
    };
  }

  putRules({ present, before }: { present: AlertConfig; before: AlertConfig | null }): void {
    const old = before && JSON.stringify(before);
    this.#database.run("INSERT OR REPLACE INTO alert_rules VALUES (1, ?, ?)", JSON.stringify(present), old);
  }

  states(): Kept[] {
    return this.#database.all("SELECT state FROM alert_state").map(({ state }) => JSON.parse(String(state)) as Kept);
  }

  putState(kept: Kept): void {
    this.#database.run("INSERT OR REPLACE INTO alert_state VALUES (?, ?)", kept.id, JSON.stringify(kept));
  }

  removeState(id: string): void {
    this.#database.run("DELETE FROM alert_state WHERE id = ?", id);
  }

  notes(): string | null {
    const [row] = this.#database.all("SELECT notes FROM alert_notes");
    return row ? String(row.notes) : null;
  }

  putNotes(notes: string): void {
    this.#database.run("INSERT OR REPLACE INTO alert_notes VALUES (1, ?)", notes);
  }

  /** The highest numbers that have been given. */
  numbers(): { transition: number; episode: number } {
    const rows = this.#database.all("SELECT name, seq FROM main.sqlite_sequence");
    const of = (table: string) => Number(rows.find(({ name }) => name === table)?.seq ?? 0);
    return { transition: of("alert_transition"), episode: of("alert_episode") };
  }

  addTransition({ number, kind, at, alert, reason, user }: Transition): void {
    this.#database.run(
      "INSERT OR REPLACE INTO alert_transition VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      ...[number, at, kind, alert.id, alert.resourceId, reason, user, JSON.stringify(alert)],
    );
    this.#untilTrim -= 1;
  }

  putEpisode({ number, began, ended, how, worst, alert }: EpisodeRow): void {
    this.#database.run(
      "INSERT OR REPLACE INTO alert_episode VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      ...[number, alert.id, alert.resourceId, alert.type, worst, began, ended, how, JSON.stringify(alert)],
    );
  }

  /** Removes what is too old, or too much. */
  trim(now: Instant): void {
    if (this.#untilTrim > 0) return;
    this.#untilTrim = TRIM_EVERY;
    const { transition, episode } = this.numbers();
    this.#database.run(
      "DELETE FROM alert_episode WHERE ended IS NOT NULL AND (ended < ? OR number <= ?)",
      ...[now - KEPT_FOR, episode - MOST_EPISODES],
    );
    this.#database.run(
      "DELETE FROM alert_transition WHERE at < ? OR number <= ?",
      ...[now - KEPT_FOR, transition - MOST_TRANSITIONS],
    );
  }

  /** The newest first. */
  episodes({ limit, offset, from, to, level, resource, type }: EpisodeQuery, now: Instant): AlertEpisode[] {
    const rows = this.#database.all(
      `SELECT * FROM alert_episode WHERE (?1 IS NULL OR ended IS NULL OR ended >= ?1) AND (?2 IS NULL OR began < ?2)
         AND (?3 IS NULL OR worst = ?3) AND (?4 IS NULL OR resource_id = ?4) AND (?5 IS NULL OR type = ?5)
         ORDER BY began DESC, number DESC LIMIT ?6 OFFSET ?7`,
      ...[from, to, level, resource, type, limit, offset],
    );
    return rows.map(row => {
      const ended = row.ended === null ? null : Number(row.ended);
      return {
        ...(JSON.parse(String(row.alert)) as Transition["alert"]),
        endTime: ended === null ? null : new Date(ended).toISOString(),
        ended: row.how as AlertEpisode["ended"],
        duration: Math.max(0, Math.round(((ended ?? now) - Number(row.began)) / 1000)),
        worst: row.worst as AlertLevel,
      };
    });
  }

  /** The newest first. */
  transitions({ limit, alert, resource, from, to, before }: TransitionQuery): Transition[] {
    const rows = this.#database.all(
      `SELECT * FROM alert_transition WHERE (?1 IS NULL OR number < ?1) AND (?2 IS NULL OR alert_id = ?2)
         AND (?3 IS NULL OR resource_id = ?3) AND (?4 IS NULL OR at >= ?4) AND (?5 IS NULL OR at < ?5)
         ORDER BY number DESC LIMIT ?6`,
      ...[before, alert, resource, from, to, limit],
    );
    return rows.map(row => ({
      number: Number(row.number),
      kind: row.kind as Transition["kind"],
      at: Number(row.at),
      alert: JSON.parse(String(row.alert)) as Transition["alert"],
      reason: row.reason === null ? null : String(row.reason),
      user: row.user === null ? null : String(row.user),
    }));
  }

  /** How many fired and were resolved since then. */
  countSince(since: Instant, resource: string | null): { fired: number; resolved: number } {
    const rows = this.#database.all(
      `SELECT kind, count(*) AS count FROM alert_transition WHERE at >= ? AND kind IN ('fired', 'resolved')
         ${resource === null ? "" : "AND resource_id = ?"} GROUP BY kind`,
      ...[since, ...(resource === null ? [] : [resource])],
    );
    const of = (kind: string) => Number(rows.find(row => row.kind === kind)?.count ?? 0);
    return { fired: of("fired"), resolved: of("resolved") };
  }

  /** Forgets alerts that are over; every step but those of alerts that fire. */
  clearHistory(): void {
    this.#database.transaction(() => {
      this.#database.run(
        "DELETE FROM alert_transition WHERE alert_id NOT IN (SELECT alert_id FROM alert_episode WHERE ended IS NULL)",
      );
      this.#database.run("DELETE FROM alert_episode WHERE ended IS NOT NULL");
    });
  }
}
