import type { Clock } from "../kit/clock.ts";
import { every } from "../kit/every.ts";
import type { Log } from "../kit/log.ts";
import { type Instant, MINUTE, type Millis } from "../kit/units.ts";
import { zoneOf } from "../kit/wall-clock.ts";
import type { OwnUpdate } from "../model/picture.ts";
import { type AutoUpdateSettings, isApplyDue, isLookDue, toOwnUpdate } from "./auto-update.ts";
import type { UpdateBook } from "./update-book.ts";
import { toUpdateFault } from "./update-fault.ts";
import type { Updater } from "./updater.ts";

/** One that starts again and again does not ask for releases each time. */
const SETTLED_AFTER: Millis = 5 * MINUTE;

export interface AutoUpdatesOptions {
  settings: () => AutoUpdateSettings;
  updater: Pick<Updater, "look" | "apply">;
  book: Pick<UpdateBook, "all">;
  /** Why this Pulse does not put another version in its own place; null: it does. */
  hindrance: () => string | null;
  /** The version that runs. */
  current: string;
  clock: Clock;
  log: Log;
  /** Of the machine unless told otherwise. */
  zone?: string;
}

/** Looks for newer versions by the clock, and goes over to one in the hour that was chosen, where this Pulse can. */
export class AutoUpdates implements AsyncDisposable {
  readonly #options: AutoUpdatesOptions;
  readonly #zone: string;
  readonly #startedAt: Instant;
  readonly #stop = new AbortController();
  #schedule: Promise<void> = Promise.resolve();
  #last: Instant | null = null;
  #offer: { version: string; isMajor: boolean } | null = null;

  constructor(options: AutoUpdatesOptions) {
    this.#options = options;
    this.#zone = options.zone ?? zoneOf("");
    this.#startedAt = options.clock.now();
  }

  start(): void {
    this.#schedule = every(MINUTE, at => this.#turn(at), this.#options.clock, this.#stop.signal);
  }

  /** What there is to tell of it. */
  get own(): OwnUpdate {
    const { settings, book, current, clock } = this.#options;
    return toOwnUpdate(settings(), book.all(), current, clock.now());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#schedule;
  }

  async #turn(at: Instant): Promise<void> {
    const { settings, log } = this.#options;
    if (Math.abs(at - this.#startedAt) < SETTLED_AFTER) return;
    try {
      if (isLookDue(settings(), this.#last, at)) await this.#look(at);
      await this.#apply(at);
    } catch (error) {
      if (!this.#stop.signal.aborted) log("warn", `Newer versions: ${toUpdateFault(error).message}`);
    }
  }

  async #look(at: Instant): Promise<void> {
    const { settings, updater, current, log } = this.#options;
    this.#last = at;
    const { offer, isMajor } = await updater.look(settings().updateChannel);
    const before = this.#offer?.version;
    this.#offer = offer && { version: offer.release.version, isMajor };
    if (this.#offer && this.#offer.version !== before)
      log("info", "A newer version is to be had", { from: current, to: this.#offer.version });
  }

  async #apply(at: Instant): Promise<void> {
    const { settings, updater, book, hindrance, log } = this.#options;
    const offer = this.#offer;
    if (!offer || hindrance() !== null) return;
    if (!isApplyDue(settings(), offer, book.all(), { now: at, zone: this.#zone })) return;
    const wish = { version: offer.version, acceptMajor: false, channel: "stable", by: null, via: "auto" } as const;
    const outcome = await updater.apply(wish);
    if ("started" in outcome) return;
    // What is offered no more is looked for anew at the next turn.
    this.#offer = null;
    log("warn", `Newer versions: ${outcome.message}`);
  }
}
