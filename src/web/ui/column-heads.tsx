import { For, type JSX, Show } from "solid-js";
import { t, within } from "../words/words.ts";
import { Icon } from "./icon.tsx";

/** What a column's head needs to know of it. */
export interface Head<K extends string = string> {
  key: K;
  name: string;
  /** Sorted from the largest value first. */
  numeric: boolean;
  /** What the head says in a tooltip; null: its name says it. */
  hint: string | null;
  /** Left out on windows narrower than that, px. */
  from?: 1050 | 1400;
}

export interface Sort<K extends string = string> {
  key: K;
  descending: boolean;
}

/** The heads of a table's columns; a click sorts by it, another the other way round. */
export function ColumnHeads<K extends string>(props: {
  columns: readonly Head<K>[];
  sort: Sort<K>;
  onSort: (sort: Sort<K>) => void;
}): JSX.Element {
  return (
    <div class="heads" role="row" aria-rowindex={1}>
      <For each={props.columns}>
        {({ key, name, numeric, hint, from }) => {
          const sorted = () => props.sort.key === key;
          const direction = () => (props.sort.descending ? "descending" : "ascending");
          const next = () => ({ key, descending: sorted() ? !props.sort.descending : numeric });
          return (
            <div
              class={`c-${key} head${from === undefined ? "" : ` from-${from}`}`}
              role="columnheader"
              aria-sort={sorted() ? direction() : "none"}
            >
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

/** A choice of columns to sort by, for screens too narrow for heads. */
export function SortChoice<K extends string>(props: {
  columns: readonly Head<K>[];
  sort: Sort<K>;
  onSort: (sort: Sort<K>) => void;
}): JSX.Element {
  return (
    <label class="sort-choice">
      <span class="visually-hidden">{t("Sort by")}</span>
      <select
        value={props.sort.key}
        onChange={event => {
          const column = props.columns.find(({ key }) => key === event.currentTarget.value);
          if (column) props.onSort({ key: column.key, descending: column.numeric });
        }}
      >
        <For each={props.columns}>
          {({ key, name }) => <option value={key}>{t("Sort by {column}", { column: within(name) })}</option>}
        </For>
      </select>
    </label>
  );
}

/** A sort as an address has it: "cpu", or "-cpu" for descending. Anything else is `byDefault`. */
export function toSort<K extends string>(text: string, columns: readonly Head<K>[], byDefault: Sort<K>): Sort<K> {
  const key = columns.find(column => column.key === text.replace(/^-/, ""))?.key;
  return key === undefined ? byDefault : { key, descending: text.startsWith("-") };
}

export function sortText({ key, descending }: Sort): string {
  return `${descending ? "-" : ""}${key}`;
}
