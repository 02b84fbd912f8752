import { type Accessor, createEffect, createMemo, createSignal, onCleanup, onMount, untrack } from "solid-js";
import { inSlices, letOthers, letReader } from "../live/slices.ts";

/**
 * What is much to draw is drawn piece by piece from the top, a few milliseconds at a time, so that the page answers meanwhile. Tells how many
 * pieces are to be there; `count`: how many there are, which may change until all are. From then on it is infinite: what comes later is there at once.
 * `areLarge`: each piece is a task of its own.
 */
export function createTurns(count: () => number, areLarge = false): Accessor<number> {
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
    await letOthers();
    await inSlices(turns(), { breathe: letReader, ...(areLarge ? { slice: 0 } : {}) });
  });
  return turn;
}

/**
 * Those of `ids` that are drawn, in their order. Of many that are new, as when half an estate goes down, a few milliseconds' worth is drawn at a
 * time, from the top; what is drawn stays.
 */
export function createGrowing(ids: Accessor<readonly string[]>): Accessor<readonly string[]> {
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
  };
  const grow = async () => {
    isGrowing = true;
    await letOthers();
    await inSlices(growing());
    isGrowing = false;
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
 * What `steps` come to, a few milliseconds of them at a time: for what takes long to find out. Begun anew whenever `steps` is run again by what it reads;
 * what was found before stays until then. null: nothing yet.
 */
export function createFound<T>(steps: Accessor<Generator<void, T> | null>): Accessor<T | null> {
  const [found, setFound] = createSignal<T | null>(null);
  let run: Generator<void, T> | null = null;
  const find = function* (own: Generator<void, T>) {
    for (;;) {
      const step = own.next();
      if (run !== own) return;
      if (step.done) return void setFound(() => step.value);
      yield;
    }
  };
  createEffect(() => {
    const own = steps();
    run = own;
    if (own) void letOthers().then(() => inSlices(find(own)));
  });
  onCleanup(() => {
    run = null;
  });
  return found;
}
