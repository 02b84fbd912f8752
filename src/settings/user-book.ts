import { USUAL_PAGE, type UserChange, type UserSettings, withChange } from "../model/user-settings.ts";
import type { Database } from "../store/database.ts";

/** How people want the page, each for themselves. */
export class UserBook {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** What `who` sees; `theme`: where none was chosen. null: nobody that could choose. */
  of(who: string | null, theme: UserSettings["theme"]): UserSettings {
    return withChange({ ...USUAL_PAGE, theme }, who === null ? {} : this.#kept(who));
  }

  /** Changes what `change` names; on the disk when this returns. */
  change(who: string, change: UserChange): void {
    const next = withChange(this.#kept(who), change);
    this.#database.run("INSERT OR REPLACE INTO user_setting VALUES (?, ?)", who, JSON.stringify(next));
  }

  #kept(who: string): UserChange {
    const [row] = this.#database.all("SELECT settings FROM user_setting WHERE who = ?", who);
    return row ? (JSON.parse(String(row.settings)) as UserChange) : {};
  }
}
