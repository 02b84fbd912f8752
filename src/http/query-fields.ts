import type { Instant } from "../kit/units.ts";
import { Failure } from "./failure.ts";

/** A time in a query; null: not asked for. Throws Failure when it is no time. */
export function toInstant(text: string | undefined, name: string): Instant | null {
  if (text === undefined) return null;
  const instant = /^-?\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isFinite(instant) || Math.abs(instant) > 8.64e15)
    throw new Failure(400, `${name}: must be ms since the Unix epoch, or RFC 3339`);
  return instant;
}

/** A whole number in a query. Throws Failure when it is none, or out of bounds. */
export function toCount(
  text: string | undefined,
  name: string,
  { usual, from, to }: { usual: number; from: number; to: number },
): number {
  const count = text === undefined ? usual : Number(text);
  if (!Number.isInteger(count) || count < from || count > to)
    throw new Failure(400, `${name}: must be a whole number from ${from} to ${to}`);
  return count;
}
