import { type Accessor, createMemo, createSignal, type JSX, Match, Switch } from "solid-js";
import { ColumnHeads, type Sort, sortText, toSort } from "./column-heads.tsx";
import { type Column, DataRow, sortRows, tracksOf } from "./data-table.tsx";
import { Icon } from "./icon.tsx";
import type { KeyName } from "./keys.ts";
import { createUrlState } from "./url-state.ts";
import { type RowPlace, VirtualRows } from "./virtual-rows.tsx";

/** Rows that belong together. */
export interface Group<T> {
  id: string;
  name: string;
  rows: readonly T[];
}

type Line<T> = { id: string; group: Group<T> } | { id: string; row: T };

/** A table whose rows stand below the heads of their groups, which can be folded. It keeps its order in the address, under `name`. */
export function GroupedTable<T extends { id: string; stale: boolean }>(props: {
  groups: readonly Group<T>[];
  columns: readonly Column<T>[];
  name: string;
  table: { shown: () => string; show: (row: T) => void };
  /** What stands in a group's line. */
  head: (group: Accessor<Group<T>>) => JSX.Element;
}): JSX.Element {
  const first = props.columns[0]?.key ?? "";
  const [order, setOrder] = createUrlState(`${props.name}-sort`, first);
  const [folded, setFolded] = createSignal<ReadonlySet<string>>(new Set());
  const sort = (): Sort => toSort(order(), props.columns, { key: first, descending: false });
  const fold = (id: string) =>
    setFolded(before => (before.has(id) ? before.difference(new Set([id])) : new Set([...before, id])));
  const lines = createMemo(() =>
    props.groups.flatMap((group): Line<T>[] => [
      { id: `group ${group.id}`, group },
      ...(folded().has(group.id) ? [] : sortRows(group.rows, props.columns, sort()).map(row => ({ id: row.id, row }))),
    ]),
  );
  const toElement = (line: Accessor<Line<T>>, place: RowPlace) => {
    const group = () => ("group" in (line() as object) ? (line() as { group: Group<T> }).group : undefined);
    const row = () => ("row" in (line() as object) ? (line() as { row: T }).row : undefined);
    return (
      <Switch>
        <Match when={group()}>
          {group => (
            <GroupLine
              group={group}
              place={place}
              folded={folded().has(group().id)}
              onFold={() => fold(group().id)}
              head={props.head}
            />
          )}
        </Match>
        <Match when={row()}>
          {row => (
            <DataRow
              row={row}
              columns={props.columns}
              place={place}
              stale={row().stale}
              shown={props.table.shown() === row().id}
              onShow={() => props.table.show(row())}
            />
          )}
        </Match>
      </Switch>
    );
  };
  const open = (line: Line<T>) => ("row" in line ? props.table.show(line.row) : fold(line.group.id));
  const onKey = (line: Line<T>, key: KeyName) => {
    if ("row" in line || key !== (folded().has(line.group.id) ? "unfold" : "fold")) return false;
    fold(line.group.id);
    return true;
  };
  return (
    <div class="data-table" style={tracksOf(props.columns)}>
      <VirtualRows
        rows={lines()}
        class="data grouped"
        labelledBy={`${props.name}-title`}
        heads={<ColumnHeads columns={props.columns} sort={sort()} onSort={next => setOrder(sortText(next))} />}
        onOpen={open}
        onKey={onKey}
      >
        {toElement}
      </VirtualRows>
    </div>
  );
}

function GroupLine<T>(props: {
  group: Accessor<Group<T>>;
  place: RowPlace;
  folded: boolean;
  onFold: () => void;
  head: (group: Accessor<Group<T>>) => JSX.Element;
}): JSX.Element {
  return (
    <div
      class="row group"
      classList={{ folded: props.folded }}
      role="row"
      {...props.place}
      onClick={() => props.onFold()}
    >
      <div class="c-group cell-line" role="rowheader">
        <button
          type="button"
          class="fold"
          tabindex={-1}
          aria-expanded={!props.folded}
          aria-label={props.group().name}
          onClick={event => {
            event.stopPropagation();
            props.onFold();
          }}
        >
          <Icon name="chevron" />
        </button>
        {props.head(props.group)}
      </div>
    </div>
  );
}
