import { Type } from "typebox";
import { Point } from "../model/point.ts";
import { CHART_RANGES, MOST_POINTS, MOST_TRENDS, TREND_SPANS, USUAL_POINTS } from "./history-limits.ts";
import type { Route } from "./route.ts";

const ChartPoint = Type.Object(
  {
    timestamp: Type.Number({ description: "ms since the Unix epoch" }),
    value: Type.Number({ description: "the mean over the span that begins then" }),
  },
  { $id: "ChartPoint" },
);
const chart = (description: string) => Type.Array(ChartPoint, { description });
const share = chart("percent, 0 to 100");
const rate = chart("bytes a second");
const byId = <T extends Parameters<typeof Type.Record>[1]>(schema: T, description: string) =>
  Type.Record(Type.String(), schema, {
    description: `${description} that have data in the range, by the ids of /api/state`,
  });
const columnOf = (description: string) => Type.Union([Type.Array(ChartPoint), Type.Null()], { description });

const TimeQuery = (description: string) =>
  Type.Optional(Type.String({ description: `${description}: ms since the Unix epoch, or RFC 3339` }));

const Trend = Type.Array(Type.Union([Type.Number(), Type.Null()]), {
  description: `percent, 0 to 100, a value for each of ${TREND_SPANS} spans; null: nothing is known of it`,
});

const NOTE = Type.Optional(
  Type.String({ description: "Why not all is there that an archive would have; of CSV it is the header X-Pulse-Note" }),
);

/** What was: charts in the shape older clients know, and any single series. */
export const HISTORY_ROUTES = {
  charts: {
    method: "GET",
    path: "/api/charts",
    access: "read",
    summary: "Charts of all guests, nodes and storages at once",
    query: Type.Object({
      range: Type.Optional(
        Type.String({ default: "1h", description: `${Object.keys(CHART_RANGES).join(", ")}; any other counts as 1h` }),
      ),
    }),
    answer: Type.Object({
      data: byId(
        Type.Object({
          cpu: share,
          memory: share,
          disk: share,
          diskread: rate,
          diskwrite: rate,
          netin: rate,
          netout: rate,
        }),
        "Guests",
      ),
      nodeData: byId(Type.Object({ cpu: share, memory: share, disk: share }), "Nodes"),
      storageData: byId(Type.Object({ disk: share }), "Storages"),
      timestamp: Type.Number({ description: "Now, ms since the Unix epoch" }),
      stats: Type.Object({
        oldestDataTimestamp: Type.Number({ description: "Of the oldest point above; now when there is none" }),
        note: NOTE,
      }),
    }),
  },
  storageCharts: {
    method: "GET",
    path: "/api/storage-charts",
    access: "read",
    summary: "Charts of all storages; where it is asked for, of ZFS pools and Ceph clusters, too",
    query: Type.Object({
      range: Type.Optional(Type.String({ default: "60", description: "Minutes up to now, more than 0" })),
      pools: Type.Optional(
        Type.Literal("true", {
          description: "Also of ZFS pools and Ceph: older clients look all ids up among storages",
        }),
      ),
    }),
    answer: byId(
      Type.Object({
        usage: columnOf("percent, 0 to 100; null: nothing is known"),
        used: columnOf("bytes"),
        total: columnOf("bytes"),
        avail: columnOf("bytes; null of pools and Ceph"),
      }),
      "Storages; ZFS pools and Ceph clusters",
    ),
  },
  trends: {
    method: "GET",
    path: "/api/trends",
    access: "read",
    summary: "CPU and memory of the last hour, by the minute, of the nodes and guests that are asked for",
    query: Type.Object({
      ids: Type.String({ description: `Ids of /api/state, one a line, ${MOST_TRENDS} at the most` }),
    }),
    answer: Type.Object({
      from: Type.Number({ description: "When the first span begins, ms since the Unix epoch" }),
      step: Type.Number({ description: "How long a span is, ms" }),
      resources: byId(Type.Object({ cpu: Trend, memory: Trend }), "Of those asked for, all"),
    }),
  },
  history: {
    method: "GET",
    path: "/api/history",
    access: "read",
    summary: "What one metric of one resource was, as JSON or CSV",
    query: Type.Object({
      resource: Type.String({
        description: "An id of /api/state: a node, guest, storage, datastore, Backup Server or Docker container",
      }),
      metric: Type.String({
        description:
          "Of nodes: cpu, memory, disk; of guests also networkIn, networkOut, diskRead, diskWrite; of storages and datastores: usage, used, total (storages: avail); of Backup Servers: cpu, memory; of containers: cpu, memory, memoryBytes",
      }),
      from: TimeQuery("From then; an hour before `to` when absent"),
      to: TimeQuery("Until then; now when absent"),
      points: Type.Optional(
        Type.String({
          default: String(USUAL_POINTS),
          description: `At most so many, from 1 to ${MOST_POINTS}, but for one that is cut; raw samples where that is fine enough`,
        }),
      ),
      unknown: Type.Optional(
        Type.Literal("empty", { description: "No points, in place of 404, where nothing was ever known" }),
      ),
      format: Type.Optional(
        Type.Union([Type.Literal("json"), Type.Literal("csv")], {
          default: "json",
          description: "csv: lines of time (RFC 3339), min, mean, max, and 1 where imported",
        }),
      ),
    }),
    answer: Type.Object({
      resource: Type.String(),
      metric: Type.String(),
      from: Type.Number({ description: "ms since the Unix epoch" }),
      to: Type.Number({ description: "ms since the Unix epoch" }),
      points: Type.Array(Point),
      note: NOTE,
    }),
  },
} as const satisfies Record<string, Route>;
