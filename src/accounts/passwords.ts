import { hash, verify } from "@node-rs/bcrypt";
import { bcryptCost, passwordProblem } from "../model/password-rule.ts";

const COST = 12;

/** Compares a password with a bcrypt hash. */
export type Compare = (password: string, passwordHash: string) => Promise<boolean>;

export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

export function isPasswordHash(text: string): boolean {
  return bcryptCost(text) !== null;
}

/** Whether the hash was made with less work than is asked for today. */
export function isWeak(passwordHash: string): boolean {
  return (bcryptCost(passwordHash) ?? 0) < COST;
}

/** Why a new password will not do, as a sentence that begins with `field`; null: it will. */
export function problemOf(password: string, field: string): string | null {
  const problem = passwordProblem(password);
  return problem === null ? null : `${field}: ${problem}`;
}

/**
 * Whether `password` is the one hashed in `known`; null: there is no such user. It takes the same time for both, and for a hash that was
 * made with less work: one more comparison, of full work, runs beside it.
 */
export async function isPassword(password: string, known: string | null, compare: Compare = verify): Promise<boolean> {
  const beside = known === null || isWeak(known) ? [compare(password, DECOY)] : [];
  const [right] = await Promise.all([known === null ? false : compare(password, known), ...beside]);
  return right === true;
}

/** No password fits it. */
const DECOY = `$2b$${COST}$${".".repeat(53)}`;
