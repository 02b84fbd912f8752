import type { Group, Grouping, RowLike } from "./column.ts";
import { compareNames } from "./sort.ts";

/** A line of a table: a row, or the head of a group. Ids are of lines: a row in two groups is two of them. */
export type Line<T> = { id: string; group: Group<T> } | { id: string; row: T };

/** The lines of `rows`, which are sorted; `folded`: ids of groups whose rows are folded away. */
export function toLines<T extends RowLike>(
  rows: readonly T[],
  grouping: Grouping<T> | null,
  folded: ReadonlySet<string>,
): Line<T>[] {
  if (!grouping) return rows.map(row => ({ id: row.id, row }));
  const groups = toGroups(rows, grouping);
  const isOnce = groups.reduce((count, group) => count + group.rows.length, 0) === rows.length;
  const seen = new Set<string>();
  const toId = (row: T, group: Group<T>) => {
    const id = seen.has(row.id) ? `${row.id} ${group.id}` : row.id;
    seen.add(row.id);
    return id;
  };
  const lines: Line<T>[] = [];
  for (const group of groups) {
    lines.push({ id: `group ${group.id}`, group });
    if (folded.has(group.id)) continue;
    for (const row of group.rows) lines.push({ id: isOnce ? row.id : toId(row, group), row });
  }
  return lines;
}

/** The groups by their rank, then by their names; the rows of each stay as they come. */
export function toGroups<T>(rows: readonly T[], { of, rank }: Grouping<T>): Group<T>[] {
  const groups = new Map<string, { id: string; name: string; order: string; rows: T[] }>();
  for (const row of rows)
    for (const { id, name, order = name } of of(row)) {
      const known = groups.get(id);
      if (known) known.rows.push(row);
      else groups.set(id, { id, name, order, rows: [row] });
    }
  return [...groups.values()]
    .map(group => ({ group, rank: rank?.(group.rows, group.id) ?? 0 }))
    .toSorted(
      (a, b) => a.rank - b.rank || compareNames(a.group.order, b.group.order) || compareNames(a.group.id, b.group.id),
    )
    .map(({ group: { id, name, rows } }) => ({ id, name, rows }));
}

/**
 * `rows` in the order that is kept from before: a row that is new comes before the first that `compare` puts behind it. What is gone leaves no
 * gap. `order`: the ids of before.
 */
export function keepOrder<T extends RowLike>(
  rows: readonly T[],
  order: readonly string[],
  compare: (a: T, b: T) => number,
): T[] {
  const byId = new Map(rows.map(row => [row.id, row]));
  const kept: T[] = [];
  for (const id of order) {
    const row = byId.get(id);
    if (row) kept.push(row);
    byId.delete(id);
  }
  // NOTE: in their order, so that one way through the kept ones finds the places of all: there may be thousands of either.
  const added = [...byId.values()].sort(compare);
  if (added.length === 0) return kept;
  const merged: T[] = [];
  let next = 0;
  for (const row of kept) {
    for (let one = added[next]; one && compare(one, row) < 0; one = added[++next]) merged.push(one);
    merged.push(row);
  }
  return [...merged, ...added.slice(next)];
}

/** Whether `rows` stand as `compare` would have them. */
export function isSorted<T>(rows: readonly T[], compare: (a: T, b: T) => number): boolean {
  return rows.every((row, at) => at === 0 || compare(rows[at - 1] as T, row) <= 0);
}
