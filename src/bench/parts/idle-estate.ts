import { type Kind, METRICS, type Samples } from "../../history/metrics.ts";

export interface Entity {
  kind: Kind;
  resource: string;
}

/** So many of each kind, of an instance "home". */
export function entitiesOf(counts: { readonly [K in Kind]?: number }): Entity[] {
  return (Object.entries(counts) as [Kind, number][]).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, at) => ({ kind, resource: `home:${kind}:${at}` })),
  );
}

/** Values that wander as those of an estate that has little to do. */
export class IdleEstate {
  readonly #entities: (Entity & { values: number[] })[];
  #state = 1;

  constructor(entities: readonly Entity[]) {
    this.#entities = entities.map(entity => ({
      ...entity,
      values: METRICS[entity.kind].map(() => 20 + 40 * this.#random()),
    }));
  }

  get series(): number {
    return this.#entities.reduce((sum, { values }) => sum + values.length, 0);
  }

  samples(): Samples[] {
    for (const { kind, values } of this.#entities)
      for (const [place, metric] of METRICS[kind].entries())
        values[place] = this.#next(metric.name, values[place] ?? 0);
    return this.#entities;
  }

  #next(metric: string, value: number): number {
    if (metric === "cpu") return Math.max(0.1, value * 0.9 + 0.2 + this.#random() * 0.5);
    if (metric === "memory") return value + (this.#random() < 0.5 ? 0 : (this.#random() - 0.5) * 0.1);
    if (metric.startsWith("network")) return this.#random() < 0.5 ? value : 200 + this.#random() * 800;
    if (metric === "diskWrite") return this.#random() < 0.5 ? 0 : Math.floor(this.#random() * 20) * 4096;
    if (metric === "diskRead") return this.#random() < 0.98 ? 0 : Math.floor(this.#random() * 50) * 4096;
    if (metric === "used" || metric === "avail") return this.#random() < 0.9 ? value : value + this.#random() * 1e6;
    return this.#random() < 0.999 ? value : value + 0.01;
  }

  #random(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state / 2 ** 32;
  }
}
