import { type Row, toNumber, toRows } from "../../kit/fields.ts";
import { type Instant, type Millis, SECOND } from "../../kit/units.ts";
import type { PastFrame, PastKind } from "../../model/observation.ts";

/** What a row of rrddata says of one of our metrics, in its unit; null: nothing. */
type Read = (row: Row) => number | null;

const share =
  (used: string, total: string): Read =>
  row => {
    const [part, whole] = [toNumber(row[used]), toNumber(row[total])];
    if (part === null || whole === null || whole <= 0 || part < 0) return null;
    // A process may hold more than the guest has: that says nothing of the guest.
    return part > whole ? null : (part / whole) * 100;
  };
const plain =
  (name: string): Read =>
  row =>
    toNumber(row[name]);
const percent =
  (name: string): Read =>
  row => {
    const value = toNumber(row[name]);
    return value === null ? null : value * 100;
  };

/** By kind, our metrics and how PVE's rows have them (`/nodes/{n}/rrddata`, `…/{qemu|lxc}/{id}/rrddata`, `…/storage/{s}/rrddata`). */
const METRICS: { readonly [K in PastKind]: Readonly<Record<string, Read>> } = {
  node: { cpu: percent("cpu"), memory: share("memused", "memtotal"), disk: share("rootused", "roottotal") },
  guest: {
    cpu: percent("cpu"),
    memory: share("mem", "maxmem"),
    // Of a VM it is always 0: PVE does not know.
    disk: row => (toNumber(row.disk) === 0 ? null : share("disk", "maxdisk")(row)),
    networkIn: plain("netin"),
    networkOut: plain("netout"),
    diskRead: plain("diskread"),
    diskWrite: plain("diskwrite"),
  },
  storage: { usage: share("used", "total"), used: plain("used"), total: plain("total") },
};

/** Translates an answer of rrddata. `time` is the end of a step, in seconds. null: it has too few rows to tell the length of a step. */
export function toPastFrame(data: unknown, kind: PastKind): PastFrame | null {
  const rows = (toRows(data) ?? []).flatMap(row => {
    const time = toNumber(row.time);
    return time === null ? [] : [{ row, end: time * SECOND }];
  });
  const step = stepOf(rows.map(({ end }) => end));
  if (step === null) return null;
  const metrics = Object.entries(METRICS[kind]).map(([name, read]): [string, [Instant, number][]] => [
    name,
    rows.flatMap(({ row, end }): [Instant, number][] => {
      const value = read(row);
      return value === null ? [] : [[end - step, value]];
    }),
  ]);
  return { step, metrics: Object.fromEntries(metrics.filter(([, samples]) => samples.length > 0)) };
}

function stepOf(ends: readonly Instant[]): Millis | null {
  const steps = ends.slice(1).map((end, index) => end - (ends[index] ?? 0));
  const step = Math.min(...steps.filter(one => one > 0));
  return Number.isFinite(step) ? step : null;
}

/** Of frames with equal steps the one that reaches further back. */
export function withoutRepeats(frames: readonly PastFrame[]): PastFrame[] {
  const begin = ({ metrics }: PastFrame) =>
    Math.min(...Object.values(metrics).map(([first]) => first?.[0] ?? Number.POSITIVE_INFINITY));
  const best = new Map<Millis, PastFrame>();
  for (const frame of frames) {
    const known = best.get(frame.step);
    if (!known || begin(frame) < begin(known)) best.set(frame.step, frame);
  }
  return [...best.values()];
}
