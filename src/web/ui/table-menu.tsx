import { createSignal, For, type JSX, Show } from "solid-js";
import { t } from "../words/words.ts";
import { type Column, NO_GROUP, type Sort } from "./column.ts";
import { isTitle, moved, wantedColumns } from "./column-fit.ts";
import { Icon } from "./icon.tsx";
import { Menu } from "./menu.tsx";
import { MOST_SORTS } from "./sort.ts";
import { DENSITIES, type TableState } from "./table-state.ts";

/** What can be chosen of a table: its columns and their order, what it is sorted and grouped by, how high its rows are. */
export function TableMenu<T>(props: { table: TableState<T>; title: string }): JSX.Element {
  return (
    <Menu
      label={t("Columns, order and density of {title}", { title: props.title })}
      icon="table"
      isMarked={!props.table.isUsual()}
    >
      {() => (
        <>
          <ColumnPicker table={props.table} />
          <SortPicker table={props.table} />
          <p class="hint wide-only">{t("With Shift, a press on a column's head sorts by it besides the others.")}</p>
          <Show when={props.table.groupings().length > 0}>
            <GroupChoice table={props.table} isLabelShown />
          </Show>
          <div class="menu-line">
            <span>{t("Rows")}</span>
            <fieldset class="segments">
              <legend class="visually-hidden">{t("How high rows are")}</legend>
              <For each={DENSITIES}>
                {({ density, name }) => (
                  <button
                    type="button"
                    aria-pressed={props.table.density() === density}
                    onClick={() => props.table.setDensity(density)}
                  >
                    {name}
                  </button>
                )}
              </For>
            </fieldset>
          </div>
          <button type="button" class="button" disabled={props.table.isUsual()} onClick={() => props.table.reset()}>
            {t("All as usual")}
          </button>
        </>
      )}
    </Menu>
  );
}

/** All columns, those that are shown first and in their order: to be ticked, and moved by buttons or by dragging. */
function ColumnPicker<T>(props: { table: TableState<T> }): JSX.Element {
  let list: HTMLUListElement | undefined;
  const [dragged, setDragged] = createSignal<string | null>(null);
  const columns = () => props.table.columns();
  /** The order while one is dragged; it counts once it is let go. */
  const [draft, setDraft] = createSignal<readonly string[] | null>(null);
  const wanted = () =>
    wantedColumns(columns(), props.table.picked(), {
      group: props.table.grouping()?.key ?? NO_GROUP,
      window: innerWidth,
    }).map(({ key }) => key);
  const shown = () => draft() ?? wanted();
  const all = () => [...shown(), ...columns().flatMap(({ key }) => (shown().includes(key) ? [] : [key]))];
  const orderWith = (key: string, to: number) => moved(shown(), shown().indexOf(key), to);
  /** The buttons of a row move along with it; the focus stays on the one that was pressed. */
  const step = (key: string, by: -1 | 1) => {
    props.table.pick(orderWith(key, shown().indexOf(key) + by));
    const button = list?.querySelector<HTMLButtonElement>(`[data-move="${key} ${by}"]`);
    const other = list?.querySelector<HTMLButtonElement>(`[data-move="${key} ${-by}"]`);
    (button?.disabled ? other : button)?.focus();
  };
  const tick = (key: string, on: boolean) =>
    props.table.pick(on ? [...shown(), key] : shown().filter(one => one !== key));
  return (
    <ul ref={list} class="column-picker" aria-label={t("Columns")}>
      <For each={all()}>
        {key => (
          <Show when={columns().find(column => column.key === key)}>
            {column => (
              <li
                draggable={shown().includes(key)}
                classList={{ dragged: dragged() === key }}
                onDragStart={() => setDragged(key)}
                onDragEnd={() => {
                  const order = draft();
                  if (order) props.table.pick(order);
                  setDraft(null);
                  setDragged(null);
                }}
                onDragOver={event => {
                  const from = dragged();
                  if (from === null || !shown().includes(key)) return;
                  event.preventDefault();
                  if (from !== key) setDraft(orderWith(from, shown().indexOf(key)));
                }}
              >
                <PickerLine
                  column={column()}
                  isShown={shown().includes(key)}
                  isFirst={shown()[0] === key}
                  isLast={shown().at(-1) === key}
                  onTick={on => tick(key, on)}
                  onStep={by => step(key, by)}
                />
              </li>
            )}
          </Show>
        )}
      </For>
    </ul>
  );
}

function PickerLine<T>(props: {
  column: Column<T>;
  isShown: boolean;
  isFirst: boolean;
  isLast: boolean;
  onTick: (on: boolean) => void;
  onStep: (by: -1 | 1) => void;
}): JSX.Element {
  return (
    <>
      <Icon name="grip" class="grip" />
      <label class="check">
        <input
          type="checkbox"
          checked={props.isShown}
          disabled={isTitle(props.column)}
          onChange={event => props.onTick(event.currentTarget.checked)}
        />
        {props.column.name}
      </label>
      <For each={STEPS}>
        {({ by, icon, label }) => (
          <button
            type="button"
            class="icon-button"
            data-move={`${props.column.key} ${by}`}
            aria-label={label(props.column.name)}
            disabled={!props.isShown || (by < 0 ? props.isFirst : props.isLast)}
            onClick={() => props.onStep(by)}
          >
            <Icon name={icon} />
          </button>
        )}
      </For>
    </>
  );
}

const STEPS = [
  { by: -1, icon: "up", label: (name: string) => t("Move {name} before the one before it", { name }) },
  { by: 1, icon: "down", label: (name: string) => t("Move {name} behind the one after it", { name }) },
] as const;

/** What rows are sorted by, one after the other: what the heads do, where there are none. */
function SortPicker<T>(props: { table: TableState<T> }): JSX.Element {
  const sorts = () => props.table.sorts();
  const places = () => Array.from({ length: Math.min(MOST_SORTS, sorts().length + 1) }, (_, at) => at);
  const set = (at: number, sort: Sort | null) => {
    const rest = sorts().filter(({ key }, place) => place !== at && key !== sort?.key);
    props.table.sortBy(sort ? rest.toSpliced(at, 0, sort) : rest);
  };
  return (
    <For each={places()}>
      {at => {
        const sort = () => sorts()[at];
        const choose = (key: string) => {
          const column = props.table.columns().find(one => one.key === key);
          set(at, column ? { key, descending: column.numeric } : null);
        };
        return (
          <div class="menu-line">
            <label>
              <span>{at === 0 ? t("Sort by") : t("then by")}</span>
              <select onChange={event => choose(event.currentTarget.value)}>
                <option value="" selected={!sort()}>
                  {t("nothing")}
                </option>
                <For each={props.table.columns()}>
                  {({ key, name }) => (
                    <option value={key} selected={sort()?.key === key}>
                      {name}
                    </option>
                  )}
                </For>
              </select>
            </label>
            <Show when={sort()}>
              {sort => (
                <button
                  type="button"
                  class="icon-button"
                  aria-label={sort().descending ? t("The greatest first; change") : t("The least first; change")}
                  onClick={() => set(at, { ...sort(), descending: !sort().descending })}
                >
                  <Icon name={sort().descending ? "down" : "up"} />
                </button>
              )}
            </Show>
          </div>
        );
      }}
    </For>
  );
}

/** What rows are grouped by. */
export function GroupChoice<T>(props: { table: TableState<T>; isLabelShown?: boolean }): JSX.Element {
  return (
    <label class="menu-line group-choice">
      <span classList={{ "visually-hidden": !props.isLabelShown }}>{t("Group by")}</span>
      <select
        value={props.table.grouping()?.key ?? NO_GROUP}
        onChange={event => props.table.groupBy(event.currentTarget.value)}
      >
        <option value={NO_GROUP}>{t("One list")}</option>
        <For each={props.table.groupings()}>{({ key, name }) => <option value={key}>{name}</option>}</For>
      </select>
    </label>
  );
}
