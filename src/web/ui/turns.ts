import { type Accessor, createEffect, createMemo, createSignal, onCleanup, onMount, untrack } from "solid-js";
import type { Millis } from "../../kit/units.ts";
import { inSlices, letOthers, letReader } from "../live/slices.ts";

/** How others have their turn in between. */
export interface Turning {
  now: () => Millis;
  /** What is due besides. */
  others: () => Promise<void>;
  /** Who draws first goes on before what comes meanwhile. */
  reader: () => Promise<void>;
}
const PAGE: Turning = { now: () => performance.now(), others: letOthers, reader: letReader };

/**
 * What is much to draw is drawn piece by piece from the top, a few milliseconds at a time, so that the page answers meanwhile. Tells how many
 * pieces are to be there; `count`: how many there are, which may change until all are. From then on it is infinite: what comes later is there at once.
 * `areLarge`: each piece is a task of its own.
 */
export function createTurns(
  count: () => number,
  areLarge = false,
  { now, others, reader }: Turning = PAGE,
): Accessor<number> {
  const [turn, setTurn] = createSignal(0);
  let isGone = false;
  onCleanup(() => {
    isGone = true;
  });
  const turns = function* () {
    for (let next = 1; next <= count() && !isGone; next++) {
      setTurn(next);
      yield;
    }
    setTurn(Number.POSITIVE_INFINITY);
  };
  onMount(async () => {
    // What made the page has used up its time, and is to be seen.
    await others();
    await inSlices(turns(), { now, breathe: reader, ...(areLarge ? { slice: 0 } : {}) });
  });
  return turn;
}

/**
 * Those of `ids` that are drawn, in their order. Of many that are new, as when half an estate goes down, a few milliseconds' worth is drawn at a
 * time, from the top; what is drawn stays.
 */
export function createGrowing(
  ids: Accessor<readonly string[]>,
  { now, others }: Turning = PAGE,
): Accessor<readonly string[]> {
  const drawn = new Set<string>();
  const [track, tell] = createSignal(undefined, { equals: false });
  let [isGrowing, isGone] = [false, false];
  onCleanup(() => {
    isGone = true;
  });
  const next = () => untrack(ids).find(id => !drawn.has(id));
  const growing = function* () {
    for (let id = next(); id !== undefined && !isGone; id = next()) {
      drawn.add(id);
      tell();
      yield;
    }
    isGrowing = false;
  };
  const grow = async () => {
    isGrowing = true;
    await others();
    await inSlices(growing(), { now, breathe: others });
  };
  createEffect(() => {
    const wanted = new Set(ids());
    for (const id of drawn) if (!wanted.has(id)) drawn.delete(id);
    if (!isGrowing && drawn.size < wanted.size) void grow();
  });
  return createMemo(() => {
    track();
    return ids().filter(id => drawn.has(id));
  });
}

/**
 * What `steps` come to, a few milliseconds of them at a time: for what takes long to find out. Whenever `steps` is run again by what it reads, it is
 * found out anew, but not before what has been begun is finished: what changes faster than that would never be found. What was found before, which
 * may be `known` from elsewhere, stays until then; null: nothing yet. `isAtOnce`: what takes no longer than a slice is there with what shows it.
 */
export function createFound<T>(
  steps: Accessor<Generator<void, T> | null>,
  { isAtOnce = false, known = null, turning = PAGE }: { isAtOnce?: boolean; known?: T | null; turning?: Turning } = {},
): Accessor<T | null> {
  const { now, others } = turning;
  const [found, setFound] = createSignal<T | null>(known);
  /** What is found out after what is being found out; null: nothing. */
  let next: Generator<void, T> | null = null;
  let [isFinding, isWanted] = [false, false];
  const finding = function* () {
    try {
      for (let own = next; own !== null; own = next) {
        next = null;
        let step = own.next();
        while (isWanted && !step.done) {
          yield;
          step = own.next();
        }
        if (!isWanted) return;
        if (step.done) setFound(() => step.value);
        yield;
      }
    } finally {
      isFinding = false;
    }
  };
  const find = async () => {
    isFinding = true;
    if (!isAtOnce || found() !== null) await others();
    await inSlices(finding(), { now, breathe: others });
  };
  createEffect(() => {
    next = steps();
    isWanted = next !== null;
    if (isWanted && !isFinding) untrack(() => void find());
  });
  onCleanup(() => {
    isWanted = false;
  });
  return found;
}
