import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import { type Millis, SECOND } from "../../kit/units.ts";
import { isRefused, type Refused } from "./ask.ts";

/** Something that is asked of the server now and again; what was read stays while it is asked for anew. */
export interface Reading<T> {
  /** What was read last; null: nothing yet. */
  told: Accessor<T | null>;
  /** Why the last reading failed; null: it did not. */
  problem: Accessor<string | null>;
  again: () => void;
}

/** What tells that there is more may say so many times in a row. */
const GATHERED: Millis = 2 * SECOND;

/** Reads at once, and at once again when `key` is another: what was read is of something else then. Soon after any of `whenever` is another. */
export function createReading<T>(
  read: (signal: AbortSignal) => Promise<T | Refused | null>,
  key: Accessor<string>,
  whenever: readonly Accessor<unknown>[],
): Reading<T> {
  const [told, setTold] = createSignal<T | null>(null);
  const [problem, setProblem] = createSignal<string | null>(null);
  let reading = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = async () => {
    clearTimeout(timer);
    timer = undefined;
    reading.abort();
    reading = new AbortController();
    const { signal } = reading;
    const said = await read(signal);
    if (signal.aborted || said === null) return;
    if (isRefused(said)) setProblem(said.error);
    else {
      setTold(() => said as T);
      setProblem(null);
    }
  };
  const which = createMemo(key);
  createEffect(
    on(which, () => {
      setTold(null);
      setProblem(null);
      void now();
    }),
  );
  createEffect(
    on(
      [...whenever],
      () => {
        // One that waits already will see it, too; waiting anew for each might be waiting for ever.
        timer ??= setTimeout(() => void now(), GATHERED);
      },
      { defer: true },
    ),
  );
  onCleanup(() => {
    reading.abort();
    clearTimeout(timer);
  });
  return { told, problem, again: () => void now() };
}
