import { createWindowVirtualizer } from "@tanstack/solid-virtual";
import { type Accessor, createEffect, createMemo, createSignal, For, type JSX, on, onCleanup, onMount } from "solid-js";
import type { Presence } from "./held-order.ts";
import { type KeyName, keyOn } from "./keys.ts";
import type { Density } from "./table-state.ts";
import { createTurns } from "./turns.ts";

/** Row heights in pixels. */
const HEIGHTS: { readonly [D in Density]: { wide: number; phone: number } } = {
  comfortable: { wide: 33, phone: 58 },
  compact: { wide: 26, phone: 48 },
};
/** What stands above the rows while they scroll by: the page's head and that of the table. */
const ABOVE = 78;

/** For so many frames a row that is to have the focus is waited for. */
const FRAMES = 120;

/** Where a row stands and how it is marked; to be spread over the row's element, which has the role `row`. */
export interface RowPlace {
  readonly "data-row": string;
  readonly "aria-rowindex": number;
  readonly tabindex: number;
  readonly style: JSX.CSSProperties;
  readonly onFocus: () => void;
}

/**
 * A table of rows of one height that scrolls with the window. Only the rows in sight are in the page, so that thousands scroll smoothly;
 * one of them is in the order of Tab, arrows and j, k move on from there.
 */
export function VirtualRows<R extends { id: string }>(props: {
  rows: readonly R[];
  class: string;
  labelledBy: string;
  isPhone: boolean;
  density: Density;
  presence: Presence;
  heads: JSX.Element;
  onOpen: (row: R) => void;
  /** Takes other keys on a row; answers whether it did. */
  onKey?: (row: R, key: KeyName) => boolean;
  /** The element of a row. `row` becomes another as the table scrolls. */
  children: (row: Accessor<R>, place: RowPlace) => JSX.Element;
}): JSX.Element {
  let table: HTMLDivElement | undefined;
  let body: HTMLDivElement | undefined;
  const [margin, setMargin] = createSignal(0);
  const [cursor, setCursor] = createSignal<string | null>(null);
  // It is asked for of each of thousands of rows.
  const height = createMemo(() => HEIGHTS[props.density][props.isPhone ? "phone" : "wide"]);
  // The virtualizer measures all rows anew when it is told this, which with each patch is the same.
  const count = createMemo(() => props.rows.length);
  const virtualizer = createWindowVirtualizer({
    get count() {
      return count();
    },
    estimateSize: () => height(),
    overscan: 10,
    get scrollMargin() {
      return margin();
    },
    get scrollPaddingStart() {
      return ABOVE + height();
    },
    get scrollPaddingEnd() {
      return 2 * height();
    },
  });
  createEffect(on(height, () => virtualizer.measure(), { defer: true }));
  onMount(() => {
    // What stands above the rows grows and shrinks.
    const place = () => setMargin((body?.getBoundingClientRect().top ?? 0) + scrollY);
    const observer = new ResizeObserver(place);
    observer.observe(document.body);
    place();
    onCleanup(() => observer.disconnect());
  });

  const drawn = createTurns(() => virtualizer.getVirtualItems().length);
  const items = createMemo(() => virtualizer.getVirtualItems().slice(0, drawn()));

  /** The row that Tab leads to. */
  const entry = createMemo(
    () => (cursor() !== null && props.rows.find(row => row.id === cursor())?.id) || props.rows[0]?.id,
  );
  const elementOf = (id: string) => table?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);
  const focusRow = (index: number) => {
    const row = props.rows[Math.max(0, Math.min(props.rows.length - 1, index))];
    if (!row) return;
    setCursor(row.id);
    virtualizer.scrollToIndex(props.rows.indexOf(row), { align: "auto" });
    // What had the focus may be scrolled out of the page before the row is in it: until then all rows together take the keys.
    if (!elementOf(row.id)) body?.focus({ preventScroll: true });
    requestAnimationFrame(() => requestAnimationFrame(() => focusWhenThere(row.id, FRAMES)));
  };
  const focusWhenThere = (id: string, frames: number) => {
    const hasFocus = table?.contains(document.activeElement) || document.activeElement === document.body;
    if (cursor() !== id || !hasFocus) return;
    const element = elementOf(id);
    if (element) element.focus({ preventScroll: true });
    else if (frames > 0) requestAnimationFrame(() => focusWhenThere(id, frames - 1));
  };
  const onKey = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const id = target === body ? cursor() : target.dataset.row;
    const at = props.rows.findIndex(row => row.id === id);
    const row = props.rows[at];
    if (!row) return;
    const key = keyOn(event, "row");
    const next = stepOf(key, at, props.rows.length, Math.max(1, Math.floor(innerHeight / height()) - 4));
    if (next !== null) focusRow(next);
    else if (key === "open") props.onOpen(row);
    else if (key === null || !props.onKey?.(row, key)) return;
    event.preventDefault();
  };

  return (
    <div
      ref={table}
      class={`grid virtual ${props.class}`}
      style={{ "--row-height": `${height()}px` }}
      role="table"
      aria-labelledby={props.labelledBy}
      aria-rowcount={count() + 1}
      onKeyDown={onKey}
    >
      {props.heads}
      <div
        ref={body}
        class="rows"
        role="rowgroup"
        tabindex={-1}
        style={{ height: `${virtualizer.getTotalSize()}px` }}
        {...props.presence.on}
      >
        <For each={items()}>
          {item => {
            const row = () => props.rows[item.index];
            const place: RowPlace = {
              get "data-row"() {
                return row()?.id ?? "";
              },
              get "aria-rowindex"() {
                return item.index + 2;
              },
              get tabindex() {
                return row()?.id === entry() ? 0 : -1;
              },
              get style() {
                return { transform: `translateY(${item.start - margin()}px)` };
              },
              onFocus: () => setCursor(row()?.id ?? null),
            };
            return <KeptRow row={row()}>{kept => props.children(kept, place)}</KeptRow>;
          }}
        </For>
      </div>
    </div>
  );
}

/** The list gets shorter before the element of its last row goes: until then that shows what it showed. */
function KeptRow<R>(props: { row: R | undefined; children: (row: Accessor<R>) => JSX.Element }): JSX.Element {
  let last = props.row;
  const row = () => {
    last = props.row ?? last;
    return last as R;
  };
  return last === undefined ? null : props.children(row);
}

/** The index that a key leads to; null: the key leads nowhere. */
function stepOf(key: KeyName | null, at: number, count: number, page: number): number | null {
  const steps: Partial<Record<KeyName, number>> = {
    next: at + 1,
    previous: at - 1,
    pageDown: at + page,
    pageUp: at - page,
    first: 0,
    last: count - 1,
  };
  return key === null ? null : (steps[key] ?? null);
}
