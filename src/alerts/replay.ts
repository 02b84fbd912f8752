import { setImmediate as nextTurn } from "node:timers/promises";
import { DAY, type Instant, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { AlertLevel, Replay, ResourceType } from "../model/alert.ts";
import { type AlertConfig, METRIC_NAMES, type MetricName } from "../model/alert-config.ts";
import type { Picture } from "../model/picture.ts";
import type { Point } from "../model/point.ts";
import { BadAlertConfig, changedConfig } from "./config-change.ts";
import { KINDS } from "./kinds.ts";
import type { RuleBook } from "./rule-book.ts";
import type { Kind } from "./signal.ts";
import { figureRule, type Levels, toTags } from "./thresholds.ts";
import type { Series } from "./usual.ts";

/** The kinds of which there is history, and the metrics that their history has under the name of the signal. */
const REPLAYED = {
  guest: ["cpu", "memory", "disk", "diskRead", "diskWrite", "networkIn", "networkOut"],
  node: ["cpu", "memory", "disk"],
  storage: ["usage"],
  datastore: ["usage"],
  "docker-container": ["cpu", "memory"],
  pbs: ["cpu", "memory"],
} as const satisfies { readonly [R in ResourceType]?: readonly MetricName[] };
type Replayed = keyof typeof REPLAYED;

/** How fine history is, by its age: what is older is kept in longer steps. */
const STRETCHES: readonly { until: Millis; step: Millis }[] = [
  { until: 13 * DAY, step: MINUTE },
  { until: Number.POSITIVE_INFINITY, step: 30 * MINUTE },
];
/** One sample stands for so long. */
const SAMPLE: Millis = 10 * SECOND;

export interface Trial {
  type: string;
  /** Ids; null: all of the kind. */
  resources: readonly string[] | null;
  of: string;
  /** Only guests with it; null: all. */
  tag: string | null;
  /** As in an override. */
  thresholds: object;
  /** null: as configured. */
  hold: Millis | null;
  days: number;
}

export interface TrialResult {
  from: Instant;
  to: Instant;
  /** How fine the coarsest of the history was. */
  step: Millis;
  firings: number;
  firingsNow: number;
  replays: Replay[];
}

/**
 * When other thresholds would have fired, by the history. Between two resources others get their turn. Throws BadAlertConfig when the
 * thresholds, or what they are for, make no sense.
 */
export async function replay(
  trial: Trial,
  { rules, picture, series, now }: { rules: RuleBook; picture: Picture; series: Series; now: Instant },
): Promise<TrialResult> {
  const { of, metric, levels } = readTrial(trial, rules.config);
  const from = now - trial.days * DAY;
  const result: TrialResult = { from, to: now, step: 0, firings: 0, firingsNow: 0, replays: [] };
  for (const { id, name, tags, scale } of resourcesOf(of, trial, picture)) {
    const place = KINDS[of].signals.findIndex(signal => signal.type === metric);
    const rule = rules.of(of, id, tags)[place];
    const { points, step } = read(series, { id, metric, from, to: now, scale });
    result.step = Math.max(result.step, step);
    const held = trial.hold ?? rule?.hold ?? 0;
    const firings = firingsOf(points, levels, held);
    result.firings += firings.length;
    if (rule?.figure) result.firingsNow += firingsOf(points, rule.figure, rule.hold).length;
    if (firings.length > 0) result.replays.push({ resourceId: id, resourceName: name, firings });
    await nextTurn();
  }
  result.replays.sort((one, other) => other.firings.length - one.firings.length);
  return result;
}

function readTrial(trial: Trial, config: AlertConfig): { of: Replayed; metric: MetricName; levels: Levels } {
  const of = (Object.keys(REPLAYED) as Replayed[]).find(kind => kind === trial.of);
  if (!of) throw new BadAlertConfig("of", `must be one of ${Object.keys(REPLAYED).join(", ")}`);
  const metric = METRIC_NAMES.find(name => name === trial.type);
  if (!metric || !(REPLAYED[of] as readonly MetricName[]).includes(metric))
    throw new BadAlertConfig("type", `of "${of}" there is history of ${REPLAYED[of].join(", ")}`);
  const judged = { id: "\n", type: of, tags: [] };
  const changed = changedTrial(config, judged.id, trial.thresholds);
  if (!changed.overrides[judged.id]?.[metric]) throw new BadAlertConfig(`thresholds.${metric}`, "missing");
  const { figure } = figureRule({ ...changed, enabled: true }, judged, metric, false);
  // What is off never fires.
  return {
    of,
    metric,
    levels: figure ?? { trigger: Number.POSITIVE_INFINITY, clear: 0, critical: null, below: false },
  };
}

/** Read as an override is, so that all its forms are understood. */
function changedTrial(config: AlertConfig, id: string, thresholds: object): AlertConfig {
  try {
    return changedConfig(config, { overrides: { [id]: thresholds } });
  } catch (error) {
    if (!(error instanceof BadAlertConfig)) throw error;
    throw new BadAlertConfig(error.path.replace(`overrides.${id}`, "thresholds"), error.problem);
  }
}

function* resourcesOf(of: Replayed, { resources, tag }: Trial, picture: Picture) {
  const wanted = resources === null ? null : new Set(resources);
  const kind: Kind<unknown> = KINDS[of];
  for (const entity of kind.list(picture)) {
    const id = kind.id(entity);
    const tags = kind.tags(entity);
    if (wanted && !wanted.has(id)) continue;
    if (tag !== null && !toTags(tags).includes(tag.toLowerCase())) continue;
    yield { id, name: kind.about(entity, picture).name, tags, scale: scaleOf(of, id, picture) };
  }
}

/** The history has a container's CPU in percent of one, its alert in percent of all of the host. */
function scaleOf(of: Replayed, id: string, { dockerContainers, dockerHosts }: Picture): number {
  const host = of === "docker-container" ? dockerContainers[id]?.hostId : undefined;
  const cpus = host === undefined ? null : dockerHosts[host]?.cpus;
  return cpus ? 1 / cpus : 1;
}

interface Span extends Point {
  length: Millis;
}

function read(
  series: Series,
  { id, metric, from, to, scale }: { id: string; metric: MetricName; from: Instant; to: Instant; scale: number },
): { points: Span[]; step: Millis } {
  const points: Span[] = [];
  let coarsest = 0;
  let end = to;
  for (const { until, step } of STRETCHES) {
    const begin = Math.max(from, to - until);
    if (begin >= end) continue;
    const found = series.range(id, metric, begin, end, Math.ceil((end - begin) / step)) ?? [];
    const length = lengthOf(found, step);
    if (found.length > 0) coarsest = Math.max(coarsest, length);
    const by = metric === "cpu" ? scale : 1;
    points.unshift(
      ...found.map(({ time, min, mean, max }) => ({
        time,
        min: min * by,
        mean: mean * by,
        max: max * by,
        length,
      })),
    );
    end = begin;
  }
  return { points, step: coarsest };
}

/** Of a history that keeps less than is usual the steps are longer. */
function lengthOf(points: readonly Point[], step: Millis): Millis {
  let least = Number.POSITIVE_INFINITY;
  for (let place = 1; place < points.length; place++)
    least = Math.min(least, (points[place]?.time ?? 0) - (points[place - 1]?.time ?? 0));
  return Number.isFinite(least) ? Math.max(step, least) : step;
}

type Firing = Replay["firings"][number];

/**
 * When `levels` would have fired over spans of which only the least, the mean and the greatest value are known. How long a span was beyond
 * a threshold follows from the mean, were its values either the least or the greatest, and those in one piece: a peak counts, for as long
 * as it can have lasted. A gap between spans is time in which nobody knows: it neither fires nor resolves.
 */
export function firingsOf(points: readonly Span[], levels: Levels, hold: Millis): Firing[] {
  const firings: Firing[] = [];
  let current: Firing | null = null;
  let held = 0;
  let end: Instant | null = null;
  for (const point of points) {
    if (end !== null && point.time > end) held = 0;
    end = point.time + point.length;
    const beyond = timeBeyond(point, levels.trigger);
    const isWell = point.min <= levels.clear;
    if (current === null) {
      held = beyond >= point.length ? held + beyond : beyond;
      if (point.max >= levels.trigger && held >= Math.max(hold, SAMPLE)) {
        current = {
          from: Math.min(point.time + Math.max(0, hold - (held - beyond)), end),
          to: null,
          level: "warning",
          peak: point.max,
        };
        firings.push(current);
      }
    }
    if (current === null) continue;
    current.peak = Math.max(current.peak, point.max);
    if (
      levels.critical !== null &&
      timeBeyond(point, levels.critical) >= Math.max(Math.min(hold, point.length), SAMPLE)
    )
      current.level = "critical" satisfies AlertLevel;
    if (!isWell) continue;
    current.to = end;
    current = null;
    held = 0;
  }
  return firings;
}

function timeBeyond({ min, mean, max, length }: Span, edge: number): Millis {
  if (min >= edge) return length;
  if (max < edge) return 0;
  return Math.max(SAMPLE, ((mean - min) / (max - min)) * length);
}
