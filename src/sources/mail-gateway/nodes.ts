import { type Row, toNumber, toRows, toText } from "../../kit/fields.ts";
import type { Instant } from "../../kit/units.ts";
import type { GatewayNode, MailQueue } from "../../model/mail-gateway.ts";
import { LookFailed } from "../source.ts";

/** The names by which queues are asked for. */
export const QUEUES = ["active", "deferred", "hold", "incoming"] as const;
export type QueueName = (typeof QUEUES)[number];

/** What one queue holds. */
export interface QueueShape {
  /** null: not told. */
  total: number | null;
  /** s; the lower bound of the oldest column that is not empty. */
  oldestAge: number;
}

/**
 * Translates `GET /config/cluster/status`. A member that cannot be reached by the one that was asked carries the reason instead of
 * figures; a gateway on its own is of the type "-". Throws LookFailed.
 */
export function toNodes(data: unknown): GatewayNode[] {
  const rows = toRows(data);
  if (rows === null) throw new LookFailed("garbled", "The members of the gateway were answered without a list");
  if (rows.length === 0) throw new LookFailed("empty", "The gateway lists no members, not even itself");
  return rows.flatMap(row => {
    const name = toText(row.name);
    return name === null ? [] : [toNode(row, name)];
  });
}

function toNode(row: Row, name: string): GatewayNode {
  const error = toText(row.conn_error)?.trim() ?? null;
  return {
    name,
    status: error === null ? "online" : "offline",
    role: toText(row.type) ?? "-",
    uptime: toNumber(row.uptime),
    loadAvg: Array.isArray(row.loadavg) ? row.loadavg.map(String).join(", ") : null,
    queueStatus: null,
    error,
  };
}

/** Columns of the queue's shape with the least age of what stands in them, in minutes. */
const COLUMNS: readonly [name: string, from: number][] = [
  ["1280m+", 1280],
  ["1280m", 640],
  ["640m", 320],
  ["320m", 160],
  ["160m", 80],
  ["80m", 40],
  ["40m", 20],
  ["20m", 10],
  ["10m", 5],
];

/** Translates `GET /nodes/{node}/postfix/qshape`: a row a domain, and one of all of them, "TOTAL". Throws LookFailed. */
export function toQueueShape(data: unknown): QueueShape {
  const rows = toRows(data);
  if (rows === null) throw new LookFailed("garbled", "The shape of a mail queue was answered without a list");
  const all = rows.find(row => row.domain === "TOTAL");
  if (!all) return { total: Array.isArray(data) && data.length === 0 ? 0 : null, oldestAge: 0 };
  const oldest = COLUMNS.find(([name]) => (toNumber(all[name]) ?? 0) > 0);
  return { total: toNumber(all.total), oldestAge: (oldest?.[1] ?? 0) * 60 };
}

/** The queues of a node together; null where one could not be read. */
export function toMailQueue(shapes: Readonly<Record<QueueName, QueueShape | null>>, at: Instant): MailQueue {
  const totals = QUEUES.map(name => shapes[name]?.total ?? null);
  return {
    active: shapes.active?.total ?? null,
    deferred: shapes.deferred?.total ?? null,
    hold: shapes.hold?.total ?? null,
    incoming: shapes.incoming?.total ?? null,
    total: totals.every(total => total !== null) ? totals.reduce((sum, total) => sum + total, 0) : null,
    oldestAge: Math.max(0, ...QUEUES.map(name => shapes[name]?.oldestAge ?? 0)),
    updatedAt: new Date(at).toISOString(),
  };
}
