import { type Bytes, DAY, GIB, HOUR, type Instant, type Millis } from "../kit/units.ts";
import type { PastSamples, PastSeen } from "../model/observation.ts";
import type { Point } from "../model/point.ts";
import type { HistorySettings, Retention } from "../model/retention.ts";
import type { Database, Durability } from "../store/database.ts";
import { readBlock, type Step, type Steps, sampleSteps } from "./block.ts";
import { Book } from "./book.ts";
import { FrameReader, FrameWriter } from "./frames.ts";
import { Housekeeping } from "./housekeeping.ts";
import { Imported } from "./imported.ts";
import { Late } from "./late.ts";
import { fromUnits, type Kind, METRICS, type Samples, toUnits } from "./metrics.ts";
import { OpenBlocks } from "./open-blocks.ts";
import { Gatherer, placeFor, type Range, spanOf } from "./reading.ts";
import { type FrameRow, type Series, Tables } from "./tables.ts";
import { blockOf, DELAYS, PLACES, type Place, slotOf, TICK, TIERS, toRetention } from "./tiers.ts";
import { turnBack } from "./turn-back.ts";

/** What is known of a resource: points by metric. */
export interface Chart {
  resource: string;
  metrics: Record<string, Point[]>;
}

/** What a metric of a resource was, tick by tick. */
interface Run {
  kind: Kind;
  resource: string;
  metric: string;
  samples: readonly { at: Instant; value: number }[];
}

/** What is written together with a tick, and how safely. */
interface Along {
  write: () => void;
  durability: Durability;
}
const NOTHING: Along = { write: () => {}, durability: "lazy" };

const LIMIT: Bytes = 4 * GIB;
/** How many blocks one tick writes at the most, so that none takes long; of a very large estate, this share of its series. */
const MOST_BLOCKS = 100;
const SHARE_OF_BLOCKS = 0.01;
/** A clock that was set back by no more than that is waited for. */
const PATIENCE = HOUR / TICK;
/** After a leap of the clock so many ticks remove nothing: one that is wrong by years must not cost what is kept. */
const LEAP = DAY / TICK;
const CALM = HOUR / TICK;
/** So many take some 10 MB as columns. */
const FEW_SERIES = 4000;
/** How many frames may wait for a database that refuses them: an hour's. */
const MOST_REFUSED = 360;

/**
 * Samples in, series out. The open blocks are in memory; every tick writes one small frame from which they can be rebuilt, and a block
 * that is complete is packed and written once, a few series with every tick. Everything of a tick is one transaction.
 */
export class History {
  readonly #database: Database;
  readonly #tables: Tables;
  readonly #book: Book;
  readonly #housekeeping: Housekeeping;
  #keep: Retention;
  readonly #imported: Imported;
  readonly #late: Late;
  readonly #blocks = new OpenBlocks();
  readonly #writers = TIERS.map(() => new FrameWriter());
  /** Frames that are not written yet. */
  #frames: FrameRow[] = [];
  /** The last tick. */
  #last = -1;
  /** For so many ticks nothing is removed for its age. */
  #calm = 0;

  /** Rebuilds from its frames what was open when the database was closed, or the process killed that had it. */
  constructor(database: Database, { keep = {}, limit = LIMIT }: HistorySettings = {}) {
    this.#database = database;
    this.#keep = toRetention(keep);
    this.#tables = new Tables(database);
    this.#imported = new Imported(database);
    this.#late = new Late(database);
    this.#book = new Book(this.#tables.series());
    this.#housekeeping = new Housekeeping(this.#tables, this.#blocks, [this.#imported, this.#late], this.#keep, limit);
    this.#rebuild();
  }

  /** Keeps so long and so much from now on; what is too old then goes within the next ticks. */
  keepFor({ keep = {}, limit = LIMIT }: HistorySettings): void {
    this.#keep = toRetention(keep);
    this.#housekeeping.keepFor(this.#keep, limit);
  }

  /** How many series there are, those of the past among them. */
  get size(): number {
    return this.#book.size;
  }

  /**
   * Keeps what is known at `at`. A tick not later than the last one is dropped: after a clock was set back, recording goes on once it has
   * caught up. One that was ahead by more than an hour takes with it what it recorded. Throws what the database throws when it cannot be written; what was to be kept waits for the next tick then.
   * `along`: what else is written in the same transaction, at any rate.
   */
  record(at: Instant, samples: Iterable<Samples>, along: Along = NOTHING): void {
    const slot = slotOf(TIERS[0], at);
    if (slot < this.#last - PATIENCE) this.#turnBack(slot);
    if (this.#last >= 0 && slot > this.#last + LEAP) this.#calm = CALM;
    if (slot <= this.#last) {
      if (along !== NOTHING) this.#database.transaction(along.write, along.durability);
      return;
    }
    // NOTE: before the steps are completed, so that no block goes before the coarser steps are made of it.
    const due = this.#blocks.due(Math.max(MOST_BLOCKS, this.#book.size * SHARE_OF_BLOCKS));
    this.#advance(slot, (place, done, steps) => this.#frame(place, done, steps));
    const steps = this.#toSteps(samples);
    this.#blocks.put(0, slot, steps, this.#book.end);
    this.#frame(0, slot, steps);
    this.#last = slot;
    this.#blocks.tidy();
    this.#write(at, due, along);
  }

  /** Until when something was kept last; null: nothing ever was. */
  get keptUntil(): Instant | null {
    return this.#last < 0 ? null : (this.#last + 1) * TICK;
  }

  /** From when on something is kept, roughly, and rather too early than too late; null: nothing is packed yet. */
  get keptSince(): Instant | null {
    const starts = TIERS.flatMap(tier => {
      const index = this.#tables.edge(tier, "min");
      return index === null ? [] : index * tier.slots * tier.step;
    });
    return starts.length === 0 ? null : Math.min(...starts);
  }

  /** Whether the past of a resource has been imported. */
  isPastKnown(resource: string): boolean {
    return this.#imported.isKnown(resource);
  }

  /**
   * Keeps what the server remembered of a resource from before it was watched; all of it or, when the database refuses, nothing. Own samples
   * go before it whenever both are there. "late": they are samples of our own, of ticks that were over when they came.
   */
  importPast({ resource, of: kind, frames, whole, at }: PastSeen, how: "remembered" | "late" = "remembered"): void {
    this.#database.transaction(() => {
      for (const { step, metrics } of frames)
        for (const [metric, samples] of Object.entries(metrics))
          this.#importSeries({ kind, resource, metric }, step, samples, how === "late" ? at : null);
      for (const series of this.#book.unsaved) this.#tables.addSeries(series);
      if (whole) this.#imported.know(resource);
    }, "lazy");
    this.#book.saved();
    if (whole) this.#imported.known(resource);
  }

  #importSeries(
    { kind, resource, metric }: { kind: Kind; resource: string; metric: string },
    step: Millis,
    samples: PastSamples,
    lateWith: Instant | null,
  ): void {
    const place = METRICS[kind].findIndex(({ name }) => name === metric);
    if (place < 0) return;
    const series = this.#book.resource(resource)?.series[place] ?? this.#book.add(kind, resource, place);
    if (!series) return;
    this.#imported.put(series, step, samples);
    if (lateWith !== null) this.#late.put(lateWith, series, samples);
  }

  /** What a resource's metric was, as points of equal spans; null: there is no such series. */
  range(resource: string, metric: string, from: Instant, to: Instant, points: number): Point[] | null {
    const known = this.#book.resource(resource);
    const place = known ? METRICS[known.kind].findIndex(({ name }) => name === metric) : -1;
    const series = known?.series[place];
    return series ? this.#points(series, { from, to, points }) : null;
  }

  /** Whether all of that is kept here, as finely as it is asked for. */
  has(range: Range): boolean {
    const now = (this.#last + 1) * TICK;
    const { step } = TIERS[placeFor(range, now, this.#keep)];
    const wanted = Math.max(TICK, (range.to - range.from) / range.points);
    return step <= wanted && range.from >= Math.max(now - this.#keep["quarter-day"], this.keptSince ?? now);
  }

  /** null: nothing was ever kept of it. */
  kindOf(resource: string): Kind | null {
    return this.#book.resource(resource)?.kind ?? null;
  }

  /** Between two samples. */
  readonly tick = TICK;

  /** From when on samples are kept; null: none are. */
  get samplesFrom(): Instant | null {
    const [tier] = TIERS;
    const oldest = Math.min(this.#tables.edge(tier, "min") ?? Infinity, this.#blocks.oldest(0, Infinity));
    if (oldest === Infinity) return null;
    const kept = slotOf(tier, (this.#last + 1) * TICK - this.#keep.raw);
    return Math.max(oldest * tier.slots, kept) * TICK;
  }

  /** Whether a sample of its own is kept of a resource, of the tick of `at`. */
  hasSample(resource: string, at: Instant): boolean {
    const [tier] = TIERS;
    const wanted = slotOf(tier, at);
    return (this.#book.resource(resource)?.series ?? []).some(series => {
      let found = false;
      if (series)
        this.#readBlock(0, blockOf(tier, wanted), series.number, ({ slot }) => {
          if (slot === wanted) found = true;
        });
      return found;
    });
  }

  /** What all series were from `from` until `to`, whole ticks, in the order of their numbers; those of which nothing is known then are left out. */
  *samples(from: Instant, to: Instant): Generator<Run> {
    const [tier] = TIERS;
    const [first, end] = [slotOf(tier, from), slotOf(tier, to)];
    for (const { series: all } of this.#book.resources())
      for (const series of all) {
        if (!series) continue;
        const samples: { at: Instant; value: number }[] = [];
        const take = ({ slot, mean }: Step) => {
          if (slot >= first && slot < end) samples.push({ at: slot * TICK, value: fromUnits(mean, series.decimals) });
        };
        for (let index = blockOf(tier, first); index <= blockOf(tier, end - 1); index++)
          this.#readBlock(0, index, series.number, take);
        if (samples.length > 0) yield { ...series, samples };
      }
  }

  /** What came late with the ticks from `from` until `to`, of times of which there is nothing else. */
  *late(from: Instant, to: Instant): Generator<Run> {
    for (const { series: number, steps } of this.#late.of(from, to)) {
      const series = this.#book.numbered(number);
      if (!series) continue;
      const own = new Set<number>();
      const indices = new Set(steps.map(([slot]) => blockOf(TIERS[0], slot)));
      for (const index of indices) this.#readBlock(0, index, number, ({ slot }) => void own.add(slot));
      const samples = steps
        .filter(([slot]) => !own.has(slot) && slot <= this.#last)
        .map(([slot, units]) => ({ at: slot * TICK, value: fromUnits(units, series.decimals) }));
      if (samples.length > 0) yield { ...series, samples };
    }
  }

  /** All of a kind at once, one resource after the other as they are asked for; those of which nothing is known then are left out. */
  *charts(kind: Kind, from: Instant, to: Instant, points: number): Generator<Chart> {
    const metrics = METRICS[kind];
    for (const resource of this.#book.resources()) {
      if (resource.kind !== kind) continue;
      const charts = metrics.map(({ name }, place): [string, Point[]] => {
        const series = resource.series[place];
        return [name, series ? this.#points(series, { from, to, points }) : []];
      });
      if (charts.some(([, { length }]) => length > 0))
        yield { resource: resource.id, metrics: Object.fromEntries(charts) };
    }
  }

  /**
   * Completes the steps and closes the blocks that end before the tick `slot`. Tiers do so one tick after another: the end of a day is the
   * end of all their steps.
   */
  #advance(slot: number, take: (place: Place, slot: number, steps: Steps) => void): void {
    for (const place of PLACES) {
      const tier = TIERS[place];
      const now = slotOf(tier, (slot - DELAYS[place]) * TICK);
      const done = slotOf(tier, this.#last * TICK);
      for (let at = slotOf(tier, (this.#last - DELAYS[place]) * TICK); at < now && at <= done; at++) {
        const steps = place === 0 ? null : this.#blocks.complete(place, at);
        if (steps) take(place, at, steps);
      }
      if (this.#blocks.closeBefore(place, blockOf(tier, now))) this.#writers[place]?.restart();
    }
  }

  #toSteps(samples: Iterable<Samples>): Steps {
    const steps = sampleSteps();
    const inOrder = this.#book.inOrder();
    for (const { kind, resource, values } of samples) {
      const known = inOrder.find(resource);
      for (let place = 0; place < values.length; place++) {
        const value = values[place] ?? null;
        if (value === null) continue;
        let [number, decimals] = [known?.numbers[place] ?? -1, known?.decimals[place] ?? 0];
        if (number < 0) {
          const series = this.#book.add(kind, resource, place);
          if (!series) continue;
          [number, decimals] = [series.number, series.decimals];
        }
        const units = toUnits(value, decimals);
        if (units !== null) steps.mean.set(number, units);
      }
    }
    return steps;
  }

  #frame(place: Place, slot: number, steps: Steps): void {
    const tier = TIERS[place];
    const frame = tier.frames === null ? null : this.#writers[place]?.write(steps, tier.isRolled);
    if (frame) this.#frames.push({ tier, slot, frame });
  }

  #write(at: Instant, blocks: ReturnType<OpenBlocks["due"]>, along: Along): void {
    try {
      const gone = this.#database.transaction(() => {
        for (const series of this.#book.unsaved) this.#tables.addSeries(series);
        for (const row of this.#frames) this.#tables.addFrame(row);
        for (const { tier, index, series, bytes } of blocks.packed) this.#tables.addBlock(tier, index, series, bytes);
        this.#housekeeping.removeFrames(at);
        along.write();
        return this.#calm > 0 ? [] : this.#housekeeping.removeBlocks(at);
      }, along.durability);
      this.#book.saved();
      this.#frames = [];
      this.#calm = Math.max(0, this.#calm - 1);
      blocks.written();
      for (const number of gone) {
        this.#book.remove(number);
        this.#imported.remove(number);
      }
    } catch (error) {
      if (this.#frames.length > MOST_REFUSED) this.#giveUp();
      throw error;
    }
  }

  /** The database has refused for too long: what waits is lost, so that memory does not fill up. */
  #giveUp(): void {
    this.#frames = [];
    for (const writer of this.#writers) writer.restart();
    this.#blocks.giveUp();
  }

  #turnBack(slot: number): void {
    this.#database.transaction(() => turnBack(this.#tables, this.#blocks, slot));
    this.#blocks.clear();
    this.#frames = [];
    this.#last = -1;
    this.#rebuild();
  }

  #rebuild(): void {
    for (const place of PLACES.toReversed()) {
      const tier = TIERS[place];
      const reader = new FrameReader();
      for (const { slot, frame } of this.#tables.frames(tier)) {
        if (place === 0) this.#advance(slot, () => {});
        const read = reader.read(frame, tier.isRolled);
        if (read) this.#blocks.put(place, slot, read.steps, read.end);
        if (place === 0) this.#last = slot;
        // The ticks pack it all in time; of a large estate it would be too much until then, and packing takes half of the start.
        if (this.#book.size > FEW_SERIES) this.#blocks.tidy(true);
      }
    }
    for (const writer of this.#writers) writer.restart();
    const newest = this.#tables.edge(TIERS[0], "max");
    if (newest !== null) this.#last = Math.max(this.#last, (newest + 1) * TIERS[0].slots - 1);
  }

  /** The steps of a block, wherever it is. */
  #readBlock(place: Place, index: number, series: number, take: (step: Step) => void): void {
    if (this.#blocks.read(place, index, series, take)) return;
    const tier = TIERS[place];
    const bytes = this.#tables.block(tier, index, series);
    if (bytes) readBlock(bytes, tier, index, take);
  }

  #points(series: Series, range: Range): Point[] {
    const now = (this.#last + 1) * TICK;
    const place = placeFor(range, now, this.#keep);
    const tier = TIERS[place];
    const from = slotOf(tier, Math.max(range.from, now - this.#keep[tier.name]));
    const to = Math.ceil(Math.min(range.to, now + tier.step) / tier.step);
    const gatherer = new Gatherer(series.decimals, tier.step, spanOf(tier, range));
    const take = (step: Step) => {
      if (step.slot >= from && step.slot < to) gatherer.take(step);
    };
    for (let index = blockOf(tier, from); index <= blockOf(tier, to - 1); index++)
      this.#readBlock(place, index, series.number, take);
    const unfinished = this.#blocks.unfinished(place, series.number, this.#last);
    if (unfinished) take(unfinished);
    const span = spanOf(tier, range);
    return this.#imported.complete(gatherer.end(), series, range.from, Math.min(range.to, now), span);
  }
}
