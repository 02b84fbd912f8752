import { randomBytes } from "node:crypto";
import type { Clock } from "../kit/clock.ts";
import { HOUR, type Instant, MINUTE, type Millis } from "../kit/units.ts";
import {
  type Caller,
  type Credentials,
  type GivenUser,
  RIGHTS,
  ROLE_RIGHTS,
  type Role,
  type SignIn,
} from "../model/caller.ts";
import type { Database } from "../store/database.ts";
import type { AuditLog } from "./audit.ts";
import type { Deed, Done } from "./deed.ts";
import { digest, sameText } from "./digest.ts";
import { Lockout } from "./lockout.ts";
import { Passwords } from "./passwords.ts";
import { type Sealing, SecondFactor } from "./second-factor.ts";
import { type SessionStart, Sessions } from "./sessions.ts";
import { Tokens } from "./tokens.ts";
import { Users } from "./users.ts";

/** How long recovery lets this machine in, and how long a token for it is good. */
const RECOVERY_LIFE: Millis = HOUR;
export const RECOVERY_TOKEN_LIFE: Millis = 15 * MINUTE;

export interface AccountsOptions {
  database: Database;
  audit: AuditLog;
  seal: Sealing;
  clock: Clock;
  /** Those whom environment and pulse.yaml name. */
  given: readonly GivenUser[];
  /** The environment's, as text or as SHA3-256 in hex. */
  apiToken: string | null;
  apiTokens: readonly string[];
  /** Anybody may look, nobody may change anything. */
  demo: boolean;
  /** People also sign in elsewhere: at a proxy in front, or at an identity provider. `adminRole`: what the proxy calls administrators. */
  elsewhere: () => boolean;
  adminRole: string;
  /** Has others that serve with this one do the same; null: they cannot agree on it now. Left out: there are none. */
  agree?: (deed: Deed, lasting?: boolean) => Promise<Done | null>;
  /** Left out: hashes are as much work as is right. */
  passwords?: Passwords;
}

export type LoginResult =
  | { kind: "in"; session: string; lifetime: Millis }
  | { kind: "refused"; attempts: number; remaining: number }
  | { kind: "code-needed" }
  | { kind: "locked"; until: Instant };

export interface LoginExtras {
  /** Of the second factor. */
  code?: string;
  remember?: boolean;
  /** What the browser calls itself. */
  agent?: string;
}

const NOBODY: Caller = { name: null, may: [] };
const ONLOOKER: Caller = { name: null, may: ["read"] };
const THIS_MACHINE: Caller = { name: "local", may: RIGHTS, by: "local" };

/**
 * Who may do what. Nothing set: only this machine itself gets in. A token of the environment only: anybody may look, the token may
 * change. An account: nobody gets in without signing in.
 */
export class Accounts {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly secondFactor: SecondFactor;
  readonly lockout: Lockout;
  readonly #options: AccountsOptions;
  /** What others have not heard of. */
  #untold: { deed: Deed; lasting: boolean }[] = [];
  #recoveryUntil: Instant | null = null;
  #recoveryToken: { hash: string; until: Instant } | null = null;

  private constructor(options: AccountsOptions, users: Users) {
    const { database, clock, seal, apiToken, apiTokens } = options;
    this.#options = options;
    this.users = users;
    this.sessions = new Sessions(database, clock);
    this.tokens = new Tokens(database, clock, apiToken, apiTokens);
    this.secondFactor = new SecondFactor(database, seal, clock);
    this.lockout = new Lockout(clock);
  }

  /** Hashes a password that was given as text; the texts are not kept. */
  static async open(options: AccountsOptions): Promise<Accounts> {
    const { database, clock, given, passwords = new Passwords() } = options;
    return new Accounts({ ...options, given: [] }, await Users.open(database, clock, given, passwords));
  }

  get signIn(): SignIn {
    if (this.users.any || this.#options.elsewhere()) return "password";
    return this.#options.apiToken !== null || this.#options.apiTokens.length > 0 ? "token" : "none";
  }

  identify({ token, session, local, proxyUser }: Credentials): Caller {
    const shown = token === null ? null : this.tokens.find(token);
    if (shown) return { name: shown.name, may: shown.may, by: "token" };
    const known = session === null ? null : this.#callerOf(session);
    if (known) return known;
    if (proxyUser) return { name: proxyUser.name, may: ROLE_RIGHTS[this.#roleOf(proxyUser.roles)], by: "proxy" };
    if (this.#options.demo) return ONLOOKER;
    if (local && (this.signIn === "none" || this.isRecovering)) return THIS_MACHINE;
    return this.signIn === "token" ? ONLOOKER : NOBODY;
  }

  /** Five failures for a user or from an address lock that user or address for 15 minutes, whatever is tried meanwhile. */
  async login(username: string, password: string, address: string, extras: LoginExtras = {}): Promise<LoginResult> {
    const keys = [`user ${username.toLowerCase()}`, `address ${address}`];
    const until = this.lockout.lockedUntil(keys);
    if (until !== null) return { kind: "locked", until };
    // Counted before it is known: many attempts at once are many attempts.
    const failure = this.lockout.fail(keys);
    const account = await this.users.signIn(username, password);
    // Not what was typed: people type their passwords there by mistake.
    const actor = this.users.find(username)?.name ?? null;
    const keep = (outcome: "ok" | "refused", detail: string | null) =>
      this.#options.audit.append({ actor, address, action: "login", target: null, outcome, detail });
    if (account && this.secondFactor.isOn(account.name)) {
      if (!extras.code) {
        this.lockout.takeBack(keys);
        return { kind: "code-needed" };
      }
      if (!(await this.useCode(account.name, extras.code))) {
        keep("refused", "wrong code of the second factor");
        return toRefused(failure);
      }
    }
    if (!account) {
      keep("refused", failure.until === null ? "wrong user or password" : "wrong user or password; locked");
      return toRefused(failure);
    }
    this.lockout.forget(keys);
    keep("ok", null);
    return await this.begin(account.name, address, extras);
  }

  /** Signs in whom an identity provider vouches for. */
  async signInElsewhere(name: string, role: Role, address: string, agent: string): Promise<LoginResult> {
    const detail = `as ${role}, by the identity provider`;
    this.#options.audit.append({ actor: name, address, action: "login", target: null, outcome: "ok", detail });
    return await this.#begin({ name, role, address, agent, remember: false });
  }

  /** Keeps that an identity provider's word was not enough. */
  keepRefused(address: string, detail: string): void {
    this.#options.audit.append({ actor: null, address, action: "login", target: null, outcome: "refused", detail });
  }

  /** Begins a session of an account. */
  async begin(account: string, address: string, { remember = false, agent = "" }: LoginExtras): Promise<LoginResult> {
    return await this.#begin({ name: account, role: null, address, agent, remember });
  }

  async logout(secret: string): Promise<void> {
    const session = this.sessions.of(secret);
    if (session) await this.#doAnyhow({ do: "end-sessions", ids: [session.id] });
  }

  /** Whether `code` of the second factor is good; it is used up by that. */
  async useCode(account: string, code: string): Promise<boolean> {
    const use = this.secondFactor.judge(account, code);
    return use !== null && (await this.#doAnyhow({ do: "use-code", account, code: use }, true)) === "done";
  }

  /** Does a deed, at all that serve together; null: they cannot agree on it now, and it is not known whether it counts. */
  async do(deed: Deed, lasting = true): Promise<Done | null> {
    return this.#options.agree ? await this.#options.agree(deed, lasting) : this.perform(deed);
  }

  /** What must be done though nobody can agree on it, the others hear of later: people get in, and out, also while others are not reached. */
  async #doAnyhow(deed: Deed, lasting = false): Promise<Done> {
    const done = await this.do(deed, lasting);
    if (done !== null) return done;
    this.#untold.push({ deed, lasting });
    return this.perform(deed);
  }

  /** Tells others what they have not heard of, and writes what the database has refused; to be called now and then. */
  flush(): void {
    this.secondFactor.flush();
    const untold = this.#untold.splice(0);
    void this.#tell(untold).catch(() => {});
  }

  async #tell(untold: readonly { deed: Deed; lasting: boolean }[]): Promise<void> {
    for (const [at, { deed, lasting }] of untold.entries())
      if ((await this.do(deed, lasting)) === null) return void this.#untold.unshift(...untold.slice(at));
  }

  /** Does a deed here. What it comes to hangs on nothing but what was done before. */
  perform(deed: Deed): Done {
    switch (deed.do) {
      case "save-user": {
        const known = this.users.find(deed.name);
        if (deed.isNew !== undefined && deed.isNew === (known !== null)) return deed.isNew ? "taken" : "unknown";
        if (deed.role !== null && deed.role !== "admin" && this.#isLastAdmin(deed.name)) return "last-admin";
        const { name } = this.users.save(deed.name, deed.role, deed.password);
        if (deed.password !== null) this.#endSessionsOf(name);
        return "done";
      }
      case "remove-user": {
        const known = this.users.find(deed.name);
        if (!known || known.fromEnvironment) return "unknown";
        if (this.#isLastAdmin(deed.name)) return "last-admin";
        this.users.remove(known.name);
        this.#endSessionsOf(known.name);
        return "done";
      }
      case "add-token":
        this.tokens.put(deed.hash, deed.token);
        return "done";
      case "revoke-token":
        this.tokens.revoke(deed.hash, deed.fromEnvironment);
        return "done";
      case "turn-factor-on":
        this.secondFactor.on(deed.account, deed.factor);
        return "done";
      case "turn-factor-off":
        this.secondFactor.off(deed.account);
        return "done";
      case "use-code":
        return this.secondFactor.use(deed.account, deed.code) ? "done" : "used-up";
      case "begin-session":
        this.sessions.put(deed.hash, deed.session);
        return "done";
      case "end-sessions":
        this.sessions.endWhere(({ id }) => deed.ids.includes(id));
        return "done";
    }
  }

  #isLastAdmin(name: string): boolean {
    return this.users.find(name)?.role === "admin" && !this.users.hasAdminBesides(name);
  }

  #endSessionsOf(account: string): void {
    this.sessions.endWhere(({ name, role }) => role === null && name.toLowerCase() === account.toLowerCase());
  }

  /** This machine gets in without signing in, for now. */
  get isRecovering(): boolean {
    return this.#recoveryUntil !== null && this.#recoveryUntil > this.#options.clock.now();
  }

  recover(on: boolean): void {
    this.#recoveryUntil = on ? this.#options.clock.now() + RECOVERY_LIFE : null;
  }

  /** A token that turns recovery on or off, once. */
  makeRecoveryToken(): string {
    const token = randomBytes(24).toString("hex");
    this.#recoveryToken = { hash: digest(token), until: this.#options.clock.now() + RECOVERY_TOKEN_LIFE };
    return token;
  }

  /** Whether `token` is good; it is used up then. */
  takeRecoveryToken(token: string): boolean {
    const known = this.#recoveryToken;
    if (!known || known.until <= this.#options.clock.now() || !sameText(digest(token), known.hash)) return false;
    this.#recoveryToken = null;
    return true;
  }

  async #begin(start: SessionStart): Promise<LoginResult> {
    const { hash, session, secret, lifetime } = this.sessions.draw(start);
    await this.#doAnyhow({ do: "begin-session", hash, session });
    return { kind: "in", session: secret, lifetime };
  }

  #callerOf(secret: string): Caller | null {
    const session = this.sessions.of(secret);
    if (!session) return null;
    const { name, role } = session;
    if (role !== null) return { name, may: ROLE_RIGHTS[role], by: "session" };
    const account = this.users.find(name);
    if (!account) return null;
    return { name: account.name, may: ROLE_RIGHTS[account.role], by: "session", account: account.name };
  }

  #roleOf(roles: readonly string[] | null): Role {
    if (roles === null || roles.includes(this.#options.adminRole)) return "admin";
    return roles.includes("operator") ? "operator" : "viewer";
  }
}

function toRefused({ attempts, remaining, until }: ReturnType<Lockout["fail"]>): LoginResult {
  return until === null ? { kind: "refused", attempts, remaining } : { kind: "locked", until };
}
