import { type Row, toNumber, toRow, toRows, toSeconds, toText } from "../../kit/fields.ts";
import { type Instant, SECOND } from "../../kit/units.ts";
import type { PastFrame, PastKind, PastSamples } from "../../model/observation.ts";

/** How often Proxmox measures. */
export const EXPORT_STEP = 10 * SECOND;

/** What was measured at one time, by the names of the export. */
type Measured = ReadonlyMap<string, number>;

const share = (used: string, total: string) => (now: Measured) => {
  const [part, whole] = [now.get(used), now.get(total)];
  return part === undefined || !whole || part < 0 || part > whole ? null : (part / whole) * 100;
};
const percent = (name: string) => (now: Measured) => {
  const value = now.get(name);
  return value === undefined ? null : value * 100;
};
const plain = (name: string) => (now: Measured) => now.get(name) ?? null;
/** Of a counter, the bytes a second since the measurement before; null when it was restarted. */
const rate = (name: string) => (now: Measured, before: Measured | null, seconds: number) => {
  const [value, last] = [now.get(name), before?.get(name)];
  return value === undefined || last === undefined || value < last || seconds <= 0 ? null : (value - last) / seconds;
};

type Read = (now: Measured, before: Measured | null, seconds: number) => number | null;
const METRICS: { readonly [K in PastKind]: Readonly<Record<string, Read>> } = {
  node: { cpu: percent("cpu_current"), memory: share("mem_used", "mem_total"), disk: share("disk_used", "disk_total") },
  guest: {
    cpu: percent("cpu_current"),
    memory: share("mem_used", "mem_total"),
    disk: share("disk_used", "disk_total"),
    networkIn: rate("net_in"),
    networkOut: rate("net_out"),
    diskRead: rate("disk_read"),
    diskWrite: rate("disk_write"),
  },
  storage: { usage: share("disk_used", "disk_total"), used: plain("disk_used"), total: plain("disk_total") },
};

/** Translates `GET /cluster/metrics/export?history=1`: one record a figure, `id` as in the resources ("qemu/100"). A frame for each id. */
export function toExportedFrames(data: unknown): { id: string; kind: PastKind; frame: PastFrame }[] {
  const byId = new Map<string, Map<Instant, Map<string, number>>>();
  for (const row of toRows(toRow(data)?.data ?? null) ?? []) take(row, byId);
  return [...byId].flatMap(([id, times]) => {
    const kind = kindOf(id);
    return kind === null ? [] : [{ id, kind, frame: { step: EXPORT_STEP, metrics: toMetrics(kind, times) } }];
  });
}

function take(row: Row, byId: Map<string, Map<Instant, Map<string, number>>>): void {
  const [id, metric, time, value] = [toText(row.id), toText(row.metric), toSeconds(row.timestamp), toNumber(row.value)];
  if (id === null || metric === null || time === null || value === null) return;
  const at = Math.floor((time * SECOND) / EXPORT_STEP) * EXPORT_STEP;
  const times = byId.get(id) ?? new Map<Instant, Map<string, number>>();
  byId.set(id, times);
  const measured = times.get(at) ?? new Map<string, number>();
  times.set(at, measured.set(metric, value));
}

function toMetrics(kind: PastKind, times: ReadonlyMap<Instant, Measured>): PastFrame["metrics"] {
  const inOrder = [...times].sort(([a], [b]) => a - b);
  const metrics: Record<string, PastSamples> = {};
  for (const [name, read] of Object.entries<Read>(METRICS[kind])) {
    const [starts, means]: [Instant[], number[]] = [[], []];
    for (const [index, [at, now]] of inOrder.entries()) {
      const [last, before] = inOrder[index - 1] ?? [at, null];
      const value = read(now, before, (at - last) / SECOND);
      if (value === null) continue;
      starts.push(at);
      means.push(value);
    }
    if (means.length > 0) metrics[name] = { starts, means };
  }
  return metrics;
}

function kindOf(id: string): PastKind | null {
  if (id.startsWith("node/")) return "node";
  if (id.startsWith("storage/")) return "storage";
  return id.startsWith("qemu/") || id.startsWith("lxc/") ? "guest" : null;
}
