import type { Clock } from "../kit/clock.ts";
import { every } from "../kit/every.ts";
import type { Log } from "../kit/log.ts";
import { HOUR, type Instant, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { ArchivePosition, ArchiveSettings, ArchiveStatus } from "../model/archive.ts";
import { archiveName } from "./archive-names.ts";
import { type SentSeries, toWriteRequest } from "./remote-write.ts";
import { snappy } from "./snappy.ts";
import { ArchiveFailure, sendTo } from "./store-client.ts";

/** What one series was, tick by tick. */
export interface Run {
  kind: string;
  resource: string;
  metric: string;
  samples: readonly { at: Instant; value: number }[];
}

/** What is sent: the history that is kept here, which is also what waits while the store cannot be reached. */
export interface Kept {
  /** Between two samples. */
  readonly tick: Millis;
  /** Until when something was kept last; null: nothing ever was. */
  readonly keptUntil: Instant | null;
  /** From when on samples are kept; null: none are. */
  readonly samplesFrom: Instant | null;
  /** What all series were, one after the other, always in the same order. */
  samples(from: Instant, to: Instant): IteratorObject<Run>;
  /** What came late with the ticks from `from` until `to`, of times of which there is nothing else. */
  late(from: Instant, to: Instant): IteratorObject<Run>;
}

/** Where it is kept how far the store is: by its address, so that another one begins anew. */
export interface Positions {
  /** Rejects when nobody knows. */
  read(url: string): Promise<ArchivePosition | null>;
  /** Rejects when another Pulse has sent meanwhile, or it cannot be kept. */
  write(url: string, position: ArchivePosition): Promise<void>;
}

export interface ArchiveOptions {
  settings: () => ArchiveSettings | null;
  history: Kept;
  positions: Positions;
  /** Whether it is this Pulse that sends; others of a cluster keep still. */
  isSender: () => boolean;
  clock: Clock;
  log: Log;
}

/** How often it is looked whether there is enough to be sent, how much that is, and how much is sent before it is noted. */
const TURN: Millis = 5 * SECOND;
const ENOUGH: Millis = 30 * SECOND;
const WINDOW: Millis = 30 * MINUTE;
/** What comes late may be said again, otherwise, by what comes with the next ticks: it is sent when they are over. */
const SETTLED: Millis = MINUTE;
/** Where nothing came late for so long, it is noted. */
const LONG: Millis = 12 * WINDOW;
/** So many samples, or series, make a request; after each, others have their turn, for as long as it took to make. */
const MOST_SAMPLES = 10_000;
const MOST_SERIES = 500;
/** What failed is tried again after that, and after the double of it each time, up to the most. */
const FIRST_REST: Millis = 5 * SECOND;
const LONGEST_REST: Millis = 5 * MINUTE;
/** A position that is further ahead than that belongs to a clock that was wrong. */
const AHEAD: Millis = HOUR;

/**
 * Sends every sample that is kept here to a store that keeps it for years, by remote write. What has been taken is noted after each window,
 * so whoever goes on, after a crash or in the place of another Pulse, sends at the most one window again, and that one as it was.
 */
export class Archive implements AsyncDisposable {
  readonly #options: ArchiveOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #url: string | null = null;
  #until: Instant | null = null;
  #restUntil: Instant = 0;
  #rest: Millis = FIRST_REST;
  #counts = { sent: 0, rejected: 0, missing: 0 };
  #failure: ArchiveStatus["failure"] = null;

  constructor(options: ArchiveOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = every(TURN, at => this.#turn(at), this.#options.clock, this.#stop.signal);
  }

  get state(): Pick<ArchiveStatus, "isSender" | "until" | "sent" | "rejected" | "missing" | "failure"> {
    return { isSender: this.#options.isSender(), until: this.#until, ...this.#counts, failure: this.#failure };
  }

  /** What was entered anew is tried at once. */
  tryAgain(): void {
    this.#restUntil = 0;
    this.#rest = FIRST_REST;
    this.#failure = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #turn(at: Instant): Promise<void> {
    const { settings, isSender, log } = this.#options;
    const to = settings();
    if (to?.url !== this.#url) {
      this.#url = to?.url ?? null;
      this.#until = null;
      this.tryAgain();
    }
    if (!to || !isSender() || at < this.#restUntil) return;
    try {
      while (!this.#stop.signal.aborted && isSender() && (await this.#sendWindow(to)));
      await this.#sendLate(to);
      if (this.#failure) log("info", "The archive takes samples again");
      this.#failure = null;
      this.#rest = FIRST_REST;
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#fail(error as Error, at);
    }
  }

  #fail(error: Error, at: Instant): void {
    const rest = (error instanceof ArchiveFailure ? error.rest : null) ?? this.#rest;
    this.#restUntil = at + rest;
    this.#rest = Math.min(2 * this.#rest, LONGEST_REST);
    if (this.#failure?.message !== error.message)
      this.#options.log("warn", `Nothing can be sent to the archive: ${error.message}`);
    this.#failure = { at, message: error.message };
  }

  /** Sends what is next and notes it; false: there is not enough yet. */
  async #sendWindow(to: ArchiveSettings): Promise<boolean> {
    const { history, positions, log } = this.#options;
    const now = history.keptUntil;
    const oldest = history.samplesFrom;
    if (now === null || oldest === null) return false;
    const known = await positions.read(to.url);
    const position = known && known.done <= now + AHEAD ? known : { ...known, done: known ? now : oldest, upto: null };
    this.#until = known && position.done;
    const done = Math.max(position.done, oldest);
    if (done > position.done) {
      this.#counts.missing += done - position.done;
      log("warn", "The archive was away for longer than samples are kept here: some are missing there", {
        from: new Date(position.done).toISOString(),
        to: new Date(done).toISOString(),
      });
    }
    const upto = position.upto !== null && position.upto > done ? position.upto : Math.min(done + WINDOW, now);
    if (position.upto === null && upto - done < ENOUGH) return false;
    // A position without it is of an older version, which did not know of what comes late.
    const { late = known ? now : oldest } = position;
    await positions.write(to.url, { done, upto, late });
    await this.#sendAll(to, this.#requests(done, upto));
    await positions.write(to.url, { done: upto, upto: null, late });
    this.#until = upto;
    return now - upto >= ENOUGH;
  }

  /** Sends what has come late since it was last sent, a window after another, and notes it. What is under way in between comes first. */
  async #sendLate(to: ArchiveSettings): Promise<void> {
    const { history, positions, isSender } = this.#options;
    const known = await positions.read(to.url);
    const upto = (history.keptUntil ?? 0) - SETTLED;
    if (known?.late === undefined || known.upto !== null) return;
    let noted = known.late;
    for (let from = noted; from < upto && isSender() && !this.#stop.signal.aborted; from += WINDOW) {
      const until = Math.min(from + WINDOW, upto);
      const isAny = await this.#sendAll(to, inRequests(lateRuns(history, from, until)));
      // Where nothing came late for long, that is noted as well, so that it is not looked through again and again.
      if (!isAny && until - noted < LONG) continue;
      await positions.write(to.url, { ...known, late: until });
      noted = until;
    }
  }

  /** Whether there was anything. What a store is sent that was named late takes minutes to make: no more than half of the time is spent on that. */
  async #sendAll(to: ArchiveSettings, requests: Iterable<readonly SentSeries[]>): Promise<boolean> {
    const { clock } = this.#options;
    const time = () => clock.steady?.() ?? clock.now();
    let isAny = false;
    let began = time();
    for (const series of requests) {
      isAny = true;
      const body = snappy(toWriteRequest(series));
      const took = time() - began;
      await this.#send(to, body, series);
      if (took > 0) await clock.sleep(took, this.#stop.signal);
      began = time();
    }
    return isAny;
  }

  async #send(to: ArchiveSettings, body: Uint8Array, series: readonly SentSeries[]): Promise<void> {
    const count = series.reduce((sum, { samples }) => sum + samples.filter(({ value }) => value !== null).length, 0);
    try {
      await sendTo(to, body, this.#stop.signal);
      this.#counts.sent += count;
    } catch (error) {
      if (!(error instanceof ArchiveFailure) || !error.refused) throw error;
      // Sent again it would be refused again: what comes after it must not wait for ever.
      this.#counts.rejected += count;
      this.#options.log("warn", `The archive refuses samples: ${error.message}`, { samples: count });
    }
    await new Promise(resolve => setImmediate(resolve));
  }

  /** The same window of the same history gives the same requests. */
  #requests(from: Instant, to: Instant): Generator<SentSeries[]> {
    const { history } = this.#options;
    const { tick } = history;
    const ended = history
      .samples(from - tick, to)
      .map(run => ({ ...run, samples: withEnds(run.samples, { from, to, tick }) }));
    return inRequests(ended);
  }
}

/** What came late, and behind it that nothing is known from there on, as far as that came with it. */
function lateRuns(history: Kept, from: Instant, to: Instant): IteratorObject<SentRun> {
  const ends = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, tick: history.tick };
  return history.late(from, to).map(run => ({ ...run, samples: withEnds(run.samples, ends) }));
}

type SentRun = Omit<Run, "samples"> & Pick<SentSeries, "samples">;

function* inRequests(runs: Iterable<SentRun>): Generator<SentSeries[]> {
  let request: SentSeries[] = [];
  let count = 0;
  for (const { kind, resource, metric, samples } of runs) {
    if (samples.length === 0) continue;
    request.push({ labels: { __name__: archiveName(kind, metric), id: resource }, samples });
    count += samples.length;
    if (count < MOST_SAMPLES && request.length < MOST_SERIES) continue;
    yield request;
    request = [];
    count = 0;
  }
  if (request.length > 0) yield request;
}

/**
 * The samples from `from` on, and behind each whose next one is missing that nothing is known from there on: just before that one's time, in which it may
 * yet come. `samples`: from a tick before.
 */
export function withEnds(
  samples: Run["samples"],
  { from, to, tick }: { from: Instant; to: Instant; tick: Millis },
): SentSeries["samples"] {
  const out: { at: Instant; value: number | null }[] = [];
  for (const [place, sample] of samples.entries()) {
    if (sample.at >= from) out.push(sample);
    const next = sample.at + tick;
    if (next < to && samples[place + 1]?.at !== next) out.push({ at: next - 1, value: null });
  }
  return out;
}
