import { type JSX, Show } from "solid-js";
import type { LogReading } from "../live/log-reading.ts";
import { locale, t } from "../words/words.ts";
import type { Column, RowLike } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { Loaded } from "./loaded.tsx";
import { Panel } from "./panel.tsx";
import { TableMenu } from "./table-menu.tsx";
import { createTable } from "./table-state.ts";

/** A panel with a table of what was read of a log: what there is of it so far, and a way to the older entries. */
export function LogTable<T extends RowLike>(props: {
  name: string;
  title: string;
  /** What `rows` are made of. */
  reading: Omit<LogReading<unknown>, "put">;
  /** A sentence: "The log cannot be read now". */
  what: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
  /** "-at": as addresses have it. */
  sort: string;
  /** How many there are in all, where that is known. */
  total?: number | undefined;
  help?: string;
  docs?: string;
  tools?: JSX.Element;
  filters?: JSX.Element;
  /** Between the filters and the table. */
  note?: JSX.Element;
  empty: JSX.Element;
  shown?: string;
  onShow?: (id: string) => void;
}): JSX.Element {
  const table = createTable<T>({ name: props.name, columns: () => props.columns, sort: props.sort });
  const count = () => {
    if (!props.reading.told()) return "";
    return props.total === undefined
      ? `${props.rows.length.toLocaleString(locale())}${props.reading.hasMore() ? "+" : ""}`
      : props.total.toLocaleString(locale());
  };
  return (
    <Panel
      id={props.name}
      title={props.title}
      count={count()}
      help={props.help}
      docs={props.docs}
      tools={
        <>
          {props.tools}
          <TableMenu table={table} title={props.title} />
        </>
      }
    >
      <Show when={props.filters}>
        <div class="form audit-filter">{props.filters}</div>
      </Show>
      {props.note}
      <Loaded reading={props.reading} what={props.what} lines={8} kind="table">
        {() => (
          <Show when={props.rows.length > 0} fallback={props.empty}>
            <DataTable
              table={table}
              rows={props.rows}
              labelledBy={`${props.name}-title`}
              class={props.name}
              shown={props.shown ?? ""}
              onShow={id => props.onShow?.(id)}
              {...(props.onShow ? {} : { showsOf: () => null })}
            />
          </Show>
        )}
      </Loaded>
      <Show when={props.reading.hasMore()}>
        <button type="button" class="button quiet more" onClick={() => void props.reading.more()}>
          {t("Show older ones")}
        </button>
      </Show>
    </Panel>
  );
}
