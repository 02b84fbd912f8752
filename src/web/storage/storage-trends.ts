import { type Accessor, createMemo } from "solid-js";
import type { AnswerOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import { type Forecast, forecast } from "../../kit/forecast.ts";
import { DAY, HOUR, MINUTE } from "../../kit/units.ts";
import { ask } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { createReading, type Reading } from "../live/reading.ts";
import { toPath } from "../ui/spark-path.ts";

/** What a storage was in the last thirty days, and what comes of it. */
export interface StorageTrend {
  /** How full it was in percent, a value for each twelve hours, as the path of a small line. */
  path: string;
  forecast: Forecast;
}

const LENGTH = 30 * DAY;
const SPAN = 12 * HOUR;

/** Something that fills: a storage, a ZFS pool, a Ceph cluster. `full`: what it is full at, by the metric that it is remembered by. */
export interface Space {
  id: string;
  full: { metric: "used" | "usage"; size: number | null };
}

type Charts = AnswerOf<Routes["storageCharts"]>;

/** Trends, asked for once and then every hour, and how that went; the trend is null where it is not known yet. */
export function createStorageTrends(): {
  trendOf: Accessor<(space: Space) => StorageTrend | null>;
  reading: Reading<Charts>;
} {
  const live = useLive();
  const hour = createMemo(() => Math.floor(live.now() / HOUR));
  const reading = createReading<Charts>(() => ask("GET", `api/storage-charts?pools=true&range=${LENGTH / MINUTE}`), {
    whenever: [hour],
  });
  const trendOf = createMemo(() => {
    const [read, now] = [reading.told(), hour() * HOUR];
    const made = new Map<string, StorageTrend>();
    return ({ id, full }: Space): StorageTrend | null => {
      if (!read) return null;
      const known = made.get(id);
      if (known) return known;
      const charts = read[id];
      const points = (charts?.[full.metric] ?? []).map(({ timestamp, value }) => ({ time: timestamp, value }));
      const trend = { path: toPath(onGrid(charts?.usage ?? [], now), 100), forecast: forecast(points, full.size, now) };
      made.set(id, trend);
      return trend;
    };
  });
  return { trendOf, reading };
}

/** The last value of each span; null where there is none. */
function onGrid(points: readonly { timestamp: number; value: number }[], now: number): (number | null)[] {
  const values: (number | null)[] = Array(LENGTH / SPAN + 1).fill(null);
  for (const { timestamp, value } of points) {
    const place = Math.floor((timestamp - now + LENGTH) / SPAN);
    if (place >= 0 && place < values.length) values[place] = value;
  }
  return values;
}
