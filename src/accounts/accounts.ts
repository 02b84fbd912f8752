import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { hash, verify } from "@node-rs/bcrypt";
import type { Clock } from "../kit/clock.ts";
import { DAY, type Instant, type Millis } from "../kit/units.ts";
import { type Caller, type Credentials, RIGHTS, type SignIn } from "../model/caller.ts";
import { Lockout } from "./lockout.ts";

const BCRYPT_COST = 12;
const SESSION_LIFE: Millis = DAY;
/** More sessions than any household or shop has open at once; the oldest goes first. */
const MOST_SESSIONS = 1000;
const BCRYPT_HASH = /^\$2[aby]\$\d\d\$/;
const SHA3_HASH = /^[0-9a-f]{64}$/i;

export interface AccountsOptions {
  /** Both or none; the password as text or as bcrypt hash. */
  user: { name: string; password: string } | null;
  /** The token as text, or its SHA3-256 in hex. */
  apiToken: string | null;
  /** Anybody may look, nobody may change anything. */
  demo: boolean;
  clock: Clock;
}

export type LoginResult =
  | { kind: "in"; session: string; lifetime: Millis }
  | { kind: "refused"; attempts: number; remaining: number }
  | { kind: "locked"; until: Instant };

const NOBODY: Caller = { name: null, may: [] };
const ONLOOKER: Caller = { name: null, may: ["read"] };

/**
 * Who may do what. Nothing set: only this machine itself gets in. A token only: anybody may look, the token may change. A password:
 * nobody gets in without signing in.
 */
export class Accounts {
  readonly #options: AccountsOptions;
  readonly #passwordHash: string | null;
  readonly #sessions = new Map<string, { name: string; until: Instant }>();
  readonly #lockout: Lockout;

  private constructor(options: AccountsOptions, passwordHash: string | null) {
    this.#options = options;
    this.#passwordHash = passwordHash;
    this.#lockout = new Lockout(options.clock);
  }

  /** Hashes a password that was given as text; the text is not kept. */
  static async open(options: AccountsOptions): Promise<Accounts> {
    const { user } = options;
    if (!user) return new Accounts(options, null);
    const passwordHash = BCRYPT_HASH.test(user.password) ? user.password : await hash(user.password, BCRYPT_COST);
    return new Accounts({ ...options, user: { name: user.name, password: "" } }, passwordHash);
  }

  get signIn(): SignIn {
    if (this.#options.user) return "password";
    return this.#options.apiToken ? "token" : "none";
  }

  identify({ token, session, local }: Credentials): Caller {
    if (token !== null && this.#isApiToken(token)) return { name: "api-token", may: RIGHTS };
    const known = session === null ? null : this.#sessionOf(session);
    if (known) return { name: known, may: RIGHTS };
    if (this.#options.demo) return ONLOOKER;
    if (this.signIn === "none") return local ? { name: "local", may: RIGHTS } : NOBODY;
    return this.signIn === "token" ? ONLOOKER : NOBODY;
  }

  /** Five failures for a user or from an address lock that user or address for 15 minutes, whatever is tried meanwhile. */
  async login(username: string, password: string, address: string): Promise<LoginResult> {
    const keys = [`user ${username.toLowerCase()}`, `address ${address}`];
    const until = this.#lockout.lockedUntil(keys);
    if (until !== null) return { kind: "locked", until };
    if (await this.#isPassword(username, password)) {
      this.#lockout.forget(keys);
      return { kind: "in", session: this.#startSession(username), lifetime: SESSION_LIFE };
    }
    const failure = this.#lockout.fail(keys);
    return failure.until === null
      ? { kind: "refused", attempts: failure.attempts, remaining: failure.remaining }
      : { kind: "locked", until: failure.until };
  }

  logout(session: string): void {
    this.#sessions.delete(digest(session));
  }

  /** The password is checked for an unknown user, too, so that the time it takes tells nothing. */
  async #isPassword(username: string, password: string): Promise<boolean> {
    const { user } = this.#options;
    if (!user || this.#passwordHash === null) return false;
    const right = await verify(password, this.#passwordHash);
    return sameText(username, user.name) && right;
  }

  #isApiToken(token: string): boolean {
    const { apiToken } = this.#options;
    if (apiToken === null) return false;
    return sameText(token, apiToken) || (SHA3_HASH.test(apiToken) && sameText(digest(token), apiToken.toLowerCase()));
  }

  #startSession(name: string): string {
    const session = randomBytes(32).toString("hex");
    const oldest = this.#sessions.keys().next().value;
    if (this.#sessions.size >= MOST_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    this.#sessions.set(digest(session), { name, until: this.#options.clock.now() + SESSION_LIFE });
    return session;
  }

  #sessionOf(session: string): string | null {
    const key = digest(session);
    const known = this.#sessions.get(key);
    if (!known) return null;
    if (known.until > this.#options.clock.now()) return known.name;
    this.#sessions.delete(key);
    return null;
  }
}

function digest(text: string): string {
  return createHash("sha3-256").update(text).digest("hex");
}

/** Equality in a time that does not depend on where the texts differ. */
function sameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b)));
}
