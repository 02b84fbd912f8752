import { randomBytes } from "node:crypto";
import type { Clock } from "../kit/clock.ts";
import { HOUR, type Instant, type Millis } from "../kit/units.ts";
import { type Right, SCOPE_RIGHTS, SCOPES, type Scope } from "../model/caller.ts";
import type { Database } from "../store/database.ts";
import { digest } from "./digest.ts";
import { type Refusal, refuse } from "./refusal.ts";

const SHA3_HASH = /^[0-9a-f]{64}$/i;
/** When a token was last used is written no more often than that. */
const WRITTEN_EVERY: Millis = HOUR;
/** A token that somebody else made must be as long, or it could be guessed. */
const SHORTEST = 32;
const MOST = 1000;

/** A token as it may be told; its text is kept nowhere. */
export interface Token {
  /** By which it is listed and revoked; it opens nothing. */
  id: string;
  name: string;
  scopes: readonly Scope[];
  /** The one that `regenerate` replaces. */
  main: boolean;
  fromEnvironment: boolean;
  creator: string | null;
  /** null: the environment does not say. */
  created: Instant | null;
  /** null: never. */
  expires: Instant | null;
  /** At most an hour too early; null: never. */
  used: Instant | null;
}

export interface TokenWish {
  name: string;
  scopes: readonly Scope[];
  expires: Instant | null;
  creator: string | null;
}

/** A token that does not count yet, and its text. */
export interface DrawnToken {
  hash: string;
  token: Token;
  secret: string;
}

/** API tokens: those that were made here, and those of the environment. Only their SHA3-256 is kept. */
export class Tokens {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #tokens = new Map<string, Token>();
  readonly #lent = new Map<string, { id: string; name: string; may: readonly Right[] }>();

  /**
   * `main`: API_TOKEN; `further`: API_TOKENS; as text or as SHA3-256 in hex (64 digits). One of the environment that was revoked or
   * replaced stays so, though the environment still names it.
   */
  constructor(database: Database, clock: Clock, main: string | null, further: readonly string[]) {
    this.#database = database;
    this.#clock = clock;
    const retired = new Set(database.all("SELECT hash FROM retired_token").map(({ hash }) => String(hash)));
    const given = [...(main === null ? [] : [main]), ...further];
    for (const [index, text] of given.entries()) {
      const hash = SHA3_HASH.test(text) ? text.toLowerCase() : digest(text);
      if (!retired.has(hash)) this.#tokens.set(hash, ofEnvironment(hash, main !== null && index === 0, index));
    }
    for (const row of database.all("SELECT * FROM api_token ORDER BY created")) {
      const { hash, scopes, main: isMain, ...rest } = row as Record<string, unknown> & { hash: string };
      const token = { ...rest, scopes: String(scopes).split(","), main: isMain === 1, fromEnvironment: false };
      this.#tokens.set(hash, token as unknown as Token);
    }
  }

  /** Whose text `secret` is and what it may do now; null: nobody's, or it has expired. Written down at most once an hour. */
  find(secret: string): { id: string; name: string; may: readonly Right[] } | null {
    const hash = digest(secret);
    const lent = this.#lent.get(hash);
    if (lent) return lent;
    const token = this.#tokens.get(hash);
    const now = this.#clock.now();
    if (!token || (token.expires !== null && token.expires <= now)) return null;
    if (token.used === null || now - token.used >= WRITTEN_EVERY) {
      token.used = now;
      if (!token.fromEnvironment)
        this.#database.spare(() => this.#database.run("UPDATE api_token SET used = ? WHERE hash = ?", now, hash));
    }
    return { id: token.id, name: token.name, may: toRights(token.scopes) };
  }

  /**
   * A token for something that this very process has started: it is written nowhere and listed nowhere, and is worth nothing once it is
   * disposed of, or the process gone.
   */
  lend(name: string, scopes: readonly Scope[]): { secret: string } & Disposable {
    const secret = newSecret();
    const hash = digest(secret);
    this.#lent.set(hash, { id: `lent-${hash.slice(0, 12)}`, name, may: toRights(scopes) });
    return { secret, [Symbol.dispose]: () => void this.#lent.delete(hash) };
  }

  list(): readonly Token[] {
    return [...this.#tokens.values()];
  }

  /** A token as wished for, which counts once it is put here; its text is told once, now. */
  draw(wish: TokenWish): DrawnToken | Refusal {
    const name = wish.name.trim();
    if (name === "") return refuse("bad-input", "name: missing");
    if (wish.scopes.length === 0) return refuse("bad-input", "scopes: missing; read, write, agent, admin or wall");
    if (wish.expires !== null && wish.expires <= this.#clock.now())
      return refuse("bad-input", "expires: lies in the past");
    if (this.#tokens.size >= MOST) return refuse("duplicate", `There are ${MOST} tokens already; revoke some`);
    return this.#draw(newSecret(), { ...wish, name }, false);
  }

  /** A main token, with all rights, for the place of the present one. `secret`: made elsewhere. */
  drawMain(creator: string | null, secret: string = newSecret()): DrawnToken | Refusal {
    if (secret.length < SHORTEST || secret.length > 256 || /\s/.test(secret))
      return refuse("bad-input", `apiToken: ${SHORTEST} to 256 characters without spaces`);
    if (this.#tokens.has(digest(secret))) return refuse("duplicate", "apiToken: is in use");
    return this.#draw(secret, { name: "API token", scopes: ["admin"], expires: null, creator }, true);
  }

  #draw(secret: string, { name, scopes, expires, creator }: TokenWish, main: boolean): DrawnToken {
    const [id, created] = [randomBytes(8).toString("hex"), this.#clock.now()];
    const token: Token = { id, name, scopes, main, fromEnvironment: false, creator, created, expires, used: null };
    return { hash: digest(secret), token, secret };
  }

  /** From now on it counts; a main one in the place of the main one before. */
  put(hash: string, token: Token): void {
    if (this.#tokens.has(hash)) return;
    const { id, name, scopes, main, creator, created, expires } = token;
    this.#database.transaction(() => {
      const before = main ? [...this.#tokens].filter(([, known]) => known.main) : [];
      for (const [known, { fromEnvironment }] of before) this.revoke(known, fromEnvironment);
      this.#database.run(
        "INSERT INTO api_token (hash, id, name, scopes, main, creator, created, expires, used) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
        ...[hash, id, name, scopes.join(), main ? 1 : 0, creator, created, expires],
      );
    });
    this.#tokens.set(hash, { ...token });
  }

  /** The hash and the token of that id. */
  named(id: string): [hash: string, token: Token] | null {
    return [...this.#tokens].find(([, token]) => token.id === id) ?? null;
  }

  /** It is worth nothing from now on, though the environment names it again, here or where it has not been known. */
  revoke(hash: string, fromEnvironment: boolean): void {
    if (fromEnvironment) this.#database.run("INSERT OR IGNORE INTO retired_token VALUES (?)", hash);
    else this.#database.run("DELETE FROM api_token WHERE hash = ?", hash);
    this.#tokens.delete(hash);
  }
}

function toRights(scopes: readonly Scope[]): Right[] {
  const rights = new Set(scopes.flatMap(scope => SCOPE_RIGHTS[scope]));
  return SCOPES.filter(right => rights.has(right));
}

/** 192 random bits: 48 digits in hex. */
function newSecret(): string {
  return randomBytes(24).toString("hex");
}

function ofEnvironment(hash: string, main: boolean, index: number): Token {
  return {
    id: `env-${hash.slice(0, 12)}`,
    name: main ? "API_TOKEN" : `API_TOKENS ${index + 1}`,
    scopes: ["admin"],
    main,
    fromEnvironment: true,
    creator: null,
    created: null,
    expires: null,
    used: null,
  };
}
