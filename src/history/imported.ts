import { HOUR, type Instant, type Millis } from "../kit/units.ts";
import type { PastSamples } from "../model/observation.ts";
import type { Point } from "../model/point.ts";
import type { Retention } from "../model/retention.ts";
import type { Database } from "../store/database.ts";
import { fromUnits, toUnits } from "./metrics.ts";
import { readTokens, TokenWriter } from "./packing.ts";
import type { Series } from "./tables.ts";

/** So many steps of a series lie in one packed row. */
const WINDOW = 512;

/**
 * What others remember of the time before we came: kept apart from our own samples, so that it can never take their place. Of each step what was
 * said last counts, in however many pieces it came: the same said in the same order is the same history, whoever was killed meanwhile.
 */
export class Imported {
  readonly #database: Database;
  /** The series that have any: most reads are spared a question. */
  readonly #series: Set<number>;
  readonly #known: Set<string>;

  constructor(database: Database) {
    this.#database = database;
    this.#series = new Set(
      database.all("SELECT DISTINCT series FROM history_past").map(({ series }) => Number(series)),
    );
    this.#known = new Set(
      database.all("SELECT resource FROM history_past_known").map(({ resource }) => String(resource)),
    );
  }

  /** Whether the past of a resource has been imported, or there was none. */
  isKnown(resource: string): boolean {
    return this.#known.has(resource);
  }

  /** To be called within the transaction that keeps what was imported; and `known` when that is done. */
  know(resource: string): void {
    this.#database.run("INSERT OR IGNORE INTO history_past_known VALUES (?)", resource);
  }

  known(resource: string): void {
    this.#known.add(resource);
  }

  /** Keeps `samples`, in the place of what was said of the same steps before; what cannot be kept of them is left out. */
  put({ number, decimals }: Series, step: Millis, samples: PastSamples): void {
    const said = stepsOf(samples, step, decimals);
    for (let from = 0, to = 0; from < said.length; from = to) {
      const window = Math.floor((said[from]?.slot ?? 0) / WINDOW);
      while (to < said.length && (said[to]?.slot ?? 0) < (window + 1) * WINDOW) to++;
      this.#putWindow(number, step, window, said.slice(from, to));
    }
    if (said.length > 0) this.#series.add(number);
  }

  /** `news`: in order. */
  #putWindow(series: number, step: Millis, window: number, news: readonly Step[]): void {
    const [begin, end] = [window * WINDOW * step, (window + 1) * WINDOW * step];
    const rows = this.#series.has(series) ? this.#rowsOf(series, step, begin, end) : [];
    let steps = news;
    if (rows.length > 0) {
      const kept: Step[] = [];
      for (const { first, block } of rows.reverse())
        eachStep(block, first, (slot, units) => void kept.push({ slot, units }));
      steps = inOrder([...kept, ...news]);
      for (const { first } of rows)
        this.#database.run("DELETE FROM history_past WHERE series = ? AND step = ? AND first = ?", series, step, first);
    }
    const { first, next, block } = packSteps(steps);
    this.#database.run("INSERT INTO history_past VALUES (?, ?, ?, ?, ?)", series, step, first, next * step, block);
  }

  /** Adds to `own`, points of spans of `span`, what was imported of the other spans from `from` until `to`; the finer goes before the coarser. */
  complete(own: Point[], { number, decimals }: Series, from: Instant, to: Instant, span: Millis): Point[] {
    if (!this.#series.has(number)) return own;
    const taken = new Set(own.map(({ time }) => time));
    const added: Point[] = [];
    for (const [step, rows] of Map.groupBy(this.#rows(number, from, to), row => row.step))
      for (const [time, { min, max, sum, count }] of spread(rows, step, { from, to, span })) {
        if (taken.has(time)) continue;
        taken.add(time);
        const value = (units: number) => fromUnits(units, decimals);
        added.push({ time, min: value(min), mean: value(sum / count), max: value(max), imported: true });
      }
    return added.length === 0 ? own : [...own, ...added].sort((a, b) => a.time - b.time);
  }

  /** Nothing is kept of a series any more. */
  remove(series: number): void {
    if (this.#series.delete(series)) this.#database.run("DELETE FROM history_past WHERE series = ?", series);
  }

  /** Lets go of what is older than its resolution is kept. */
  removeOld(now: Instant, keep: Retention): void {
    for (const [least, most, tier] of AGES)
      this.#database.run(
        "DELETE FROM history_past WHERE step >= ? AND step < ? AND ends < ?",
        ...[least, most, now - keep[tier]],
      );
  }

  /** Removes at most `most` rows, the oldest first, to make room; answers how many there were. */
  removeOldest(most: number): number {
    const oldest = "SELECT series, step, first FROM history_past ORDER BY ends LIMIT ?";
    return this.#database.all(
      `DELETE FROM history_past WHERE (series, step, first) IN (${oldest}) RETURNING series`,
      most,
    ).length;
  }

  /** The finer before the coarser; what earlier versions kept of one time in several rows, the later before the earlier. */
  #rows(series: number, from: Instant, to: Instant): Row[] {
    return this.#database
      .all(
        "SELECT step, first, block FROM history_past WHERE series = ? AND ends > ? AND first * step < ? ORDER BY step, first DESC",
        ...[series, from, to],
      )
      .map(toRow);
  }

  #rowsOf(series: number, step: Millis, from: Instant, to: Instant): Row[] {
    return this.#database
      .all(
        "SELECT step, first, block FROM history_past WHERE series = ? AND step = ? AND ends > ? AND first * step < ? ORDER BY first DESC",
        ...[series, step, from, to],
      )
      .map(toRow);
  }
}

/** Which tier's time a row lives for, by its step. */
const AGES: readonly (readonly [least: Millis, most: Millis, tier: keyof Retention])[] = [
  [0, 15 * 60_000, "minute"],
  [15 * 60_000, 6 * HOUR, "half-hour"],
  [6 * HOUR, Number.MAX_SAFE_INTEGER, "quarter-day"],
];

/** Means of steps that follow each other from `first` on, packed. */
interface Row {
  step: Millis;
  first: number;
  block: Uint8Array;
}

/** `slot`: which it is of all of its length; in whole units of its series. */
interface Step {
  slot: number;
  units: number;
}

function toRow({ step, first, block }: Record<string, unknown>): Row {
  return { step: Number(step), first: Number(first), block: block as Uint8Array };
}

/** Of the same step what was said later stays after what was said before. */
function inOrder(steps: Step[]): Step[] {
  return steps.sort((one, other) => one.slot - other.slot);
}

interface Gathered {
  min: number;
  max: number;
  sum: number;
  count: number;
}

/** The steps that are said, in order and in whole units; what cannot be kept of them is left out. */
export function stepsOf({ starts, means }: PastSamples, step: Millis, decimals: number): Step[] {
  const said: Step[] = [];
  for (let at = 0; at < starts.length; at++) {
    const units = toUnits(means[at], decimals);
    if (units !== null) said.push({ slot: Math.floor((starts[at] ?? 0) / step), units });
  }
  return inOrder(said);
}

/** `steps`: at least one, in order; of the same one the last counts. `next`: the step after the last. */
export function packSteps(steps: readonly Step[]): { first: number; next: number; block: Uint8Array } {
  const first = steps[0]?.slot ?? 0;
  const tokens = new TokenWriter(false, first);
  let before = 0;
  for (const [at, { slot, units }] of steps.entries()) {
    if (steps[at + 1]?.slot === slot) continue;
    tokens.write(slot, units - before);
    before = units;
  }
  return { first, next: tokens.next, block: tokens.toBytes() };
}

/** Goes through what a row keeps, in order. */
export function eachStep(block: Uint8Array, first: number, take: (slot: number, units: number) => void): void {
  let units = 0;
  readTokens(
    block,
    false,
    (slot, change) => {
      units += change;
      take(slot, units);
    },
    first,
  );
}

/** The spans that the samples of rows of one step lie in; a sample that is longer than a span stands for each of those that it covers. */
function spread(
  rows: readonly Row[],
  step: Millis,
  { from, to, span }: { from: Instant; to: Instant; span: Millis },
): Map<Instant, Gathered> {
  const spans = new Map<Instant, Gathered>();
  const add = (time: Instant, units: number) => {
    const known = spans.get(time);
    if (!known) spans.set(time, { min: units, max: units, sum: units, count: 1 });
    else {
      known.min = Math.min(known.min, units);
      known.max = Math.max(known.max, units);
      known.sum += units;
      known.count += 1;
    }
  };
  const taken = new Set<number>();
  for (const { first, block } of rows)
    eachStep(block, first, (slot, units) => {
      const [begin, end] = [Math.max(slot * step, from), Math.min((slot + 1) * step, to)];
      if (begin >= end || taken.has(slot)) return;
      taken.add(slot);
      if (step <= span) return add(Math.floor(begin / span) * span, units);
      for (let time = Math.ceil(begin / span) * span; time < end; time += span) add(time, units);
    });
  return spans;
}
