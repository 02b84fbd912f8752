import {
  type Accessor,
  createEffect,
  createMemo,
  createSignal,
  For,
  type JSX,
  Match,
  onCleanup,
  onMount,
  Show,
  Switch,
} from "solid-js";
import { t } from "../words/words.ts";
import { ChooseBox } from "./choose-box.tsx";
import { type Column, type Group, NO_GROUP, type RowLike } from "./column.ts";
import { fittingColumns, type Room, wantedColumns } from "./column-fit.ts";
import { ColumnHeads } from "./column-heads.tsx";
import { GroupLine } from "./group-line.tsx";
import { createHeldOrder, createPresence } from "./held-order.ts";
import type { KeyName } from "./keys.ts";
import { createMedia, PHONE } from "./media.ts";
import type { Selection } from "./selection.ts";
import { comparing } from "./sort.ts";
import { type Line, toLines } from "./table-lines.ts";
import type { TableState } from "./table-state.ts";
import { type RowPlace, VirtualRows } from "./virtual-rows.tsx";

/** A table of entities, as `table` has them shown. */
export function DataTable<T extends RowLike>(props: {
  table: TableState<T>;
  rows: readonly T[];
  /** The id of its heading. */
  labelledBy: string;
  shown: string;
  onShow: (id: string) => void;
  /** What is shown of a row: its id, unless it stands for something else. null: there is nothing to show. */
  showsOf?: ((row: T) => string | null) | undefined;
  /** What somebody searches for: rows that it finds are sorted anew at once. */
  asked?: string | undefined;
  /** Of more rows than that, only the first ones. */
  most?: number | undefined;
  /** Rows can be chosen: by a box before each, by "x", with Shift all up to one. Not on a phone. */
  selection?: Selection | undefined;
  /** What a row is called, to screen readers. */
  nameOf?: (row: T) => string;
  class?: string;
  classOf?: (row: T) => string;
}): JSX.Element {
  let box: HTMLDivElement | undefined;
  const room = createRoom(() => box ?? null);
  const isPhone = createMedia(PHONE);
  const presence = createPresence();
  const [folded, fold] = createFolds();

  const group = () => props.table.grouping()?.key ?? NO_GROUP;
  const choose =
    props.selection &&
    chooseColumn(props.selection, {
      order: () => order(),
      nameOf: (row: T) => props.nameOf?.(row) ?? row.id,
    });
  const columns = createMemo(() => {
    const wanted = wantedColumns(props.table.columns(), props.table.picked(), {
      group: group(),
      window: room().window,
    });
    if (isPhone()) return wanted;
    if (!choose) return fittingColumns(wanted, room());
    return [choose, ...fittingColumns(wanted, { ...room(), table: room().table - CHOOSE_ROOM * room().rem })];
  });
  /** The ids of the rows as they stand. */
  const order = () => lines().flatMap(line => ("row" in line ? [line.row.id] : []));
  const compare = createMemo(() => comparing(props.table.columns(), props.table.sorts()));
  const held = createHeldOrder({
    rows: () => props.rows,
    compare,
    asked: () => JSON.stringify([props.table.sorts(), group(), props.asked]),
    isThere: presence.isThere,
  });
  const listed = () => (props.most === undefined ? held().rows : held().rows.slice(0, props.most));
  const lines = createMemo(() => toLines(listed(), props.table.grouping(), folded()));
  const show = (row: T) => {
    const id = props.showsOf ? props.showsOf(row) : row.id;
    if (id !== null) props.onShow(id);
  };
  const showGroup = (group: Group<T>) => {
    const id = props.table.grouping()?.shows?.(group) ?? null;
    if (id === null) fold(group);
    else props.onShow(id);
  };
  const onKey = (line: Line<T>, key: KeyName) => {
    if ("row" in line && props.selection && (key === "choose" || key === "chooseTo")) {
      props.selection.turn(line.row.id, key === "choose" ? [] : order());
      return true;
    }
    if ("row" in line || key !== (folded().has(line.group.id) ? "unfold" : "fold")) return false;
    fold(line.group);
    return true;
  };
  const toElement = (line: Accessor<Line<T>>, place: RowPlace) => {
    const group = () => toGroup(line());
    const row = () => toRow(line());
    return (
      <Switch>
        <Match when={group()}>
          {group => (
            <GroupLine
              group={group}
              place={place}
              head={props.table.grouping()?.head}
              isFolded={folded().has(group().id)}
              isShown={props.shown !== "" && props.table.grouping()?.shows?.(group()) === props.shown}
              onFold={() => fold(group())}
            />
          )}
        </Match>
        <Match when={row()}>
          {row => (
            <DataRow
              row={row}
              columns={columns()}
              place={place}
              class={props.classOf?.(row()) ?? ""}
              isShown={props.shown !== "" && (props.showsOf ? props.showsOf(row()) : row().id) === props.shown}
              onShow={() => show(row())}
            />
          )}
        </Match>
      </Switch>
    );
  };
  return (
    <div
      ref={box}
      class="data-table"
      style={{
        "--columns": columns()
          .map(({ width }) => width)
          .join(" "),
      }}
    >
      <VirtualRows
        rows={lines()}
        class={`${props.class ?? "data"} ${props.table.grouping() ? "grouped" : "flat"}`}
        labelledBy={props.labelledBy}
        isPhone={isPhone()}
        density={props.table.density()}
        presence={presence}
        heads={<ColumnHeads columns={columns()} sorts={props.table.sorts()} onSort={props.table.sortBy} />}
        onOpen={line => ("row" in line ? show(line.row) : showGroup(line.group))}
        onKey={onKey}
      >
        {toElement}
      </VirtualRows>
      <Show when={held().isHeld}>
        <p class="order-held" title={t("Rows are sorted again when the pointer and the focus have left them")}>
          {t("Order held while you are here")}
        </p>
      </Show>
    </div>
  );
}

/** How much the boxes take with the gap behind them, rem. */
const CHOOSE_ROOM = 2;

/** The boxes before the rows; the one in the head is of all. */
function chooseColumn<T extends RowLike>(
  selection: Selection,
  { order, nameOf }: { order: () => readonly string[]; nameOf: (row: T) => string },
): Column<T> {
  return {
    key: "choose",
    name: t("Chosen"),
    numeric: false,
    hint: null,
    width: "1.25rem",
    sortBy: () => null,
    head: () => <ChooseAllBox selection={selection} order={order} />,
    cell: row => (
      <ChooseBox
        selection={selection}
        id={row().id}
        label={t("Choose {name}", { name: nameOf(row()) })}
        order={order}
      />
    ),
  };
}

/** Chooses all rows, or none. */
function ChooseAllBox(props: { selection: Selection; order: () => readonly string[] }): JSX.Element {
  const state = createMemo(() => {
    const { size } = props.selection.chosen();
    // Which rows there are changes with each patch: nobody asks for them before one is chosen.
    if (size === 0) return "none";
    const order = props.order();
    const count = order.filter(props.selection.has).length;
    return count === 0 ? "none" : count === order.length ? "all" : "some";
  });
  return (
    <input
      type="checkbox"
      aria-label={t("All that are listed")}
      checked={state() === "all"}
      ref={box => createEffect(() => (box.indeterminate = state() === "some"))}
      onChange={event => props.selection.set(event.currentTarget.checked ? props.order() : [])}
    />
  );
}

/** A line of cells. */
function DataRow<T extends RowLike>(props: {
  row: Accessor<T>;
  columns: readonly Column<T>[];
  place: RowPlace;
  class: string;
  isShown: boolean;
  onShow: () => void;
}): JSX.Element {
  return (
    <div
      class={`row ${props.class}`}
      classList={{ stale: props.row().stale, shown: props.isShown }}
      role="row"
      {...props.place}
      onClick={() => props.onShow()}
    >
      <For each={props.columns}>
        {column => (
          <div
            class={`c-${column.key}${column.onPhone ? ` p-${column.onPhone}` : ""}`}
            role="cell"
            // On a phone, where there are no heads, a figure says itself what it is of.
            style={{ "--label": JSON.stringify(column.name) }}
          >
            {column.cell(props.row)}
          </div>
        )}
      </For>
    </div>
  );
}

function toGroup<T>(line: Line<T>): Group<T> | undefined {
  return "group" in line ? line.group : undefined;
}

function toRow<T>(line: Line<T>): T | undefined {
  return "row" in line ? line.row : undefined;
}

/** The ids of the groups whose rows are folded away, and how to fold one, or unfold it. */
function createFolds(): [Accessor<ReadonlySet<string>>, (group: { id: string }) => void] {
  const [folded, setFolded] = createSignal<ReadonlySet<string>>(new Set());
  const fold = ({ id }: { id: string }) =>
    setFolded(before => (before.has(id) ? before.difference(new Set([id])) : new Set([...before, id])));
  return [folded, fold];
}

/** How much room `box` has, as that changes. */
function createRoom(box: () => HTMLElement | null): Accessor<Room> {
  const [room, setRoom] = createSignal<Room>(measured(null), {
    equals: (a, b) => a.window === b.window && a.table === b.table && a.rem === b.rem,
  });
  onMount(() => {
    const observer = new ResizeObserver(() => setRoom(measured(box())));
    const element = box();
    if (element) observer.observe(element);
    onCleanup(() => observer.disconnect());
  });
  return room;
}

function measured(box: HTMLElement | null): Room {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { window: innerWidth, table: box?.clientWidth ?? 0, rem };
}
