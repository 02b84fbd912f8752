import type { RowLike } from "./column.ts";
import { keepOrder } from "./table-lines.ts";

/** In which order rows stood. With most patches they are the same rows, thousands of them, which is then seen by one look at each. */
export class KeptOrder<T extends RowLike> {
  /** As they came. */
  #rows: readonly T[] = [];
  /** As they stood. */
  #sorted: readonly T[] = [];
  /** Where each that stood came from; null: not found out yet. */
  #places: readonly number[] | null = null;

  /** `rows` as they stood before; what is new comes before the first that `compare` puts behind it. */
  of(rows: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
    if (!this.#isOf(rows)) {
      const order = this.#sorted.map(({ id }) => id);
      return keepOrder(rows, order, compare);
    }
    this.#places ??= placesOf(this.#rows, this.#sorted);
    return this.#places.map(place => rows[place] as T);
  }

  /** From now on `rows` stand as `sorted`, which are the same ones. */
  keep(rows: readonly T[], sorted: readonly T[]): void {
    const places = this.#places;
    const isSame = places !== null && this.#isOf(rows) && sorted.every((row, at) => row === rows[places[at] as number]);
    if (!isSame) this.#places = null;
    this.#rows = rows;
    this.#sorted = sorted;
  }

  #isOf(rows: readonly T[]): boolean {
    return rows.length === this.#rows.length && rows.every((row, at) => row.id === this.#rows[at]?.id);
  }
}

function placesOf<T>(rows: readonly T[], sorted: readonly T[]): number[] {
  const places = new Map(rows.map((row, at) => [row, at]));
  return sorted.map(row => places.get(row) as number);
}
