import { MINUTE } from "../kit/units.ts";
import type { Caller, Role, Scope } from "../model/caller.ts";
import { type Accounts, type LoginResult, RECOVERY_TOKEN_LIFE } from "./accounts.ts";
import { BootstrapCode } from "./bootstrap-code.ts";
import { problemOf } from "./passwords.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { Session } from "./sessions.ts";
import type { Token } from "./tokens.ts";
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
        ? tokens.replaceMain(username, ...(wish.apiToken ? [wish.apiToken] : []))
        : null;
    if (token && "refused" in token) return token;
    // Used up before anything is waited for: a second request with the same code comes too late.
    this.#code = null;
    await users.save(username, "admin", wish.password);
    this.#accounts.sessions.endWhere(({ name }) => sameName(name, username));
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
    const role = this.#accounts.users.find(account)?.role ?? "viewer";
    await this.#accounts.users.save(account, role, next);
    this.#endSessionsOf(account);
    return this.#accounts.begin(account, asker.address, { agent: asker.agent });
  }

  regenerateToken({ caller }: Asker): { secret: string } | Refusal {
    return this.#accounts.tokens.replaceMain(caller.name);
  }

  isToken(text: string): boolean {
    return this.#accounts.tokens.find(text) !== null;
  }

  tokens(): readonly Token[] {
    return this.#accounts.tokens.list();
  }

  createToken(
    wish: { name: string; scopes: readonly Scope[]; expires: number | null },
    creator: string | null,
  ): { token: Token; secret: string } | Refusal {
    return this.#accounts.tokens.create({ ...wish, creator });
  }

  revokeToken(id: string): { name: string } | Refusal {
    return this.#accounts.tokens.revoke(id) ?? refuse("unknown", `There is no token "${id}"`);
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

  endSession(id: string, { caller, session }: Asker): { name: string } | Refusal {
    const current = session === null ? null : this.#accounts.sessions.of(session);
    const isOwn = ownSessions(caller, current);
    const found = this.#accounts.sessions
      .list()
      .find(one => one.id === id && (caller.may.includes("admin") || isOwn(one)));
    if (!found) return refuse("unknown", `There is no session "${id}"`);
    this.#accounts.sessions.endWhere(one => one.id === id);
    return found;
  }

  users(): (Account & { secondFactor: boolean })[] {
    return this.#accounts.users.list().map(account => this.#withFactor(account));
  }

  async addUser(name: string, role: Role, password: string): Promise<(Account & { secondFactor: boolean }) | Refusal> {
    const wrong = nameProblem(name.trim(), "name") ?? problemOf(password, "password");
    if (wrong !== null) return refuse("bad-input", wrong);
    if (this.#accounts.users.find(name.trim())) return refuse("duplicate", `name: "${name.trim()}" is taken`);
    return this.#withFactor(await this.#accounts.users.save(name.trim(), role, password));
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
    if (change.secondFactor === false) secondFactor.off(known.name);
    const saved = await users.save(known.name, role, change.password ?? null);
    if (change.password !== undefined) this.#endSessionsOf(known.name);
    return this.#withFactor(saved);
  }

  removeUser(name: string): Account | Refusal {
    const { users } = this.#accounts;
    const known = users.find(name);
    if (!known) return refuse("unknown", `There is no user "${name}"`);
    if (known.fromEnvironment)
      return refuse("locked", `"${known.name}" is named by the environment or pulse.yaml; take it out there`);
    if (known.role === "admin" && !users.hasAdminBesides(name)) return LAST_ADMIN;
    users.remove(known.name);
    this.#endSessionsOf(known.name);
    return known;
  }

  /** A new password for an account, whoever forgot it; without the account, it is made, an administrator. Its sessions end. */
  async resetPassword(name: string, password: string): Promise<Account | Refusal> {
    const wrong = nameProblem(name, "user") ?? problemOf(password, "password");
    if (wrong !== null) return refuse("bad-input", wrong);
    const known = this.#accounts.users.find(name);
    const saved = await this.#accounts.users.save(name, known?.role ?? "admin", password);
    this.#accounts.secondFactor.off(saved.name);
    this.#endSessionsOf(saved.name);
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

  confirmSecondFactor(code: string, { caller: { account } }: Asker): { recoveryCodes: string[] } | Refusal {
    if (account === undefined) return NO_ACCOUNT;
    const recoveryCodes = this.#accounts.secondFactor.confirm(account, code);
    return recoveryCodes ? { recoveryCodes } : refuse("bad-input", "code: wrong, or too late");
  }

  async removeSecondFactor(password: string, code: string, asker: Asker): Promise<{ account: string } | Refusal> {
    const { account } = asker.caller;
    if (account === undefined) return NO_ACCOUNT;
    const refusal = await this.#checkPassword(account, password, "password");
    if (refusal) return refusal;
    if (!this.#accounts.secondFactor.check(account, code)) {
      this.#accounts.lockout.fail(keysOf(account).slice(0, 1));
      return refuse("bad-input", "code: wrong, or used already");
    }
    this.#accounts.secondFactor.off(account);
    return { account };
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

  #endSessionsOf(account: string): void {
    this.#accounts.sessions.endWhere(({ name, role }) => role === null && sameName(name, account));
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

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function nameProblem(name: string, field: string): string | null {
  return /^[\p{L}\p{N}][\p{L}\p{N}._@+ -]{0,99}$/u.test(name) ? null : `${field}: 1 to 100 letters, digits, . _ @ + -`;
}
