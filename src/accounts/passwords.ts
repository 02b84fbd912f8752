import { hash, verify } from "@node-rs/bcrypt";

const COST = 12;
const SHORTEST = 8;
/** bcrypt looks at no more than so many bytes. */
const LONGEST_BYTES = 72;
const BCRYPT_HASH = /^\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/** Compares a password with a bcrypt hash. */
export type Compare = (password: string, passwordHash: string) => Promise<boolean>;

export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

export function isPasswordHash(text: string): boolean {
  return BCRYPT_HASH.test(text);
}

/** Whether the hash was made with less work than is asked for today. */
export function isWeak(passwordHash: string): boolean {
  return costOf(passwordHash) < COST;
}

/** Why a new password will not do, as a sentence that begins with `field`; null: it will. */
export function problemOf(password: string, field: string): string | null {
  if (password.length < SHORTEST) return `${field}: at least ${SHORTEST} characters`;
  if (Buffer.byteLength(password) > LONGEST_BYTES) return `${field}: at most ${LONGEST_BYTES} bytes`;
  return password.includes("\0") ? `${field}: must not hold a NUL character` : null;
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

function costOf(passwordHash: string): number {
  return Number(BCRYPT_HASH.exec(passwordHash)?.[1] ?? 0);
}
