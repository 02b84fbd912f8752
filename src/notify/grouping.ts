import { type Instant, SECOND } from "../kit/units.ts";
import type { Alert } from "../model/alert.ts";
import type { Schedule } from "../model/alert-config.ts";

type Grouping = Schedule["grouping"];

/** A critical alert waits no longer than this for others: a look's interval and a half, so that what falls with it is in the same message. */
const CRITICAL_WINDOW = 15 * SECOND;

/** What an alert is told together with: alerts of one key make one notification. `enabled: false` gives each its own. */
export function groupKey(alert: Alert, { enabled, byNode, byGuest }: Grouping): string {
  if (!enabled) return `alert ${alert.id} ${alert.startTime}`;
  if (byGuest) return `resource ${alert.resourceId}`;
  return byNode ? `node ${alert.instance}/${alert.node}` : "all";
}

/** When a notification goes that has waited since `opened`, once `alert` is in it at `now`; `due`: when it would have gone without. */
export function groupDue(
  alert: Alert,
  { opened, due, now }: { opened: Instant; due: Instant | null; now: Instant },
  { enabled, window }: Grouping,
): Instant {
  if (!enabled) return now;
  const end = due ?? opened + window * SECOND;
  return alert.level === "critical" ? Math.min(end, now + CRITICAL_WINDOW) : end;
}
