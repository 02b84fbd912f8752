/**
 * Readers for upstream JSON. The same field of Proxmox is a number in one release and a numeric string in the next, may be null where
 * a list is due, and booleans are 1, 0, or absent: so each field is read for what it can be, and what cannot be read is null.
 */
export type Row = Readonly<Record<string, unknown>>;

/** The value as an object; null for anything else. */
export function toRow(value: unknown): Row | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : null;
}

/** The rows of a list; null when it is not one. `null` from the wire counts as an empty list, members that are no objects are left out. */
export function toRows(value: unknown): Row[] | null {
  if (value === null) return [];
  if (!Array.isArray(value)) return null;
  return value.map(toRow).filter(row => row !== null);
}

/** Nothing that is counted or measured comes near; what is reckoned with larger ones may be no number any more. */
const LARGEST = 1e30;

/** A number, also from a numeric string; null for everything else, as for what is too large to be one of anything. */
export function toNumber(value: unknown): number | null {
  if (typeof value === "number") return Math.abs(value) <= LARGEST ? value : null;
  if (typeof value !== "string" || value.trim() === "") return null;
  return toNumber(Number(value));
}

/** A whole number from 0 on, as a VMID is, also from a numeric string; null for everything else. */
export function toCount(value: unknown): number | null {
  const number = toNumber(value);
  return number !== null && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** The last second of the year 9999: later times have no place in RFC 3339, and much later ones in no calendar. */
export const LAST_SECOND = 253_402_300_799;

/** A time, in seconds since the Unix epoch, also from a numeric string; null for everything else, as for what is no time any more. */
export function toSeconds(value: unknown): number | null {
  const seconds = toNumber(value);
  return seconds !== null && seconds >= 0 && seconds <= LAST_SECOND ? seconds : null;
}

/** A text that is not empty; null otherwise. */
export function toText(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** As `toFlag`, where silence says nothing: null when it is not told, or is no flag. The empty text is how Perl writes false. */
export function toToldFlag(value: unknown): boolean | null {
  return toFlag(value) || (FALSE.includes(value) ? false : null);
}

const FALSE: readonly unknown[] = [0, "0", "", false];

/** 1, "1" and true; absent is false. */
export function toFlag(value: unknown): boolean {
  return value === 1 || value === "1" || value === true;
}
