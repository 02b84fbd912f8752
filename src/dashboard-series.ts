import type { History } from "./history/history.ts";
import type { Clock } from "./kit/clock.ts";
import { HOUR, type Instant, MINUTE, round } from "./kit/units.ts";
import type { State } from "./model/state.ts";
import { isRefusal } from "./store/database.ts";

const POINTS = 60;
/** The series move on by a point a minute: they are made anew no more often. */
const FRESH_FOR = MINUTE;

/** What the state tells of the last hour, kept between two askings. `instanceOf`: the instance of a node, by the node's id. */
export function dashboardSeries(
  history: History,
  instanceOf: (node: string) => string | null,
  clock: Clock,
): () => State["performance"] {
  let made: { at: Instant; series: State["performance"] } | null = null;
  return () => {
    const now = clock.now();
    if (made === null || now - made.at >= FRESH_FOR || now < made.at)
      made = { at: now, series: unlessDamaged(() => toSeries(history, instanceOf, now)) };
    return made.series;
  };
}

/** A history that cannot be read is no reason to tell nothing of the present. */
function unlessDamaged(make: () => State["performance"]): State["performance"] {
  try {
    return make();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return {};
  }
}

/** For each instance the means over its nodes, minute by minute. */
function toSeries(history: History, instanceOf: (node: string) => string | null, now: Instant): State["performance"] {
  const sums = new Map<string, { cpu: Map<Instant, number[]>; memory: Map<Instant, number[]> }>();
  for (const { resource, metrics } of history.charts("node", now - HOUR, now, POINTS)) {
    const instance = instanceOf(resource);
    if (instance === null) continue;
    const sum = sums.get(instance) ?? { cpu: new Map(), memory: new Map() };
    sums.set(instance, sum);
    for (const name of ["cpu", "memory"] as const)
      for (const { time, mean } of metrics[name] ?? []) sum[name].set(time, [...(sum[name].get(time) ?? []), mean]);
  }
  const toChart = (values: ReadonlyMap<Instant, number[]>) =>
    [...values]
      .sort(([a], [b]) => a - b)
      .map(([timestamp, all]) => ({ timestamp, value: round(all.reduce((sum, one) => sum + one, 0) / all.length, 2) }));
  return Object.fromEntries(
    [...sums].map(([instance, { cpu, memory }]) => [instance, { cpu: toChart(cpu), memory: toChart(memory) }]),
  );
}
