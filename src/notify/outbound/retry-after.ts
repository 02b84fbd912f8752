import { type Instant, type Millis, SECOND } from "../../kit/units.ts";

/** How long to wait by a `Retry-After` header, in seconds or as a date; null: it says nothing that can be read. */
export function readRetryAfter(header: string | undefined, now: Instant): Millis | null {
  const text = header?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * SECOND);
  // NOTE: Date.parse takes much that is no HTTP date, as "-5"; all forms of a date begin with the day's name.
  const isDate = /^[A-Za-z]{3,9},? /.test(text);
  // The oldest of the three forms names no zone: it is GMT, as all of them.
  const at = isDate ? Date.parse(/\d{4}$/.test(text) ? `${text} GMT` : text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
