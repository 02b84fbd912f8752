import type { Clock } from "../kit/clock.ts";
import type { Instant } from "../kit/units.ts";
import type { GivenUser, Role } from "../model/caller.ts";
import type { Database } from "../store/database.ts";
import { digest } from "./digest.ts";
import { isPasswordHash, type Passwords } from "./passwords.ts";

/** A mark for "the environment's password was not known when this one was set". */
const NOT_KNOWN = "?";

/** Somebody with an account here. */
export interface Account {
  name: string;
  role: Role;
  /** bcrypt; null: cannot sign in with a password. */
  password: string | null;
  /** Named by the environment or pulse.yaml: cannot be removed here, nor get another role. */
  fromEnvironment: boolean;
  created: Instant;
  changed: Instant;
}

/**
 * The accounts. Users whom the configuration (environment, pulse.yaml) names are among them: their passwords are hashed in memory and
 * never written. A password that was set here in the place of such a one counts until the configuration gives another.
 */
export class Users {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #passwords: Passwords;
  /** By name in lower case. */
  readonly #accounts: Map<string, Account>;
  /** What marks the configured password of an account as the one that was replaced. */
  readonly #marks: ReadonlyMap<string, string>;

  private constructor(
    database: Database,
    clock: Clock,
    accounts: Map<string, Account>,
    marks: ReadonlyMap<string, string>,
    passwords: Passwords,
  ) {
    this.#database = database;
    this.#clock = clock;
    this.#accounts = accounts;
    this.#marks = marks;
    this.#passwords = passwords;
  }

  /** `given`: those whom the configuration names; of two of the same name the first counts. */
  static async open(
    database: Database,
    clock: Clock,
    given: readonly GivenUser[],
    passwords: Passwords,
  ): Promise<Users> {
    const accounts = new Map<string, Account>();
    const replaced = new Map<string, string | null>();
    for (const row of database.all("SELECT name, role, password, replaced, created, changed FROM account")) {
      const { replaced: mark, ...rest } = row as unknown as Account & { replaced: string | null };
      accounts.set(keyOf(rest.name), { ...rest, fromEnvironment: false });
      replaced.set(keyOf(rest.name), mark);
    }
    const marks = new Map<string, string>();
    for (const user of given) {
      const key = keyOf(user.name);
      if (marks.has(key)) continue;
      const known = accounts.get(key) ?? null;
      const mark = await markOf(user.password, replaced.get(key) ?? null, passwords);
      const stays = known !== null && known.password !== null && mark.isTheReplaced;
      marks.set(key, mark.text);
      accounts.set(key, toAccount(user, known, stays ? known.password : mark.passwordHash, clock.now()));
      database.run(
        `INSERT INTO account (name, role, password, replaced, created, changed) VALUES (?1, ?4, NULL, NULL, ?2, ?2)
         ON CONFLICT (name) DO UPDATE SET role = ?4, replaced = ?3${stays ? "" : ", password = NULL"}`,
        ...[user.name, clock.now(), stays ? mark.text : null, user.role],
      );
    }
    return new Users(database, clock, accounts, marks, passwords);
  }

  list(): readonly Account[] {
    return [...this.#accounts.values()];
  }

  find(name: string): Account | null {
    return this.#accounts.get(keyOf(name)) ?? null;
  }

  /** Whether anybody could sign in with a password. */
  get any(): boolean {
    return this.list().some(({ password }) => password !== null);
  }

  /** Whether there is an administrator besides `name` who could sign in. */
  hasAdminBesides(name: string): boolean {
    return this.list().some(
      account => account.role === "admin" && account.password !== null && keyOf(account.name) !== keyOf(name),
    );
  }

  /** The account that the password opens; a hash that was made with too little work is made anew. */
  async signIn(name: string, password: string): Promise<Account | null> {
    const account = this.find(name);
    const known = account?.password ?? null;
    if (!(await this.#passwords.isRight(password, known)) || !account || known === null) return null;
    if (this.#passwords.isWeak(known)) this.#renew(account, known, await this.#passwords.hash(password));
    return account;
  }

  /** Puts a hash of the same password in the place of `known`, unless the password was changed meanwhile. */
  #renew(account: Account, known: string, passwordHash: string): void {
    if (this.find(account.name) !== account || account.password !== known) return;
    account.password = passwordHash;
    this.#database.run(
      "UPDATE account SET password = ? WHERE name = ? AND password = ?",
      passwordHash,
      account.name,
      known,
    );
  }

  hash(password: string): Promise<string> {
    return this.#passwords.hash(password);
  }

  /** Adds an account, or changes role and password of the one of that name. null: stays; a new one without a role may look. */
  save(name: string, newRole: Role | null, passwordHash: string | null): Account {
    const known = this.find(name);
    const now = this.#clock.now();
    const mark = this.#marks.get(keyOf(name)) ?? (this.#marks.size === 0 ? NOT_KNOWN : null);
    const saved: Account = {
      name: known?.name ?? name,
      role: (known?.fromEnvironment ? null : newRole) ?? known?.role ?? "viewer",
      password: passwordHash ?? known?.password ?? null,
      fromEnvironment: known?.fromEnvironment ?? false,
      created: known?.created ?? now,
      changed: now,
    };
    this.#database.run(
      `INSERT INTO account (name, role, password, replaced, created, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
       ON CONFLICT (name) DO UPDATE SET role = ?2, changed = ?5, password = ifnull(?3, password),
         replaced = CASE WHEN ?3 IS NULL THEN replaced ELSE ?4 END`,
      ...[saved.name, saved.role, passwordHash, mark, now],
    );
    this.#accounts.set(keyOf(name), saved);
    return saved;
  }

  remove(name: string): void {
    this.#database.run("DELETE FROM account WHERE name = ?", name);
    this.#accounts.delete(keyOf(name));
  }
}

/** The account of a user whom the configuration names. */
function toAccount({ name, role }: GivenUser, known: Account | null, password: string | null, now: Instant): Account {
  const created = known?.created ?? now;
  return { name, role, password, fromEnvironment: true, created, changed: known?.changed ?? now };
}

/**
 * Whether the environment's password is the one that `replaced` marks, its bcrypt hash, and the mark to be kept from now on. The mark of
 * a password is a bcrypt hash, that of a hash its digest: neither tells the password.
 */
async function markOf(password: string, replaced: string | null, passwords: Passwords) {
  if (isPasswordHash(password)) {
    const text = digest(password);
    return { passwordHash: password, text, isTheReplaced: replaced === text || replaced === NOT_KNOWN };
  }
  const known = replaced !== null && isPasswordHash(replaced);
  const same = known && (await passwords.isRight(password, replaced));
  const passwordHash = same ? replaced : await passwords.hash(password);
  return { passwordHash, text: passwordHash, isTheReplaced: same || replaced === NOT_KNOWN };
}

function keyOf(name: string): string {
  return name.toLowerCase();
}
