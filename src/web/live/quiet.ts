import { type Instant, SECOND } from "../../kit/units.ts";
import type { Picture } from "../../model/picture.ts";

/** No news for so long is news itself, or for so many times as long as instances are looked at. */
const QUIET = 25 * SECOND;
const QUIET_LOOKS = 2.5;

/** Whether nothing has come for longer than it ever should, though the line is there. */
export function isQuiet({ instances, lastUpdate }: Pick<Picture, "instances" | "lastUpdate">, now: Instant): boolean {
  const intervals = Object.values(instances).map(({ interval }) => interval);
  return intervals.length > 0 && now - lastUpdate > Math.max(QUIET, QUIET_LOOKS * Math.min(...intervals));
}
