import { type Accessor, createMemo, createSignal } from "solid-js";

/** Rows that are chosen, to do something with all of them. */
export interface Selection {
  /** Ids; of what is there no more, none. */
  chosen: Accessor<ReadonlySet<string>>;
  has(id: string): boolean;
  /** Chooses a row, or no longer. `order`: the ids as they are listed; then all from the one before to this one become as it does. */
  turn(id: string, order?: readonly string[]): void;
  set(ids: readonly string[]): void;
}

/** `there`: the ids of what can be chosen. */
export function createSelection(there: Accessor<readonly string[]>): Selection {
  const [picked, setPicked] = createSignal<ReadonlySet<string>>(new Set());
  const chosen = createMemo(() => (picked().size === 0 ? picked() : picked().intersection(new Set(there()))));
  let last: string | null = null;
  return {
    chosen,
    has: id => chosen().has(id),
    turn(id, order = []) {
      setPicked(turned(chosen(), id, between(order, last ?? id, id)));
      last = id;
    },
    set(ids) {
      last = null;
      setPicked(new Set(ids));
    },
  };
}

/** All of `ids` become what `id` becomes: chosen, unless it is. */
export function turned(chosen: ReadonlySet<string>, id: string, ids: readonly string[]): ReadonlySet<string> {
  const all = new Set([id, ...ids]);
  return chosen.has(id) ? chosen.difference(all) : chosen.union(all);
}

/** The part of `order` from one of its entries to another, both with it; nothing when one of them is not in it. */
export function between(order: readonly string[], from: string, to: string): readonly string[] {
  const [a, b] = [order.indexOf(from), order.indexOf(to)];
  return a < 0 || b < 0 ? [] : order.slice(Math.min(a, b), Math.max(a, b) + 1);
}
