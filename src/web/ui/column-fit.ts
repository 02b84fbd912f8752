import { type Column, NO_GROUP } from "./column.ts";

/** How much room there is, px; `table` 0: not known yet, `rem`: that of the root's letters. */
export interface Room {
  window: number;
  table: number;
  rem: number;
}

/** Between two columns, and before the first and after the last together, rem; `table.css` has the same. */
const GAP = 0.75;
const EDGES = 1.75;

/** The columns that somebody wants, in their order; null: the usual ones, as many as windows of that width have room for. */
export function wantedColumns<T>(
  columns: readonly Column<T>[],
  chosen: readonly string[] | null,
  { group, window }: { group: string; window: number },
): Column<T>[] {
  if (chosen === null)
    return columns.filter(
      ({ extra, from = 0, saidBy = NO_GROUP }) => !extra && from <= window && (saidBy === NO_GROUP || saidBy !== group),
    );
  const picked = chosen.flatMap(key => columns.find(column => column.key === key) ?? []);
  const title = columns.find(isTitle);
  // Without it nobody knows what a row is of.
  return title && !picked.includes(title) ? [title, ...picked] : [...new Set(picked)];
}

/** Those of them that there is room for: the last ones go first, the title never. */
export function fittingColumns<T>(wanted: readonly Column<T>[], { table, rem }: Room): Column<T>[] {
  const shown = [...wanted];
  const needed = () => shown.reduce((sum, { width }) => sum + leastOf(width) + GAP, EDGES - GAP) * rem;
  while (table > 0 && needed() > table) {
    const last = shown.findLast(column => !isTitle(column));
    if (!last) break;
    shown.splice(shown.indexOf(last), 1);
  }
  return shown;
}

/** It is on every table, wherever it stands. */
export function isTitle({ onPhone }: { onPhone?: string }): boolean {
  return onPhone === "title";
}

/** The least width of a track, rem: 6.5 of "minmax(6.5rem, 1fr)". */
function leastOf(width: string): number {
  return Number(/([\d.]+)rem/.exec(width)?.[1] ?? 0);
}

/** `order` with the one at `from` moved to `to`. */
export function moved<T>(order: readonly T[], from: number, to: number): T[] {
  const rest = order.filter((_, at) => at !== from);
  const one = order[from];
  return one === undefined ? [...order] : rest.toSpliced(Math.max(0, Math.min(rest.length, to)), 0, one);
}
