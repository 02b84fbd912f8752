import { hash, verify } from "@node-rs/bcrypt";
import { bcryptCost, passwordProblem } from "../model/password-rule.ts";

/** Compares a password with a bcrypt hash. */
export type Compare = (password: string, passwordHash: string) => Promise<boolean>;

export interface PasswordOptions {
  /** How much work a hash is: so many doublings. */
  cost?: number;
  compare?: Compare;
}

/** Hashes passwords, and tells which one is right. */
export class Passwords {
  readonly #cost: number;
  readonly #compare: Compare;
  /** No password fits it. */
  readonly #decoy: string;

  constructor({ cost = 12, compare = verify }: PasswordOptions = {}) {
    this.#cost = cost;
    this.#compare = compare;
    this.#decoy = `$2b$${String(cost).padStart(2, "0")}$${".".repeat(53)}`;
  }

  hash(password: string): Promise<string> {
    return hash(password, this.#cost);
  }

  /** Whether the hash was made with less work than is asked for today. */
  isWeak(passwordHash: string): boolean {
    return (bcryptCost(passwordHash) ?? 0) < this.#cost;
  }

  /**
   * Whether `password` is the one hashed in `known`; null: there is no such user. It takes the same time for both, and for a hash that
   * was made with less work: one more comparison, of full work, runs beside it.
   */
  async isRight(password: string, known: string | null): Promise<boolean> {
    const beside = known === null || this.isWeak(known) ? [this.#compare(password, this.#decoy)] : [];
    const [right] = await Promise.all([known === null ? false : this.#compare(password, known), ...beside]);
    return right === true;
  }
}

export function isPasswordHash(text: string): boolean {
  return bcryptCost(text) !== null;
}

/** Why a new password will not do, as a sentence that begins with `field`; null: it will. */
export function problemOf(password: string, field: string): string | null {
  const problem = passwordProblem(password);
  return problem === null ? null : `${field}: ${problem}`;
}
