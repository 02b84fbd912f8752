const SHORTEST = 8;
/** bcrypt looks at no more than so many bytes. */
const LONGEST_BYTES = 72;
const BCRYPT_HASH = /^\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/** Why a new password will not do, as the end of a sentence; null: it will. */
export function passwordProblem(password: string): string | null {
  if (password.length < SHORTEST) return `at least ${SHORTEST} characters`;
  if (new TextEncoder().encode(password).length > LONGEST_BYTES) return `at most ${LONGEST_BYTES} bytes`;
  return password.includes("\0") ? "must not hold a NUL character" : null;
}

/** How much work went into a bcrypt hash; null: the text is none. */
export function bcryptCost(text: string): number | null {
  const cost = BCRYPT_HASH.exec(text)?.[1];
  return cost === undefined ? null : Number(cost);
}
