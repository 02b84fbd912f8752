import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { HOUR, type Instant, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import { clockText, zoneOf } from "../kit/wall-clock.ts";
import type { Database } from "../store/database.ts";
import { type Desk, factsFor } from "./announce.ts";
import type { Channel } from "./channel-book.ts";
import type { HealthBook } from "./channel-health.ts";
import { ChannelFailure, type Message, type Missed, type Sent } from "./channels/channel.ts";
import { mailboxOf, toNotGot } from "./channels/mail-failure.ts";
import { toTitle } from "./channels/wording.ts";
import type { Dispatch } from "./dispatch.ts";
import { judge, knows, UNTOLD, type Verdict } from "./judge.ts";
import type { Entry } from "./outbox.ts";
import type { Refusals } from "./refusals.ts";

/** Before each further try; with the first, eight tries in six hours. After the last a message is a dead letter. */
const WAITS: readonly Millis[] = [30 * SECOND, ...[2, 5, 15, 40, 100, 200].map(minutes => minutes * MINUTE)];
/** A receiver that keeps saying "later" is believed for so long. */
const BUSY_FOR = 24 * HOUR;
/** No longer than this, whatever a receiver says. */
const LONGEST_PAUSE = 6 * HOUR;
/** A receiver that says so for a day must not be asked without a pause all the while. */
const SHORTEST_PAUSE = 10 * SECOND;
/** A send that has not ended by then is given up, and tried again as any other. */
const DEADLINE = 90 * SECOND;
/** When Pulse ends, what is being sent gets so long. */
const LAST_WORDS = 5 * SECOND;

export interface SenderOptions {
  database: Database;
  desk: Desk;
  health: HealthBook;
  dispatch: Dispatch;
  refusals: Refusals;
  clock: Clock;
  log: Log;
}

/** Sends what is due: one message at a time for each channel, so that none waits for another. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #busy = new Map<string, Promise<void>>();
  /** Until when a receiver wants to be left alone. */
  readonly #paused = new Map<string, Instant>();
  #stopped = false;
  #closed = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** What was being sent when Pulse ended is sent again, and says so; it may have come. */
  recover(now: Instant): void {
    const { database, desk } = this.#options;
    const interrupted = desk.outbox.interrupted();
    if (interrupted.length === 0) return;
    database.transaction(() => {
      for (const entry of interrupted) {
        desk.outbox.again(entry.id, now, { failures: entry.failures, duplicate: true });
        this.#perhapsTold(entry, now);
      }
    });
  }

  /** So that the end is told, too, to who may have heard of the beginning. */
  #perhapsTold({ channel, reason, dedup, alerts, recipients }: Entry, at: Instant): void {
    const { told, firing } = this.#options.desk;
    // The others have been told.
    if (recipients) return;
    for (const { id } of reason === "resolved" ? [] : alerts) {
      const known = told.of(channel, id);
      if (!known || known.over !== null)
        told.told(channel, { id, level: firing.find(id)?.level ?? "warning" }, dedup, at, false);
    }
  }

  /** Starts what is due and not under way. */
  tick(now: Instant): void {
    for (const channel of this.#options.desk.outbox.due(now)) {
      if (this.#busy.has(channel) || (this.#paused.get(channel) ?? 0) > now) continue;
      const work = this.#drain(channel).finally(() => this.#busy.delete(channel));
      this.#busy.set(channel, work);
    }
  }

  /** No receiver is left alone any more: the clock was set back, and nobody knows until when that was. */
  resume(): void {
    this.#paused.clear();
  }

  /** Resolves once nothing is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#busy.values());
  }

  /** A channel is gone: what waits for it goes nowhere. Within the caller's transaction. */
  forget(channel: string): void {
    const { desk, health } = this.#options;
    desk.outbox.abandon(channel, "The channel is gone");
    desk.told.forgetChannel(channel);
    health.forget(channel);
  }

  /** Begins nothing new; waits a little for what is under way. Whatever ends later was interrupted, and is not written any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const waited = new AbortController();
    await Promise.race([this.idle(), this.#options.clock.sleep(LAST_WORDS, waited.signal)]);
    waited.abort();
    this.#closed = true;
  }

  async #drain(channel: string): Promise<void> {
    const { desk, clock } = this.#options;
    for (;;) {
      const now = clock.now();
      if (this.#stopped || (this.#paused.get(channel) ?? 0) > now) return;
      const entry = desk.outbox.next(channel, now);
      if (!entry || !(await this.#deliver(entry, now))) return;
    }
  }

  /** false: the database refuses to say that it is being sent, so it is not. */
  async #deliver(entry: Entry, now: Instant): Promise<boolean> {
    const { database, clock, refusals } = this.#options;
    const ready: { channel: Channel; message: Message }[] = [];
    const prepare = () => void ready.push(...database.transaction(() => this.#prepare(entry, now)));
    if (!refusals.survive(prepare)) return false;
    for (const { channel, message } of ready) {
      const outcome = await this.#send(channel, message);
      const at = clock.now();
      const write = () =>
        outcome instanceof ChannelFailure
          ? this.#failed(entry, outcome, at)
          : this.#delivered(entry, message, outcome, at);
      await refusals.insist(
        () => database.transaction(write),
        () => this.#closed,
      );
    }
    return true;
  }

  async #send(channel: Channel, message: Message): Promise<Sent | ChannelFailure> {
    const { dispatch, clock, log } = this.#options;
    const waited = new AbortController();
    const sent = dispatch(channel, message).catch((error: unknown) => {
      if (error instanceof ChannelFailure) return error;
      log("error", "A channel broke while sending", { channel: channel.id, error: String((error as Error).stack) });
      return new ChannelFailure("failed", "It broke while sending", { cause: error });
    });
    const given = clock
      .sleep(DEADLINE, waited.signal)
      .then(() => new ChannelFailure("unreachable", `No answer within ${DEADLINE / SECOND} s`, { perhaps: true }));
    const outcome = await Promise.race([sent, given]);
    waited.abort();
    return outcome;
  }

  /** Marks it as being sent; none: there is nothing to be sent now. What may not go yet waits apart, what may not go at all is dropped. */
  #prepare(entry: Entry, now: Instant): { channel: Channel; message: Message }[] {
    const { desk } = this.#options;
    const { outbox } = desk;
    const channel = desk.book.channels.find(({ id }) => id === entry.channel);
    if (!channel?.enabled) {
      outbox.finish(entry.id, "cancelled", { error: channel ? "The channel is switched off" : "The channel is gone" });
      return [];
    }
    if (!isOwedStill(channel, entry.recipients)) {
      outbox.finish(entry.id, "cancelled", { error: "Who was still to get it gets no more mails of the channel" });
      return [];
    }
    const pace = this.#paceOf(entry, now);
    const asked = { owed: entry.recipients !== null, isLeft: entry.isLeft };
    const judged = entry.alerts.map(({ id, past }) => {
      const present = desk.firing.find(id);
      const facts = factsFor(desk, channel, desk.told.of(channel.id, id), now, asked);
      const verdict = judge(entry.reason, { present, past }, facts);
      return { id, alert: past ?? present, present, verdict: verdict.kind === "tell" ? (pace ?? verdict) : verdict };
    });
    const rest = this.#sortOut(entry, judged, now);
    const alerts = judged
      .flatMap(({ alert, verdict }) => (verdict.kind === "tell" && alert ? [alert] : []))
      .sort((a, b) => worth(b.level) - worth(a.level) || Date.parse(a.startTime) - Date.parse(b.startTime));
    if (rest.alerts.length === 0 || alerts.length === 0) return [];
    const message: Message = {
      reason: entry.reason,
      alerts,
      at: entry.reason === "resolved" ? entry.queued : now,
      dedupKey: this.#dedupOf(
        entry,
        alerts.map(({ id }) => id),
      ),
      publicUrl: desk.book.general.publicUrl || null,
      timezone: zoneOf(desk.config().schedule.quietHours.timezone),
      language: desk.book.general.language,
      duplicatePossible: entry.duplicate,
      queued: entry.queued,
      unheard: alerts.flatMap(({ id }) => (knows(desk.told.of(channel.id, id)) ? [] : [id])),
      ...(entry.recipients && { recipients: entry.recipients }),
    };
    outbox.sending(entry.id, now, toTitle(message));
    return [{ channel, message }];
  }

  /** Drops and holds what is not told now; what is left of the entry. */
  #sortOut(
    entry: Entry,
    judged: readonly { id: string; present: object | null; verdict: Verdict }[],
    now: Instant,
  ): Entry {
    const { outbox, told } = this.#options.desk;
    let rest = entry;
    const without = (ids: readonly string[]) => ({
      ...rest,
      alerts: rest.alerts.filter(({ id }) => !ids.includes(id)),
    });
    for (const kind of ["drop", "hold"] as const) {
      const reasons = Map.groupBy(
        judged.filter(({ verdict }) => verdict.kind === kind),
        ({ verdict }) => JSON.stringify(verdict),
      );
      for (const group of reasons.values()) {
        const verdict = group[0]?.verdict;
        const ids = group.map(({ id }) => id);
        if (verdict?.kind === "drop") outbox.drop(entry.id, ids, verdict.why);
        else if (verdict?.kind === "hold") outbox.hold(rest, ids, verdict.until, verdict.why);
        rest = without(ids);
      }
    }
    if (entry.reason === "resolved")
      for (const { id, present, verdict } of judged)
        if (verdict.kind === "drop" && !present) told.over(entry.channel, id, now);
    return rest;
  }

  /** Too many an hour are gathered: those that come on top wait together until there is room. */
  #paceOf({ channel, reason, recipients }: Entry, now: Instant): Verdict | null {
    const { outbox, config } = this.#options.desk;
    const { maxAlertsHour: most, quietHours } = config().schedule;
    if (most === 0 || reason === "escalation" || recipients) return null;
    const oldest = outbox.pace(channel, now - HOUR, now)[most - 1];
    if (oldest === undefined) return null;
    const until = oldest + HOUR;
    const text = clockText(until, zoneOf(quietHours.timezone), now);
    return { kind: "hold", until, why: `More than ${most} notifications an hour: gathered until ${text}` };
  }

  /** A receiver closes what it knows under the key: only when all of it is over does the end come under the same. */
  #dedupOf({ channel, reason, dedup }: Entry, alerts: readonly string[]): string {
    const isPart = reason === "resolved" && this.#options.desk.told.openUnder(channel, dedup, alerts) > 0;
    return isPart ? `${dedup}-part` : dedup;
  }

  #delivered(entry: Entry, message: Message, sent: Sent, at: Instant): void {
    const { statusCode, payload, untold = [], missed = [] } = sent;
    const { desk, health } = this.#options;
    const { outbox, told } = desk;
    if (untold.length > 0) outbox.drop(entry.id, untold, UNTOLD);
    if (untold.length === message.alerts.length) return;
    const had = message.alerts.map(({ id }) => id);
    if (entry.recipients === null && entry.reason !== "resolved")
      outbox.settle(entry.channel, had, `It was told anew with number ${entry.id}`);
    const error = toNotGot(missed);
    const rest = this.#oweRest(entry, missed, error, at);
    const note = error !== null && rest !== null ? `${error}. Told to whom that is for now with number ${rest}` : error;
    outbox.finish(entry.id, "delivered", { at, code: statusCode, error: note, size: Buffer.byteLength(payload) });
    if (entry.recipients === null) {
      for (const alert of message.alerts) {
        if (entry.reason === "resolved") told.over(entry.channel, alert.id, at);
        else if (entry.reason !== "reminder") told.told(entry.channel, alert, entry.dedup, at);
      }
    }
    if (health.delivered(entry, at, error)) outbox.hurry(entry.channel, at);
  }

  /** Those that a mail was refused for only for now are to get it yet, as a notification of its own; its number, null: there are none. */
  #oweRest(entry: Entry, missed: readonly Missed[], error: string | null, at: Instant): number | null {
    const { desk, health } = this.#options;
    const recipients = missed.filter(({ later }) => later).map(({ address }) => address);
    if (recipients.length === 0) return null;
    const failures = entry.failures + 1;
    const wait = WAITS[failures - 1];
    const id = desk.outbox.owe(entry, recipients, at + (wait ?? 0), { failures, error });
    if (wait !== undefined) return id;
    desk.outbox.finish(id, "failed", { error });
    health.gaveUp(entry.channel);
    return id;
  }

  #failed(entry: Entry, failure: ChannelFailure, at: Instant): void {
    const { desk, health } = this.#options;
    const { outbox } = desk;
    const { fault, message, statusCode: code, retryAfter, perhaps } = failure;
    if (fault === "elsewhere")
      return void outbox.again(entry.id, at + (retryAfter ?? SECOND), { failures: entry.failures, error: message });
    health.failed(entry, at, message);
    if (perhaps) this.#perhapsTold(entry, at);
    // What may have come twice by now is not sent a third time.
    const isFinal =
      fault === "refused" || fault === "forbidden" || fault === "gone" || (fault === "unsure" && entry.duplicate);
    // "At once", or a date that has passed, is no time to wait: it counts as any other failure.
    const isAskedToWait = fault === "busy" && retryAfter !== null && retryAfter > 0 && at - entry.queued < BUSY_FOR;
    const failures = entry.failures + (isAskedToWait ? 0 : 1);
    const wait = isAskedToWait ? Math.min(Math.max(retryAfter, SHORTEST_PAUSE), LONGEST_PAUSE) : WAITS[failures - 1];
    if (isFinal || wait === undefined) {
      outbox.finish(entry.id, "failed", { code, error: message, duplicate: perhaps });
      health.gaveUp(entry.channel);
    } else outbox.again(entry.id, at + wait, { failures, error: message, code, duplicate: perhaps });
    if (isAskedToWait && wait !== undefined) this.#paused.set(entry.channel, at + wait);
    if (fault === "gone" && entry.channel.startsWith("push:")) {
      desk.book.unsubscribe(entry.channel.slice("push:".length));
      this.forget(entry.channel);
    }
  }
}

/** Whether any of them gets mails of the channel still. */
function isOwedStill(channel: Channel, recipients: readonly string[] | null): boolean {
  if (recipients === null || channel.kind !== "email") return true;
  return channel.settings.to.some(one => recipients.includes(mailboxOf(one)));
}

function worth(level: string): number {
  return level === "critical" ? 1 : 0;
}
