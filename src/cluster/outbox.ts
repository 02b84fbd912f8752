import type { Clock } from "../kit/clock.ts";
import { every } from "../kit/every.ts";
import type { Log } from "../kit/log.ts";
import { type Bytes, type Instant, MIB, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { Database } from "../store/database.ts";

/** What is on its way to the stream. */
export interface Outgoing {
  subject: string;
  /** By which the stream knows that it has it already. */
  id: string;
  body: Uint8Array;
}

export interface OutboxOptions {
  database: Database;
  /** Resolves once the stream keeps it; rejects when nobody knows that it does. */
  publish: (entry: Outgoing) => Promise<void>;
  /** Whether it is worth trying. */
  isUp: () => boolean;
  /** How much is kept on the disk at the most. */
  limit: Bytes;
  clock: Clock;
  log: Log;
}

/** What the stream has not taken within that time is written to the disk: the process may end before it does. */
const SPILL: Millis = SECOND;
/** So many are under way at once, of the disk and of memory each. */
const ROUND = 256;
/** After a round of which something failed. */
const REST: Millis = 500;
/** What may wait in memory when the disk takes nothing either. */
const MOST_IN_MEMORY: Bytes = 64 * MIB;
/** Of what is too much, so much goes at once. */
const SHARE = 0.02;

interface Waiting extends Outgoing {
  since: Instant;
  /** Its row on the disk; null: it is in memory only. */
  row: number | null;
  stored: () => void;
}

/**
 * What an edge has seen and the stream has not taken yet, in the order of its coming: in memory for a moment, on the disk while the line is
 * down. It leaves only when the stream says that it keeps it, or when there is no room for it: then the oldest goes first, which is told.
 */
export class Outbox implements AsyncDisposable {
  readonly #options: OutboxOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>;
  #fresh: Waiting[] = [];
  #flying: readonly Waiting[] = [];
  #kept: { entries: number; bytes: Bytes };
  #dropped = 0;
  /** What waits cannot be written down. */
  #isRefused = false;
  #toldAt: Instant = Number.NEGATIVE_INFINITY;
  #wake = Promise.withResolvers<void>();

  constructor(options: OutboxOptions) {
    this.#options = options;
    const [row] = options.database.all("SELECT count(*) AS entries, total(length(body)) AS bytes FROM cluster_outbox");
    this.#kept = { entries: Number(row?.entries ?? 0), bytes: Number(row?.bytes ?? 0) };
    const { signal } = this.#stop;
    this.#running = Promise.all([
      this.#send(signal),
      every(SPILL, at => this.#spill(at - SPILL), options.clock, signal),
    ]);
  }

  /** How many wait, and how much they are on the disk. */
  get waiting(): { entries: number; bytes: Bytes; dropped: number } {
    return {
      entries: this.#kept.entries + [...this.#fresh, ...this.#flying].filter(({ row }) => row === null).length,
      bytes: this.#kept.bytes,
      dropped: this.#dropped,
    };
  }

  /** `stored`: called once the stream keeps it, if this process still runs then. */
  put(entry: Outgoing, stored: () => void = () => {}): void {
    this.#fresh.push({ ...entry, since: this.#options.clock.now(), row: null, stored });
    this.#wake.resolve();
  }

  /** Begins nothing new; what the stream has not taken by then is on the disk when this resolves. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#wake.resolve();
    await this.#running;
    this.#spill(Number.POSITIVE_INFINITY);
  }

  async #send(signal: AbortSignal): Promise<void> {
    const { clock, isUp } = this.#options;
    while (!signal.aborted) {
      if (this.#kept.entries === 0 && this.#fresh.length === 0) {
        this.#wake = Promise.withResolvers();
        await this.#wake.promise;
      } else if (!isUp() || !(await this.#round())) await clock.sleep(REST, signal);
    }
  }

  /** What is on the disk is older, so it goes first. false: some of it has to be sent again. */
  async #round(): Promise<boolean> {
    const { publish, log } = this.#options;
    this.#flying = [...this.#oldest(), ...this.#fresh.splice(0, ROUND)];
    let reason: string | null = null;
    const isTaken = await Promise.all(
      this.#flying.map(entry =>
        publish(entry).then(
          () => true,
          (error: unknown) => {
            reason ??= (error as Error).message;
            return false;
          },
        ),
      ),
    );
    const taken = this.#flying.filter((_, at) => isTaken[at]);
    this.#fresh.unshift(...this.#flying.filter(({ row }, at) => !isTaken[at] && row === null));
    this.#flying = [];
    this.#forget(taken);
    for (const { stored } of taken) stored();
    if (reason !== null) log("debug", "The stream did not take everything", { reason });
    return reason === null;
  }

  #oldest(): Waiting[] {
    if (this.#kept.entries === 0) return [];
    return this.#options.database
      .all("SELECT number, subject, id, body FROM cluster_outbox ORDER BY number LIMIT ?", ROUND)
      .map(({ number, subject, id, body }) => ({
        ...{ subject: String(subject), id: String(id), body: body as Uint8Array },
        ...{ row: Number(number), since: 0, stored: () => {} },
      }));
  }

  #forget(taken: readonly Waiting[]): void {
    const { database } = this.#options;
    const kept = taken.flatMap(({ row }) => row ?? []);
    if (kept.length === 0) return;
    // What cannot be forgotten is sent again, and the stream knows it.
    database.spare(() =>
      database.transaction(
        () =>
          database.run(
            "DELETE FROM cluster_outbox WHERE number IN (SELECT value FROM json_each(?))",
            JSON.stringify(kept),
          ),
        "lazy",
      ),
    );
    this.#count();
  }

  /** Writes down what has waited since `before`, also what is under way: nobody knows whether it arrives. */
  #spill(before: Instant): void {
    const { database, limit } = this.#options;
    const late = [...this.#flying, ...this.#fresh].filter(({ row, since }) => row === null && since <= before);
    this.#tell(late.length > 0 && !this.#write(late));
    if (this.#isRefused) this.#shorten();
    this.#fresh = this.#fresh.filter(({ row }) => row === null);
    if (this.#kept.bytes <= limit) return;
    const share = Math.max(1, Math.ceil(this.#kept.entries * SHARE));
    const isDone = database.spare(() =>
      database.run(
        "DELETE FROM cluster_outbox WHERE number IN (SELECT number FROM cluster_outbox ORDER BY number LIMIT ?)",
        share,
      ),
    );
    if (isDone) this.#drop(share);
    this.#count();
  }

  #tell(isRefused: boolean): void {
    const { log } = this.#options;
    if (isRefused && !this.#isRefused)
      log(
        "error",
        "The disk does not take what NATS has not taken yet: it waits in memory, and is lost if this edge ends",
      );
    if (!isRefused && this.#isRefused) log("info", "What waited in memory is on the disk, or has been taken by NATS");
    this.#isRefused = isRefused;
  }

  #write(late: readonly Waiting[]): boolean {
    const { database } = this.#options;
    const rows: number[] = [];
    const isDone = database.spare(() =>
      database.transaction(() => {
        for (const { subject, id, body } of late) {
          const sql = "INSERT INTO cluster_outbox (subject, id, body) VALUES (?, ?, ?) RETURNING number";
          rows.push(Number(database.all(sql, subject, id, body)[0]?.number));
        }
      }, "lazy"),
    );
    if (!isDone) return false;
    for (const [at, entry] of late.entries()) entry.row = rows[at] ?? null;
    this.#count();
    return true;
  }

  /** The disk takes nothing: what is more than may wait in memory goes, the oldest first. */
  #shorten(): void {
    let bytes = this.#fresh.reduce((sum, { body }) => sum + body.length, 0);
    let count = 0;
    for (; bytes > MOST_IN_MEMORY; count++) bytes -= this.#fresh[count]?.body.length ?? bytes;
    this.#fresh.splice(0, count);
    if (count > 0) this.#drop(count);
  }

  #drop(count: number): void {
    const { clock, log } = this.#options;
    this.#dropped += count;
    if (clock.now() - this.#toldAt < MINUTE) return;
    this.#toldAt = clock.now();
    log("error", "There is no room for what the stream does not take: the oldest goes", { dropped: this.#dropped });
  }

  #count(): void {
    const [row] = this.#options.database.all(
      "SELECT count(*) AS entries, total(length(body)) AS bytes FROM cluster_outbox",
    );
    this.#kept = { entries: Number(row?.entries ?? 0), bytes: Number(row?.bytes ?? 0) };
  }
}
