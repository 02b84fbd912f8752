import type { Accessor, JSX } from "solid-js";

/** A row of a table. `stale`: its numbers are old, and shown as such. */
export interface RowLike {
  id: string;
  stale: boolean;
}

/** A column of a table of `T`. */
export interface Column<T> {
  key: string;
  name: string;
  /** Sorted from the largest value first. */
  numeric: boolean;
  /** What the head says in a tooltip; null: its name says it. */
  hint: string | null;
  /** Width, as a track of a CSS grid: "6rem" or "minmax(6rem, 1fr)". */
  width: string;
  /** In place of the button that sorts by it. */
  head?: () => JSX.Element;
  /** What is sorted by; null: unknown, comes last. */
  sortBy: (row: T) => string | number | null;
  cell: (row: Accessor<T>) => JSX.Element;
  /** Its place on a phone: the title, the corner beside it, a fact or a whole line below; without one it is left out there. */
  onPhone?: "title" | "corner" | "fact" | "line";
  /** Left out on windows narrower than that, px, unless somebody picked it. */
  from?: 1050 | 1400;
  /** Shown only where somebody picks it. */
  extra?: true;
  /** Left out where rows are grouped by that, unless somebody picked it: the group's line says it. */
  saidBy?: string;
}

/** What rows are sorted by. */
export interface Sort {
  key: string;
  descending: boolean;
}

/** Rows that belong together. */
export interface Group<T> {
  id: string;
  name: string;
  rows: readonly T[];
}

/** A way to put rows into groups. */
export interface Grouping<T> {
  key: string;
  /** "By node" */
  name: string;
  /** The groups that a row is in, one at least: several for one with several tags. `order`: what groups are sorted by in the place of their names. */
  of: (row: T) => readonly { id: string; name: string; order?: string }[];
  /** Those with the smallest come first; all alike without it. */
  rank?: (rows: readonly T[], id: string) => number;
  /** What stands in a group's line; its name and how many rows it has without it. */
  head?: (group: Accessor<Group<T>>) => JSX.Element;
  /** What Enter shows of a group; without it Enter folds it. */
  shows?: (group: Group<T>) => string | null;
}

/** The key of one list without groups. */
export const NO_GROUP = "none";
