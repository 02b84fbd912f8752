import { type Instant, SECOND } from "../../kit/units.ts";

/** How far the reports of a host have come. */
export interface Progress {
  /** When the newest that was taken was made, by the host's own clock. */
  newest: Instant;
  /** The last one, when it was not newer than that: made `told`, received `at`. null: it was, and is taken. */
  late: { told: Instant; at: Instant } | null;
}

/**
 * The progress after a report that was made `told` and received `at`. One that is not newer than another before it is late: an agent that
 * could not get through sends again what it kept, and a picture must not be turned back by it. But a clock that was set back makes every
 * report look old: two of those, as far apart by the host's clock as by ours, and the host is believed again.
 */
export function progressOf(before: Progress | undefined, told: Instant, at: Instant): Progress {
  if (!before || told > before.newest || isPaced(before.late, told, at)) return { newest: told, late: null };
  return { newest: before.newest, late: { told, at } };
}

/** As far apart by one clock as by the other, within a quarter. What was kept comes in a quick row. */
function isPaced(last: Progress["late"], told: Instant, at: Instant): boolean {
  if (last === null) return false;
  const apart = at - last.at;
  return apart >= 2 * SECOND && Math.abs(told - last.told - apart) <= apart / 4;
}
