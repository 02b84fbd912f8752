import { type Kind, METRICS } from "./metrics.ts";
import { type Closed, Series } from "./series.ts";
import { MOST_SERIES, type SeriesRow } from "./tables.ts";

/** The series of one resource, in the order of its kind's metrics; a metric that was never known has none. */
export interface Resource {
  kind: Kind;
  id: string;
  series: (Series | undefined)[];
}

/** Who is who: the number of every series, and the series of every resource. */
export class Book {
  readonly #resources = new Map<string, Resource>();
  readonly #numbers = new Map<number, { series: Series; row: SeriesRow }>();
  readonly #queues: readonly Closed[][];
  /** Those with something in memory, by number. */
  #active: Series[] = [];
  #isSorted = true;
  #nextNumber = 0;
  /** Series that the database does not know yet. */
  #unsaved: SeriesRow[] = [];

  constructor(rows: readonly SeriesRow[], queues: readonly Closed[][]) {
    this.#queues = queues;
    for (const row of rows) this.#enter(row);
  }

  get size(): number {
    return this.#numbers.size;
  }

  get unsaved(): readonly SeriesRow[] {
    return this.#unsaved;
  }

  saved(): void {
    this.#unsaved = [];
  }

  get(number: number): Series | undefined {
    return this.#numbers.get(number)?.series;
  }

  resource(id: string): Resource | undefined {
    return this.#resources.get(id);
  }

  resources(): Iterable<Resource> {
    return this.#resources.values();
  }

  /** The series of a resource's metric at that place of its kind's table; null: there are as many as can be. */
  seriesAt(kind: Kind, id: string, place: number): Series | null {
    const known = this.#resources.get(id)?.series[place];
    if (known) return known;
    const number = this.#freeNumber();
    const metric = METRICS[kind][place];
    if (number === null || !metric) return null;
    const row = { number, kind, resource: id, metric: metric.name, decimals: metric.decimals };
    this.#unsaved.push(row);
    return this.#enter(row);
  }

  /** The series that have something in memory, by number. */
  active(): readonly Series[] {
    if (!this.#isSorted) this.#active.sort((a, b) => a.number - b.number);
    this.#isSorted = true;
    return this.#active;
  }

  /** `series` has something in memory from now on. */
  activate(series: Series): void {
    if (series.isActive) return;
    this.#isSorted &&= (this.#active.at(-1)?.number ?? -1) < series.number;
    this.#active.push(series);
    series.isActive = true;
  }

  /** Leaves out those that have nothing in memory any more. */
  retire(): void {
    for (const series of this.#active) series.isActive = !series.isIdle;
    this.#active = this.#active.filter(({ isActive }) => isActive);
  }

  /** Nothing is left of the series. */
  remove(number: number): void {
    const known = this.#numbers.get(number);
    if (!known) return;
    this.#numbers.delete(number);
    const resource = this.#resources.get(known.row.resource);
    if (!resource) return;
    resource.series = resource.series.map(series => (series === known.series ? undefined : series));
    if (resource.series.every(series => !series)) this.#resources.delete(resource.id);
  }

  #enter(row: SeriesRow): Series {
    const series = new Series(row.number, row.decimals, this.#queues);
    this.#numbers.set(row.number, { series, row });
    this.#nextNumber = Math.max(this.#nextNumber, row.number + 1);
    const resource = this.#resources.get(row.resource) ?? { kind: row.kind, id: row.resource, series: [] };
    this.#resources.set(row.resource, resource);
    const place = METRICS[row.kind]?.findIndex(({ name }) => name === row.metric) ?? -1;
    if (place >= 0) resource.series[place] = series;
    return series;
  }

  /** The one after the greatest; when those are used up, one that became free. */
  #freeNumber(): number | null {
    if (this.#nextNumber < MOST_SERIES) return this.#nextNumber;
    if (this.#numbers.size >= MOST_SERIES) return null;
    for (let number = 0; number < MOST_SERIES; number++) if (!this.#numbers.has(number)) return number;
    return null;
  }
}
