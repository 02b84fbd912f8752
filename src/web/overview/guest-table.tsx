import { createWindowVirtualizer } from "@tanstack/solid-virtual";
import { createEffect, createSignal, For, type JSX, Match, on, onCleanup, onMount, Show, Switch } from "solid-js";
import { Icon } from "../ui/icon.tsx";
import { createMedia } from "../ui/media.ts";
import { COLUMNS } from "./columns.ts";
import { GroupRow, GuestRow } from "./guest-row.tsx";
import type { Row, Sort } from "./rows.ts";

/** Row heights in pixels; `overview.css` has the same. */
const HEIGHT = 33;
const PHONE_HEIGHT = 58;
const PHONE = "(max-width: 699px)";

type GroupRowData = Extract<Row, { kind: "node" }>;
type GuestRowData = Extract<Row, { kind: "guest" }>;

/** The guests, or what is left of them. Only the rows in sight are in the page, so that thousands scroll smoothly. */
export function GuestTable(props: {
  rows: readonly Row[];
  grouped: boolean;
  sort: Sort;
  onSort: (sort: Sort) => void;
  folded: ReadonlySet<string>;
  onFold: (id: string) => void;
  shown: string;
  onShow: (id: string) => void;
}): JSX.Element {
  let table: HTMLDivElement | undefined;
  let body: HTMLDivElement | undefined;
  const isPhone = createMedia(PHONE);
  const [margin, setMargin] = createSignal(0);
  /** The row that Tab leads to. */
  const [cursor, setCursor] = createSignal<string | null>(null);
  const height = () => (isPhone() ? PHONE_HEIGHT : HEIGHT);
  const virtualizer = createWindowVirtualizer({
    get count() {
      return props.rows.length;
    },
    estimateSize: () => height(),
    overscan: 10,
    get scrollMargin() {
      return margin();
    },
    get scrollPaddingStart() {
      return 2 * HEIGHT + 30;
    },
    get scrollPaddingEnd() {
      return 2 * HEIGHT;
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

  const entry = () => props.rows.find(row => row.id === cursor())?.id ?? props.rows[0]?.id;
  const focusRow = (index: number) => {
    const row = props.rows[Math.max(0, Math.min(props.rows.length - 1, index))];
    if (!row) return;
    setCursor(row.id);
    virtualizer.scrollToIndex(props.rows.indexOf(row), { align: "auto" });
    const focus = () =>
      table?.querySelector<HTMLElement>(`[data-row="${CSS.escape(row.id)}"]`)?.focus({ preventScroll: true });
    requestAnimationFrame(() => requestAnimationFrame(focus));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const id = (event.target as HTMLElement).closest<HTMLElement>("[data-row]")?.dataset.row;
    const at = props.rows.findIndex(row => row.id === id);
    const row = props.rows[at];
    if (!row) return;
    const page = Math.max(1, Math.floor(innerHeight / height()) - 4);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      j: at + 1,
      ArrowUp: at - 1,
      k: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: props.rows.length - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) focusRow(next);
    else if (event.key === "Enter" || event.key === " ") props.onShow(row.id);
    else if (row.kind === "node" && event.key === (props.folded.has(row.id) ? "ArrowRight" : "ArrowLeft"))
      props.onFold(row.id);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={table}
      class="grid guests"
      classList={{ flat: !props.grouped }}
      role="table"
      aria-labelledby="guests-title"
      aria-rowcount={props.rows.length + 1}
      onKeyDown={onKey}
    >
      <ColumnHeads grouped={props.grouped} sort={props.sort} onSort={props.onSort} />
      <div ref={body} class="rows" role="rowgroup" style={{ height: `${virtualizer.getTotalSize()}px` }}>
        <For each={virtualizer.getVirtualItems()}>
          {item => {
            const row = () => props.rows[item.index];
            const group = () => (row()?.kind === "node" ? (row() as GroupRowData) : undefined);
            const guest = () => (row()?.kind === "guest" ? (row() as GuestRowData).guest : undefined);
            const place = {
              get index() {
                return item.index + 2;
              },
              get top() {
                return item.start - margin();
              },
              get focusable() {
                return row()?.id === entry();
              },
              get shown() {
                return row()?.id === props.shown;
              },
            };
            return (
              <Switch>
                <Match when={group()}>
                  {group => (
                    <GroupRow
                      group={group()}
                      place={place}
                      folded={props.folded.has(group().id)}
                      onFold={() => props.onFold(group().id)}
                      onShow={() => props.onShow(group().id)}
                      onFocus={() => setCursor(group().id)}
                    />
                  )}
                </Match>
                <Match when={guest()}>
                  {guest => (
                    <GuestRow
                      guest={guest()}
                      place={place}
                      onShow={() => props.onShow(guest().id)}
                      onFocus={() => setCursor(guest().id)}
                    />
                  )}
                </Match>
              </Switch>
            );
          }}
        </For>
      </div>
    </div>
  );
}

function ColumnHeads(props: { grouped: boolean; sort: Sort; onSort: (sort: Sort) => void }): JSX.Element {
  return (
    <div class="heads" role="row" aria-rowindex={1}>
      <For each={COLUMNS}>
        {({ key, name, numeric, hint }) => {
          const sorted = () => props.sort.key === key;
          const direction = () => (props.sort.descending ? "descending" : "ascending");
          const next = () => ({ key, descending: sorted() ? !props.sort.descending : numeric });
          return (
            <div class={`c-${key} head`} role="columnheader" aria-sort={sorted() ? direction() : "none"}>
              <button type="button" title={hint ?? undefined} onClick={() => props.onSort(next())}>
                {name}
                <Show when={sorted()}>
                  <Icon name={props.sort.descending ? "down" : "up"} class="arrow" />
                </Show>
              </button>
            </div>
          );
        }}
      </For>
    </div>
  );
}
