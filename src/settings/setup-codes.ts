import { createHash, randomInt } from "node:crypto";
import { type Instant, MINUTE } from "../kit/units.ts";
import type { InstanceType } from "../model/instance-settings.ts";
import type { Database } from "../store/database.ts";

/** How long a code is good. */
const LIFE = 5 * MINUTE;
/** So many wrong codes make all open ones void: nobody types a code wrong that often. */
const MOST_WRONG = 10;
/** Nothing that is mistaken for something else when read aloud or typed: no 0, O, 1, I, L. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const LENGTH = 6;

/** What a code is good for. */
export interface SetupPurpose {
  type: InstanceType;
  /** Base URL, as it will be registered. */
  host: string;
}

/** One-time codes by which a server may register itself. They are kept as SHA3-256 only. */
export class SetupCodes {
  readonly #database: Database;
  #wrong = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A new code, good once, for `purpose` only, until `expires`. */
  issue({ type, host }: SetupPurpose, now: Instant): { code: string; expires: Instant } {
    const code = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
    const expires = now + LIFE;
    this.#database.transaction(() => {
      this.#database.run("DELETE FROM setup_code WHERE expires < ?", now);
      this.#database.run("INSERT OR REPLACE INTO setup_code VALUES (?, ?, ?, ?)", toHash(code), type, host, expires);
    });
    return { code, expires };
  }

  /** Whether `code` is good for `purpose` at `now`; it is used up then. A code that is shown for something else is used up too. */
  redeem(code: string, { type, host }: SetupPurpose, now: Instant): boolean {
    const hash = toHash(code.trim().toUpperCase());
    const [row] = this.#database.all("SELECT type, host, expires FROM setup_code WHERE hash = ?", hash);
    if (!row) {
      this.#wrong += 1;
      if (this.#wrong >= MOST_WRONG) this.#void();
      return false;
    }
    this.#database.run("DELETE FROM setup_code WHERE hash = ?", hash);
    this.#wrong = 0;
    return row.type === type && row.host === host && Number(row.expires) >= now;
  }

  #void(): void {
    this.#wrong = 0;
    this.#database.run("DELETE FROM setup_code");
  }
}

function toHash(code: string): Uint8Array {
  return createHash("sha3-256").update(code).digest();
}
