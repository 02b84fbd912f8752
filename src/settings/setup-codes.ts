import { createHash, randomInt } from "node:crypto";
import { type Instant, MINUTE } from "../kit/units.ts";
import type { InstanceType } from "../model/instance-settings.ts";
import type { Database } from "../store/database.ts";

/** How long a code is good. */
const LIFE = 5 * MINUTE;
/** So many wrong codes from one address, and it may try no more while the last of them would have been good. */
const MOST_WRONG = 10;
/** Of so many addresses the wrong codes are counted; the one that was quiet longest is forgotten for a new one. */
const MOST_ADDRESSES = 10_000;
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
  readonly #wrong = new Map<string, { count: number; last: Instant }>();

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

  /**
   * Whether `code` is good for `purpose` at `now`; it is used up then. One that is shown for something else is used up too. `from`: the
   * address it comes from. Who guesses is stopped alone: everybody may call this, so nobody can spoil the codes of others.
   */
  redeem(code: string, { type, host }: SetupPurpose, from: string, now: Instant): "good" | "wrong" | "too-many" {
    const before = this.#wrong.get(from);
    const wrong = before && now - before.last <= LIFE ? before.count : 0;
    if (wrong >= MOST_WRONG) return "too-many";
    const hash = toHash(code.trim().toUpperCase());
    const [row] = this.#database.all("SELECT type, host, expires FROM setup_code WHERE hash = ?", hash);
    if (!row) {
      this.#count(from, wrong + 1, now);
      return "wrong";
    }
    this.#database.run("DELETE FROM setup_code WHERE hash = ?", hash);
    this.#wrong.delete(from);
    return row.type === type && row.host === host && Number(row.expires) >= now ? "good" : "wrong";
  }

  #count(from: string, count: number, last: Instant): void {
    // Set anew, an address stands last: the first is the one that was quiet longest.
    this.#wrong.delete(from);
    this.#wrong.set(from, { count, last });
    const [longest] = this.#wrong.keys();
    if (this.#wrong.size > MOST_ADDRESSES && longest !== undefined) this.#wrong.delete(longest);
  }
}

function toHash(code: string): Uint8Array {
  return createHash("sha3-256").update(code).digest();
}
