import { type ConsumerMessages, DeliverPolicy, type JsMsg } from "@nats-io/jetstream";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { HOUR, type Instant, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { Database } from "../store/database.ts";
import type { Commands } from "./commands.ts";
import { MOST_OVERDUE } from "./due-ticks.ts";
import { type Entries, type Read, TICK } from "./entries.ts";
import { sentIn } from "./entry.ts";
import { LEASE_LIFE } from "./foundation.ts";
import type { Handover } from "./handover.ts";
import type { Reached } from "./line.ts";
import { APPLY_SUBJECT, DEED_SUBJECT, isReport, PICTURE_SUBJECTS, STREAM, TICK_SUBJECT } from "./names.ts";
import type { NatsClock } from "./nats-clock.ts";
import { type Position, type PositionBook, WARM } from "./position.ts";
import { type Place, placeIn, type StreamNow, streamNow } from "./stream-now.ts";

export interface StreamReaderOptions {
  database: Database;
  entries: Entries;
  commands: Commands;
  positions: PositionBook;
  handover: Handover;
  natsClock: NatsClock;
  /** Something has come that NATS had stored just before. */
  answers: () => void;
  /** How often the line was lost and is back. */
  comebacks: () => number;
  /** Shows what has not been seen for too long as that. */
  age: (at: Instant) => void;
  /** NATS has lost what it had stored, or the end of it, after `kept`; null: nothing is kept. */
  lost: (kept: Position | null) => void;
  /** This core was away for longer than the stream remembers. */
  missed: () => void;
  /** Closes this core and opens another one on what was fetched meanwhile. */
  reopen: () => void;
  clock: Clock;
  log: Log;
}

/** Entries are applied for so long at once; then others have their turn. */
const SLICE: Millis = 20;
/** Whoever has read nothing for so long while there is something waits for what does not come any more. */
const STUCK: Millis = 10 * SECOND;
/** A memory that could not be fetched, for want of the key or of room on the disk, is not asked for again before. */
const PAUSE: Millis = MINUTE;
/** A core that has more to read has not caught up. */
const MOST_BEHIND = 1000;
/** What is older than that is known to all that is to be known of it. */
const UNTOLD: Millis = (MOST_OVERDUE + 1) * TICK;
/** When nothing has come for so long, what is shown grows old by this machine's clock. */
const SILENCE: Millis = 1.5 * TICK;

/**
 * How a core reads the stream: from what it has kept, in order, for as long as it is the same stream. After a start, and whenever others may have
 * read something else than it did, it begins with what the picture is made of, and with what it has kept.
 */
export class StreamReader implements Disposable {
  readonly #options: StreamReaderOptions;
  readonly #stop = new AbortController();
  #messages: ConsumerMessages | null = null;
  /** Of the last entry that was applied; null: none was yet. */
  #sequence: number | null = null;
  /** When that was stored. */
  #storedAt: Instant = 0;
  /** When the stream was made that is read; of how many comebacks of the line that is known. */
  #stream = "";
  #comebacks = 0;
  #behind: number | null = null;
  #hasReadAll = false;
  /** What the picture is made of is being read: more of it is to come. */
  #isRecalling = false;
  /** When something was last applied, and when that was last begun, by this machine's clock. */
  #fedAt: Instant = 0;
  #begunAt: Instant = 0;
  /** What is shown was aged by this machine's clock: entries that come next may be of before that. */
  #isAged = false;
  /** It has begun anew, and has not come to what it knew yet: what stops it meanwhile lets it begin once more. */
  #isWarming = false;
  /** Whose memory is to take the place of this one's; null: nobody's is. */
  #heir: string | null = null;
  /** When it was last tried to fetch a memory. */
  #triedAt: Instant = 0;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
  }

  /** Of the last entry that was applied; null: none was yet. */
  get sequence(): number | null {
    return this.#sequence;
  }

  /** How many entries lie before the newest that is known; null: it has not begun to read. */
  get behind(): number | null {
    return this.#behind;
  }

  /** Whether it has read what there is, or nearly so. */
  get isCurrent(): boolean {
    return (this.#behind ?? MOST_BEHIND) < MOST_BEHIND;
  }

  /** Nothing more was to be read, at least once. */
  get hasReadAll(): boolean {
    return this.#hasReadAll;
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    this.#messages?.stop();
  }

  /** What is shown grows old while nothing comes. To be called every second or so. */
  age(now: Instant): void {
    const { entries, natsClock } = this.#options;
    const isPresent = natsClock.at(this.#fedAt) - this.#storedAt < UNTOLD;
    // NOTE: while it reads again what is kept, no tick is known yet, and nothing is shown that could be old.
    const isReadingAgain = this.#sequence !== null && !Number.isFinite(entries.tickAt);
    const at = natsClock.at(now) - UNTOLD;
    if (!isPresent || isReadingAgain || now - this.#fedAt <= SILENCE || at <= entries.tickAt) return;
    this.#isAged = true;
    this.#options.age(at);
  }

  /** Core `from` has kept what NATS has lost, and this one had not come to, so that it noticed nothing of that; null: nobody has. */
  takeOver(from: string | null): void {
    const wasTried = this.#options.clock.now() - this.#triedAt < PAUSE;
    this.#heir = wasTried ? null : from;
    if (this.#heir !== null) this.#messages?.stop();
  }

  /** To be called every few seconds: what reads on from a stream that is another one by now would wait for ever, or leave something out. */
  async look(reached: Reached): Promise<void> {
    const { clock, natsClock, log } = this.#options;
    const last = this.#place;
    const comebacks = this.#options.comebacks();
    const asked = clock.now();
    try {
      const now = await streamNow(reached);
      natsClock.hear(asked, now?.told ?? null);
      if (now && this.#isStuck(now, asked)) this.#messages?.stop();
      if (this.#sequence === null) return;
      const isSame = now?.made === last.stream && now.last >= last.sequence;
      if (isSame && comebacks === this.#comebacks) return;
      if (!now || (await placeIn(now, last, reached)) !== "as it was") this.#messages?.stop();
      this.#comebacks = comebacks;
    } catch (error) {
      log("debug", "The stream could not be looked at", { reason: String(error) });
    }
  }

  /** NOTE: after servers were started anew, a client of NATS has been seen to wait for two minutes for what lay there. */
  #isStuck({ last }: StreamNow, asked: Instant): boolean {
    const isMore = this.#isRecalling || (this.#sequence !== null && last > this.#sequence);
    return isMore && asked - Math.max(this.#fedAt, this.#begunAt) > STUCK;
  }

  get #place(): Pick<Position, "stream" | "sequence" | "tick"> {
    return { stream: this.#stream, sequence: this.#sequence ?? 0, tick: this.#storedAt };
  }

  /**
   * Reads on from where it was, or from where an earlier run was, until that cannot be gone on with: then it is to be called again. Rejects
   * when NATS does not answer.
   */
  async read(reached: Reached): Promise<void> {
    const { clock, positions, commands, entries, handover, lost, missed, reopen } = this.#options;
    const { signal } = this.#stop;
    const comebacks = this.#options.comebacks();
    const now = await streamNow(reached);
    if (!now) throw new Error("It is not there yet");
    const kept = positions.all().at(-1) ?? null;
    // NOTE: from what is kept, not from what was read last, which others may not have read, nor shown as old yet: all go on from the same.
    const isAnew = this.#sequence === null || this.#isAged || this.#isWarming;
    const last = isAnew ? kept : this.#place;
    const place = last && (await placeIn(now, last, reached));
    const from = await this.#whoIsAhead(place, now, reached);
    if (from !== null) {
      this.#triedAt = clock.now();
      await handover.fetch(reached.connection, from);
      reopen();
      while (!signal.aborted) await clock.sleep(HOUR, signal);
      return;
    }
    this.#stream = now.made;
    this.#comebacks = comebacks;
    positions.open(now.made);
    await commands.open(reached);
    const isLost = place === "another";
    if (isLost || this.#isAged || this.#isWarming) entries.startAnew();
    if (isLost) {
      lost(kept);
      positions.startAnew();
    }
    if (isLost || place === "forgotten") missed();
    if (isAnew || isLost) return await this.#followFrom(kept, place, now, reached);
    await this.#follow(
      reached,
      place === "as it was" ? { sequence: this.#place.sequence + 1 } : { after: this.#storedAt },
    );
  }

  /** Whose memory goes further than this one's; null: nobody's. */
  async #whoIsAhead(place: Place | null, now: StreamNow, { connection }: Reached): Promise<string | null> {
    const from = this.#heir;
    this.#heir = null;
    if (from !== null || place === "as it was") return from;
    const oldest = now.oldest ?? this.#options.clock.now();
    return await this.#options.handover.ahead(connection, { made: now.made, oldest, isWhole: now.first <= 1 });
  }

  /** From a little before what is kept; what it was has been left behind. */
  async #followFrom(kept: Position | null, place: Place | null, now: StreamNow, reached: Reached): Promise<void> {
    this.#isWarming = true;
    if (!kept) {
      if (this.#sequence === null)
        await this.#options.commands.applyBefore(now.oldest ?? Number.POSITIVE_INFINITY, reached);
      this.#isAged = false;
      return await this.#follow(reached, { sequence: 1 });
    }
    if (place === "another") {
      const after = kept.tick - WARM;
      await this.#recall(reached, ({ stored }) => stored <= after);
      return await this.#follow(reached, { after }, ({ stored }) => stored <= kept.tick);
    }
    if (place === "forgotten")
      this.#options.log("warn", "This core was away for longer than the stream remembers: its history has a gap", {
        since: new Date(kept.tick).toISOString(),
      });
    await this.#recall(reached, ({ sequence }) => sequence < kept.warm);
    await this.#follow(reached, { sequence: Math.max(kept.warm, 1) }, ({ sequence }) => sequence <= kept.sequence);
  }

  /** Takes in again what the picture was made of before: the last that was said of everything. */
  async #recall({ stream }: Reached, isBefore: (read: Read) => boolean): Promise<void> {
    const { commands, entries } = this.#options;
    for (const subject of PICTURE_SUBJECTS) {
      const consumer = await stream.consumers.get(STREAM, {
        filter_subjects: subject,
        deliver_policy: DeliverPolicy.LastPerSubject,
      });
      const { num_pending: left } = await consumer.info();
      if (left === 0) continue;
      const messages = await consumer.consume();
      this.#isRecalling = true;
      const isWhole = await this.#each(messages, message => {
        const more = message.info.pending > 0;
        const read = toRead(message);
        if (!isBefore(read)) return more;
        if (isReport(read.subject)) return commands.apply(read.body, read.stored).then(() => more);
        entries.recall(read);
        return more;
      }).finally(() => {
        this.#isRecalling = false;
      });
      if (!isWhole) throw new Error("What is shown was not read to its end");
    }
    this.#isAged = false;
  }

  /** `isKept`: what came of an entry is kept already. */
  async #follow(
    reached: Reached,
    from: { sequence: number } | { after: Instant },
    isKept: (read: Read) => boolean = () => false,
  ): Promise<void> {
    const { positions, commands, entries } = this.#options;
    const { stream } = reached;
    const consumer = await stream.consumers.get(
      STREAM,
      "sequence" in from
        ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: from.sequence }
        : { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(from.after + 1).toISOString() },
    );
    const messages = await consumer.consume();
    const take = (message: JsMsg): boolean | Promise<boolean> => {
      // NOTE: after a break of the line it may be another stream that goes on there.
      if (this.#isAged || this.#options.comebacks() !== this.#comebacks) return false;
      const read = toRead(message);
      this.#isWarming &&= isKept(read);
      positions.begin(read.sequence);
      if (message.subject === APPLY_SUBJECT) return this.#applyCommands(message, reached);
      this.#have(message, read.stored);
      if (isReport(read.subject)) return commands.apply(read.body, read.stored).then(() => true);
      if (read.subject === DEED_SUBJECT) return isKept(read) || commands.apply(read.body, read.stored).then(() => true);
      const keep = () =>
        positions.keep(read.sequence, read.stored, { command: commands.doneAt, judged: entries.tickAt });
      entries.apply(read, isKept(read) ? null : keep);
      return true;
    };
    // What the disk of this core refused may have room now: the tick is to be judged by it.
    await this.#each(messages, message =>
      commands.isOwing && message.subject === TICK_SUBJECT
        ? commands.applyOwed(reached).then(() => take(message))
        : take(message),
    );
  }

  #have(message: JsMsg, stored: Instant): void {
    this.#sequence = message.seq;
    this.#storedAt = stored;
    this.#behind = message.info.pending;
    if (this.#options.natsClock.at(this.#fedAt) - stored < LEASE_LIFE) this.#options.answers();
    if (this.#behind === 0) this.#hasReadAll = true;
  }

  /** NOTE: what follows waits, so that all cores judge it by the same rules. */
  async #applyCommands(message: JsMsg, reached: Reached): Promise<boolean> {
    const { database, positions, commands } = this.#options;
    const last = Number(message.string());
    if (Number.isSafeInteger(last)) await commands.applyTo(last, reached);
    database.spare(() => positions.note(commands.doneAt));
    this.#have(message, toRead(message).stored);
    return true;
  }

  /** Until `take` answers false, or this core ends, or somebody stops it. Answers whether it was `take`. */
  async #each(messages: ConsumerMessages, take: (message: JsMsg) => boolean | Promise<boolean>): Promise<boolean> {
    const { clock } = this.#options;
    let isTaken = false;
    this.#messages = messages;
    let since = clock.now();
    this.#begunAt = since;
    for await (const message of messages) {
      this.#fedAt = clock.now();
      if (this.#stop.signal.aborted) break;
      const going = take(message);
      isTaken = going === false || (going !== true && !(await going));
      if (isTaken) break;
      if (this.#fedAt - since < SLICE) continue;
      await new Promise(resolve => setImmediate(resolve));
      since = clock.now();
    }
    messages.stop();
    return isTaken;
  }
}

function toRead(message: JsMsg): Read {
  return {
    subject: message.subject,
    sequence: message.seq,
    body: message.data,
    stored: Math.floor(message.info.timestampNanos / 1_000_000),
    sent: sentIn(message.headers),
  };
}
