import { type Accessor, createEffect, createMemo, createSignal, on } from "solid-js";
import type { Millis } from "../../kit/units.ts";
import { isRefused, type Refused } from "./ask.ts";
import { createReading, type Reading } from "./reading.ts";

/** Entries of a log, the newest first; older ones come as they are asked for. */
export interface LogReading<T> extends Reading<readonly T[]> {
  hasMore: Accessor<boolean>;
  more: () => Promise<void>;
}

/** Reads the newest entries again every `every`. `read` gives up to `size` entries before the given one; `numberOf` grows with time. */
export function createLogReading<T>(
  read: (before: T | null) => Promise<T[] | Refused>,
  {
    size,
    numberOf,
    key,
    every,
  }: { size: number; numberOf: (entry: T) => number; key: Accessor<string>; every: Millis },
): LogReading<T> {
  const newest = createReading<readonly T[]>(() => read(null), { key, every });
  const [older, setOlder] = createSignal<readonly T[]>([]);
  const [isAll, setAll] = createSignal(false);
  const [refused, setRefused] = createSignal<string | null>(null);
  createEffect(
    on(key, () => {
      setOlder([]);
      setAll(false);
      setRefused(null);
    }),
  );
  const told = createMemo(() => {
    const first = newest.told();
    const last = first?.at(-1);
    return first && last ? [...first, ...older().filter(one => numberOf(one) < numberOf(last))] : first;
  });
  const more = async () => {
    const asked = key();
    const said = await read(told()?.at(-1) ?? null);
    if (key() !== asked) return;
    setRefused(isRefused(said) ? said.error : null);
    if (isRefused(said)) return;
    setOlder([...older(), ...said]);
    setAll(said.length < size);
  };
  return {
    ...newest,
    told,
    problem: () => newest.problem() ?? refused(),
    again: () => {
      setRefused(null);
      newest.again();
    },
    hasMore: () => !isAll() && (told()?.length ?? 0) >= size,
    more,
  };
}
