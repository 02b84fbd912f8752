import type { Instant } from "../kit/units.ts";
import { putVarint } from "./snappy.ts";

/** What one series was. */
export interface SentSeries {
  /** With `__name__`. */
  labels: Readonly<Record<string, string>>;
  /** In the order of time; null: nothing is known from then on, which ends the line that a chart draws. */
  samples: readonly { at: Instant; value: number | null }[];
}

/** A NaN of that very pattern says that a series has ended for now (Prometheus, model/value). */
const STALE = 0x7ff0000000000002n;
const NAME = "__name__";
/** Field numbers of prompb.WriteRequest, TimeSeries, Label and Sample, with protobuf's kind of the field beside: 2 bytes, 1 eight bytes, 0 varint. */
const [SERIES, LABELS, SAMPLES] = [(1 << 3) | 2, (1 << 3) | 2, (2 << 3) | 2];
const [FIRST_TEXT, SECOND_TEXT] = [(1 << 3) | 2, (2 << 3) | 2];
const [VALUE, TIME] = [(1 << 3) | 1, (2 << 3) | 0];

/** The body of Prometheus's remote write 1.0, not compressed yet. */
export function toWriteRequest(series: readonly SentSeries[]): Uint8Array {
  const bodies = series.map(toSeries);
  const out = new Uint8Array(bodies.reduce((sum, { length }) => sum + length + 6, 0));
  let end = 0;
  for (const body of bodies) end = putField(out, end, SERIES, body);
  return out.subarray(0, end);
}

function toSeries({ labels, samples }: SentSeries): Uint8Array {
  // The protocol asks for them in the order of their names.
  const names = Object.keys(labels).sort((a, b) => (a === NAME || (b !== NAME && a < b) ? -1 : 1));
  const texts = names.map(name => [Buffer.from(name), Buffer.from(labels[name] ?? "")] as const);
  const size = texts.reduce((sum, [name, value]) => sum + name.length + value.length + 18, 0) + samples.length * 22;
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  let end = 0;
  for (const [name, value] of texts) {
    const label = new Uint8Array(name.length + value.length + 12);
    const length = putField(label, putField(label, 0, FIRST_TEXT, name), SECOND_TEXT, value);
    end = putField(out, end, LABELS, label.subarray(0, length));
  }
  for (const { at, value } of samples) {
    out[end++] = SAMPLES;
    const place = end++;
    out[end++] = VALUE;
    if (value === null) view.setBigUint64(end, STALE, true);
    else view.setFloat64(end, value, true);
    end += 8;
    out[end++] = TIME;
    end = putVarint(out, end, at);
    out[place] = end - place - 1;
  }
  return out.subarray(0, end);
}

function putField(out: Uint8Array, at: number, tag: number, bytes: Uint8Array): number {
  out[at] = tag;
  const end = putVarint(out, at + 1, bytes.length);
  out.set(bytes, end);
  return end + bytes.length;
}
