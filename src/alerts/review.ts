import { equal } from "../kit/equal.ts";
import type { AlertConfig } from "../model/alert-config.ts";
import type { AlertTables } from "./alert-tables.ts";
import { DEFAULTS } from "./defaults.ts";
import type { Entries } from "./entries.ts";
import type { Entry } from "./entry.ts";
import { RuleBook } from "./rule-book.ts";

/**
 * What becomes of alerts that fire when the rules change: one that fired by those before and does not by those now has not become well, and
 * nobody is told that it has. Each is looked at so until fresh data says that it is bad by the present rules, too. It makes no difference
 * whether the rules changed while Pulse ran, by another pulse.yaml, or by another version.
 */
export class Review {
  readonly #tables: AlertTables;
  readonly #entries: Entries;
  #present: AlertConfig;
  #before: RuleBook | null;
  #isUnsaved = false;

  /** `entries`: with all that the last run left. */
  constructor(tables: AlertTables, entries: Entries, config: AlertConfig) {
    this.#tables = tables;
    this.#entries = entries;
    const kept = tables.rules();
    this.#present = toJudging(kept?.present ?? config);
    this.#before = kept?.before ? new RuleBook(kept.before) : null;
    // A version that kept no rules judged by these, for all that is known.
    this.#isUnsaved = kept === null;
    this.change(config);
  }

  /** The rules until now; null: there is no alert that has not been judged by the present ones. */
  get before(): RuleBook | null {
    return this.#before;
  }

  /** Something of it has to be written. */
  get isDue(): boolean {
    return this.#isUnsaved;
  }

  /** From now on `config` counts. */
  change(whole: AlertConfig): void {
    const config = toJudging(whole);
    if (equal(config, this.#present)) return;
    const before = this.#before ?? new RuleBook(this.#present);
    this.#present = config;
    this.#isUnsaved = true;
    const firing = [...this.#entries].filter(({ state }) => state.phase === "firing");
    for (const entry of firing) entry.review = true;
    this.#before = firing.length > 0 ? before : null;
  }

  /** After a pass: there may be none left. */
  settle(): void {
    if (this.#before === null) return;
    let isLeft = false;
    for (const entry of this.#entries) {
      if (entry.state.phase !== "firing") entry.review = false;
      isLeft ||= entry.review;
      this.#isUnsaved ||= isOther(entry);
    }
    if (isLeft) return;
    this.#before = null;
    this.#isUnsaved = true;
  }

  /** To be called within a transaction. */
  write(): void {
    if (!this.#isUnsaved) return;
    this.#tables.putRules({ present: this.#present, before: this.#before?.config ?? null });
    for (const entry of this.#entries) entry.unsaved ||= isOther(entry);
  }

  written(): void {
    this.#isUnsaved = false;
  }
}

/** What alerts are judged by: whom they are told, and when, is no part of it. */
function toJudging(config: AlertConfig): AlertConfig {
  return { ...config, schedule: DEFAULTS.schedule };
}

/** The database has it otherwise. */
function isOther({ review, reviewKept }: Entry): boolean {
  return review !== reviewKept;
}
