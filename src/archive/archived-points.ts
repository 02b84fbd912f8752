import type { Instant, Millis } from "../kit/units.ts";
import { SECOND } from "../kit/units.ts";
import type { ArchiveSettings } from "../model/archive.ts";
import type { Point } from "../model/point.ts";
import { ArchiveFailure, askStore } from "./store-client.ts";

/** What is asked for: points of spans of that length, whole ticks, that begin from `from` until `to`. */
export interface Asked {
  from: Instant;
  to: Instant;
  span: Millis;
}

/** A store gives so many points of a series at once (Prometheus: 11,000). */
const MOST_POINTS = 10_000;
const MEANS = { min: "min_over_time", mean: "avg_over_time", max: "max_over_time" } as const;
type Mean = keyof typeof MEANS;

/** What a metric of one resource was, as the archive has it. Throws ArchiveFailure. */
export async function archivedPoints(
  settings: ArchiveSettings,
  { name, id }: { name: string; id: string },
  asked: Asked,
): Promise<Point[]> {
  const series = `${name}{id=${JSON.stringify(id)}}`;
  const points: Point[] = [];
  for (const piece of piecesOf(asked)) {
    const [min, mean, max] = await Promise.all(
      (["min", "mean", "max"] as const).map(async which => (await askFor(settings, series, which, piece)).get(id)),
    );
    for (const [time, value] of mean ?? [])
      points.push({ time, min: min?.get(time) ?? value, mean: value, max: max?.get(time) ?? value });
  }
  return points;
}

/** The means of a metric of all resources, by their ids. Throws ArchiveFailure. */
export async function archivedCharts(
  settings: ArchiveSettings,
  name: string,
  asked: Asked,
): Promise<ReadonlyMap<string, Point[]>> {
  const charts = new Map<string, Point[]>();
  for (const piece of piecesOf(asked))
    for (const [id, values] of await askFor(settings, name, "mean", piece)) {
      const points = charts.get(id) ?? [];
      charts.set(id, points);
      for (const [time, value] of values) points.push({ time, min: value, mean: value, max: value });
    }
  return charts;
}

/** One after the other, none with more points than a store gives. */
function piecesOf({ from: begin, to, span }: Asked): Asked[] {
  const pieces: Asked[] = [];
  const length = MOST_POINTS * span;
  for (let from = Math.floor(begin / span) * span; from < to; from += length)
    pieces.push({ from, to: Math.min(to, from + length), span });
  return pieces;
}

/**
 * By id, and by the beginning of each span. An `…_over_time` at a moment covers what lies within the span before it, and at that moment: a millisecond
 * before the next span begins, that is this span's samples.
 */
async function askFor(
  settings: ArchiveSettings,
  series: string,
  which: Mean,
  { from, to, span }: Asked,
): Promise<Map<string, Map<Instant, number>>> {
  const last = from + (Math.ceil((to - from) / span) - 1) * span;
  const atEnd = (begin: Instant) => ((begin + span - 1) / SECOND).toFixed(3);
  const answer = await askStore(settings, "query_range", {
    query: `${MEANS[which]}(${series}[${span}ms])`,
    start: atEnd(from),
    end: atEnd(last),
    step: (span / SECOND).toFixed(3),
    // VictoriaMetrics moves the moments onto a grid of its own otherwise.
    nocache: "1",
  });
  return new Map(
    seriesOf(answer).map(({ id, values }) => [
      id,
      new Map(values.map(([at, value]) => [Math.round(at * SECOND) - span + 1, value])),
    ]),
  );
}

/** The series of an answer of query_range. */
function seriesOf(answer: unknown): { id: string; values: [number, number][] }[] {
  const { status, data } = (answer ?? {}) as { status?: unknown; data?: { result?: unknown } };
  if (status !== "success" || !Array.isArray(data?.result))
    throw new ArchiveFailure("The archive answered with something else than series");
  return (data.result as { metric?: { id?: unknown }; values?: unknown }[]).map(({ metric, values }) => {
    if (!Array.isArray(values)) throw new ArchiveFailure("The archive answered with a series without values");
    const pairs = (values as [unknown, unknown][]).map(([at, value]): [number, number] => [Number(at), Number(value)]);
    return { id: String(metric?.id ?? ""), values: pairs.filter(pair => pair.every(Number.isFinite)) };
  });
}
