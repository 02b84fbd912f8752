import { type Instant, type Millis, SECOND } from "../../kit/units.ts";
import type { Point } from "../../model/point.ts";

/** A line of a chart. */
export interface ChartLine {
  key: string;
  name: string;
  /** Which of the colours `--series-0` to `--series-11`. */
  colour: number;
  /** By time, on a grid of equal spans; a span without a point is a gap. */
  points: readonly Point[];
}

/** A vertical line at an instant, as for an alert that fired then; with `to` a band from there to its end, infinite while it has none. */
export interface ChartMark {
  at: Instant;
  to?: Instant;
  label: string;
  level: "info" | "warning" | "critical";
}

/** Lines side by side on one axis of times. */
export interface Columns {
  /** Seconds since the Unix epoch, ascending. */
  times: number[];
  /** Of each line its means. null: a gap. undefined: this line has nothing there, another has. */
  means: (number | null | undefined)[][];
  lows: (number | null | undefined)[][];
  highs: (number | null | undefined)[][];
  /** Whether all that is known at a time was told by another, and not seen by Pulse. */
  imported: boolean[];
}

/** The length of the spans that points stand for: the least distance between two; null: there are not two. */
export function stepOf(points: readonly Point[]): Millis | null {
  let least = Infinity;
  for (let at = 1; at < points.length; at++)
    least = Math.min(least, (points[at]?.time ?? 0) - (points[at - 1]?.time ?? 0));
  return Number.isFinite(least) && least > 0 ? least : null;
}

/** Puts lines side by side. Where a span or more is missing in a line, a null stands at the first that is, so that nobody bridges it. */
export function toColumns(lines: readonly ChartLine[]): Columns {
  const places = lines.map(({ points }) => toPlaces(points));
  const times = [...new Set(places.flatMap(place => [...place.keys()]))].sort((a, b) => a - b);
  const column = (pick: (point: Point) => number) =>
    places.map(place =>
      times.map(time => {
        const point = place.get(time);
        return point ? pick(point) : point;
      }),
    );
  return {
    times: times.map(time => time / SECOND),
    means: column(({ mean }) => mean),
    lows: column(({ min }) => min),
    highs: column(({ max }) => max),
    imported: times.map(time => {
      const known = places.flatMap(place => place.get(time) ?? []);
      return known.length > 0 && known.every(({ imported }) => imported === true);
    }),
  };
}

/** The times, seconds, from which and until which all was imported: each up to what follows, or to the end of its own step. */
export function importedSpans({ times, imported }: Columns): (readonly [from: number, to: number])[] {
  const step = times.reduce((least, time, at) => Math.min(least, time - (times[at - 1] ?? -Infinity)), Infinity);
  const spans: [number, number][] = [];
  for (const [at, time] of times.entries()) {
    if (!imported[at]) continue;
    const end = times[at + 1] ?? (Number.isFinite(step) ? time + step : time);
    const last = spans.at(-1);
    if (last?.[1] === time) last[1] = end;
    else spans.push([time, end]);
  }
  return spans;
}

/** The marks at an instant: on a band, or within half a `step` of a line. */
export function marksAt(marks: readonly ChartMark[], time: Instant, step: Millis): ChartMark[] {
  return marks.filter(({ at, to = at }) => time >= at - step / 2 && time < to + step / 2);
}

function toPlaces(points: readonly Point[]): Map<Instant, Point | null> {
  const step = stepOf(points);
  const places = new Map<Instant, Point | null>();
  let before: Point | undefined;
  for (const point of points) {
    if (before && step !== null && point.time - before.time > 1.5 * step) places.set(before.time + step, null);
    places.set(point.time, point);
    before = point;
  }
  return places;
}

/** The places of values with a gap, or nothing at all, on both sides: no line leads to them, so they need a dot. */
export function isolated(values: ArrayLike<number | null | undefined>): number[] {
  const found: number[] = [];
  let before: number | null = null;
  let lone: number | null = null;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (value === undefined) continue;
    if (value !== null) lone = before === null ? at : null;
    else if (lone !== null) {
      found.push(lone);
      lone = null;
    }
    before = value;
  }
  return lone === null ? found : [...found, lone];
}

/**
 * `points` with one more sample. It goes into the span it falls into, which grows, or begins the next. A span's mean is weighed by how much
 * of it has passed, a sample every ten seconds. What is before `from` is left out; a sample older than the last span changes nothing.
 */
export function grow(
  points: readonly Point[],
  sample: { at: Instant; value: number },
  { step, from }: { step: Millis; from: Instant },
): readonly Point[] {
  const { at, value } = sample;
  const last = points.at(-1);
  const time = last && at < last.time + step ? last.time : Math.floor(at / step) * step;
  if (last && at < last.time) return points;
  const kept = points.filter(point => point.time >= from && point.time !== time);
  if (last?.time !== time) return [...kept, { time, min: value, mean: value, max: value }];
  const samples = Math.floor((at - time) / SAMPLING) + 1;
  const mean = last.mean + (value - last.mean) / Math.max(2, samples);
  return [...kept, { time, min: Math.min(last.min, value), mean, max: Math.max(last.max, value) }];
}

/** How often the server samples. */
const SAMPLING: Millis = 10 * SECOND;

/** What the lines' points between `from` and `to` come to; null: there is none. */
export function summaryOf(
  points: readonly Point[],
  from: Instant,
  to: Instant,
): { min: number; mean: number; max: number; last: number } | null {
  const inside = points.filter(({ time }) => time >= from && time < to);
  const last = inside.at(-1);
  if (!last) return null;
  return {
    min: inside.reduce((least, point) => Math.min(least, point.min), Infinity),
    mean: inside.reduce((sum, point) => sum + point.mean, 0) / inside.length,
    max: inside.reduce((most, point) => Math.max(most, point.max), -Infinity),
    last: last.mean,
  };
}
