import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import { CHART_RANGES, USUAL_POINTS } from "../../contract/history-limits.ts";
import { type Instant, MINUTE, type Millis, SECOND } from "../../kit/units.ts";
import type { Point } from "../../model/point.ts";
import { useLive } from "../live/live.ts";
import { grow, stepOf } from "../ui/chart-data.ts";
import type { RangeName } from "./chart-specs.ts";
import { readHistory } from "./history-api.ts";

/** One line that is wanted, and how it goes on. */
export interface Wanted {
  /** Its own among those that are wanted. */
  key: string;
  resource: string;
  metric: string;
  /** When its present value was seen, and what it is; null: unknown now, or old. */
  present: () => { at: Instant; value: number } | null;
}

export interface Past {
  /** The points of each line by its key. */
  points: Accessor<ReadonlyMap<string, readonly Point[]>>;
  from: Accessor<Instant>;
  to: Accessor<Instant>;
  isLoading: Accessor<boolean>;
  /** Why there is nothing, as a sentence; null: nothing went wrong. */
  problem: Accessor<string | null>;
  /** An archive has more, and does not answer. */
  isPartial: Accessor<boolean>;
  /** When it was read last; null: not yet. */
  at: Accessor<Instant | null>;
  again: () => void;
}

const NOTHING: ReadonlyMap<string, readonly Point[]> = new Map();

/** What the wanted lines were over a range up to now: asked for once, grown with the live picture, and now and then asked for anew. */
export function createPast(wanted: Accessor<readonly Wanted[]>, range: Accessor<RangeName>): Past {
  const live = useLive();
  // Until the first patch the page does not know how far the server's clock is off.
  const now = () => Math.max(live.now(), live.picture().lastUpdate);
  const length = () => CHART_RANGES[range()];
  const [points, setPoints] = createSignal(NOTHING);
  const [isLoading, setLoading] = createSignal(true);
  const [problem, setProblem] = createSignal<string | null>(null);
  const [isPartial, setPartial] = createSignal(false);
  const [at, setAt] = createSignal<Instant | null>(null);
  const step = createMemo(() => commonStep(points(), length()));
  const to = createMemo(() => Math.ceil(now() / step()) * step());
  const which = createMemo(
    () =>
      `${range()}\n${wanted()
        .map(({ key }) => key)
        .join("\n")}`,
  );
  // What the server rolls up is better than what is grown here.
  const round = createMemo(() => Math.floor(now() / Math.max(MINUTE, length() / 60)));
  let asking = new AbortController();
  const ask = async () => {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    setLoading(true);
    const [until, span] = [now(), length()];
    try {
      const read = async ({ key, resource, metric }: Wanted) => {
        const found = await readHistory(
          { resource, metric, from: Math.round(until - span), to: Math.round(until), points: USUAL_POINTS },
          signal,
        );
        return { key, ...found };
      };
      const found = await Promise.all(wanted().map(read));
      if (signal.aborted) return;
      setPoints(new Map(found.map(({ key, points }) => [key, points])));
      setPartial(found.some(({ note }) => note !== undefined));
      setProblem(null);
      setAt(until);
    } catch (error) {
      if (signal.aborted) return;
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setLoading(false);
  };
  createEffect(
    on(which, () => {
      setPoints(NOTHING);
      setProblem(null);
      setAt(null);
    }),
  );
  createEffect(on([which, round], () => void ask()));
  createEffect(
    on(
      () =>
        wanted()
          .map(({ present }) => present()?.at ?? 0)
          .join(),
      () => {
        if (points().size > 0)
          setPoints(before => withPresent(before, wanted(), { step: step(), from: to() - length() }));
      },
      { defer: true },
    ),
  );
  onCleanup(() => asking.abort());
  return { points, from: () => to() - length(), to, isLoading, problem, isPartial, at, again: () => void ask() };
}

function withPresent(
  points: ReadonlyMap<string, readonly Point[]>,
  wanted: readonly Wanted[],
  grid: { step: Millis; from: Instant },
): ReadonlyMap<string, readonly Point[]> {
  return new Map(
    wanted.map(({ key, present }) => {
      const before = points.get(key) ?? [];
      const now = present();
      return [key, now ? grow(before, now, grid) : before];
    }),
  );
}

/** The span of the points there are; without any, about what the server will choose: whole steps of ten seconds. */
function commonStep(points: ReadonlyMap<string, readonly Point[]>, length: Millis): Millis {
  const steps = [...points.values()].map(stepOf).filter(step => step !== null);
  if (steps.length > 0) return Math.min(...steps);
  return Math.max(1, Math.ceil(length / USUAL_POINTS / (10 * SECOND))) * 10 * SECOND;
}
