import { type Accessor, type JSX, Show } from "solid-js";
import type { Column, Grouping, RowLike } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { Panel } from "./panel.tsx";
import { TableMenu } from "./table-menu.tsx";
import { createTable } from "./table-state.ts";

/** A panel with a table of its own, which is remembered under `name`. */
export function TablePanel<T extends RowLike>(props: {
  name: string;
  title: string;
  count: string;
  rows: readonly T[];
  columns: Accessor<readonly Column<T>[]>;
  groupings?: readonly Grouping<T>[];
  /** "-usage": as addresses have it. */
  sort?: string;
  shown: string;
  onShow: (id: string) => void;
  showsOf?: (row: T) => string | null;
  asked?: string;
  help?: string;
  docs?: string;
  /** In the place of no rows. */
  fallback?: JSX.Element;
}): JSX.Element {
  const table = createTable<T>({
    name: props.name,
    columns: () => props.columns(),
    groupings: () => props.groupings ?? [],
    ...(props.sort === undefined ? {} : { sort: props.sort }),
  });
  return (
    <Panel
      id={props.name}
      title={props.title}
      count={props.count}
      help={props.help}
      docs={props.docs}
      tools={<TableMenu table={table} title={props.title} />}
    >
      <Show when={props.rows.length > 0 || props.fallback === undefined} fallback={props.fallback}>
        <DataTable
          table={table}
          rows={props.rows}
          labelledBy={`${props.name}-title`}
          shown={props.shown}
          onShow={props.onShow}
          showsOf={props.showsOf}
          asked={props.asked}
        />
      </Show>
    </Panel>
  );
}
