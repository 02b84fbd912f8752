import type { Alert } from "../../model/alert.ts";

/** An alert that speaks for itself, and those that it carries. */
export interface Incident {
  /** The alert's. */
  id: string;
  alert: Alert;
  /** The worst and newest first. */
  carried: readonly Alert[];
}

/** Alerts as incidents: what nobody has acknowledged first, then the worst, then the newest. */
export function toIncidents(alerts: Iterable<Alert>): Incident[] {
  const byId = new Map([...alerts].map(alert => [alert.id, alert]));
  const carried = Map.groupBy(byId.values(), alert => rootOf(alert, byId).id);
  return [...carried]
    .flatMap(([id, members]) => {
      const alert = byId.get(id);
      return alert ? [{ id, alert, carried: members.filter(member => member.id !== id).toSorted(compareAlerts) }] : [];
    })
    .sort((a, b) => Number(a.alert.acknowledged) - Number(b.alert.acknowledged) || compareAlerts(a.alert, b.alert));
}

/** The alert at the end of the causes that still fire. */
function rootOf(alert: Alert, byId: ReadonlyMap<string, Alert>): Alert {
  const seen = new Set<string>();
  let root = alert;
  while (root.cause !== null && !seen.has(root.id)) {
    seen.add(root.id);
    const next = byId.get(root.cause);
    if (!next) break;
    root = next;
  }
  return root;
}

const RANK = { critical: 0, warning: 1 } as const;

function compareAlerts(a: Alert, b: Alert): number {
  return RANK[a.level] - RANK[b.level] || Date.parse(b.startTime) - Date.parse(a.startTime) || (a.id < b.id ? -1 : 1);
}

/** How much of a bar a value fills, and where on it the threshold stands, both 0 to 1. */
export function toBar({ value, threshold, unit }: Pick<Alert, "value" | "threshold" | "unit">): {
  fill: number;
  mark: number;
} {
  const whole = unit === "percent" ? 100 : Math.max(value, threshold, 1e-9) * 1.2;
  const share = (part: number) => Math.min(1, Math.max(0, part / whole));
  return { fill: share(value), mark: share(threshold) };
}
