import { type Bytes, GIB, type Instant } from "../kit/units.ts";
import type { Point } from "../model/point.ts";
import type { HistorySettings, Retention } from "../model/retention.ts";
import type { Database } from "../store/database.ts";
import { readBlock, type Step } from "./block.ts";
import { Book } from "./book.ts";
import { FrameReader, FrameWriter } from "./frames.ts";
import { Housekeeping } from "./housekeeping.ts";
import { type Kind, METRICS, type Samples, toUnits } from "./metrics.ts";
import { Gatherer, placeFor, type Range, spanOf } from "./reading.ts";
import { type Closed, PLACES, type Series } from "./series.ts";
import { type FrameRow, Tables } from "./tables.ts";
import { blockOf, slotOf, TICK, TIERS, toRetention } from "./tiers.ts";

/** What is known of a resource: points by metric. */
export interface Chart {
  resource: string;
  metrics: Record<string, Point[]>;
}

const LIMIT: Bytes = 4 * GIB;
/** How many blocks one tick writes at the most, so that none takes long. */
const MOST_BLOCKS = 500;
/** How many frames may wait for a database that refuses them: an hour's. */
const MOST_REFUSED = 360;

/**
 * Samples in, series out. The open blocks are in memory, packed; every tick writes one small frame from which they can be rebuilt, and a
 * block that is complete is written once. Everything of a tick is one transaction.
 */
export class History {
  readonly #database: Database;
  readonly #tables: Tables;
  readonly #book: Book;
  readonly #housekeeping: Housekeeping;
  readonly #keep: Retention;
  /** Complete blocks that wait to be written, for each tier the oldest first. */
  readonly #queues: Closed[][] = TIERS.map(() => []);
  readonly #writers = TIERS.map((_, place) => new FrameWriter(place > 0));
  /** For each tier, the step and the block in which the last tick lay. */
  readonly #reached = TIERS.map(() => ({ slot: -1, index: -1 }));
  /** Frames that are not written yet. */
  #frames: FrameRow[] = [];
  #last = -1;

  /** Rebuilds from its frames what was open when the database was closed, or the process killed that had it. */
  constructor(database: Database, { keep = {}, limit = LIMIT }: HistorySettings = {}) {
    this.#database = database;
    this.#keep = toRetention(keep);
    this.#tables = new Tables(database);
    this.#book = new Book(this.#tables.series(), this.#queues);
    this.#housekeeping = new Housekeeping(this.#tables, this.#book, this.#keep, limit);
    this.#rebuild();
  }

  /**
   * Keeps what is known at `at`. A tick not later than the last one is dropped: after a clock was set back, recording goes on once it has
   * caught up. Throws what the database throws when it cannot be written; what was to be kept waits for the next tick then.
   */
  record(at: Instant, samples: Iterable<Samples>): void {
    const slot = slotOf(TIERS[0], at);
    if (slot <= this.#last) return;
    this.#advance(slot);
    this.#take(slot, samples);
    this.#last = slot;
    this.#write(at);
  }

  /** What a resource's metric was, as points of equal spans; null: there is no such series. */
  range(resource: string, metric: string, from: Instant, to: Instant, points: number): Point[] | null {
    const known = this.#book.resource(resource);
    const place = known ? METRICS[known.kind].findIndex(({ name }) => name === metric) : -1;
    const series = known?.series[place];
    return series ? this.#points(series, { from, to, points }) : null;
  }

  /** All of a kind at once, one resource after the other as they are asked for; those of which nothing is known then are left out. */
  *charts(kind: Kind, from: Instant, to: Instant, points: number): Generator<Chart> {
    const metrics = METRICS[kind];
    for (const resource of this.#book.resources()) {
      if (resource.kind !== kind) continue;
      const series = metrics.map(({ name }, place): [string, Point[]] => {
        const one = resource.series[place];
        return [name, one ? this.#points(one, { from, to, points }) : []];
      });
      if (series.some(([, { length }]) => length > 0))
        yield { resource: resource.id, metrics: Object.fromEntries(series) };
    }
  }

  /** How many series there are, those of the past among them. */
  get size(): number {
    return this.#book.size;
  }

  /** Completes the steps and closes the blocks that end before the tick `slot`. */
  #advance(slot: number): void {
    const at = slot * TICK;
    for (const [place, tier] of PLACES) {
      const now = slotOf(tier, at);
      const reached = this.#reached[place];
      if (place === 0 || !reached || reached.slot === now) continue;
      reached.slot = now;
      this.#complete(place, now);
    }
    for (const [place, tier] of PLACES) {
      const index = blockOf(tier, slotOf(tier, at));
      const reached = this.#reached[place];
      if (!reached || reached.index === index) continue;
      reached.index = index;
      this.#writers[place]?.restart();
      for (const series of this.#book.active()) series.closeBefore(place, index);
    }
  }

  /** NOTE: all unfinished steps of a tier are the same one: each tick completes those before its own. */
  #complete(place: number, before: number): void {
    const [tier, writer] = [TIERS[place], this.#writers[place]];
    if (!tier || !writer) return;
    let completed = -1;
    for (const series of this.#book.active())
      series.completeBefore(place, before, (slot, min, mean, max) => {
        completed = slot;
        if (tier.frames !== null) writer.add(series.number, min, mean, max);
      });
    const frame = writer.end();
    if (frame) this.#frames.push({ tier, slot: completed, frame });
  }

  #take(slot: number, samples: Iterable<Samples>): void {
    for (const { kind, resource, values } of samples) {
      const known = this.#book.resource(resource);
      for (const [place, value] of values.entries()) {
        if (value === null) continue;
        const series = known?.series[place] ?? this.#book.seriesAt(kind, resource, place);
        const units = toUnits(value, series?.decimals ?? 0);
        if (!series || units === null) continue;
        series.taken = slot;
        series.units = units;
        this.#book.activate(series);
      }
    }
    const writer = this.#writers[0];
    for (const series of this.#book.active()) {
      if (series.taken !== slot) continue;
      const { number, units } = series;
      series.append(0, slot, units, units, units);
      writer?.add(number, units, units, units);
    }
    const frame = writer?.end();
    if (frame) this.#frames.push({ tier: TIERS[0], slot, frame });
  }

  #write(at: Instant): void {
    const blocks = this.#due();
    try {
      const gone = this.#database.transaction(() => {
        for (const row of this.#book.unsaved) this.#tables.addSeries(row);
        for (const row of this.#frames) this.#tables.addFrame(row);
        for (const { tier, series, block } of blocks)
          this.#tables.addBlock(tier, block.index, series.number, block.toBytes());
        this.#housekeeping.removeFrames(this.#queues, at);
        return this.#housekeeping.removeBlocks(at);
      }, "lazy");
      this.#book.saved();
      this.#frames = [];
      this.#settle(blocks);
      for (const number of gone) this.#book.remove(number);
    } catch (error) {
      if (this.#frames.length > MOST_REFUSED) this.#giveUp();
      throw error;
    }
  }

  /** The blocks to be written next, the finest tiers first: their frames are the most. */
  #due(): Closed[] {
    return this.#queues.flatMap(queue => queue.slice(0, MOST_BLOCKS)).slice(0, MOST_BLOCKS);
  }

  /** The first of each queue, `blocks`, are done with. */
  #settle(blocks: readonly Closed[]): void {
    for (const { series, place, block } of blocks) series.settle(place, block);
    for (const [place, queue] of this.#queues.entries())
      queue.splice(0, blocks.filter(closed => closed.place === place).length);
    if (blocks.length > 0) this.#book.retire();
  }

  /** The database has refused for too long: what waits is lost, so that memory does not fill up. */
  #giveUp(): void {
    this.#frames = [];
    for (const writer of this.#writers) writer.restart();
    this.#settle(this.#queues.flat());
  }

  #rebuild(): void {
    for (const [place, tier] of PLACES.toReversed()) {
      const reader = new FrameReader(place > 0);
      for (const { slot, frame } of this.#tables.frames(tier)) {
        if (place === 0) this.#advance(slot);
        reader.read(frame, (number, min, mean, max) => {
          const series = this.#book.get(number);
          if (!series) return;
          this.#book.activate(series);
          series.append(place, slot, min, mean, max);
        });
        if (place === 0) this.#last = slot;
      }
    }
    // NOTE: what was rebuilt has its frames already.
    this.#frames = [];
    for (const writer of this.#writers) writer.restart();
    const newest = this.#tables.edge(TIERS[0], "max");
    if (newest !== null) this.#last = Math.max(this.#last, (newest + 1) * TIERS[0].slots - 1);
  }

  #points(series: Series, range: Range): Point[] {
    const now = (this.#last + 1) * TICK;
    const place = placeFor(range, now, this.#keep);
    const tier = TIERS[place];
    if (!tier) return [];
    const from = slotOf(tier, Math.max(range.from, now - this.#keep[tier.name]));
    const to = Math.ceil(Math.min(range.to, now + tier.step) / tier.step);
    const gatherer = new Gatherer(series, tier.step, spanOf(tier, range));
    const take = (step: Step) => {
      if (step.slot >= from && step.slot < to) gatherer.take(step);
    };
    for (let index = blockOf(tier, from); index <= blockOf(tier, to - 1); index++) {
      if (series.readOpen(place, tier, index, take)) continue;
      const block = this.#tables.block(tier, index, series.number);
      if (block) readBlock(block, index * tier.slots, place > 0, take);
    }
    const unfinished = series.unfinished(place);
    if (unfinished) take(unfinished);
    return gatherer.end();
  }
}
