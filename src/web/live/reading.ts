import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import { type Instant, type Millis, SECOND } from "../../kit/units.ts";
import { isRefused, type Refused } from "./ask.ts";
import { useLive } from "./live.ts";

/** Something that is asked of the server now and again; what was read stays while it is asked for anew, and when that fails. */
export interface Reading<T> {
  /** What was read last; null: nothing yet. */
  told: Accessor<T | null>;
  /** When that was; null: never. */
  at: Accessor<Instant | null>;
  /** Why the last reading failed; null: it did not. */
  problem: Accessor<string | null>;
  again: () => void;
  /** Takes what is known to be so now, as the answer to a change tells it. */
  put: (value: T) => void;
}

/** What tells that there is more may say so many times in a row. */
const GATHERED: Millis = 2 * SECOND;

/** Reads at once, and again when the server is back after it could not be read. `read` may answer null: it was asked for in vain. */
export function createReading<T>(
  read: (signal: AbortSignal) => Promise<T | Refused | null>,
  when: {
    /** Read again at once when it is another: what was read is of something else then. */
    key?: Accessor<string>;
    /** Read again soon after any of these is another. */
    whenever?: readonly Accessor<unknown>[];
    every?: Millis;
  } = {},
): Reading<T> {
  const live = useLive();
  const [told, setTold] = createSignal<{ value: T; at: Instant } | null>(null);
  const [problem, setProblem] = createSignal<string | null>(null);
  let reading = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const put = (value: T) => {
    setTold({ value, at: Date.now() });
    setProblem(null);
  };
  const now = async () => {
    clearTimeout(timer);
    timer = undefined;
    reading.abort();
    reading = new AbortController();
    const { signal } = reading;
    const said = await read(signal);
    if (signal.aborted || said === null) return;
    if (isRefused(said)) setProblem(said.error);
    else put(said as T);
  };
  const which = createMemo(() => when.key?.() ?? "");
  createEffect(
    on(which, () => {
      setTold(null);
      setProblem(null);
      void now();
    }),
  );
  createEffect(
    on(
      [...(when.whenever ?? [])],
      () => {
        // One that waits already will see it, too; waiting anew for each might be waiting for ever.
        timer ??= setTimeout(() => void now(), GATHERED);
      },
      { defer: true },
    ),
  );
  const isLive = createMemo(() => live.line().kind === "live");
  createEffect(
    on(
      isLive,
      isLive => {
        if (isLive && problem() !== null) void now();
      },
      { defer: true },
    ),
  );
  const beat = when.every === undefined ? undefined : setInterval(() => void now(), when.every);
  onCleanup(() => {
    reading.abort();
    clearTimeout(timer);
    clearInterval(beat);
  });
  return {
    told: () => told()?.value ?? null,
    at: () => told()?.at ?? null,
    problem,
    again: () => void now(),
    put,
  };
}
