import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup, untrack } from "solid-js";
import type { TableSettings } from "../../model/user-settings.ts";
import { prefer, preferences } from "../live/preferences.ts";
import { t } from "../words/words.ts";
import { type Column, type Grouping, NO_GROUP, type Sort } from "./column.ts";
import { sortKeys, toSorts } from "./sort.ts";
import { addressSearch, keepAddress } from "./url-state.ts";

export const DENSITIES = [
  { density: "comfortable", name: t("Comfortable") },
  { density: "compact", name: t("Compact") },
] as const;
export type Density = (typeof DENSITIES)[number]["density"];

/** How a table is shown; each part as an address has it. */
export interface TableParts {
  /** Keys of columns between commas, in their order; "usual": the usual ones. */
  columns: string;
  /** "-cpu,name" */
  sort: string;
  group: string;
  density: string;
}
type Part = keyof TableParts;
const PARTS: readonly Part[] = ["columns", "sort", "group", "density"];

const USUAL_COLUMNS = "usual";
/** What a saved view is of: how high rows are is the reader's alone. */
const VIEWED: readonly Part[] = ["columns", "sort", "group"];

/** What a table is made of. */
export interface TableSpec<T> {
  /** Under which it is remembered, and its parts stand in the address: "disks-sort"; those of the main table of a page stand alone. */
  name: string;
  isMain?: boolean;
  columns: Accessor<readonly Column<T>[]>;
  groupings?: Accessor<readonly Grouping<T>[]>;
  /** Sorted by and grouped by that where nobody chose. */
  sort?: string;
  group?: Accessor<string>;
}

/** How a table is shown, and how that changes. */
export interface TableState<T> {
  name: string;
  columns: Accessor<readonly Column<T>[]>;
  /** null: the usual ones. */
  picked: Accessor<readonly string[] | null>;
  sorts: Accessor<readonly Sort[]>;
  groupings: Accessor<readonly Grouping<T>[]>;
  /** null: one list. */
  grouping: Accessor<Grouping<T> | null>;
  density: Accessor<Density>;
  pick: (keys: readonly string[] | null) => void;
  sortBy: (sorts: readonly Sort[]) => void;
  groupBy: (key: string) => void;
  setDensity: (density: Density) => void;
  /** Nothing was changed. */
  isUsual: Accessor<boolean>;
  reset: () => void;
}

/** Sets how high the rows of each table are that is shown now. */
const densities = new Set<(density: Density) => void>();

export function setAllDensities(density: Density): void {
  for (const set of densities) set(density);
}

/** What all tables of the page are like, the usual included, by the names that addresses have. */
const shownParts = new Map<string, Accessor<string>>();

/** The address that shows the page just as it is now, to whomever; details that are open are not part of it. */
export function wholeAddress(): string {
  const params = new URLSearchParams(addressSearch());
  params.delete("show");
  for (const [name, value] of shownParts) if (value() !== "") params.set(name, value());
  const search = params.toString();
  return search === "" ? "" : `?${search}`;
}

/**
 * The state of a table. The address has what differs from the usual, and wins; then counts what the reader chose before, on any device. A
 * change is put into both.
 */
export function createTable<T>(spec: TableSpec<T>): TableState<T> {
  const nameOf = (part: Part) => (spec.isMain ? part : `${spec.name}-${part}`);
  const usual = (): TableParts => ({
    columns: USUAL_COLUMNS,
    sort: spec.sort ?? "",
    group: spec.group?.() ?? NO_GROUP,
    density: "comfortable",
  });
  const read = () => partsIn(location.search, nameOf);
  const [asked, setAsked] = createSignal<Partial<TableParts>>(read());
  const follow = () => setAsked(read());
  addEventListener("popstate", follow);
  onCleanup(() => removeEventListener("popstate", follow));

  const kept = createMemo(() => toParts(preferences().tables[spec.name]));
  const value = (part: Part) => asked()[part] ?? kept()[part] ?? usual()[part];
  const set = (change: Partial<TableParts>) => {
    setAsked({ ...untrack(asked), ...change });
    const next = { ...untrack(kept), ...change };
    const differs = PARTS.filter(part => next[part] !== undefined && next[part] !== untrack(usual)[part]);
    const settings = toSettings(Object.fromEntries(differs.map(part => [part, next[part]])));
    prefer({ tables: { [spec.name]: differs.length === 0 ? null : settings } });
  };

  // What the reader chose before stands in the address, too: who gets it sees the same.
  createEffect(
    on(
      () => PARTS.map(part => [nameOf(part), value(part), usual()[part], kept()[part] ?? usual()[part]] as const),
      parts =>
        keepAddress(params => {
          for (const [name, now, plain, otherwise] of parts) {
            if (now !== plain) params.set(name, now);
            else if (now === otherwise) params.delete(name);
          }
        }),
    ),
  );
  const groupings = () => spec.groupings?.() ?? [];
  for (const part of VIEWED)
    shownParts.set(nameOf(part), () => (part === "group" && groupings().length === 0 ? "" : value(part)));
  const setDensity = (density: Density) => set({ density });
  densities.add(setDensity);
  onCleanup(() => {
    densities.delete(setDensity);
    for (const part of VIEWED) shownParts.delete(nameOf(part));
  });

  return {
    name: spec.name,
    columns: spec.columns,
    picked: createMemo(() => (value("columns") === USUAL_COLUMNS ? null : value("columns").split(","))),
    sorts: createMemo(() => toSorts(value("sort").split(","), spec.columns())),
    groupings,
    grouping: () => groupings().find(({ key }) => key === value("group")) ?? null,
    density: () => (value("density") === "compact" ? "compact" : "comfortable"),
    pick: keys => set({ columns: keys?.join(",") ?? USUAL_COLUMNS }),
    sortBy: sorts => set({ sort: sortKeys(sorts).join(",") }),
    groupBy: group => set({ group }),
    setDensity,
    isUsual: () => PARTS.every(part => value(part) === usual()[part]),
    reset: () => set(usual()),
  };
}

function partsIn(search: string, nameOf: (part: Part) => string): Partial<TableParts> {
  const params = new URLSearchParams(search);
  const found = PARTS.flatMap(part => {
    const value = params.get(nameOf(part));
    return value === null ? [] : [[part, value] as const];
  });
  return Object.fromEntries(found);
}

function toParts(kept: TableSettings | null | undefined): Partial<TableParts> {
  const { columns, sort, group, density } = kept ?? {};
  return {
    ...(columns && { columns: columns.join(",") }),
    ...(sort && { sort: sort.join(",") }),
    ...(group && { group }),
    ...(density && { density }),
  };
}

function toSettings({ columns, sort, group, density }: Partial<TableParts>): TableSettings {
  const list = (text: string) => text.split(",").filter(key => key !== "");
  return {
    ...(columns && { columns: list(columns) }),
    ...(sort !== undefined && { sort: list(sort) }),
    ...(group && { group }),
    ...(density === "compact" || density === "comfortable" ? { density } : {}),
  };
}
