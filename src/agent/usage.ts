import { type Row, toNumber, toRow, toRows, toText } from "../kit/fields.ts";
import { type Instant, type Percent, round, SECOND } from "../kit/units.ts";

/** What one reading of a container's statistics says; null: not told. Counters count from its start. */
export interface Sample {
  at: Instant;
  /** Nanoseconds of one CPU. */
  cpuTime: number | null;
  cpus: number | null;
  memoryUsed: number | null;
  memoryLimit: number | null;
  received: number | null;
  sent: number | null;
  read: number | null;
  written: number | null;
  pids: number | null;
}

/** Reads an answer of `GET /containers/ID/stats`; null where it tells nothing: Docker answers so for a container that has stopped. */
export function toSample(answer: unknown): Sample | null {
  const row = toRow(answer);
  const at = Date.parse(toText(row?.read) ?? "");
  // "0001-01-01T00:00:00Z" when nothing was read.
  if (row === null || !(at > 0)) return null;
  const cpu = toRow(row.cpu_stats);
  const memory = toRow(row.memory_stats);
  const networks = toRow(row.networks);
  const blocks = toRows(toRow(row.blkio_stats)?.io_service_bytes_recursive ?? null) ?? [];
  return {
    at,
    cpuTime: toNumber(toRow(cpu?.cpu_usage)?.total_usage),
    cpus: toNumber(cpu?.online_cpus),
    memoryUsed: toMemoryUsed(memory),
    memoryLimit: atLeastOne(toNumber(memory?.limit)),
    received: sumOf(networks, "rx_bytes"),
    sent: sumOf(networks, "tx_bytes"),
    read: sumOfOp(blocks, "read"),
    written: sumOfOp(blocks, "write"),
    pids: atLeastOne(toNumber(toRow(row.pids_stats)?.current)),
  };
}

/**
 * What a container needs, without the page cache that the kernel would give up: `total_inactive_file` with cgroup v1, `inactive_file` with
 * v2, `cache` where an engine tells only that.
 */
function toMemoryUsed(memory: Row | null): number | null {
  const usage = atLeastOne(toNumber(memory?.usage));
  if (usage === null) return null;
  const stats = toRow(memory?.stats);
  const cache = toNumber(stats?.total_inactive_file) ?? toNumber(stats?.inactive_file) ?? toNumber(stats?.cache) ?? 0;
  return cache < usage ? usage - cache : usage;
}

/** Of all networks; null: it has none of its own. */
function sumOf(networks: Row | null, field: string): number | null {
  if (networks === null) return null;
  const counts = Object.values(networks).map(one => toNumber(toRow(one)?.[field]));
  return counts.reduce<number | null>((sum, one) => (one === null ? sum : (sum ?? 0) + one), null);
}

/** cgroup v1 writes "Read", v2 "read". */
function sumOfOp(blocks: readonly Row[], op: string): number | null {
  const counts = blocks.filter(one => toText(one.op)?.toLowerCase() === op).map(one => toNumber(one.value));
  return counts.reduce<number | null>((sum, one) => (one === null ? sum : (sum ?? 0) + one), null);
}

/** Engines write 0 for what they could not read. */
function atLeastOne(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}

/**
 * CPU between two samples, percent of one CPU. Null where there is nothing to compare with: no earlier sample, a counter that began anew,
 * clocks that stood still, or more than all CPUs can give.
 */
export function toCpuPercent(before: Sample | null, now: Sample): Percent | null {
  if (before === null || before.cpuTime === null || now.cpuTime === null) return null;
  const [used, passed] = [now.cpuTime - before.cpuTime, now.at - before.at];
  if (used < 0 || passed < SECOND / 2) return null;
  const percent = (used / 1e6 / passed) * 100;
  // Time stamps are whole milliseconds, and engines stamp a sample a moment after they took it.
  return now.cpus !== null && percent > now.cpus * 100 * 1.1 ? null : round(percent, 2);
}
