import { type Accessor, createMemo, For, type JSX } from "solid-js";
import { ColumnHeads, type Head, type Sort } from "./column-heads.tsx";
import { compareKeys } from "./sort.ts";
import { VirtualRows } from "./virtual-rows.tsx";

/** A column of a table of `T`. */
export interface Column<T> extends Head {
  /** Width, as a track of a CSS grid. */
  width: string;
  /** What is sorted by; null: unknown, comes last. */
  sortBy: (row: T) => string | number | null;
  cell: (row: Accessor<T>) => JSX.Element;
  /** Its place on a phone: the title, the corner beside it, a fact or a whole line below; without one it is left out there. */
  onPhone?: "title" | "corner" | "fact" | "line";
}

/** A table of entities, sorted by one column. */
export function DataTable<T extends { id: string }>(props: {
  rows: readonly T[];
  columns: readonly Column<T>[];
  labelledBy: string;
  sort: Sort;
  onSort: (sort: Sort) => void;
  shown: string;
  onShow: (row: T) => void;
  /** Old numbers are shown as such. */
  isStale: (row: T) => boolean;
}): JSX.Element {
  const sorted = createMemo(() => sortRows(props.rows, props.columns, props.sort));
  const row = (row: Accessor<T>, place: object) => (
    <DataRow
      row={row}
      columns={props.columns}
      place={place}
      stale={props.isStale(row())}
      shown={props.shown === row().id}
      onShow={() => props.onShow(row())}
    />
  );
  return (
    <div class="data-table" style={tracksOf(props.columns)}>
      <VirtualRows
        rows={sorted()}
        class="data"
        labelledBy={props.labelledBy}
        heads={<ColumnHeads columns={props.columns} sort={props.sort} onSort={props.onSort} />}
        onOpen={props.onShow}
      >
        {row}
      </VirtualRows>
    </div>
  );
}

/** A line of cells. */
export function DataRow<T>(props: {
  row: Accessor<T>;
  columns: readonly Column<T>[];
  place: object;
  stale: boolean;
  shown: boolean;
  onShow: () => void;
}): JSX.Element {
  return (
    <div
      class="row"
      classList={{ stale: props.stale, shown: props.shown }}
      role="row"
      {...props.place}
      onClick={() => props.onShow()}
    >
      <For each={props.columns}>
        {column => (
          <div class={classesOf(column)} role="cell" data-label={column.name}>
            {column.cell(props.row)}
          </div>
        )}
      </For>
    </div>
  );
}

/** By the column of `sort`, equals by the columns in their order. */
export function sortRows<T>(rows: readonly T[], columns: readonly Column<T>[], sort: Sort): T[] {
  const column = columns.find(({ key }) => key === sort.key) ?? columns[0];
  if (!column) return [...rows];
  return rows.toSorted(
    (a, b) =>
      compareKeys(column.sortBy(a), column.sortBy(b), sort.descending) ||
      columns.reduce((order, other) => order || compareKeys(other.sortBy(a), other.sortBy(b), false), 0),
  );
}

function classesOf({ key, onPhone, from }: Column<never>): string {
  return [`c-${key}`, onPhone && `p-${onPhone}`, from && `from-${from}`].filter(Boolean).join(" ");
}

/** The grid's tracks for each width of the window, as custom properties. */
export function tracksOf<T>(columns: readonly Column<T>[]): JSX.CSSProperties {
  const tracks = (width: number) =>
    columns
      .filter(({ from = 0 }) => from <= width)
      .map(column => column.width)
      .join(" ");
  return { "--wide": tracks(1400), "--medium": tracks(1050), "--narrow": tracks(700) };
}
