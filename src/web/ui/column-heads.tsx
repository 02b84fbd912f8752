import { For, type JSX, Show } from "solid-js";
import { t } from "../words/words.ts";
import type { Column, Sort } from "./column.ts";
import { Icon } from "./icon.tsx";
import { nextSorts } from "./sort.ts";

/** The heads of a table's columns: a press sorts by one, another the other way round; with Shift beside the others. */
export function ColumnHeads<T>(props: {
  columns: readonly Column<T>[];
  sorts: readonly Sort[];
  onSort: (sorts: readonly Sort[]) => void;
}): JSX.Element {
  return (
    <div class="heads" role="row" aria-rowindex={1}>
      {/* By their keys: a head must not become another while it is pressed. */}
      <For each={props.columns.map(({ key }) => key)}>
        {key => (
          <Show when={props.columns.find(column => column.key === key)}>
            {column => <ColumnHead column={column()} sorts={props.sorts} onSort={props.onSort} />}
          </Show>
        )}
      </For>
    </div>
  );
}

function ColumnHead<T>(props: {
  column: Column<T>;
  sorts: readonly Sort[];
  onSort: (sorts: readonly Sort[]) => void;
}): JSX.Element {
  const at = () => props.sorts.findIndex(({ key }) => key === props.column.key);
  const sort = () => props.sorts[at()];
  const way = () => (sort()?.descending ? "descending" : "ascending");
  return (
    <div
      class={`c-${props.column.key} head`}
      role="columnheader"
      // NOTE: only one column of a table may say so; the further ones say it in words.
      aria-sort={at() === 0 ? way() : "none"}
    >
      <Show when={props.column.head === undefined} fallback={props.column.head?.()}>
        <button
          type="button"
          classList={{ sorted: at() >= 0 }}
          title={props.column.hint ?? undefined}
          onClick={event => props.onSort(nextSorts(props.sorts, props.column, event.shiftKey))}
        >
          <span class="head-name">{props.column.name}</span>
          <Show when={sort()}>
            {sort => (
              <>
                <Icon name={sort().descending ? "down" : "up"} class="arrow" />
                <Show when={props.sorts.length > 1}>
                  <span class="sort-rank" aria-hidden="true">
                    {at() + 1}
                  </span>
                </Show>
                <Show when={at() > 0}>
                  <span class="visually-hidden">
                    {sort().descending
                      ? t("sorted by, in place {rank}, the greatest first", { rank: at() + 1 })
                      : t("sorted by, in place {rank}, the least first", { rank: at() + 1 })}
                  </span>
                </Show>
              </>
            )}
          </Show>
        </button>
      </Show>
    </div>
  );
}
