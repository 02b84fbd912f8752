/** Structural equality of JSON values. */
export function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  // NOTE: without lists of their keys: it runs for the measures of every guest at every look.
  let more = 0;
  for (const key in a) {
    if (!equal((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])) return false;
    more += 1;
  }
  for (const _ in b) more -= 1;
  return more === 0;
}
