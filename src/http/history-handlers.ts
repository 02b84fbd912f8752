import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createGzip } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import {
  CHART_RANGES,
  MOST_POINTS,
  MOST_TRENDS,
  TREND_SPANS,
  TREND_STEP,
  USUAL_POINTS,
} from "../contract/history-limits.ts";
import type { HISTORY_ROUTES } from "../contract/history-routes.ts";
import type { AnswerOf, QueryOf } from "../contract/route.ts";
import type { Clock } from "../kit/clock.ts";
import { HOUR, type Instant, MINUTE } from "../kit/units.ts";
import type { Point } from "../model/point.ts";
import { Failure } from "./failure.ts";
import { acceptsGzip } from "./gzip.ts";
import type { Handlers } from "./handlers.ts";
import { toCount, toInstant } from "./query-fields.ts";

/** What the past was: answered by the history room. */
export interface Past {
  /** How many series there are. */
  readonly size: number;
  /** null: there is no such series. */
  range(resource: string, metric: string, from: Instant, to: Instant, points: number): Point[] | null;
  /** The same, and what an archive has besides. */
  recall(
    resource: string,
    metric: string,
    from: Instant,
    to: Instant,
    points: number,
  ): Promise<Recalled<Point[] | null>>;
  charts(
    kind: "guest" | "node" | Space,
    from: Instant,
    to: Instant,
    points: number,
  ): Promise<Recalled<Iterable<Charted>>>;
}

interface Charted {
  resource: string;
  metrics: Readonly<Record<string, readonly Point[]>>;
}

interface Recalled<T> {
  found: T;
  /** Why not all of it is there, as a sentence; null: it is. */
  note: string | null;
}

/** How many points a chart has at the most. */
const CHART_POINTS = 120;
/** How many points all charts together have about at the most; but each has a few. */
const ALL_POINTS = 240_000;
const FEWEST_POINTS = 24;

/** Metrics by the names that older clients know. */
const CHARTS = [
  {
    list: "data",
    kind: "guest",
    names: {
      cpu: "cpu",
      memory: "memory",
      disk: "disk",
      diskread: "diskRead",
      diskwrite: "diskWrite",
      netin: "networkIn",
      netout: "networkOut",
    },
  },
  { list: "nodeData", kind: "node", names: { cpu: "cpu", memory: "memory", disk: "disk" } },
  { list: "storageData", kind: "storage", names: { disk: "usage" } },
] as const satisfies readonly {
  list: keyof AnswerOf<typeof HISTORY_ROUTES.charts>;
  kind: string;
  names: Record<string, string>;
}[];
/** All that is looked at as a space. */
const SPACES = ["storage", "zfs", "ceph"] as const;
type Space = (typeof SPACES)[number];
const STORAGE_METRICS = ["usage", "used", "total", "avail"] as const;

/** The handlers of what was. */
export function historyHandlers(past: Past, clock: Clock): Pick<Handlers, keyof typeof HISTORY_ROUTES> {
  return {
    charts: ({ query, request }, reply) => {
      const length = Object.entries(CHART_RANGES).find(([name]) => name === query.range)?.[1] ?? HOUR;
      return stream(chartsJson(past, clock.now() - length, clock.now()), request, reply);
    },
    storageCharts: ({ query, request }, reply) => {
      const minutes = Number(query.range);
      const length = minutes > 0 && Number.isFinite(minutes) ? minutes * MINUTE : HOUR;
      const kinds = query.pools ? SPACES : SPACES.slice(0, 1);
      return stream(storageChartsJson(past, kinds, clock.now() - length, clock.now()), request, reply);
    },
    trends: ({ query }) => readTrends(past, query.ids, clock.now()),
    history: async ({ query }, reply) => {
      const { csv, points, ...asked } = readAsked(query, clock.now());
      const recalled = await past.recall(asked.resource, asked.metric, asked.from, asked.to, points);
      const { note } = recalled;
      const found = recalled.found ?? (query.unknown === "empty" ? [] : null);
      if (!found) throw new Failure(404, `There is no history of "${asked.metric}" of "${asked.resource}"`);
      if (!csv) return { ...asked, points: found, ...(note === null ? {} : { note }) };
      if (note !== null) reply.header("X-Pulse-Note", encodeURI(note));
      reply.header("Content-Disposition", 'attachment; filename="history.csv"');
      return reply.type("text/csv; charset=utf-8").send(toCsv(found));
    },
  };
}

/** Rows of numbers on one grid, up to the minute of `now`; what nothing is known of is left out. Throws Failure: too many at once. */
function readTrends(past: Past, lines: string, now: Instant): AnswerOf<typeof HISTORY_ROUTES.trends> {
  const ids = [...new Set(lines.split("\n"))].filter(id => id !== "");
  if (ids.length > MOST_TRENDS) throw new Failure(400, `ids: ${MOST_TRENDS} at the most, not ${ids.length}`);
  const from = (Math.floor(now / TREND_STEP) - TREND_SPANS + 1) * TREND_STEP;
  const read = (id: string, metric: string) => {
    const values: (number | null)[] = Array(TREND_SPANS).fill(null);
    for (const { time, mean } of past.range(id, metric, from, now, TREND_SPANS) ?? []) {
      const place = Math.floor((time - from) / TREND_STEP);
      if (place >= 0 && place < TREND_SPANS) values[place] = Math.round(mean * 10) / 10;
    }
    return values;
  };
  const rows = ids.map(id => [id, { cpu: read(id, "cpu"), memory: read(id, "memory") }] as const);
  const isKnown = (values: readonly (number | null)[]) => values.some(value => value !== null);
  const known = rows.filter(([, { cpu, memory }]) => isKnown(cpu) || isKnown(memory));
  return { from, step: TREND_STEP, resources: Object.fromEntries(known) };
}

function readAsked(query: QueryOf<typeof HISTORY_ROUTES.history>, now: Instant) {
  const { resource, metric, format } = query;
  const to = toInstant(query.to, "to") ?? now;
  const from = toInstant(query.from, "from") ?? to - HOUR;
  if (from >= to) throw new Failure(400, "from: must be before `to`");
  const points = toCount(query.points, "points", { usual: USUAL_POINTS, from: 1, to: MOST_POINTS });
  return { resource, metric, from, to, points, csv: format === "csv" };
}

function toCsv(points: readonly Point[]): string {
  const lines = points.map(
    ({ time, min, mean, max, imported }) =>
      `${new Date(time).toISOString()},${min},${mean},${max},${imported ? 1 : 0}\n`,
  );
  return `time,min,mean,max,imported\n${lines.join("")}`;
}

/** Sends JSON as it is made, so that a large estate's neither fills the memory nor holds up the rest of the server. */
function stream(json: AsyncIterable<string>, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({ "Cache-Control": "no-cache", Vary: "Accept-Encoding" }).type("application/json; charset=utf-8");
  const text = Readable.from(json);
  if (!acceptsGzip(request.headers["accept-encoding"])) return reply.send(text);
  const zipped = createGzip({ level: 1 });
  text.on("error", error => zipped.destroy(error));
  return reply.header("Content-Encoding", "gzip").send(text.pipe(zipped));
}

async function* chartsJson(past: Past, from: Instant, to: Instant): AsyncGenerator<string> {
  let oldest = to;
  let word: string | null = null;
  yield "{";
  for (const { list, kind, names } of CHARTS) {
    const columns = Object.entries(names);
    const { found, note } = await past.charts(kind, from, to, pointsFor(past));
    word ??= note;
    yield* record(`"${list}":`, found, metrics => {
      for (const [, metric] of columns) oldest = Math.min(oldest, metrics[metric]?.[0]?.time ?? to);
      return Object.fromEntries(columns.map(([name, metric]) => [name, toChart(metrics[metric])]));
    });
    yield ",";
  }
  const stats = { oldestDataTimestamp: oldest, ...(word === null ? {} : { note: word }) };
  yield `"timestamp":${to},"stats":${JSON.stringify(stats)}}`;
}

async function* storageChartsJson(
  past: Past,
  kinds: readonly Space[],
  from: Instant,
  to: Instant,
): AsyncGenerator<string> {
  yield* record("", spaces(past, kinds, from, to), metrics =>
    Object.fromEntries(
      STORAGE_METRICS.map(metric => [metric, metrics[metric]?.length ? toChart(metrics[metric]) : null]),
    ),
  );
}

async function* spaces(past: Past, kinds: readonly Space[], from: Instant, to: Instant): AsyncGenerator<Charted> {
  for (const kind of kinds) yield* (await past.charts(kind, from, to, pointsFor(past))).found;
}

/** An object with one member a chart. Between two of them others get their turn. */
async function* record(
  head: string,
  charts: Iterable<Charted> | AsyncIterable<Charted>,
  toMember: (metrics: Readonly<Record<string, readonly Point[]>>) => unknown,
): AsyncGenerator<string> {
  let separator = `${head}{`;
  for await (const { resource, metrics } of charts) {
    yield `${separator}${JSON.stringify(resource)}:${JSON.stringify(toMember(metrics))}`;
    separator = ",";
    await nextTurn();
  }
  yield separator === "," ? "}" : `${separator}}`;
}

function toChart(points: readonly Point[] = []): { timestamp: Instant; value: number }[] {
  return points.map(({ time, mean }) => ({ timestamp: time, value: mean }));
}

function pointsFor({ size }: Past): number {
  return Math.max(FEWEST_POINTS, Math.min(CHART_POINTS, Math.floor(ALL_POINTS / Math.max(1, size))));
}
