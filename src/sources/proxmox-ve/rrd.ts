import { type Row, toNumber, toRows, toSeconds } from "../../kit/fields.ts";
import { type Instant, type Millis, SECOND } from "../../kit/units.ts";
import type { PastFrame, PastKind, PastSamples } from "../../model/observation.ts";

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
  const rows = (toRows(data) ?? []).filter(row => toSeconds(row.time) !== null);
  const ends = rows.map(row => (toSeconds(row.time) ?? 0) * SECOND);
  const step = stepOf(ends);
  if (step === null) return null;
  const metrics: Record<string, PastSamples> = {};
  for (const [name, read] of Object.entries(METRICS[kind])) {
    const samples = toSamples(rows, ends, step, read);
    if (samples.means.length > 0) metrics[name] = samples;
  }
  return { step, metrics };
}

/** NOTE: runs over ten thousand rows a guest. */
function toSamples(rows: readonly Row[], ends: readonly Instant[], step: Millis, read: Read): PastSamples {
  const [starts, means]: [Instant[], number[]] = [[], []];
  for (let at = 0; at < rows.length; at++) {
    const value = read(rows[at] ?? {});
    if (value === null) continue;
    starts.push((ends[at] ?? 0) - step);
    means.push(value);
  }
  return { starts, means };
}

function stepOf(ends: readonly Instant[]): Millis | null {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 1; at < ends.length; at++) {
    const step = (ends[at] ?? 0) - (ends[at - 1] ?? 0);
    if (step > 0) least = Math.min(least, step);
  }
  return Number.isFinite(least) ? least : null;
}

/** Of frames with equal steps the one that reaches further back. */
export function withoutRepeats(frames: readonly PastFrame[]): PastFrame[] {
  const begin = ({ metrics }: PastFrame) =>
    Math.min(...Object.values(metrics).map(({ starts }) => starts[0] ?? Number.POSITIVE_INFINITY));
  const best = new Map<Millis, PastFrame>();
  for (const frame of frames) {
    const known = best.get(frame.step);
    if (!known || begin(frame) < begin(known)) best.set(frame.step, frame);
  }
  return [...best.values()];
}
