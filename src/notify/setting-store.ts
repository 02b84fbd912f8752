import type { Language } from "../model/user-settings.ts";
import type { Database } from "../store/database.ts";

/** Seals what is kept; what was sealed in one context opens in no other. */
export interface Sealing {
  close(secret: string, context: string): Uint8Array;
  /** Throws when it cannot be opened. */
  open(sealed: Uint8Array, context: string): string;
}

/** What holds for all channels. */
export interface General {
  /** Empty: no links. */
  publicUrl: string;
  allowedPrivateNetworks: string[];
  canary: { enabled: boolean; hour: number };
  /** That messages are written in. */
  language: Language;
}

export const NO_GENERAL: General = {
  publicUrl: "",
  allowedPrivateNetworks: [],
  canary: { enabled: true, hour: 9 },
  language: "en",
};

/** Settings by their id, each sealed as a whole: addresses of webhooks are secrets, too. */
export class SettingStore {
  readonly #database: Database;
  readonly #seal: Sealing;

  constructor(database: Database, seal: Sealing) {
    this.#database = database;
    this.#seal = seal;
  }

  get general(): General {
    return { ...NO_GENERAL, ...this.read<General>("general") };
  }

  /** null: nothing is kept. */
  read<T>(id: string): T | null {
    const [row] = this.#database.all("SELECT id, sealed FROM notification_setting WHERE id = ?", id);
    return row ? this.#open<T>(row) : null;
  }

  /** All whose id begins so, in the order in which they were entered. */
  readAll<T>(prefix: string): T[] {
    return this.#database
      .all("SELECT id, sealed FROM notification_setting WHERE substr(id, 1, length(?1)) = ?1 ORDER BY position", prefix)
      .map(row => this.#open<T>(row));
  }

  write(id: string, settings: unknown): void {
    this.#database.run(
      `INSERT INTO notification_setting (id, position, sealed)
       VALUES (?1, (SELECT ifnull(max(position), 0) + 1 FROM notification_setting), ?2)
       ON CONFLICT DO UPDATE SET sealed = excluded.sealed`,
      ...[id, this.#seal.close(JSON.stringify(settings), contextOf(id))],
    );
  }

  remove(id: string): void {
    this.#database.run("DELETE FROM notification_setting WHERE id = ?", id);
  }

  #open<T>({ id, sealed }: Record<string, unknown>): T {
    return JSON.parse(this.#seal.open(sealed as Uint8Array, contextOf(String(id)))) as T;
  }
}

function contextOf(id: string): string {
  return `notification ${id}`;
}
