import type { Clock } from "../kit/clock.ts";
import type { Instant } from "../kit/units.ts";
import type { Role } from "../model/caller.ts";
import type { Database } from "../store/database.ts";
import { digest } from "./digest.ts";
import { type Compare, hashPassword, isPassword, isPasswordHash, isWeak } from "./passwords.ts";

/** A mark for "the environment's password was not known when this one was set". */
const NOT_KNOWN = "?";

/** Somebody with an account here. */
export interface Account {
  name: string;
  role: Role;
  /** bcrypt; null: cannot sign in with a password. */
  password: string | null;
  /** Named by the environment: cannot be removed here. */
  fromEnvironment: boolean;
  created: Instant;
  changed: Instant;
}

/**
 * The accounts. A user of the environment is one of them, an administrator: its password is hashed in memory and never written. A
 * password that was set here in its place counts until the environment gives another.
 */
export class Users {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #compare: Compare | undefined;
  /** By name in lower case. */
  readonly #accounts: Map<string, Account>;
  /** What marks the environment's password as the one that was replaced. */
  readonly #mark: string | null;

  private constructor(
    database: Database,
    clock: Clock,
    accounts: Map<string, Account>,
    mark: string | null,
    compare: Compare | undefined,
  ) {
    this.#database = database;
    this.#clock = clock;
    this.#accounts = accounts;
    this.#mark = mark;
    this.#compare = compare;
  }

  /** `user`: the environment's; its password as text or as bcrypt hash. */
  static async open(
    database: Database,
    clock: Clock,
    user: { name: string; password: string } | null,
    compare?: Compare,
  ): Promise<Users> {
    const accounts = new Map<string, Account>();
    const replaced = new Map<string, string | null>();
    for (const row of database.all("SELECT name, role, password, replaced, created, changed FROM account")) {
      const { replaced: mark, ...rest } = row as unknown as Account & { replaced: string | null };
      accounts.set(keyOf(rest.name), { ...rest, fromEnvironment: false });
      replaced.set(keyOf(rest.name), mark);
    }
    if (!user) return new Users(database, clock, accounts, null, compare);
    const key = keyOf(user.name);
    const known = accounts.get(key);
    const mark = await markOf(user.password, replaced.get(key) ?? null, compare);
    const stays = known && known.password !== null && mark.isTheReplaced;
    const now = clock.now();
    accounts.set(key, {
      name: user.name,
      role: "admin",
      password: stays ? known.password : mark.passwordHash,
      fromEnvironment: true,
      created: known?.created ?? now,
      changed: known?.changed ?? now,
    });
    database.run(
      `INSERT INTO account (name, role, password, replaced, created, changed) VALUES (?1, 'admin', NULL, NULL, ?2, ?2)
       ON CONFLICT (name) DO UPDATE SET role = 'admin'${stays ? ", replaced = ?3" : ", password = NULL, replaced = ?3"}`,
      ...[user.name, now, stays ? mark.text : null],
    );
    return new Users(database, clock, accounts, mark.text, compare);
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
    if (!(await isPassword(password, known, this.#compare)) || !account || known === null) return null;
    if (isWeak(known)) this.#renew(account, known, await hashPassword(password));
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

  /** Adds an account, or changes role and password of the one of that name. `password`: null: stays. */
  async save(name: string, role: Role, password: string | null): Promise<Account> {
    const passwordHash = password === null ? null : await hashPassword(password);
    const known = this.find(name);
    const now = this.#clock.now();
    const mark = known?.fromEnvironment ? this.#mark : this.#mark === null ? NOT_KNOWN : null;
    const saved: Account = {
      name: known?.name ?? name,
      role: known?.fromEnvironment ? "admin" : role,
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

/**
 * Whether the environment's password is the one that `replaced` marks, its bcrypt hash, and the mark to be kept from now on. The mark of
 * a password is a bcrypt hash, that of a hash its digest: neither tells the password.
 */
async function markOf(password: string, replaced: string | null, compare: Compare | undefined) {
  if (isPasswordHash(password)) {
    const text = digest(password);
    return { passwordHash: password, text, isTheReplaced: replaced === text || replaced === NOT_KNOWN };
  }
  const known = replaced !== null && isPasswordHash(replaced);
  const same = known && (await isPassword(password, replaced, compare));
  const passwordHash = same ? replaced : await hashPassword(password);
  return { passwordHash, text: passwordHash, isTheReplaced: same || replaced === NOT_KNOWN };
}

function keyOf(name: string): string {
  return name.toLowerCase();
}
