import { InOrder } from "../kit/in-order.ts";
import { type Kind, METRICS } from "./metrics.ts";
import { MOST_SERIES, type Series } from "./tables.ts";

/** The series of one resource, in the order of its kind's metrics; a metric that was never known has none. */
export interface Resource {
  kind: Kind;
  id: string;
  series: (Series | undefined)[];
  /** Of the same series their numbers and decimals, for who needs no more of tens of thousands; -1: there is none. */
  numbers: number[];
  decimals: number[];
}

const NONE = -1;

function toResource({ kind, resource: id }: Series): Resource {
  const places = METRICS[kind] ?? [];
  return { kind, id, series: [], numbers: places.map(() => NONE), decimals: places.map(({ decimals }) => decimals) };
}

/** Who is who: the number of every series, and the series of every resource. */
export class Book {
  readonly #resources = new Map<string, Resource>();
  readonly #inOrder = new InOrder((id: string) => this.#resources.get(id));
  readonly #series = new Map<number, Series>();
  #nextNumber = 0;
  /** Series that the database does not know yet. */
  #unsaved: Series[] = [];

  constructor(series: readonly Series[]) {
    for (const one of series) this.#enter(one);
  }

  get size(): number {
    return this.#series.size;
  }

  /** The number after the greatest. */
  get end(): number {
    return this.#nextNumber;
  }

  get unsaved(): readonly Series[] {
    return this.#unsaved;
  }

  saved(): void {
    this.#unsaved = [];
  }

  resource(id: string): Resource | undefined {
    return this.#resources.get(id);
  }

  /** To find all resources of a tick in the order of the one before. */
  inOrder(): InOrder<Resource> {
    this.#inOrder.begin();
    return this.#inOrder;
  }

  numbered(number: number): Series | undefined {
    return this.#series.get(number);
  }

  resources(): Iterable<Resource> {
    return this.#resources.values();
  }

  /** A new series, of the metric at that place of its kind's table; null: there are as many as can be. */
  add(kind: Kind, resource: string, place: number): Series | null {
    const number = this.#freeNumber();
    const metric = METRICS[kind][place];
    if (number === null || !metric) return null;
    const series = { number, kind, resource, metric: metric.name, decimals: metric.decimals };
    this.#unsaved.push(series);
    this.#enter(series);
    return series;
  }

  /** Nothing is left of the series. */
  remove(number: number): void {
    const known = this.#series.get(number);
    if (!known) return;
    this.#series.delete(number);
    const resource = this.#resources.get(known.resource);
    if (!resource) return;
    const place = resource.series.indexOf(known);
    if (place >= 0) {
      resource.series[place] = undefined;
      resource.numbers[place] = NONE;
    }
    if (resource.series.every(series => !series)) {
      this.#resources.delete(resource.id);
      this.#inOrder.forget();
    }
  }

  #enter(series: Series): void {
    this.#series.set(series.number, series);
    this.#nextNumber = Math.max(this.#nextNumber, series.number + 1);
    const resource = this.#resources.get(series.resource) ?? toResource(series);
    this.#resources.set(series.resource, resource);
    const place = METRICS[series.kind]?.findIndex(({ name }) => name === series.metric) ?? -1;
    if (place < 0) return;
    resource.series[place] = series;
    resource.numbers[place] = series.number;
    resource.decimals[place] = series.decimals;
  }

  /** The one after the greatest; when those are used up, one that became free. */
  #freeNumber(): number | null {
    if (this.#nextNumber < MOST_SERIES) return this.#nextNumber;
    if (this.#series.size >= MOST_SERIES) return null;
    for (let number = 0; number < MOST_SERIES; number++) if (!this.#series.has(number)) return number;
    return null;
  }
}
