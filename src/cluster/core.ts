import { type ConsumerMessages, DeliverPolicy, type JsMsg } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import type { Clock } from "../kit/clock.ts";
import { every } from "../kit/every.ts";
import type { Log } from "../kit/log.ts";
import { type Instant, type Millis, SECOND } from "../kit/units.ts";
import type { ClusterSettings } from "../model/cluster.ts";
import type { WatchedInstance } from "../model/instance-settings.ts";
import type { Database } from "../store/database.ts";
import { type Command, Commands, type CommandsOptions, NotStored } from "./commands.ts";
import { type Counts, Entries, type Fed, type Read, TICK, toTickBody } from "./entries.ts";
import { SENT } from "./entry.ts";
import { layFoundation } from "./foundation.ts";
import { RENEWAL, SiteLeases } from "./leases.ts";
import { Line, type Reached } from "./line.ts";
import {
  APPLY_SUBJECT,
  DEED_SUBJECT,
  isReport,
  LEASES,
  PICTURE_SUBJECTS,
  STREAM,
  TICK_SUBJECT,
  TOLD,
} from "./names.ts";
import { PositionBook } from "./position.ts";
import { TELLING, Teller } from "./teller.ts";

export interface CoreOptions {
  settings: ClusterSettings;
  database: Database;
  fed: Fed;
  /** This core was away for longer than the stream remembers. */
  missed: () => void;
  seal: CommandsOptions["seal"];
  perform: CommandsOptions["perform"];
  atTime: CommandsOptions["atTime"];
  clock: Clock;
  log: Log;
}

/** How a core fares. */
export interface CoreState extends Counts {
  isUp: boolean;
  /** How many entries lie before the newest that is known; null: it has not begun to read. */
  behind: number | null;
  sequence: number;
}

/** Before what failed is tried again. */
const AGAIN: Millis = 2 * SECOND;
/** Entries are applied for so long at once; then others have their turn. */
const SLICE: Millis = 20;
/** The site of the cores' own leases; no site has such a name. */
const CORES = "=cores";
/** A core that has more to read has not caught up. */
const MOST_BEHIND = 1000;
/** So many ticks are said when NATS answers again; what is older no core takes. */
const MOST_OVERDUE = 6;
/** For the answer of NATS to one. */
const SAID: Millis = 2 * SECOND;
/** When nothing has come for so long, what is shown grows old by this machine's clock. */
const SILENCE: Millis = 1.5 * TICK;

/**
 * One of the Pulses that serve: reads the stream in order and feeds what it says to the rooms, as sources of its own would. How far it is lies
 * in the transaction that keeps what came of it; after a start it first reads what the picture is made of.
 */
export class Core implements AsyncDisposable {
  readonly #options: CoreOptions;
  /** null: it has not started yet. */
  #line: Line | null = null;
  readonly #entries: Entries;
  readonly #positions: PositionBook;
  readonly #stop = new AbortController();
  /** Sees to it that one core tells for all. */
  readonly teller: Teller;
  readonly #commands: Commands;
  #leases: SiteLeases | null = null;
  #told: KV | null = null;
  #running: Promise<unknown> = Promise.resolve();
  #messages: ConsumerMessages | null = null;
  /** Of the last entry that was applied; null: none was yet. */
  #sequence: number | null = null;
  #behind: number | null = null;
  /** The last tick that NATS has taken of this core. */
  #said: number | null = null;
  /** When something was last applied, by this machine's clock. */
  #fedAt: Instant = 0;

  constructor(options: CoreOptions) {
    const { settings, database, fed, clock, log } = options;
    this.#options = options;
    this.#entries = new Entries({ database, fed, log });
    this.#positions = new PositionBook(database);
    const { seal, perform, atTime } = options;
    this.#commands = new Commands({ database, seal, perform, atTime, clock, log });
    this.teller = new Teller({
      ...{ name: settings.name, clock, log },
      bucket: () => this.#told,
      leases: () => this.#leases,
    });
  }

  /** The instances that are known from an earlier run. */
  get instances(): WatchedInstance[] {
    return this.#entries.instances.all();
  }

  get state(): CoreState {
    return {
      ...this.#entries.counts,
      isUp: this.#line?.isUp ?? false,
      behind: this.#behind,
      sequence: this.#sequence ?? 0,
    };
  }

  /** Begins to read and to tick. */
  start(): void {
    const { settings, clock, log } = this.#options;
    const { signal } = this.#stop;
    this.#line = new Line(settings, { name: "core" }, clock, log);
    this.#running = this.#line
      .reached()
      .then(reached =>
        Promise.all([
          this.#untilEnd(() => this.#read(reached)),
          every(RENEWAL, () => this.#lookAfterLease(reached), clock, signal),
          every(
            () => this.#untilBeat(clock.now()),
            at => this.#beat(at, reached),
            clock,
            signal,
          ),
        ]),
      )
      .catch(error => {
        if (!signal.aborted) throw error;
      });
  }

  /** Has all cores do what this one was asked for: see `Commands.change`. */
  async change(command: Command, work: () => Promise<unknown>): Promise<unknown> {
    return await this.#commands.change(command, work, await this.#agreeable());
  }

  /** Has all cores take what was reported to this one. */
  async report(command: Command, sender: string, work: () => Promise<unknown>): Promise<unknown> {
    return await this.#commands.report(command, sender, work, await this.#agreeable());
  }

  /** As `change`; what does not last is known to those only that hear of it within a day. */
  async agree(command: Command, work: () => Promise<unknown>, lasting: boolean): Promise<unknown> {
    const reached = await this.#agreeable();
    return await (lasting
      ? this.#commands.change(command, work, reached)
      : this.#commands.tell(command, work, reached));
  }

  async #agreeable(): Promise<Reached> {
    if (!this.#line?.isUp || this.#sequence === null) throw new NotStored("NATS is not reached");
    return await this.#line.reached();
  }

  /** What is shown grows old while nothing comes. To be called every second or so. */
  age(now: Instant): void {
    if (now - this.#fedAt > SILENCE) this.#options.fed.age(now);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#messages?.stop();
    if (this.#line?.isUp) await this.#leases?.leave().catch(() => {});
    await this.#line?.[Symbol.asyncDispose]();
    await this.#running;
  }

  /**
   * Every core says when it is time to judge; NATS keeps the first of each tick, and all cores judge by that. What cannot be said now is said
   * a little later, so that no tick is missing.
   */
  async #beat(now: Instant, { stream }: Reached): Promise<void> {
    const current = Math.floor(now / TICK);
    const oldest = current - MOST_OVERDUE;
    for (let slot = Math.max(oldest, (this.#said ?? current - 1) + 1); slot <= current; slot++) {
      try {
        await stream.publish(TICK_SUBJECT, toTickBody(slot), { msgID: `tick ${slot}`, timeout: SAID });
        this.#said = slot;
      } catch (error) {
        return this.#options.log("debug", "A tick was not taken", { reason: String(error) });
      }
    }
  }

  /** Only who has read all that there is may tell. */
  async #lookAfterLease(reached: Reached): Promise<void> {
    const { clock, log, settings } = this.#options;
    const { stream } = reached;
    if (this.#sequence === null) return;
    try {
      const buckets = new Kvm(stream);
      this.#told ??= await buckets.open(TOLD);
      if (!this.#leases) {
        this.#leases = new SiteLeases(await buckets.open(LEASES), { site: CORES, self: settings.name, clock });
        void this.#leases.follow().catch(() => {});
      }
      const told = this.teller.tells;
      await this.#leases.turn((this.#behind ?? MOST_BEHIND) < MOST_BEHIND ? [TELLING] : []);
      this.teller.heard();
      await this.#commands.mend(reached);
      const { tells } = this.teller;
      if (tells !== told)
        log("info", tells ? "This core tells of alerts, for all" : "Another core tells of alerts now");
    } catch (error) {
      log("debug", "The lease could not be looked after", { reason: String(error) });
    }
  }

  /** In the middle of the next tick; soon, when one has yet to be said. */
  #untilBeat(now: Instant): Millis {
    const isSaid = this.#said === null || this.#said >= Math.floor(now / TICK);
    return isSaid ? TICK + TICK / 2 - (now % TICK) : SECOND;
  }

  async #untilEnd(work: () => Promise<void>): Promise<void> {
    const { clock, log } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await work();
      } catch (error) {
        if (signal.aborted) return;
        log("warn", `The stream cannot be read: ${(error as Error).message}`);
      }
      await clock.sleep(AGAIN, signal);
    }
  }

  /** Reads on from where it was, or from where an earlier run was. */
  async #read(reached: Reached): Promise<void> {
    const { log } = this.#options;
    await layFoundation(reached, log);
    const { created, state } = await reached.manager.streams.info(STREAM);
    await this.#commands.open(reached);
    if (this.#sequence !== null) return await this.#follow(reached, this.#sequence + 1, this.#sequence);
    const position = this.#positions.open(new Date(created).toISOString(), state.last_seq);
    const from = position?.warm ?? state.first_seq;
    if (position && state.first_seq > position.sequence + 1) {
      log("warn", "This core was away for longer than the stream remembers: its history has a gap", {
        since: new Date(position.tick).toISOString(),
      });
      this.#options.missed();
    }
    if (!position)
      await this.#commands.applyBefore(state.messages === 0 ? Infinity : Date.parse(state.first_ts), reached);
    await this.#recall(reached, from);
    await this.#follow(reached, Math.max(from, 1), position?.sequence ?? 0);
  }

  /** Takes in again what the picture was made of before `from`: the last that was said of everything. */
  async #recall({ stream }: Reached, from: number): Promise<void> {
    for (const subject of PICTURE_SUBJECTS) {
      const consumer = await stream.consumers.get(STREAM, {
        filter_subjects: subject,
        deliver_policy: DeliverPolicy.LastPerSubject,
      });
      const { num_pending: left } = await consumer.info();
      if (left === 0) continue;
      const messages = await consumer.consume();
      await this.#each(messages, message => {
        const more = message.info.pending > 0;
        if (message.seq >= from) return more;
        const read = toRead(message);
        if (isReport(read.subject)) return this.#commands.apply(read.body, read.stored).then(() => more);
        this.#entries.recall(read);
        return more;
      });
    }
  }

  async #follow(reached: Reached, from: number, kept: number): Promise<void> {
    const { stream } = reached;
    const consumer = await stream.consumers.get(STREAM, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: from,
    });
    const messages = await consumer.consume();
    await this.#each(messages, message => {
      const { seq } = message;
      const read = toRead(message);
      if (message.subject === APPLY_SUBJECT) return this.#applyCommands(message, reached);
      this.#sequence = seq;
      this.#behind = message.info.pending;
      if (isReport(read.subject)) return this.#commands.apply(read.body, read.stored).then(() => true);
      if (read.subject === DEED_SUBJECT)
        return seq <= kept || this.#commands.apply(read.body, read.stored).then(() => true);
      this.#entries.apply(read, seq <= kept ? null : () => this.#positions.keep(seq, read.stored));
      return true;
    });
  }

  /** NOTE: what follows waits, so that all cores judge it by the same rules. */
  async #applyCommands(message: JsMsg, reached: Reached): Promise<boolean> {
    const last = Number(message.string());
    if (Number.isSafeInteger(last)) await this.#commands.applyTo(last, reached);
    this.#sequence = message.seq;
    this.#behind = message.info.pending;
    return true;
  }

  /** Until `take` answers false, or this core ends. */
  async #each(messages: ConsumerMessages, take: (message: JsMsg) => boolean | Promise<boolean>): Promise<void> {
    const { clock } = this.#options;
    this.#messages = messages;
    let since = clock.now();
    for await (const message of messages) {
      this.#fedAt = clock.now();
      if (this.#stop.signal.aborted) break;
      const going = take(message);
      if (going === false || (going !== true && !(await going))) break;
      if (this.#fedAt - since < SLICE) continue;
      await new Promise(resolve => setImmediate(resolve));
      since = clock.now();
    }
    messages.stop();
  }
}

function toRead(message: JsMsg): Read {
  const sent = Number(message.headers?.get(SENT) || Number.NaN);
  return {
    subject: message.subject,
    sequence: message.seq,
    body: message.data,
    stored: Math.floor(message.info.timestampNanos / 1_000_000),
    sent: Number.isFinite(sent) ? sent : null,
  };
}
