import { DAY, HOUR, type Instant } from "../kit/units.ts";
import { wallTime, zoneOf } from "../kit/wall-clock.ts";
import type { ChannelHealth } from "../model/notification.ts";
import type { Channel } from "./channel-book.ts";

/** A channel that took anything within this time needs no sign of life. */
const QUIET_FOR = DAY - HOUR;

/** The day whose sign of life is due: today's from its hour on, until then yesterday's. */
export function canaryDay({ hour }: { hour: number }, timezone: string, at: Instant): number {
  const { day, minutes } = wallTime(at, zoneOf(timezone));
  return minutes >= hour * 60 ? day : day - 1;
}

/** Browsers say by themselves when they are gone; the other channels are asked once a day, unless something went through anyway. */
export function needsCanary(
  { kind, enabled, since }: Pick<Channel, "kind" | "enabled" | "since">,
  { lastDelivered }: Pick<ChannelHealth, "lastDelivered">,
  at: Instant,
): boolean {
  return enabled && kind !== "push" && at - Math.max(since, lastDelivered ?? 0) >= QUIET_FOR;
}
