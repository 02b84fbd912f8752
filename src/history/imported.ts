import { HOUR, type Instant, type Millis } from "../kit/units.ts";
import type { PastSamples } from "../model/observation.ts";
import type { Point } from "../model/point.ts";
import type { Retention } from "../model/retention.ts";
import type { Database } from "../store/database.ts";
import { fromUnits, toUnits } from "./metrics.ts";
import { readTokens, TokenWriter } from "./packing.ts";
import type { Series } from "./tables.ts";

/**
 * What others remember of the time before we came: kept apart from our own samples, so that it can never take their place. Each import of
 * a series is one packed row, in the steps that it came in.
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

  /** Keeps `samples` as a row; what cannot be kept of them is left out. */
  put({ number, decimals }: Series, step: Millis, { starts, means }: PastSamples): void {
    let first: number | null = null;
    let tokens = new TokenWriter(false);
    let before = 0;
    for (let at = 0; at < starts.length; at++) {
      const slot = Math.floor((starts[at] ?? 0) / step);
      const units = toUnits(means[at], decimals);
      if (units === null) continue;
      if (first === null) {
        first = slot;
        tokens = new TokenWriter(false, slot);
      } else if (slot < tokens.next) continue;
      tokens.write(slot, units - before);
      before = units;
    }
    if (first === null) return;
    this.#database.run(
      "INSERT OR REPLACE INTO history_past VALUES (?, ?, ?, ?, ?)",
      ...[number, step, first, tokens.next * step, tokens.toBytes()],
    );
    this.#series.add(number);
  }

  /** Adds to `own`, points of spans of `span`, what was imported of the other spans from `from` until `to`; the finer goes before the coarser. */
  complete(own: Point[], { number, decimals }: Series, from: Instant, to: Instant, span: Millis): Point[] {
    if (!this.#series.has(number)) return own;
    const taken = new Set(own.map(({ time }) => time));
    const added: Point[] = [];
    for (const { step, first, block } of this.#rows(number, from, to)) {
      const found = spread(block, step, first, { from, to, span });
      for (const [time, { min, max, sum, count }] of found) {
        if (taken.has(time)) continue;
        taken.add(time);
        const value = (units: number) => fromUnits(units, decimals);
        added.push({ time, min: value(min), mean: value(sum / count), max: value(max), imported: true });
      }
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

  #rows(series: number, from: Instant, to: Instant): { step: Millis; first: number; block: Uint8Array }[] {
    return this.#database
      .all(
        "SELECT step, first, block FROM history_past WHERE series = ? AND ends > ? AND first * step < ? ORDER BY step, first DESC",
        series,
        from,
        to,
      )
      .map(({ step, first, block }) => ({ step: Number(step), first: Number(first), block: block as Uint8Array }));
  }
}

/** Which tier's time a row lives for, by its step. */
const AGES: readonly (readonly [least: Millis, most: Millis, tier: keyof Retention])[] = [
  [0, 15 * 60_000, "minute"],
  [15 * 60_000, 6 * HOUR, "half-hour"],
  [6 * HOUR, Number.MAX_SAFE_INTEGER, "quarter-day"],
];

interface Gathered {
  min: number;
  max: number;
  sum: number;
  count: number;
}

/** The spans that a row's samples lie in; a sample that is longer than a span stands for each of those that it covers. */
function spread(
  block: Uint8Array,
  step: Millis,
  first: number,
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
  let units = 0;
  readTokens(
    block,
    false,
    (slot, change) => {
      units += change;
      const [begin, end] = [Math.max(slot * step, from), Math.min((slot + 1) * step, to)];
      if (begin >= end) return;
      if (step <= span) return add(Math.floor(begin / span) * span, units);
      for (let time = Math.ceil(begin / span) * span; time < end; time += span) add(time, units);
    },
    first,
  );
  return spans;
}
