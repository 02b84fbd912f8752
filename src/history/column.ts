/** How many values lie together; series whose numbers are far apart leave no room between them. */
export const CHUNK = 256;

/** One number for each of many series, by the series' number; none for those that have none. */
export class Column {
  readonly #chunks: (Float64Array | undefined)[] = [];

  /** NaN: it has none. */
  get(series: number): number {
    return this.#chunks[Math.floor(series / CHUNK)]?.[series % CHUNK] ?? Number.NaN;
  }

  set(series: number, value: number): void {
    this.own(Math.floor(series / CHUNK))[series % CHUNK] = value;
  }

  /** The chunk of that place, made if need be, for who sets many that lie together. */
  own(place: number): Float64Array {
    const known = this.#chunks[place];
    if (known) return known;
    const made = new Float64Array(CHUNK).fill(Number.NaN);
    this.#chunks[place] = made;
    return made;
  }

  /** How many chunks there may be. */
  get chunks(): number {
    return this.#chunks.length;
  }

  /** The values of the series from `place * CHUNK` on, NaN where there is none. */
  chunk(place: number): Float64Array | undefined {
    return this.#chunks[place];
  }

  /** Forgets the values of that chunk. */
  drop(place: number): void {
    this.#chunks[place] = undefined;
  }
}
