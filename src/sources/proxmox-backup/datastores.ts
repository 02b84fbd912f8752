import { type Row, toNumber, toRow, toRows, toSeconds, toText } from "../../kit/fields.ts";
import { DAY, type Instant, percentOf, round, SECOND } from "../../kit/units.ts";
import type { BackupNamespace, Datastore } from "../../model/backup-server.ts";
import { datastoreId } from "../../model/ids.ts";
import { LookFailed } from "../source.ts";

/** A list shows only what the user may see, and what was there a minute ago has hardly gone altogether. */
export const NO_STORES = "No datastore is listed: may the user see them (role Audit on /)?";

/** What the list of all datastores says of one. */
export interface Usage {
  name: string;
  total: number | null;
  used: number | null;
  free: number | null;
  /** Why it could not be looked at. */
  error: string | null;
  /** null: it does not fill, or has not been watched for long enough. */
  fullAt: Instant | null;
  deduplicationFactor: number | null;
}

/** Translates `GET /status/datastore-usage`; one that cannot be looked at has only name and reason. Throws LookFailed. */
export function toUsage(data: unknown): Usage[] {
  const rows = toRows(data);
  if (rows === null) throw new LookFailed("garbled", "The usage of the datastores was answered without a list");
  if (rows.length === 0) throw new LookFailed("empty", NO_STORES);
  return rows.flatMap(row => {
    const name = toText(row.store);
    if (name === null) return [];
    const full = toSeconds(row["estimated-full-date"]);
    return [
      {
        name,
        total: toNumber(row.total),
        used: toNumber(row.used),
        free: toNumber(row.avail),
        error: toText(row.error),
        fullAt: full === null || full <= 0 ? null : full * SECOND,
        deduplicationFactor: toFactor(row["gc-status"]),
      },
    ];
  });
}

/** Bytes of backups for each byte on disk, from what a garbage collection found; null before the first one. */
export function toFactor(data: unknown): number | null {
  const gc = toRow(data);
  const [held, disk] = [toNumber(gc?.["index-data-bytes"]), toNumber(gc?.["disk-bytes"])];
  return held === null || disk === null || disk <= 0 ? null : round(held / disk, 2);
}

/** Of `GET /admin/datastore`, the datastores that are in maintenance, with what is told about it. */
export function toMaintenance(data: unknown): Map<string, string> {
  const found = new Map<string, string>();
  for (const row of toRows(data) ?? []) {
    const [name, told] = [toText(row.store), toText(row.maintenance)];
    if (name !== null && told !== null) found.set(name, toMode(told));
  }
  return found;
}

/** `type=offline,message=…`, or just the type. */
function toMode(told: string): string {
  const [, type = told] = /(?:^|,)type=([^,]+)/.exec(told) ?? [];
  const [, message] = /(?:^|,)message=(.+)$/.exec(told) ?? [];
  return message ? `In maintenance (${type}): ${message}` : `In maintenance (${type})`;
}

/** Translates `GET …/namespace`. The root is listed as ""; it is there even when a release leaves it out. Throws LookFailed. */
export function toNamespaces(data: unknown): BackupNamespace[] {
  const rows = toRows(data);
  if (rows === null) throw new LookFailed("garbled", "The namespaces were answered without a list");
  const paths = new Set(["", ...rows.flatMap(row => (typeof row.ns === "string" ? [row.ns] : []))]);
  return [...paths].sort().map(path => {
    const slash = path.lastIndexOf("/");
    const depth = path === "" ? 0 : path.split("/").length;
    return { path, parent: depth === 0 ? null : path.slice(0, Math.max(0, slash)), depth };
  });
}

/** What other calls than the list of all say of a datastore. */
export interface DatastoreDetails {
  maintenance: string | null;
  namespaces: readonly BackupNamespace[];
  deduplicationFactor: number | null;
  /** What of it could not be read. */
  fault: string | null;
}

/** A datastore as the wire has it. */
export function toDatastore(instance: string, usage: Usage, details: DatastoreDetails, at: Instant): Datastore {
  const { name, total, used, free, error, fullAt } = usage;
  const { maintenance, fault } = details;
  const full = fullAt === null || fullAt <= at ? null : fullAt;
  return {
    id: datastoreId(instance, name),
    name,
    total,
    used,
    free: free ?? (total === null || used === null ? null : Math.max(0, total - used)),
    usage: total === null || used === null ? null : percentOf(used, total),
    status: maintenance !== null ? "maintenance" : error !== null ? "error" : "available",
    error: maintenance ?? error ?? fault,
    namespaces: [...details.namespaces],
    deduplicationFactor: usage.deduplicationFactor ?? details.deduplicationFactor,
    estimatedFullAt: full === null ? null : new Date(full).toISOString(),
    daysUntilFull: full === null ? null : round((full - at) / DAY, 1),
  };
}

/** Translates `GET /nodes/localhost/status`: shares become percent, as clients of Backup Servers know them. Throws LookFailed. */
export function toNodeStatus(data: unknown) {
  const row = toRow(data);
  if (row === null) throw new LookFailed("garbled", "The status of the server was answered without an object");
  const memory: Row = toRow(row.memory) ?? {};
  const [used, total, cpu] = [toNumber(memory.used), toNumber(memory.total), toNumber(row.cpu)];
  return {
    cpu: cpu === null ? null : round(cpu * 100, 2),
    memory: used === null || total === null ? null : percentOf(used, total),
    memoryUsed: used,
    memoryTotal: total,
    uptime: toNumber(row.uptime),
  };
}
