import { type Accessor, createEffect, createSignal, on, onCleanup, onMount, untrack } from "solid-js";
import { inSlices, letOthers } from "../live/slices.ts";

/**
 * What is much to draw is drawn piece by piece from the top, a few milliseconds at a time, so that the page answers meanwhile. Tells how many
 * pieces are to be there; `count`: how many there are, which may change until all are. From then on it is infinite: what comes later is there at once.
 */
export function createTurns(count: () => number): Accessor<number> {
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
    // What made the page has used up its time.
    await letOthers();
    await inSlices(turns());
  });
  return turn;
}

/** The same as `source`, in a task of its own after what changed that: for what takes long to follow from it. */
export function createFollowing<T>(source: Accessor<T>): Accessor<T> {
  const [value, setValue] = createSignal<T>(untrack(source));
  createEffect(
    on(
      source,
      next => {
        void letOthers().then(() => setValue(() => next));
      },
      { defer: true },
    ),
  );
  return value;
}
