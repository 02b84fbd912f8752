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

/** What is done with codes, told so that each of several Pulses comes to the same by it. `hash`: hex. */
export type CodeDeed = { hash: string } & SetupPurpose &
  ({ do: "keep" /** Whose edges are to watch; "": nobody's. */; site: string; expires: Instant } | { do: "use" });

/** One-time codes by which a server may register itself. They are kept as SHA3-256 only. */
export class SetupCodes {
  readonly #database: Database;
  readonly #wrong = new Map<string, { count: number; last: Instant }>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** A new code, good once, for `purpose` only, until `expires`, once its deed is done. */
  draw({ type, host, site = "" }: SetupPurpose & { site?: string }, now: Instant): { code: string; deed: CodeDeed } {
    const code = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
    return { code, deed: { do: "keep", hash: toHash(code), type, host, site, expires: now + LIFE } };
  }

  /**
   * What uses up a code that somebody at the address `from` shows, also when it is shown for something else. Who guesses is stopped alone:
   * everybody may call this, so nobody can spoil the codes of others.
   */
  find(code: string, { type, host }: SetupPurpose, from: string, now: Instant): CodeDeed | "wrong" | "too-many" {
    const before = this.#wrong.get(from);
    const wrong = before && now - before.last <= LIFE ? before.count : 0;
    if (wrong >= MOST_WRONG) return "too-many";
    const hash = toHash(code.trim().toUpperCase());
    if (this.#database.all("SELECT 1 FROM setup_code WHERE hash = ?", toBytes(hash)).length === 0) {
      this.#count(from, wrong + 1, now);
      return "wrong";
    }
    this.#wrong.delete(from);
    return { do: "use", hash, type, host };
  }

  /** For which site the code is good, "" where there are none; null: it is not good, or was used meanwhile. */
  perform(deed: CodeDeed, now: Instant): { site: string | null } {
    const { hash, type, host } = deed;
    if (deed.do === "keep") {
      this.#database.transaction(() => {
        this.#database.run("DELETE FROM setup_code WHERE expires < ?", now);
        const sql = "INSERT OR REPLACE INTO setup_code (hash, type, host, expires, site) VALUES (?, ?, ?, ?, ?)";
        this.#database.run(sql, toBytes(hash), type, host, deed.expires, deed.site);
      });
      return { site: deed.site };
    }
    const [row] = this.#database.all("SELECT type, host, expires, site FROM setup_code WHERE hash = ?", toBytes(hash));
    this.#database.run("DELETE FROM setup_code WHERE hash = ?", toBytes(hash));
    const isGood = row?.type === type && row.host === host && Number(row.expires) >= now;
    return { site: isGood ? String(row.site) : null };
  }

  #count(from: string, count: number, last: Instant): void {
    // Set anew, an address stands last: the first is the one that was quiet longest.
    this.#wrong.delete(from);
    this.#wrong.set(from, { count, last });
    const [longest] = this.#wrong.keys();
    if (this.#wrong.size > MOST_ADDRESSES && longest !== undefined) this.#wrong.delete(longest);
  }
}

function toHash(code: string): string {
  return createHash("sha3-256").update(code).digest("hex");
}

function toBytes(hash: string): Uint8Array {
  return Buffer.from(hash, "hex");
}
