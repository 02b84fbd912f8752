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
  const seen = new Set<string>();
  return toGroups(rows, grouping).flatMap((group): Line<T>[] => [
    { id: `group ${group.id}`, group },
    ...(folded.has(group.id) ? [] : group.rows).map(row => {
      const id = seen.has(row.id) ? `${row.id} ${group.id}` : row.id;
      seen.add(row.id);
      return { id, row };
    }),
  ]);
}

/** The groups by their rank, then by their names; the rows of each stay as they come. */
export function toGroups<T>(rows: readonly T[], { of, rank }: Grouping<T>): Group<T>[] {
  const groups = new Map<string, { id: string; name: string; order: string; rows: T[] }>();
  for (const row of rows)
    for (const { id, name, order = name } of of(row)) {
      const group = groups.get(id) ?? { id, name, order, rows: [] };
      group.rows.push(row);
      groups.set(id, group);
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
  const kept = order.flatMap(id => {
    const row = byId.get(id);
    byId.delete(id);
    return row ?? [];
  });
  for (const row of byId.values()) {
    const at = kept.findIndex(other => compare(row, other) < 0);
    kept.splice(at < 0 ? kept.length : at, 0, row);
  }
  return kept;
}

/** Whether `rows` stand as `compare` would have them. */
export function isSorted<T>(rows: readonly T[], compare: (a: T, b: T) => number): boolean {
  return rows.every((row, at) => at === 0 || compare(rows[at - 1] as T, row) <= 0);
}
