import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import type { AnswerOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import { type Forecast, forecast } from "../../kit/forecast.ts";
import { DAY, HOUR, MINUTE } from "../../kit/units.ts";
import { useLive } from "../live/live.ts";
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

/** Trends, asked for once and then every hour; null: not known yet. */
export function createStorageTrends(): Accessor<(space: Space) => StorageTrend | null> {
  const live = useLive();
  const [charts, setCharts] = createSignal<AnswerOf<Routes["storageCharts"]> | null>(null);
  const hour = createMemo(() => Math.floor(live.now() / HOUR));
  const gone = new AbortController();
  onCleanup(() => gone.abort());
  createEffect(on(hour, () => void readCharts(gone.signal).then(read => read && setCharts(read))));
  return createMemo(() => {
    const [read, now] = [charts(), hour() * HOUR];
    const made = new Map<string, StorageTrend>();
    return ({ id, full }) => {
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

/** null: they cannot be had now. */
async function readCharts(signal: AbortSignal): Promise<AnswerOf<Routes["storageCharts"]> | null> {
  try {
    const answer = await fetch(`api/storage-charts?pools=true&range=${LENGTH / MINUTE}`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    });
    return answer.ok ? ((await answer.json()) as AnswerOf<Routes["storageCharts"]>) : null;
  } catch {
    return null;
  }
}
