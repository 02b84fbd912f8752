import { MINUTE } from "../kit/units.ts";
import type { Caller, Role, Scope } from "../model/caller.ts";
import { NOT_AGREED } from "../model/not-agreed.ts";
import { type Accounts, type LoginResult, RECOVERY_TOKEN_LIFE } from "./accounts.ts";
import { BootstrapCode } from "./bootstrap-code.ts";
import type { Deed, Done } from "./deed.ts";
import { problemOf } from "./passwords.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { Session } from "./sessions.ts";
import type { DrawnToken, Token } from "./tokens.ts";
import type { Account } from "./users.ts";

/** Who asks for something, and from where. */
export interface Asker {
  caller: Caller;
  address: string;
  /** From this very machine. */
  local: boolean;
  /** What the session cookie holds. */
  session: string | null;
  agent: string;
}

export interface SetupWish {
  username: string;
  password: string;
  generateApiToken?: boolean;
  apiToken?: string;
  setupCode?: string;
  force?: boolean;
}

const NO_ACCOUNT = refuse("locked", "This needs somebody who has signed in with user and password");
const LAST_ADMIN = refuse("locked", "This is the last administrator who can sign in; make another one first");

/** Somebody was quicker, at another core. */
const QUICKER: Readonly<Record<Exclude<Done, "done">, Refusal>> = {
  taken: refuse("duplicate", "name: is taken"),
  unknown: refuse("unknown", "There is no such user any more"),
  "last-admin": LAST_ADMIN,
  "used-up": refuse("bad-input", "code: wrong, or used already"),
};

/** What people do with accounts, sessions and tokens. */
export class AccountDesk {
  readonly #accounts: Accounts;
  readonly #folder: string;
  #code: BootstrapCode | null;

  /**
   * `folder`: where the code for the first setup lies until that is done. `hasSetup`: there may be one; not in a demo, not on the command
   * line. Throws when the code cannot be written.
   */
  constructor(accounts: Accounts, folder: string, hasSetup: boolean) {
    this.#accounts = accounts;
    this.#folder = folder;
    this.#code = accounts.signIn === "none" && hasSetup ? BootstrapCode.open(folder) : null;
    if (accounts.signIn !== "none") BootstrapCode.remove(folder);
  }

  /** What whoever sets this server up from afar must know; null: setup is done. */
  get setupCode(): { code: string; path: string; isNew: boolean } | null {
    return this.#code;
  }

  /** The first user and a token; `null`: it is set up already, nothing was changed. */
  async quickSetup(wish: SetupWish, asker: Asker): Promise<{ apiToken?: string } | null | Refusal> {
    const { users, tokens, signIn } = this.#accounts;
    const isAdmin = asker.caller.may.includes("admin");
    if (signIn === "password" && !wish.force) return null;
    if (signIn !== "none" && !isAdmin) return refuse("locked", "Only an administrator sets this server up anew");
    if (signIn === "none" && !isAdmin) {
      const refusal = this.#checkCode(wish.setupCode ?? "", asker.address);
      if (refusal) return refusal;
    }
    const username = wish.username.trim();
    const wrong = nameProblem(username, "username") ?? problemOf(wish.password, "password");
    if (wrong !== null) return refuse("bad-input", wrong);
    const token =
      wish.apiToken || wish.generateApiToken
        ? tokens.drawMain(username, ...(wish.apiToken ? [wish.apiToken] : []))
        : null;
    if (token && "refused" in token) return token;
    // Used up before anything is waited for: a second request with the same code comes too late.
    const code = this.#code;
    this.#code = null;
    const password = await users.hash(wish.password);
    const problem =
      (await this.#do({ do: "save-user", name: username, role: "admin", password })) ??
      (token && (await this.#do({ do: "add-token", ...bare(token) })));
    if (problem) {
      this.#code = code;
      return problem;
    }
    BootstrapCode.remove(this.#folder);
    return token && !wish.apiToken ? { apiToken: token.secret } : {};
  }

  /** Changes the asker's own password and ends every session of the account; answers a new one for the asker. */
  async changePassword(current: string, next: string, asker: Asker): Promise<LoginResult | Refusal> {
    const { account } = asker.caller;
    if (account === undefined) return NO_ACCOUNT;
    const refusal = await this.#checkPassword(account, current, "currentPassword");
    if (refusal) return refusal;
    const wrong = problemOf(next, "newPassword");
    if (wrong !== null) return refuse("bad-input", wrong);
    const password = await this.#accounts.users.hash(next);
    const problem = await this.#do({ do: "save-user", name: account, role: null, password, isNew: false });
    return problem ?? (await this.#accounts.begin(account, asker.address, { agent: asker.agent }));
  }

  async regenerateToken({ caller }: Asker): Promise<{ secret: string } | Refusal> {
    return await this.#put(this.#accounts.tokens.drawMain(caller.name));
  }

  isToken(text: string): boolean {
    return this.#accounts.tokens.find(text) !== null;
  }

  tokens(): readonly Token[] {
    return this.#accounts.tokens.list();
  }

  async createToken(
    wish: { name: string; scopes: readonly Scope[]; expires: number | null },
    creator: string | null,
  ): Promise<{ token: Token; secret: string } | Refusal> {
    return await this.#put(this.#accounts.tokens.draw({ ...wish, creator }));
  }

  async revokeToken(id: string): Promise<{ name: string } | Refusal> {
    const found = this.#accounts.tokens.named(id);
    if (!found) return refuse("unknown", `There is no token "${id}"`);
    const [hash, token] = found;
    return (await this.#do({ do: "revoke-token", hash, fromEnvironment: token.fromEnvironment })) ?? token;
  }

  /** The asker's sessions; an administrator gets everybody's. */
  sessions({ caller, session }: Asker): (Session & { current: boolean })[] {
    const current = session === null ? null : this.#accounts.sessions.of(session);
    const isOwn = ownSessions(caller, current);
    return this.#accounts.sessions
      .list()
      .filter(one => caller.may.includes("admin") || isOwn(one))
      .map(one => ({ ...one, current: one.id === current?.id }));
  }

  async endSession(id: string, { caller, session }: Asker): Promise<{ name: string } | Refusal> {
    const current = session === null ? null : this.#accounts.sessions.of(session);
    const isOwn = ownSessions(caller, current);
    const found = this.#accounts.sessions
      .list()
      .find(one => one.id === id && (caller.may.includes("admin") || isOwn(one)));
    if (!found) return refuse("unknown", `There is no session "${id}"`);
    return (await this.#do({ do: "end-sessions", ids: [id] }, false)) ?? found;
  }

  users(): (Account & { secondFactor: boolean })[] {
    return this.#accounts.users.list().map(account => this.#withFactor(account));
  }

  async addUser(name: string, role: Role, password: string): Promise<(Account & { secondFactor: boolean }) | Refusal> {
    const wrong = nameProblem(name.trim(), "name") ?? problemOf(password, "password");
    if (wrong !== null) return refuse("bad-input", wrong);
    const { users } = this.#accounts;
    if (users.find(name.trim())) return refuse("duplicate", `name: "${name.trim()}" is taken`);
    return await this.#save({ name: name.trim(), role, password: await users.hash(password), isNew: true });
  }

  async updateUser(
    name: string,
    change: { role?: Role; password?: string; secondFactor?: false },
  ): Promise<(Account & { secondFactor: boolean }) | Refusal> {
    const { users, secondFactor } = this.#accounts;
    const known = users.find(name);
    if (!known) return refuse("unknown", `There is no user "${name}"`);
    const wrong = change.password === undefined ? null : problemOf(change.password, "password");
    if (wrong !== null) return refuse("bad-input", wrong);
    const role = change.role ?? known.role;
    if (role !== known.role && known.fromEnvironment)
      return refuse("locked", `role: "${known.name}" is named by the environment or pulse.yaml: change it there`);
    if (role !== "admin" && known.role === "admin" && !users.hasAdminBesides(name)) return LAST_ADMIN;
    if (change.secondFactor === false && secondFactor.isOn(known.name)) {
      const problem = await this.#do({ do: "turn-factor-off", account: known.name });
      if (problem) return problem;
    }
    const password = change.password === undefined ? null : await users.hash(change.password);
    return await this.#save({ name: known.name, role, password, isNew: false });
  }

  async removeUser(name: string): Promise<Account | Refusal> {
    const { users } = this.#accounts;
    const known = users.find(name);
    if (!known) return refuse("unknown", `There is no user "${name}"`);
    if (known.fromEnvironment)
      return refuse("locked", `"${known.name}" is named by the environment or pulse.yaml; take it out there`);
    if (known.role === "admin" && !users.hasAdminBesides(name)) return LAST_ADMIN;
    return (await this.#do({ do: "remove-user", name: known.name })) ?? known;
  }

  /** A new password for an account, whoever forgot it; without the account, it is made, an administrator. Its sessions end. */
  async resetPassword(name: string, password: string): Promise<Account | Refusal> {
    const wrong = nameProblem(name, "user") ?? problemOf(password, "password");
    if (wrong !== null) return refuse("bad-input", wrong);
    const { users, secondFactor } = this.#accounts;
    const role = users.find(name)?.role ?? "admin";
    const saved = await this.#save({ name, role, password: await users.hash(password) });
    if ("refused" in saved) return saved;
    const problem = secondFactor.isOn(saved.name) && (await this.#do({ do: "turn-factor-off", account: saved.name }));
    if (problem) return problem;
    this.#accounts.lockout.forget(keysOf(name));
    this.#code = null;
    BootstrapCode.remove(this.#folder);
    return saved;
  }

  resetLockout(identifier: string): boolean {
    return this.#accounts.lockout.forget(keysOf(identifier.trim()));
  }

  offerSecondFactor({ caller: { account } }: Asker): { secret: string; url: string } | Refusal {
    if (account === undefined) return NO_ACCOUNT;
    if (this.#accounts.secondFactor.isOn(account)) return refuse("duplicate", "The second factor is on already");
    return this.#accounts.secondFactor.offer(account);
  }

  async confirmSecondFactor(
    code: string,
    { caller: { account } }: Asker,
  ): Promise<{ recoveryCodes: string[] } | Refusal> {
    if (account === undefined) return NO_ACCOUNT;
    const confirmed = this.#accounts.secondFactor.confirm(account, code);
    if (!confirmed) return refuse("bad-input", "code: wrong, or too late");
    const problem = await this.#do({ do: "turn-factor-on", account, factor: confirmed.factor });
    return problem ?? { recoveryCodes: confirmed.codes };
  }

  async removeSecondFactor(password: string, code: string, asker: Asker): Promise<{ account: string } | Refusal> {
    const { account } = asker.caller;
    if (account === undefined) return NO_ACCOUNT;
    const refusal = await this.#checkPassword(account, password, "password");
    if (refusal) return refusal;
    if (!(await this.#accounts.useCode(account, code))) {
      this.#accounts.lockout.fail(keysOf(account).slice(0, 1));
      return refuse("bad-input", "code: wrong, or used already");
    }
    return (await this.#do({ do: "turn-factor-off", account })) ?? { account };
  }

  get isRecovering(): boolean {
    return this.#accounts.isRecovering;
  }

  /** Turns recovery on or off, or makes a token for that. Throws nothing; only for this machine, with a token or as administrator. */
  recover(
    action: "disable_auth" | "enable_auth" | "generate_token",
    token: string | null,
    { caller, local }: Asker,
  ): { token?: string; minutes?: number } | Refusal {
    if (!local) return refuse("locked", "Recovery works on the machine that Pulse runs on only");
    const isAdmin = caller.may.includes("admin");
    if (action === "generate_token")
      return isAdmin
        ? { token: this.#accounts.makeRecoveryToken(), minutes: RECOVERY_TOKEN_LIFE / MINUTE }
        : refuse("locked", "Only an administrator makes a token; on the command line: pulse recovery-token");
    if (!isAdmin && !(token !== null && this.#accounts.takeRecoveryToken(token)))
      return refuse("locked", "token: missing, wrong, used or expired; get one with: pulse recovery-token");
    this.#accounts.recover(action === "disable_auth");
    return {};
  }

  #checkCode(code: string, address: string): Refusal | null {
    const keys = [`setup ${address}`];
    if (this.#accounts.lockout.lockedUntil(keys) !== null)
      return refuse("locked", "setupCode: too many wrong ones; try again in 15 minutes");
    if (this.#code?.matches(code)) return null;
    if (code !== "") this.#accounts.lockout.fail(keys);
    const where = "it stands in the log of the first start, and in the file setup-code of the data folder";
    return refuse("locked", code === "" ? `setupCode: missing; ${where}` : `setupCode: wrong; ${where}`);
  }

  /** Guessing with a stolen session is guessing, too. */
  async #checkPassword(account: string, password: string, field: string): Promise<Refusal | null> {
    const keys = [`user ${account.toLowerCase()}`];
    if (this.#accounts.lockout.lockedUntil(keys) !== null)
      return refuse("locked", `${field}: too many wrong ones; try again in 15 minutes`);
    this.#accounts.lockout.fail(keys);
    if (!(await this.#accounts.users.signIn(account, password))) return refuse("bad-input", `${field}: wrong`);
    this.#accounts.lockout.takeBack(keys);
    return null;
  }

  /** Has it done; why it was not, or null. */
  async #do(deed: Deed, lasting = true): Promise<Refusal | null> {
    const done = await this.#accounts.do(deed, lasting);
    return done === "done" ? null : done === null ? NOT_AGREED : QUICKER[done];
  }

  async #put(drawn: DrawnToken | Refusal): Promise<{ token: Token; secret: string } | Refusal> {
    if ("refused" in drawn) return drawn;
    return (await this.#do({ do: "add-token", ...bare(drawn) })) ?? drawn;
  }

  async #save(
    user: Omit<Extract<Deed, { do: "save-user" }>, "do">,
  ): Promise<Refusal | ReturnType<this["users"]>[number]> {
    const problem = await this.#do({ do: "save-user", ...user });
    const saved = this.#accounts.users.find(user.name);
    return problem ?? (saved ? this.#withFactor(saved) : QUICKER.unknown);
  }

  #withFactor(account: Account): Account & { secondFactor: boolean } {
    return { ...account, secondFactor: this.#accounts.secondFactor.isOn(account.name) };
  }
}

function ownSessions(caller: Caller, current: Session | null): (session: Session) => boolean {
  return one =>
    one.id === current?.id || (caller.account !== undefined && one.role === null && sameName(one.name, caller.account));
}

function keysOf(identifier: string): string[] {
  return [`user ${identifier.toLowerCase()}`, `address ${identifier}`, `setup ${identifier}`];
}

function bare({ hash, token }: DrawnToken): { hash: string; token: Token } {
  return { hash, token };
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function nameProblem(name: string, field: string): string | null {
  return /^[\p{L}\p{N}][\p{L}\p{N}._@+ -]{0,99}$/u.test(name) ? null : `${field}: 1 to 100 letters, digits, . _ @ + -`;
}
