import {
  type Accessor,
  createContext,
  createEffect,
  createMemo,
  createSignal,
  type JSX,
  on,
  onCleanup,
  Show,
  useContext,
} from "solid-js";
import { MOST_TRENDS, TREND_SPANS, TREND_STEP } from "../../contract/history-limits.ts";
import type { AnswerOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import type { Millis } from "../../kit/units.ts";
import { useLive } from "../live/live.ts";
import { Spark } from "../ui/spark.tsx";
import { toPath } from "../ui/spark-path.ts";
import { extend, type Trend } from "./trend.ts";

type Metric = "cpu" | "memory";
/** Most processors idle: the line of one that does not is to be seen. How full memory is counts as a whole. */
const FULL_HEIGHT: { readonly [M in Metric]: number } = { cpu: 25, memory: 100 };
type Kept = Record<Metric, Trend & { path: string | null }>;

/** What rows have small lines of. */
interface Trends {
  /** The path of a line; "" while nothing is known, which is asked for soon. */
  pathOf: (id: string, metric: Metric) => string;
  isOn: Accessor<boolean>;
}

/** Rows that come into sight within that time are asked for together, and those that are gone again are not. */
const GATHERING: Millis = 150;

const TrendsContext = createContext<Trends>();

/** CPU and memory of the last hour for what is in sight within: asked for in one go, then extended with the live picture. */
export function TrendsProvider(props: { isOn: boolean; children: JSX.Element }): JSX.Element {
  const live = useLive();
  const kept = new Map<string, Kept>();
  const [changed, change] = createSignal(undefined, { equals: false });
  const [wanted, want] = createWanted(async ids => {
    const read = await readTrends(ids);
    if (!read) return false;
    const { from, resources } = read;
    const nothing = () => Array<null>(TREND_SPANS).fill(null);
    for (const id of ids) {
      const { cpu, memory } = resources[id] ?? { cpu: nothing(), memory: nothing() };
      kept.set(id, { cpu: { from, values: cpu, path: null }, memory: { from, values: memory, path: null } });
    }
    change();
    return true;
  });
  createEffect(
    on([() => live.picture().vms, () => live.picture().containers, () => live.picture().nodes], () => {
      const picture = live.picture();
      if (!props.isOn) {
        kept.clear();
        wanted.clear();
        return;
      }
      for (const [id, { cpu, memory }] of kept) {
        const entity = picture.vms[id] ?? picture.containers[id] ?? picture.nodes[id];
        if (!entity || entity.stale) continue;
        const fits =
          extend(cpu, entity.lastSeen, entity.cpu === null ? null : entity.cpu * 100, TREND_STEP) &&
          extend(memory, entity.lastSeen, entity.memory?.usage ?? null, TREND_STEP);
        cpu.path = memory.path = null;
        if (!fits) {
          kept.delete(id);
          wanted.delete(id);
        }
      }
      change();
    }),
  );
  const pathOf = (id: string, metric: Metric) => {
    changed();
    const trend = kept.get(id)?.[metric];
    if (!trend) want(id);
    else trend.path ??= toPath(trend.values, FULL_HEIGHT[metric]);
    return trend?.path ?? "";
  };
  return <TrendsContext.Provider value={{ pathOf, isOn: () => props.isOn }}>{props.children}</TrendsContext.Provider>;
}

/** The small line of a row; nothing where there is no room for any, or they are switched off. */
export function TrendSpark(props: { id: string; metric: Metric }): JSX.Element {
  const trends = useContext(TrendsContext);
  const path = createMemo(() => (trends?.isOn() ? trends.pathOf(props.id, props.metric) : ""));
  return (
    <Show when={trends?.isOn()}>
      <Spark path={path()} />
    </Show>
  );
}

/**
 * Gathers ids and asks for them together, the newest first, one request at a time. Answers what has been asked for, and how to want one.
 */
function createWanted(ask: (ids: string[]) => Promise<boolean>): [Set<string>, (id: string) => void] {
  const asked = new Set<string>();
  let waiting: string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  const go = async () => {
    const ids = waiting.splice(-MOST_TRENDS);
    // What has scrolled by in the meantime asks again when it comes back.
    for (const id of waiting) asked.delete(id);
    waiting = [];
    isAsking = true;
    if (!(await ask(ids))) for (const id of ids) asked.delete(id);
    isAsking = false;
    if (waiting.length > 0) plan();
  };
  const plan = () => {
    clearTimeout(timer);
    if (!isAsking) timer = setTimeout(() => void go(), GATHERING);
  };
  onCleanup(() => clearTimeout(timer));
  const want = (id: string) => {
    if (asked.has(id)) return;
    asked.add(id);
    waiting.push(id);
    plan();
  };
  return [asked, want];
}

/** null: they cannot be had now. */
async function readTrends(ids: readonly string[]): Promise<AnswerOf<Routes["trends"]> | null> {
  try {
    const query = new URLSearchParams({ ids: ids.join("\n") });
    const answer = await fetch(`api/trends?${query}`, { signal: AbortSignal.timeout(15_000) });
    return answer.ok ? ((await answer.json()) as AnswerOf<Routes["trends"]>) : null;
  } catch {
    return null;
  }
}
