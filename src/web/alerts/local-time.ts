import type { Instant } from "../../kit/units.ts";

/** A time as fields of the type `datetime-local` have it, in the reader's zone. */
export function toLocal(at: Instant): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** null: it is no time. */
export function fromLocal(text: string): Instant | null {
  const at = new Date(text).getTime();
  return Number.isNaN(at) ? null : at;
}

/** Eight in the morning of the day after `now`, in the reader's zone. */
export function tomorrowAt8(now: Instant): Instant {
  const date = new Date(now);
  date.setDate(date.getDate() + 1);
  date.setHours(8, 0, 0, 0);
  return date.getTime();
}
