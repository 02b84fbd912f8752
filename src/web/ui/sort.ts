const NATURAL = new Intl.Collator("en", { numeric: true });

/** Compares names as people count: "web-2" before "web-10". */
export function compareNames(a: string, b: string): number {
  return NATURAL.compare(a, b);
}

/** Compares by a key; null, which is unknown, comes last in both directions. Equal keys: 0. */
export function compareKeys(a: string | number | null, b: string | number | null, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = typeof a === "number" && typeof b === "number" ? a - b : NATURAL.compare(String(a), String(b));
  return descending ? -order : order;
}

/** What is known of two numbers together; null: nothing. */
export function sumOf(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}
