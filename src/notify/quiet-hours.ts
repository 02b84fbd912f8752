import type { Instant } from "../kit/units.ts";
import type { Alert } from "../model/alert.ts";
import type { CheckName, MetricName, QuietHours } from "../model/alert-config.ts";
import { WEEK_DAYS } from "../model/week-days.ts";
import { occurrenceAt } from "./weekly.ts";

type Kind = keyof QuietHours["suppress"];

/** What an operator may hold back apart from the rest, by the alert's type. */
const KINDS: { readonly [T in MetricName | CheckName]: Kind } = {
  cpu: "performance",
  memory: "performance",
  disk: "storage",
  diskRead: "performance",
  diskWrite: "performance",
  networkIn: "performance",
  networkOut: "performance",
  usage: "storage",
  temperature: "performance",
  wearout: "storage",
  certificate: "offline",
  backupAge: "storage",
  snapshotAge: "storage",
  unwritten: "offline",
  "update-failed": "storage",
  updated: "storage",
  offline: "offline",
  unreachable: "offline",
  unwatched: "offline",
  unheard: "offline",
  quorum: "offline",
  "powered-off": "offline",
  "ha-error": "offline",
  "storage-inactive": "storage",
  "zfs-state": "storage",
  "zfs-errors": "storage",
  "zfs-device": "storage",
  "disk-health": "storage",
  "ceph-health": "storage",
  "ceph-osd": "storage",
  "backups-unread": "storage",
  "backup-failed": "storage",
  "backup-unverified": "storage",
  "job-failed": "storage",
  "datastore-unavailable": "storage",
  "replication-failed": "storage",
  "mail-queue": "performance",
  "mail-oldest": "performance",
  "mail-quarantine": "performance",
  "container-state": "offline",
  "container-health": "offline",
  "container-restarts": "offline",
  "container-oom": "performance",
  "container-memory-limit": "performance",
  anomaly: "performance",
};

/** Until when the alert is held back; null: it is not. Warnings are, in all quiet hours; critical ones where their kind is to be. */
export function quietUntil(alert: Alert, quiet: QuietHours, now: Instant): Instant | null {
  if (!quiet.enabled) return null;
  const kind = (KINDS as Readonly<Record<string, Kind>>)[alert.type] ?? "performance";
  if (alert.level === "critical" && !quiet.suppress[kind]) return null;
  const { days, start, end, timezone } = quiet;
  return occurrenceAt({ days: days && numbersOf(days), start, end, timezone }, now)?.to ?? null;
}

function numbersOf(days: NonNullable<QuietHours["days"]>): number[] {
  return WEEK_DAYS.flatMap((day, at) => (days[day] ? [(at + 1) % 7] : []));
}
