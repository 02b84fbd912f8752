import type { Clock } from "../kit/clock.ts";
import { every } from "../kit/every.ts";
import type { Log } from "../kit/log.ts";
import { DAY, HOUR, type Instant, MINUTE, SECOND } from "../kit/units.ts";
import { zoneOf } from "../kit/wall-clock.ts";
import type { Alert, Transition } from "../model/alert.ts";
import type { Schedule } from "../model/alert-config.ts";
import type { ChannelHealth, Delivery, NotificationReason } from "../model/notification.ts";
import type { Database } from "../store/database.ts";
import { announceTransitions, type Desk, type Firing } from "./announce.ts";
import { attend } from "./attend.ts";
import { canaryDay, needsCanary } from "./canary.ts";
import type { Channel, ChannelBook } from "./channel-book.ts";
import { HealthBook } from "./channel-health.ts";
import { ChannelFailure, type Message, type Sent } from "./channels/channel.ts";
import { toNotGot } from "./channels/mail-failure.ts";
import { toTitle } from "./channels/wording.ts";
import type { Dispatch } from "./dispatch.ts";
import { type LogQuery, Outbox } from "./outbox.ts";
import { Refusals } from "./refusals.ts";
import { Sender } from "./sender.ts";
import type { SilenceBook } from "./silence-book.ts";
import { ToldBook } from "./told.ts";
import { whyNotTold } from "./why-not-told.ts";

/** How often it is looked for what is due, and for what nobody has taken care of. */
const SENDING = SECOND;
const ATTENDING = 10 * SECOND;
/** Quiet hours of a whole week, and the pause of a receiver. */
const LONGEST_WAIT = 8 * DAY;

export interface NotifyOptions {
  database: Database;
  book: ChannelBook;
  silences: SilenceBook;
  firing: Firing;
  config: Desk["config"];
  /** Whether other processes tell the same channels of the same; left out: none does. */
  others?: boolean;
  dispatch: Dispatch;
  clock: Clock;
  log: Log;
}

/** What came of a message that was sent at once. */
export interface Tried {
  sent: Sent | null;
  failure: ChannelFailure | null;
}

/** Tells people of alerts. What is queued is on the disk with what it is about, and goes out whatever happens to Pulse in between. */
export class Notify implements AsyncDisposable {
  readonly outbox: Outbox;
  readonly #options: NotifyOptions;
  readonly #desk: Desk;
  readonly #health: HealthBook;
  readonly #refusals: Refusals;
  readonly #sender: Sender;
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #isRecovered = false;
  #tickedAt: Instant = 0;
  #canaryDay: number | null = null;
  /** By which what is held back was held back. */
  #schedule: Schedule | null = null;

  constructor(options: NotifyOptions) {
    const { database, book, silences, firing, config, dispatch, clock, log, others = false } = options;
    this.#options = options;
    this.outbox = new Outbox(database);
    this.#desk = { book, silences, firing, config, others, outbox: this.outbox, told: new ToldBook(database) };
    this.#health = new HealthBook(database, log);
    this.#refusals = new Refusals(clock, log);
    this.#sender = new Sender({
      ...{ database, dispatch, clock, log },
      ...{ desk: this.#desk, health: this.#health, refusals: this.#refusals },
    });
  }

  /** Queues what the transitions are a reason for. NOTE: within the transaction that keeps them, so that a crash keeps both or neither. */
  enqueue(transitions: readonly Transition[], at: Instant): void {
    if (transitions.length > 0) announceTransitions(this.#desk, transitions, at);
  }

  /** Begins to send: once, when the alerts of the last run are known again. */
  start(): void {
    const { clock, database } = this.#options;
    const { signal } = this.#stop;
    const survive = (work: () => void) => void this.#refusals.survive(work);
    this.#running = Promise.all([
      every(SENDING, at => survive(() => this.#tick(at)), clock, signal),
      every(ATTENDING, at => survive(() => attend(database, this.#desk, at)), clock, signal),
      every(10 * MINUTE, at => this.#sendCanaries(at), clock, signal),
      every(HOUR, at => survive(() => this.#prune(at)), clock, signal),
    ]);
  }

  #tick(at: Instant): void {
    if (!this.#isRecovered) {
      this.outbox.cap(at, LONGEST_WAIT);
      this.#sender.recover(at);
    }
    this.#isRecovered = true;
    const back = this.#tickedAt - at;
    if (back > MINUTE) {
      this.outbox.turnBack(at, back);
      this.#sender.resume();
    }
    this.#tickedAt = at;
    const { schedule } = this.#options.config();
    if (schedule !== this.#schedule) this.outbox.release(at);
    this.#schedule = schedule;
    this.#sender.tick(at);
  }

  /** Silences have changed: what is held back is looked at anew. */
  reconsider(): void {
    this.outbox.release(this.#options.clock.now());
  }

  /** Somebody has changed the channel. */
  channelChanged(id: string): void {
    this.#health.forgive(id);
  }

  /** What waits for a channel that is gone goes nowhere. */
  channelRemoved(id: string): void {
    this.#options.database.transaction(() => this.#sender.forget(id));
  }

  health(): ChannelHealth[] {
    return this.#health.list(this.#options.book.channels, this.outbox.waiting());
  }

  /** The same with how many each channel took since the start. */
  figures(): (ChannelHealth & { delivered: number; failed: number })[] {
    return this.health().map(health => ({ ...health, ...this.#health.counts(health.channel) }));
  }

  log(query: LogQuery): Delivery[] {
    return this.outbox.log(query);
  }

  /** Sends a dead letter again; false: there is none of that id. */
  retry(id: number): boolean {
    return this.outbox.revive(id, this.#options.clock.now());
  }

  /** Sends a message now, past the outbox, and keeps what came of it in the log. */
  async try(channel: Channel, message: Message): Promise<Tried> {
    const { clock, dispatch, database } = this.#options;
    const at = clock.now();
    const tried = await dispatch(channel, message).then(
      (sent): Tried => ({ sent, failure: null }),
      (error: unknown): Tried => {
        if (error instanceof ChannelFailure) return { sent: null, failure: error };
        throw error;
      },
    );
    const { sent, failure } = tried;
    if (failure?.fault === "elsewhere") return tried;
    const notGot = toNotGot(sent?.missed);
    const isKept = this.#options.book.channels.some(({ id }) => id === channel.id);
    const write = () => {
      this.outbox.record(
        { channel: channel.id, name: channel.name, service: channel.service, address: channel.address },
        {
          ...{ reason: message.reason, title: toTitle(message), at },
          ...{ code: sent?.statusCode ?? failure?.statusCode ?? null, error: failure?.message ?? notGot },
          size: sent ? Buffer.byteLength(sent.payload) : null,
        },
      );
      if (!isKept) return;
      const named = { channel: channel.id, name: channel.name };
      if (failure) this.#health.failed(named, at, failure.message);
      else if (this.#health.delivered(named, at, notGot)) this.outbox.hurry(channel.id, at);
    };
    if (!this.#stop.signal.aborted) this.#refusals.survive(() => database.transaction(write));
    return tried;
  }

  /** A message about alerts that are none, for tests and signs of life. */
  blank(reason: NotificationReason, alerts: readonly Alert[]): Message {
    const { clock, book, config } = this.#options;
    const at = clock.now();
    const dedupKey = `pulse-${reason}-${at.toString(36)}`;
    const timezone = zoneOf(config().schedule.quietHours.timezone);
    return {
      reason,
      alerts,
      at,
      dedupKey,
      publicUrl: book.general.publicUrl || null,
      timezone,
      language: book.general.language,
      duplicatePossible: false,
      queued: at,
      unheard: [],
    };
  }

  /** Why nobody is told of an alert, or not everybody; a sentence each. */
  whyNotTold(alert: Alert, now: Instant): string[] {
    return whyNotTold(this.#desk, alert, now);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#sender.stop();
  }

  #sendCanaries(at: Instant): void {
    const { book, config } = this.#options;
    const { canary } = book.general;
    const day = canaryDay(canary, config().schedule.quietHours.timezone, at);
    const isFirst = this.#canaryDay === null;
    if (day === this.#canaryDay) return;
    this.#canaryDay = day;
    // A start is no sign that a day has passed.
    if (isFirst || !canary.enabled) return;
    const silent = book.channels.filter(channel => needsCanary(channel, this.#health.of(channel.id), at));
    // Nobody waits for them, least of all the end of the server.
    for (const channel of silent) void this.try(channel, this.blank("canary", []));
  }

  #prune(at: Instant): void {
    const { database, silences, firing } = this.#options;
    database.transaction(() => {
      this.outbox.prune(at);
      this.#desk.told.forget(at - 31 * DAY, firing);
    }, "lazy");
    silences.prune(at);
  }
}
