import type { JSX } from "solid-js";
import { type Sort, sortText, toSort } from "./column-heads.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { createUrlState } from "./url-state.ts";

/** A table that keeps its order in the address, under `name`. */
export function SortedTable<T extends { id: string; stale: boolean }>(props: {
  rows: readonly T[];
  columns: readonly Column<T>[];
  name: string;
  byDefault?: string;
  table: { shown: () => string; show: (row: T) => void };
}): JSX.Element {
  const first = props.byDefault ?? props.columns[0]?.key ?? "";
  const [order, setOrder] = createUrlState(`${props.name}-sort`, first);
  const sort = (): Sort =>
    toSort(order(), props.columns, { key: first.replace(/^-/, ""), descending: first.startsWith("-") });
  return (
    <DataTable
      rows={props.rows}
      columns={props.columns}
      labelledBy={`${props.name}-title`}
      sort={sort()}
      onSort={next => setOrder(sortText(next))}
      shown={props.table.shown()}
      onShow={props.table.show}
      isStale={row => row.stale}
    />
  );
}
