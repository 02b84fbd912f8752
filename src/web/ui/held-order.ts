import { type Accessor, createMemo, createSignal, type JSX, onCleanup } from "solid-js";
import { MINUTE, SECOND } from "../../kit/units.ts";
import type { RowLike } from "./column.ts";
import { KeptOrder } from "./kept-order.ts";
import { isSorted } from "./table-lines.ts";

/** Numbers that change put rows into another order no more often than that. */
const PACE = 8 * SECOND;
/** Who has not moved for so long is not about to press a row. */
const PATIENCE = MINUTE;

/** Whether somebody is at the rows: the pointer is over them, or one of them has the focus. `on` is to be spread over their element. */
export interface Presence {
  isThere: Accessor<boolean>;
  on: Pick<
    JSX.HTMLAttributes<HTMLElement>,
    "onPointerMove" | "onPointerLeave" | "onFocusIn" | "onFocusOut" | "onKeyDown"
  >;
}

/** Knows whether somebody is at the rows of a table. */
export function createPresence(): Presence {
  const [isOver, setOver] = createSignal(false);
  const [isFocused, setFocused] = createSignal(false);
  const [isAway, setAway] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const move = () => {
    setAway(false);
    clearTimeout(timer);
    timer = setTimeout(() => setAway(true), PATIENCE);
  };
  onCleanup(() => clearTimeout(timer));
  return {
    isThere: () => (isOver() || isFocused()) && !isAway(),
    on: {
      onPointerMove: event => {
        // A finger is gone when it is lifted.
        if (event.pointerType !== "touch") setOver(true);
        move();
      },
      onPointerLeave: () => setOver(false),
      onFocusIn: () => {
        setFocused(true);
        move();
      },
      // From row to row it stays among them.
      onFocusOut: ({ currentTarget, relatedTarget }) =>
        setFocused(currentTarget.contains(relatedTarget as Node | null)),
      onKeyDown: move,
    },
  };
}

/** Rows in an order that does not change under the reader's hand. */
export interface HeldRows<T> {
  rows: readonly T[];
  /** The order is one of before: by their numbers rows would stand otherwise. */
  isHeld: boolean;
}

/**
 * Sorts `rows`. Numbers that change put them into another order only while nobody is at them, and no more often than every few seconds; what
 * somebody asks for, which `asked` tells apart, at once.
 */
export function createHeldOrder<T extends RowLike>(from: {
  rows: () => readonly T[];
  compare: () => (a: T, b: T) => number;
  asked: () => string;
  isThere: () => boolean;
}): Accessor<HeldRows<T>> {
  const order = new KeptOrder<T>();
  let before: { asked: string; at: number } | undefined;
  return createMemo(() => {
    const [rows, compare, asked, isThere] = [from.rows(), from.compare(), from.asked(), from.isThere()];
    const now = performance.now();
    const isKept = before?.asked === asked && (isThere || now - before.at < PACE);
    // What is nearly in order is sorted several times as fast.
    const nearly = before?.asked === asked ? order.of(rows, compare) : rows;
    const sorted = isKept || isSorted(nearly, compare) ? nearly : nearly.toSorted(compare);
    order.keep(rows, sorted);
    before = { asked, at: isKept && before ? before.at : now };
    return { rows: sorted, isHeld: isKept && isThere && !isSorted(sorted, compare) };
  });
}
