import type { UserChange, UserSettings } from "../model/user-settings.ts";
import type { Database } from "../store/database.ts";

/** Of a page that nobody has changed; the theme is the server's. */
const USUAL: Omit<UserSettings, "theme"> = {
  language: "system",
  layout: { startPage: "", guests: "nodes" },
  refreshInterval: 0,
  display: { trends: true },
};

/** How people want the page, each for themselves. */
export class UserBook {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** What `who` sees; `theme`: where none was chosen. null: nobody that could choose. */
  of(who: string | null, theme: UserSettings["theme"]): UserSettings {
    return merge({ theme, ...USUAL }, who === null ? {} : this.#kept(who));
  }

  /** Changes what `change` names; on the disk when this returns. */
  change(who: string, { theme, language, layout, refreshInterval, display }: UserChange): void {
    const kept = this.#kept(who);
    const next: UserChange = {
      ...kept,
      ...(theme === undefined ? {} : { theme }),
      ...(language === undefined ? {} : { language }),
      ...(layout ? { layout: { ...kept.layout, ...layout } } : {}),
      ...(refreshInterval === undefined ? {} : { refreshInterval }),
      ...(display ? { display: { ...kept.display, ...display } } : {}),
    };
    this.#database.run("INSERT OR REPLACE INTO user_setting VALUES (?, ?)", who, JSON.stringify(next));
  }

  #kept(who: string): UserChange {
    const [row] = this.#database.all("SELECT settings FROM user_setting WHERE who = ?", who);
    return row ? (JSON.parse(String(row.settings)) as UserChange) : {};
  }
}

function merge(usual: UserSettings, { theme, language, layout, refreshInterval, display }: UserChange): UserSettings {
  return {
    theme: theme ?? usual.theme,
    language: language ?? usual.language,
    layout: {
      startPage: layout?.startPage ?? usual.layout.startPage,
      guests: layout?.guests ?? usual.layout.guests,
    },
    refreshInterval: refreshInterval ?? usual.refreshInterval,
    display: { trends: display?.trends ?? usual.display.trends },
  };
}
