import { HOUR, type Instant, MINUTE, type Millis } from "../kit/units.ts";
import { wallTime } from "../kit/wall-clock.ts";
import type { OwnUpdate } from "../model/picture.ts";
import type { SystemSettings } from "../model/system-settings.ts";
import type { Attempt } from "./update-book.ts";

export type AutoUpdateSettings = Pick<
  SystemSettings,
  "autoUpdateEnabled" | "autoUpdateCheckInterval" | "autoUpdateTime" | "updateChannel"
>;

/** For so long after its beginning an hour is the chosen one. */
const WINDOW: Millis = HOUR;
/** For so long it is news that there is another version. */
const NEWS: Millis = HOUR;

/** Whether it is time to look for releases. `last`: when that was done, or Pulse started; null: neither is known. */
export function isLookDue(settings: AutoUpdateSettings, last: Instant | null, now: Instant): boolean {
  if (!settings.autoUpdateEnabled) return false;
  // A clock that was set back must not keep it from looking for years.
  return last === null || now < last || now - last >= settings.autoUpdateCheckInterval * HOUR;
}

/** Whether `version` is to be gone over to now: in the chosen hour, of the releases that count for everybody, and never twice in vain. */
export function isApplyDue(
  settings: AutoUpdateSettings,
  offer: { version: string; isMajor: boolean } | null,
  attempts: readonly Attempt[],
  { now, zone }: { now: Instant; zone: string },
): boolean {
  if (!settings.autoUpdateEnabled || settings.updateChannel !== "stable" || !offer || offer.isMajor) return false;
  const isTried = attempts.some(({ to, via }) => via === "auto" && to === offer.version);
  return !isTried && isChosenHour(settings.autoUpdateTime, now, zone);
}

function isChosenHour(time: string, now: Instant, zone: string): boolean {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const day = 24 * HOUR;
  const begins = hours * HOUR + minutes * MINUTE;
  const { minutes: shown } = wallTime(now, zone);
  return (shown * MINUTE - begins + day) % day < WINDOW;
}

/** What there is to tell of it: why the last one failed, until another version runs, and for a while that one was made. */
export function toOwnUpdate(
  settings: AutoUpdateSettings,
  attempts: readonly Attempt[],
  current: string,
  now: Instant,
): OwnUpdate {
  const [last] = attempts.filter(({ ended }) => ended !== null);
  if (last?.via !== "auto" || last.ended === null) return { failed: false, done: false };
  const isNews = last.status === "completed" && last.to === current && now >= last.ended && now - last.ended < NEWS;
  const isFailed = settings.autoUpdateEnabled && last.status !== "completed" && last.from === current;
  return {
    failed: isFailed ? (last.fault?.message ?? "it came to nothing") : false,
    done: isNews ? { from: `v${last.from}`, to: `v${last.to}` } : false,
  };
}
