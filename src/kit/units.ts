/** A length of time or an instant since the Unix epoch, in milliseconds. */
export type Millis = number;
/** An instant: milliseconds since the Unix epoch. */
export type Instant = Millis;
/** A size in bytes (1024-based when shown). */
export type Bytes = number;
/** A share, 0 to 1. May exceed 1 where the source counts so (CPU burst). */
export type Ratio = number;
/** A percentage, 0 to 100. */
export type Percent = number;

export const SECOND: Millis = 1000;
export const MINUTE: Millis = 60 * SECOND;
export const HOUR: Millis = 60 * MINUTE;
export const DAY: Millis = 24 * HOUR;

export const KIB: Bytes = 1024;
export const MIB: Bytes = 1024 * KIB;
export const GIB: Bytes = 1024 * MIB;

/** "45 s", "90 minutes", "21 hours", "4 days": as exactly as it matters. */
export function spanText(length: Millis): string {
  const seconds = Math.ceil(length / SECOND);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return length < 3 * DAY ? `${Math.round(length / HOUR)} hours` : `${Math.round(length / DAY)} days`;
}

/** `value` rounded to `digits` decimals; kept data is rounded before it is stored or sent, raw floats cost several times the bytes. */
export function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

/** Share of `total` that `used` is, 0 to 100 with two decimals; null when the total is zero or unknown. */
export function percentOf(used: number, total: number): Percent | null {
  return total > 0 ? round((used / total) * 100, 2) : null;
}
