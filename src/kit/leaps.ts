import type { Clock } from "./clock.ts";
import { DAY, HOUR, MINUTE, type Millis, SECOND } from "./units.ts";

/** Less is how a clock is kept right, and how late a busy machine is. */
const LEAST: Millis = 10 * SECOND;

/** What has been done to a clock since this was last asked, as a sentence; null: nothing. */
export function leapWatch(clock: Clock): () => string | null {
  const offset = () => (clock.steady ? clock.now() - clock.steady() : 0);
  let before = offset();
  return () => {
    const now = offset();
    const leap = now - before;
    before = now;
    if (Math.abs(leap) < LEAST) return null;
    // Linux does not count the time in which a machine sleeps.
    return leap > 0
      ? `The clock was set forward by ${toWords(leap)}, or this machine slept`
      : `The clock was set back by ${toWords(-leap)}`;
  };
}

/** In the largest unit of which there is at least one. */
function toWords(duration: Millis): string {
  const units = [
    [DAY, "d"],
    [HOUR, "h"],
    [MINUTE, "min"],
    [SECOND, "s"],
  ] as const;
  const [unit, name] = units.find(([length]) => duration >= length) ?? [SECOND, "s"];
  return `${Math.round((duration / unit) * 10) / 10} ${name}`;
}
