import { equal } from "../kit/equal.ts";
import { isSystemField, type SystemChange, type SystemField, type SystemSettings } from "../model/system-settings.ts";
import type { Database } from "../store/database.ts";
import { BadInput } from "./instance-book.ts";
import { problemOf, type SystemLayer } from "./system-layer.ts";

/** A field that something else sets was to be changed. */
export class LockedField extends Error {
  override name = "LockedField";

  constructor(field: SystemField, by: string) {
    super(`${field}: is set by ${by}; change it there`);
  }
}

/** The system settings: what is usual, over it what is kept in the database, over both what environment and pulse.yaml set. */
export class SystemBook {
  readonly #database: Database;
  readonly #usual: SystemSettings;
  readonly #layer: SystemLayer;
  #kept: SystemChange;

  constructor(database: Database, usual: SystemSettings, layer: SystemLayer) {
    this.#database = database;
    this.#usual = usual;
    this.#layer = layer;
    this.#kept = readKept(database);
  }

  /** What counts. */
  get settings(): SystemSettings {
    const set = Object.entries(this.#layer).map(([field, { value }]) => [field, value]);
    return { ...this.#usual, ...this.#kept, ...(Object.fromEntries(set) as SystemChange) };
  }

  /** What sets the fields that cannot be changed here: a variable, or pulse.yaml. */
  get lockedBy(): Partial<Record<SystemField, string>> {
    return Object.fromEntries(Object.entries(this.#layer).map(([field, { by }]) => [field, by]));
  }

  /**
   * Keeps what `change` names and is not so already; on the disk when this returns. Names that are no fields are passed over. Throws
   * BadInput for a value that cannot be used, LockedField for a field that something else sets otherwise; nothing is changed then.
   */
  change(change: Readonly<Record<string, unknown>>): void {
    const before = this.settings;
    const named = Object.entries(change).filter((entry): entry is [SystemField, unknown] => isSystemField(entry[0]));
    for (const [field, value] of named) {
      const problem = problemOf(field, value);
      if (problem !== null) throw new BadInput(field, problem);
    }
    const changed = named.filter(([field, value]) => !equal(before[field], value));
    for (const [field] of changed) {
      const by = this.#layer[field]?.by;
      if (by !== undefined) throw new LockedField(field, by);
    }
    if (changed.length === 0) return;
    this.#database.transaction(() => {
      for (const [field, value] of changed)
        this.#database.run("INSERT OR REPLACE INTO system_setting VALUES (?, ?)", field, JSON.stringify(value));
    });
    this.#kept = { ...this.#kept, ...(Object.fromEntries(changed) as SystemChange) };
  }
}

/** What another version has kept and this one cannot use is passed over. */
function readKept(database: Database): SystemChange {
  const rows = database.all("SELECT field, value FROM system_setting");
  const kept = rows.map(({ field, value }) => [String(field), JSON.parse(String(value)) as unknown] as const);
  return Object.fromEntries(
    kept.filter(([field, value]) => isSystemField(field) && problemOf(field, value) === null),
  ) as SystemChange;
}
