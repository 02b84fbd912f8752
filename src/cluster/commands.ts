import { randomUUID } from "node:crypto";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { type Instant, type Millis, SECOND } from "../kit/units.ts";
import { type Database, refusalOf } from "../store/database.ts";
import type { Reached } from "./line.ts";
import { APPLY_SUBJECT, COMMAND_SUBJECT, COMMANDS, DEED_SUBJECT, reportSubject } from "./names.ts";
import { reasonOf } from "./storing.ts";

/** What somebody asked one core for, and all are to do. */
export interface Command {
  /** Of the route. */
  name: string;
  /** What the handler gets, but for what only the core has that was asked. */
  ask: unknown;
}

/** What only cores may read is sealed with the key that they share. */
export interface Sealing {
  close(text: string, context: string): Uint8Array;
  /** null: sealed with another key. */
  open(sealed: Uint8Array, context: string): string | null;
}

export interface CommandsOptions {
  database: Database;
  seal: () => Sealing;
  /** Does what another core was asked for; whatever comes of it is nobody's to know here. `at`: when, for all cores. */
  perform: (command: Command, at: Instant) => Promise<void>;
  /** Does `work` as if it were that time. */
  atTime: <T>(at: Instant, work: () => T) => T;
  clock: Clock;
  log: Log;
}

/** Nothing is known of what becomes of the command: it was not stored, or nobody said so. */
export class NotStored extends Error {
  override name = "NotStored";
}

const CONTEXT = "a command for all cores";
/** For the answer of NATS that it is stored, and for this core to come to it. */
const STORED: Millis = 5 * SECOND;
const DONE: Millis = 20 * SECOND;
/** What takes longer to do is not waited for by what follows. */
const LONGEST: Millis = 10 * SECOND;

interface Own {
  work: () => Promise<unknown>;
  /** It counts for good: what this core's disk refuses of it is done later. */
  lasts: boolean;
  done: PromiseWithResolvers<unknown>;
}

/**
 * What people change, on every core in the same order and at the same place among the entries: a command is stored for good in a stream of
 * its own, and a mark in the stream that all read says where it counts. Doing one twice after a crash must come to the same. One that the database
 * of this core refuses, as its disk is full, say, is owed, with all that follow: the others have done it.
 */
export class Commands {
  readonly #options: CommandsOptions;
  readonly #own = new Map<string, Own>();
  /** When the stream of commands was made: another one has other numbers. */
  #stream = "";
  #applied = 0;
  /** When the last one was stored that was done here; 0: none was. */
  #at: Instant = 0;
  /** Up to which they are to be done as soon as the database takes it; 0: none is owed. */
  #owed = 0;

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  /** How many of the stream have been done here. */
  get applied(): number {
    return this.#applied;
  }

  /** When the last one was stored that was done here; 0: none was. */
  get doneAt(): Instant {
    return this.#at;
  }

  /** The database has refused one of them. */
  get isOwing(): boolean {
    return this.#owed > this.#applied;
  }

  /** To be called before anything else, and when the streams may have been made anew. */
  async open(reached: Reached): Promise<void> {
    const { database } = this.#options;
    const { created, state } = await reached.manager.streams.info(COMMANDS);
    const stream = new Date(created).toISOString();
    const [row] = database.all("SELECT stream, number, at FROM cluster_command");
    if (this.#stream === "" && row) {
      this.#stream = String(row.stream);
      this.#applied = Number(row.number);
      this.#at = Number(row.at);
    }
    const last = await this.#timeOf(this.#applied, reached);
    const isSame = stream === this.#stream && this.#applied <= state.last_seq;
    if (!isSame || (last !== null && this.#at > 0 && last !== this.#at)) {
      this.#applied = await this.#lastUntil(this.#at, state.last_seq, reached);
      this.#owed = 0;
    }
    this.#stream = stream;
  }

  /** How many of a stream that was made anew, or has lost its end, have been done: those that are no later than the last that was. */
  async #lastUntil(at: Instant, last: number, reached: Reached): Promise<number> {
    for (let number = 1; number <= last; number++) {
      const stored = await this.#timeOf(number, reached);
      if (stored !== null && stored > at) return number - 1;
    }
    return last;
  }

  /** null: there is none of that number. */
  async #timeOf(number: number, { manager }: Reached): Promise<Instant | null> {
    if (number === 0) return null;
    return (await manager.streams.getMessage(COMMANDS, { seq: number }))?.time.getTime() ?? null;
  }

  /**
   * Stores what is to count for good; `work` does it here when its turn has come, and what it comes to is answered. Rejects with NotStored,
   * and with what `work` rejects with.
   */
  async change(command: Command, work: () => Promise<unknown>, reached: Reached): Promise<unknown> {
    const { stream } = reached;
    return await this.#share(command, { work, lasts: true }, reached, async (body, msgID) => {
      const { seq } = await stream.publish(COMMAND_SUBJECT, body, { msgID, timeout: STORED });
      // A mark that is lost is made by whoever misses it.
      await mark(stream, seq).catch(() => {});
    });
  }

  /** The same for what is about the present: it lies among the entries, and the next from the same sender takes its place. */
  async report(command: Command, sender: string, work: () => Promise<unknown>, reached: Reached): Promise<unknown> {
    const { stream } = reached;
    return await this.#share(command, { work, lasts: false }, reached, async (body, msgID) => {
      await stream.publish(reportSubject(sender), body, { msgID, timeout: STORED });
    });
  }

  /** The same for what need not last: it lies among the entries, and whoever comes a day later does not hear of it. */
  async tell(command: Command, work: () => Promise<unknown>, reached: Reached): Promise<unknown> {
    const { stream } = reached;
    return await this.#share(command, { work, lasts: false }, reached, async (body, msgID) => {
      await stream.publish(DEED_SUBJECT, body, { msgID, timeout: STORED });
    });
  }

  async #share(
    command: Command,
    { work, lasts }: Omit<Own, "done">,
    { connection }: Reached,
    store: (body: Uint8Array, id: string) => Promise<void>,
  ): Promise<unknown> {
    const largest = connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
    const { clock, seal } = this.#options;
    const id = randomUUID();
    const done = Promise.withResolvers<unknown>();
    // Whoever waits may have gone by then.
    done.promise.catch(() => {});
    this.#own.set(id, { work, lasts, done });
    const waited = new AbortController();
    try {
      const body = seal().close(JSON.stringify({ id, ...command }), CONTEXT);
      if (body.length > largest)
        throw new NotStored(
          `It has ${body.length} bytes, NATS takes ${largest}: raise max_payload in its configuration`,
        );
      await store(body, id).catch(cause =>
        Promise.reject(new NotStored(`NATS does not store it: ${reasonOf(cause)}`, { cause })),
      );
      const late = clock.sleep(DONE, waited.signal).then(() => {
        throw new NotStored("It is stored, and this core has not come to it yet");
      });
      late.catch(() => {});
      return await Promise.race([done.promise, late]);
    } finally {
      waited.abort();
      this.#own.delete(id);
    }
  }

  /** Does all up to number `last` that was not done yet, but for what is owed. Rejects when they cannot be read now. */
  async applyTo(last: number, { manager }: Reached): Promise<void> {
    while (this.#applied < last) {
      const number = this.#applied + 1;
      const stored = await manager.streams.getMessage(COMMANDS, { seq: number });
      const refusal = stored && (await this.apply(stored.data, stored.time.getTime()));
      if (refusal) return this.#owe(last, refusal);
      this.#keep(number, stored?.time.getTime() ?? this.#at);
    }
    if (this.#owed === 0 || this.isOwing) return;
    this.#owed = 0;
    this.#options.log("info", "What was changed while the database of this core could not be written counts here, too");
  }

  /** NOTE: what follows waits for it, so that its turn does not come now, either. */
  #owe(last: number, refusal: string): void {
    const reason = `It is stored, and counts here once the database can be written: ${refusal}`;
    for (const { lasts, done } of this.#own.values()) if (lasts) done.reject(new NotStored(reason));
    if (this.#owed === 0)
      this.#options.log("warn", "What is changed counts here once the database of this core can be written");
    this.#owed = Math.max(this.#owed, last);
  }

  /** Tries again what is owed. Never rejects. */
  async applyOwed(reached: Reached): Promise<void> {
    await this.applyTo(this.#owed, reached).catch(error =>
      this.#options.log("debug", "What is owed could not be read", { reason: String(error) }),
    );
  }

  /** A core that knows nothing yet does first what was asked for before `before`, and before the first entry that it can read. */
  async applyBefore(before: Instant, reached: Reached): Promise<void> {
    const { state } = await reached.manager.streams.info(COMMANDS);
    for (let number = this.#applied + 1; number <= state.last_seq; number++) {
      const stored = await reached.manager.streams.getMessage(COMMANDS, { seq: number });
      if (stored && stored.time.getTime() >= before) return;
      await this.applyTo(number, reached);
      if (this.isOwing) return;
    }
  }

  /** Makes the mark that is missing where a core ended between storing a command and marking it. */
  async mend({ manager, stream }: Reached): Promise<void> {
    const { last_seq: last } = (await manager.streams.info(COMMANDS)).state;
    if (last > Math.max(this.#applied, this.#owed)) await mark(stream, last);
  }

  /** Does what `body` says; null, or why the database did not take it. Never rejects. */
  async apply(body: Uint8Array, at: Instant): Promise<string | null> {
    const { seal, log, perform, atTime, clock } = this.#options;
    const text = seal().open(body, CONTEXT);
    if (text === null) {
      log("error", "A command cannot be read: all cores need the same PULSE_ENCRYPTION_KEY", {
        at: new Date(at).toISOString(),
      });
      return null;
    }
    const waited = new AbortController();
    try {
      const { id, ...command } = JSON.parse(text) as Command & { id: string };
      const own = this.#own.get(id);
      const work = atTime(at, () => (own ? own.work() : perform(command, at)));
      let refusal: string | null = null;
      const over = work.catch(error => {
        refusal = refusalOf(error)?.reason ?? null;
      });
      // Who waits for what is owed hears of that there.
      if (own?.lasts) void over.then(() => refusal === null && own.done.resolve(work));
      else own?.done.resolve(work);
      await Promise.race([over, clock.sleep(LONGEST, waited.signal)]);
      return refusal;
    } catch (error) {
      log("error", "A command was skipped", { at: new Date(at).toISOString(), reason: (error as Error).message });
      return null;
    } finally {
      waited.abort();
    }
  }

  #keep(number: number, at: Instant): void {
    const { database } = this.#options;
    this.#applied = number;
    this.#at = at;
    // Where the disk refuses that, it is done once more after a start.
    database.spare(() =>
      database.transaction(() => {
        database.run("DELETE FROM cluster_command");
        database.run("INSERT INTO cluster_command VALUES (?, ?, ?)", this.#stream, number, at);
      }),
    );
  }
}

async function mark(stream: Reached["stream"], number: number): Promise<void> {
  await stream.publish(APPLY_SUBJECT, String(number), { msgID: `apply ${number}` });
}
