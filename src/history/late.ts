import type { Instant } from "../kit/units.ts";
import type { PastSamples } from "../model/observation.ts";
import type { Database } from "../store/database.ts";
import { eachStep, packSteps, stepsOf } from "./imported.ts";
import type { Series } from "./tables.ts";
import { TICK } from "./tiers.ts";

/** Which samples came late, and with which tick: so that whoever has been given all that was there before gets them as well. */
export class Late {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  put(tick: Instant, { number, decimals }: Series, samples: PastSamples): void {
    const said = stepsOf(samples, TICK, decimals);
    if (said.length === 0) return;
    const { first, block } = packSteps(said);
    this.#database.run("INSERT OR REPLACE INTO history_late VALUES (?, ?, ?, ?)", tick, number, first, block);
  }

  /** What came with the ticks from `from` until `to`, series by series: the units of steps, in the order of time; of each what came last. */
  *of(from: Instant, to: Instant): Generator<{ series: number; steps: (readonly [slot: number, units: number])[] }> {
    const rows = this.#database.all(
      "SELECT series, first, block FROM history_late WHERE tick >= ? AND tick < ? ORDER BY series, tick",
      from,
      to,
    );
    for (const [series, pieces] of Map.groupBy(rows, row => Number(row.series))) {
      const steps = new Map<number, number>();
      for (const { first, block } of pieces)
        eachStep(block as Uint8Array, Number(first), (slot, units) => void steps.set(slot, units));
      yield { series, steps: [...steps].sort(([a], [b]) => a - b) };
    }
  }

  removeBefore(tick: Instant): void {
    this.#database.run("DELETE FROM history_late WHERE tick < ?", tick);
  }
}
