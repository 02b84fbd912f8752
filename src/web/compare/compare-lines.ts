import type { Guest } from "../../model/guest.ts";
import { compareKeys, compareNames } from "../ui/sort.ts";

/** More lines than that nobody can tell apart; there are as many colours. */
export const MOST_LINES = 12;

/** Which guests are compared: those that were picked, or else those that a search finds, the greatest present value first. */
export function toCompared(
  guests: readonly Guest[],
  {
    picked,
    test,
    read,
  }: { picked: readonly string[]; test: (guest: Guest) => boolean; read: (guest: Guest) => number | null },
): { lines: Guest[]; found: number } {
  const byId = new Map(guests.map(guest => [guest.id, guest]));
  const found =
    picked.length > 0
      ? picked.map(id => byId.get(id)).filter(guest => guest !== undefined)
      : guests
          .filter(guest => !guest.template && test(guest))
          .sort(
            (a, b) => compareKeys(read(a), read(b), true) || compareNames(a.name, b.name) || compareNames(a.id, b.id),
          );
  return { lines: found.slice(0, MOST_LINES), found: found.length };
}

/** Ids as an address has them, one a line. */
export function idsText(ids: readonly string[]): string {
  return ids.join("\n");
}

/** The ids that an address has; each once. */
export function toIds(text: string): string[] {
  return [...new Set(text.split("\n"))].filter(id => id !== "");
}

/** Colours stay with their guests: those that are there keep theirs, a new one gets the first that is free. */
export function toColours(ids: readonly string[], before: ReadonlyMap<string, number>): Map<string, number> {
  const kept = new Map([...before].filter(([id]) => ids.includes(id)));
  for (const id of ids) {
    if (kept.has(id)) continue;
    const taken = new Set(kept.values());
    kept.set(id, Array.from({ length: MOST_LINES }, (_, colour) => colour).find(colour => !taken.has(colour)) ?? 0);
  }
  return kept;
}
