import type { Bytes } from "../kit/units.ts";
import type { Database } from "../store/database.ts";
import type { Kind } from "./metrics.ts";
import type { Tier } from "./tiers.ts";

/** Series numbers are below that. */
export const MOST_SERIES = 2 ** 20;

/** One metric of one resource. */
export interface Series {
  /** Names it in keys and frames. */
  number: number;
  kind: Kind;
  resource: string;
  metric: string;
  /** Decimals of its values; -3: whole thousands. What is kept are whole numbers of that unit. */
  decimals: number;
}

export interface FrameRow {
  tier: Tier;
  slot: number;
  frame: Uint8Array;
}

/** Where the history lies in the database. A block's key is its index and its series' number: what is read together lies together. */
export class Tables {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  series(): Series[] {
    return this.#database.all("SELECT * FROM history_series ORDER BY number") as unknown as Series[];
  }

  addSeries({ number, kind, resource, metric, decimals }: Series): void {
    this.#database.run("INSERT INTO history_series VALUES (?, ?, ?, ?, ?)", number, kind, resource, metric, decimals);
  }

  removeSeries(number: number): void {
    this.#database.run("DELETE FROM history_series WHERE number = ?", number);
  }

  block(tier: Tier, index: number, series: number): Uint8Array | null {
    const [row] = this.#database.all(`SELECT block FROM ${tier.blocks} WHERE key = ?`, toKey(index, series));
    return (row?.block as Uint8Array | undefined) ?? null;
  }

  /** All blocks of that index. */
  blocksAt(tier: Tier, index: number): { series: number; block: Uint8Array }[] {
    return this.#database
      .all(`SELECT key, block FROM ${tier.blocks} WHERE key >= ? AND key < ?`, toKey(index, 0), toKey(index + 1, 0))
      .map(({ key, block }) => ({ series: fromKey(Number(key)).series, block: block as Uint8Array }));
  }

  /** Removes block `index` and all later ones. */
  removeBlocksFrom(tier: Tier, index: number): void {
    this.#database.run(`DELETE FROM ${tier.blocks} WHERE key >= ?`, toKey(index, 0));
  }

  /** A block that is there already stays: one that was rebuilt from frames may hold less. */
  addBlock(tier: Tier, index: number, series: number, block: Uint8Array): void {
    this.#database.run(`INSERT OR IGNORE INTO ${tier.blocks} VALUES (?, ?)`, toKey(index, series), block);
  }

  /** Removes at most `most` blocks of those before block `index`, the oldest first; answers whose they were. */
  removeBlocksBefore(tier: Tier, index: number, most: number): { index: number; series: number }[] {
    const oldest = `SELECT key FROM ${tier.blocks} WHERE key < ? ORDER BY key LIMIT ?`;
    return this.#database
      .all(`DELETE FROM ${tier.blocks} WHERE key IN (${oldest}) RETURNING key`, toKey(index, 0), most)
      .map(({ key }) => fromKey(Number(key)));
  }

  /** The index of the tier's oldest or newest block; null: it has none. */
  edge(tier: Tier, which: "min" | "max"): number | null {
    const [row] = this.#database.all(`SELECT ${which}(key) AS key FROM ${tier.blocks}`);
    return row?.key === null || row?.key === undefined ? null : fromKey(Number(row.key)).index;
  }

  /** The tier's frames, the oldest first. */
  *frames(tier: Tier): Generator<FrameRow> {
    if (tier.frames === null) return;
    for (const { slot } of this.#database.all(`SELECT slot FROM ${tier.frames} ORDER BY slot`)) {
      const [row] = this.#database.all(`SELECT frame FROM ${tier.frames} WHERE slot = ?`, slot ?? null);
      yield { tier, slot: Number(slot), frame: row?.frame as Uint8Array };
    }
  }

  addFrame({ tier, slot, frame }: FrameRow): void {
    this.#database.run(`INSERT OR IGNORE INTO ${tier.frames} VALUES (?, ?)`, slot, frame);
  }

  /** Removes at most `most` frames of those before `slot`. */
  removeFramesBefore(tier: Tier, slot: number, most: number): void {
    if (tier.frames === null) return;
    const oldest = `SELECT slot FROM ${tier.frames} WHERE slot < ? ORDER BY slot LIMIT ?`;
    this.#database.run(`DELETE FROM ${tier.frames} WHERE slot IN (${oldest})`, slot, most);
  }

  /** Removes the frame of `slot` and all later ones. */
  removeFramesFrom(tier: Tier, slot: number): void {
    if (tier.frames !== null) this.#database.run(`DELETE FROM ${tier.frames} WHERE slot >= ?`, slot);
  }

  /** What the whole database holds, without the pages that are free. */
  size(): Bytes {
    const pragma = (name: string) => Number(Object.values(this.#database.all(`PRAGMA ${name}`)[0] ?? {})[0]);
    return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
  }
}

function toKey(index: number, series: number): number {
  return index * MOST_SERIES + series;
}

function fromKey(key: number): { index: number; series: number } {
  return { index: Math.floor(key / MOST_SERIES), series: key % MOST_SERIES };
}
