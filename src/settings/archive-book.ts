import { equal } from "../kit/equal.ts";
import type { ArchiveInput, ArchiveSettings } from "../model/archive.ts";
import type { Database } from "../store/database.ts";
import { BadInput } from "./instance-book.ts";
import type { Seal } from "./seal.ts";

/** What elsewhere than the page says where samples are kept for years. */
export interface GivenArchive {
  settings: ArchiveSettings;
  /** Where to change it. */
  by: string;
}

const CONTEXT = "archive";

/** What is wrong with an address, as the end of a sentence; null: nothing. */
export function archiveAddressProblem(text: string): string | null {
  const url = URL.parse(text);
  if (!url || !["http:", "https:"].includes(url.protocol)) return "is no address such as http://victoria:8428";
  return url.username !== "" || url.password !== "" ? "must not hold a user or a password" : null;
}

/** Where samples are kept for years: as given from elsewhere, or as it was entered; the password sealed. */
export class ArchiveBook {
  readonly #database: Database;
  readonly #seal: Seal;
  readonly #given: GivenArchive | null;
  #entered: ArchiveSettings | null;

  constructor(database: Database, seal: Seal, given: GivenArchive | null) {
    this.#database = database;
    this.#seal = seal;
    this.#given = given;
    const [row] = database.all("SELECT settings, password FROM archive_setting");
    const password = row?.password instanceof Uint8Array ? seal.open(row.password, CONTEXT) : null;
    this.#entered = row ? { ...(JSON.parse(String(row.settings)) as ArchiveSettings), password } : null;
  }

  /** What counts; null: there is none. */
  get settings(): ArchiveSettings | null {
    return this.#given?.settings ?? this.#entered;
  }

  /** What sets it, so that it cannot be changed here. */
  get lockedBy(): string | null {
    return this.#given?.by ?? null;
  }

  /**
   * Keeps what was entered. A password that is left out stays, but for other addresses: it would be told to whoever listens there. Throws
   * BadInput, and KeyGone.
   */
  change({ url: entered, writeUrl = "", user = "", password }: ArchiveInput): void {
    const url = entered.trim();
    if (url === "") {
      this.#database.run("DELETE FROM archive_setting");
      this.#entered = null;
      return;
    }
    for (const [field, address] of [
      ["url", url],
      ["writeUrl", writeUrl.trim()],
    ] as const) {
      const problem = address === "" ? null : archiveAddressProblem(address);
      if (problem !== null) throw new BadInput(field, `"${address}" ${problem}`);
    }
    const before = this.#entered;
    const place = { url, writeUrl: writeUrl.trim() || null };
    const isSame = before !== null && equal(place, { url: before.url, writeUrl: before.writeUrl });
    const secret = (password ?? (isSame ? before.password : null)) || null;
    if (user !== "" && secret === null) throw new BadInput("password", "missing, while there is a user");
    const settings: ArchiveSettings = { ...place, user: user || null, password: secret };
    this.#database.run(
      "INSERT OR REPLACE INTO archive_setting VALUES (1, ?, ?)",
      JSON.stringify({ ...settings, password: null }),
      secret === null ? null : this.#seal.close(secret, CONTEXT),
    );
    this.#entered = settings;
  }
}
