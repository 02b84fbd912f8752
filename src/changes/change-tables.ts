import { DAY, type Instant, type Millis } from "../kit/units.ts";
import type { EstateChange, EstateChangeQuery } from "../model/estate-change.ts";
import type { Database } from "../store/database.ts";
import type { Facts } from "./facts.ts";

const KEPT_FOR: Millis = 30 * DAY;
const MOST_CHANGES = 50_000;

/** What is kept of something: how it last was, and of an instance whether all that is in it has been taken in. */
export type KeptFacts = Facts & { settled?: boolean };

/** Changes, and what they are found by, in the database. */
export class ChangeTables {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  facts(): [id: string, facts: KeptFacts][] {
    return this.#database
      .all("SELECT id, facts FROM estate_fact")
      .map(({ id, facts }) => [String(id), JSON.parse(String(facts)) as KeptFacts]);
  }

  putFacts(id: string, facts: KeptFacts): void {
    this.#database.run("INSERT OR REPLACE INTO estate_fact VALUES (?, ?)", id, JSON.stringify(facts));
  }

  removeFacts(id: string): void {
    this.#database.run("DELETE FROM estate_fact WHERE id = ?", id);
  }

  /** The highest number that is in use; 0: none. */
  get newest(): number {
    const [row] = this.#database.all("SELECT max(number) AS newest FROM estate_change");
    return Number(row?.newest ?? 0);
  }

  add(change: EstateChange): void {
    this.#database.run(
      "INSERT OR REPLACE INTO estate_change VALUES (?, ?, ?, ?)",
      ...[change.number, change.at, change.resource, JSON.stringify(change)],
    );
  }

  remove(number: number): void {
    this.#database.run("DELETE FROM estate_change WHERE number = ?", number);
  }

  /** Removes what is too old, or too much. */
  trim(now: Instant): void {
    const newest = this.newest;
    this.#database.run("DELETE FROM estate_change WHERE at < ? OR number <= ?", now - KEPT_FOR, newest - MOST_CHANGES);
  }

  /** The newest first. */
  read({ since, limit, resource }: EstateChangeQuery): EstateChange[] {
    const which = resource === null ? "at >= ?" : "at >= ? AND resource = ?";
    return this.#database
      .all(
        `SELECT change FROM estate_change WHERE ${which} ORDER BY at DESC, number DESC LIMIT ?`,
        ...[since, ...(resource === null ? [] : [resource]), limit],
      )
      .map(({ change }) => JSON.parse(String(change)) as EstateChange);
  }

  count({ since, resource }: Pick<EstateChangeQuery, "since" | "resource">): number {
    const which = resource === null ? "at >= ?" : "at >= ? AND resource = ?";
    const [row] = this.#database.all(
      `SELECT count(*) AS count FROM estate_change WHERE ${which}`,
      ...[since, ...(resource === null ? [] : [resource])],
    );
    return Number(row?.count ?? 0);
  }
}
