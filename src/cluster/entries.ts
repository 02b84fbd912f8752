import type { Log } from "../kit/log.ts";
import { type Instant, type Millis, SECOND } from "../kit/units.ts";
import { type EnteringDeed, instanceOf } from "../model/entered-instance.ts";
import type { WatchedInstance } from "../model/instance-settings.ts";
import type { Observation } from "../model/observation.ts";
import type { Database } from "../store/database.ts";
import type { Entered, EnteredBook } from "./entered-book.ts";
import { BadEntry, type InstanceEntry, readInstance, readSeen, type SeenEntry } from "./entry.ts";
import { EdgeInstances } from "./instances.ts";
import { placeOf } from "./names.ts";

/** An entry of the stream as it is read. */
export interface Read {
  subject: string;
  sequence: number;
  body: Uint8Array;
  /** When NATS stored it. */
  stored: Instant;
  /** What the edge's clock showed when it sent it; null: nothing is said. */
  sent: Instant | null;
}

/** What takes in what edges see. */
export interface Fed {
  admit(settings: WatchedInstance, at: Instant): void;
  dismiss(name: string, at: Instant): void;
  ingest(seen: Observation): void;
  /**
   * A look that ticks were judged without that it would have been for, or that never came; `judged`: the last that was. `isPresent`: it is to be
   * taken in all the same; it was not on the way for too long, and comes from who holds the lease.
   */
  ingestLate(seen: Observation, late: { judged: Instant; isPresent: boolean }): void;
  /**
   * Everything that came before has been taken in. `keep`: to be called in the transaction that keeps what came of it; null: the time goes by
   * without anything being judged or kept, as an earlier run has done that.
   */
  tick(at: Instant, keep: (() => void) | null): void;
  /** What is shown of all of them counts no more, and is shown as that. */
  doubt(at: Instant): void;
  /** Shows nothing of it but that it is there. */
  renew(settings: WatchedInstance, at: Instant): void;
}

/** One history has this grid; a tick in the place of another is none. */
export const TICK: Millis = 10 * SECOND;
/** A tick that NATS could not take at once is still taken so long afterwards; nobody's clock is ahead by more than one. */
const OVERDUE: Millis = 90 * SECOND;
/** After so long without one there is a tick that nobody has said. */
const MISSING: Millis = 1.5 * TICK;
/** A clock that is wrong by less is left as it is. */
const TOLERANCE: Millis = 5 * SECOND;

export interface EntriesOptions {
  /** The last tick of which something is kept, also by an earlier run; null: none is. */
  kept: () => Instant | null;
  database: Database;
  /** What was entered on pages. */
  entered: EnteredBook;
  fed: Fed;
  log: Log;
}

/** How many entries there were, by what became of them. */
export interface Counts {
  applied: number;
  /** Known already, or overtaken. */
  passed: number;
  late: number;
  /** Not what they should be: skipped. */
  bad: number;
}

/** What was skipped again and again at one place for one reason. */
export interface Skipped {
  subject: string;
  reason: string;
  since: Instant;
  last: Instant;
  count: number;
}

const MOST_SKIPPED = 100;

/**
 * Applies entries one after the other, on every core in the same way: what counts is what they say, in which order they lie, and when NATS
 * stored them; never this machine's clock. A bad one is told once, counted and skipped.
 */
export class Entries {
  readonly #options: EntriesOptions;
  readonly instances: EdgeInstances;
  readonly counts: Counts = { applied: 0, passed: 0, late: 0, bad: 0 };
  /** When what was last taken in was seen, by instance, scope and part. */
  readonly #seenAt = new Map<string, Instant>();
  /** Instances of which nothing was taken in since the stream was made anew. */
  readonly #doubted = new Set<string>();
  readonly #skipped = new Map<string, Skipped>();
  #tick: Instant = Number.NEGATIVE_INFINITY;
  #isRecalled = false;
  /** Whether what is kept is read through again. */
  #isWarm = true;

  constructor(options: EntriesOptions) {
    this.#options = options;
    this.instances = new EdgeInstances(options.database);
  }

  /** The last tick. */
  get tickAt(): Instant {
    return this.#tick;
  }

  /** `keep`: keeps how far that is; null: what this entry comes to is kept already, only what lies in memory is to be known again. */
  apply(entry: Read, keep: (() => void) | null): void {
    const { log, kept } = this.#options;
    if (keep && this.#isWarm) {
      this.#isWarm = false;
      this.#tick = Math.max(this.#tick, kept() ?? this.#tick);
    }
    try {
      this.counts[this.#apply(entry, keep)] += 1;
    } catch (error) {
      // NOTE: whatever it is: every core would end by it, again and again.
      this.counts.bad += 1;
      const reason = error instanceof Error ? error.message : String(error);
      const { subject, sequence } = entry;
      if (this.#note(entry, reason)) log("error", "An entry of the stream was skipped", { subject, sequence, reason });
      if (!(error instanceof BadEntry)) log("debug", "It broke", { sequence, stack: String((error as Error).stack) });
    }
  }

  /**
   * The stream was made anew, or has lost its end; so have the leases. What was read since what is kept may never have been read by another core,
   * so it counts here no more, either: from here on this is as one that begins with what is kept.
   */
  startAnew(): void {
    this.instances.startAnew();
    for (const { name } of this.instances.all()) this.#doubted.add(name);
    this.#seenAt.clear();
    this.#options.fed.doubt(Math.max(0, this.#tick));
    this.#tick = Number.NEGATIVE_INFINITY;
    this.#isWarm = true;
  }

  /** Those that were skipped, by where they lay, the latest last. */
  get skipped(): readonly Skipped[] {
    return [...this.#skipped.values()];
  }

  /** Whether that is news. */
  #note({ subject, stored }: Read, reason: string): boolean {
    const before = this.#skipped.get(subject);
    const same = before?.reason === reason ? before : null;
    this.#skipped.delete(subject);
    this.#skipped.set(subject, {
      subject,
      reason,
      since: same?.since ?? stored,
      last: stored,
      count: (same?.count ?? 0) + 1,
    });
    const [oldest] = this.#skipped.keys();
    if (this.#skipped.size > MOST_SKIPPED && oldest !== undefined) this.#skipped.delete(oldest);
    return same === null;
  }

  /** Takes in again the last that was said of something: who may say more, and what since, shows what follows. */
  recall(entry: Read): void {
    this.#isRecalled = true;
    this.apply(entry, null);
    this.#isRecalled = false;
  }

  /** Does what somebody entered on a page; an instance is shown from now on, or no longer. */
  enter(deed: EnteringDeed, at: Instant): Entered {
    const { fed, entered } = this.#options;
    const name = instanceOf(deed);
    const isRepeated = entered.isDone(deed);
    if (deed.do === "enter" && !isRepeated && this.instances.siteOf(name) !== null) return "taken";
    const outcome = isRepeated ? "done" : entered.perform(deed, at);
    if (outcome !== "done" || this.instances.isGiven(name)) return outcome;
    if (deed.do === "remove") {
      this.instances.remove(name);
      fed.dismiss(name, at);
    } else {
      const { settings, usual } = deed.instance;
      const watched = { ...settings, interval: settings.interval ?? usual };
      this.instances.enter(deed.site, watched);
      fed.admit(watched, at);
    }
    return "done";
  }

  #apply(entry: Read, keep: (() => void) | null): keyof Counts {
    const { fed } = this.#options;
    const place = placeOf(entry.subject);
    if (!place) throw new BadEntry("Its subject is unknown");
    if (place.kind === "tick") return this.#applyTick(slotIn(entry), keep);
    const { site, instance } = place;
    if (place.kind === "instance") {
      const said = readInstance(entry.body, place);
      if (!this.#counts(said, place)) return "passed";
      const change = this.instances.take(site, instance, said);
      if (change === undefined) return "passed";
      if (change === null) fed.dismiss(instance, entry.stored);
      else fed.admit(change, entry.stored);
      return "applied";
    }
    if (this.instances.siteOf(instance) === null && this.#options.entered.isRemoved(site, instance)) return "passed";
    return this.#applySeen(readSeen(entry.body, place), this.instances.fenceOf(site, instance), entry);
  }

  /** What is entered on a page comes and goes by that; an edge may not have heard of it yet. */
  #counts(said: InstanceEntry, { site, instance }: { site: string; instance: string }): boolean {
    const isEntered = this.#options.entered.has(site, instance);
    if (said.entered) return isEntered;
    return said.settings !== null || !isEntered || this.instances.isGiven(instance);
  }

  #applyTick(slot: number, keep: (() => void) | null): keyof Counts {
    const { fed } = this.#options;
    const at = slot * TICK + TICK / 2;
    if (at <= this.#tick) return "passed";
    this.#tick = at;
    fed.tick(at, keep);
    return "applied";
  }

  #applySeen({ fence, seen: told }: SeenEntry, greatest: number, entry: Read): keyof Counts {
    const { fed } = this.#options;
    const seen = toNatsTime(told, entry);
    this.#renew(seen.instance, entry.stored);
    if (seen.scope === "past") {
      fed.ingest(seen);
      return "applied";
    }
    const judged = this.#tick;
    if (seen.at + patienceFor(seen) < judged) {
      fed.ingestLate(seen, { judged, isPresent: false });
      return "late";
    }
    const key = `${seen.instance} ${seen.scope} ${"part" in seen ? seen.part : ""}`;
    if (fence < greatest && !this.#isRecalled) {
      // It was on its way when the lease was taken anew, by whoever that was: what is so now is said by the new holder, not what was so then.
      fed.ingestLate(seen, { judged, isPresent: false });
      return "late";
    }
    if (seen.at <= (this.#seenAt.get(key) ?? Number.NEGATIVE_INFINITY)) return "passed";
    this.#seenAt.set(key, seen.at);
    if (this.#isLate(seen)) fed.ingestLate(seen, { judged, isPresent: true });
    else fed.ingest(seen);
    return "applied";
  }

  /** Also when it is of a tick that never came, as no core was there to say it. */
  #isLate({ at, took }: Observation): boolean {
    const ready = at + took;
    return ready < this.#tick || (Number.isFinite(this.#tick) && ready > this.#tick + MISSING);
  }

  #renew(instance: string, at: Instant): void {
    if (!this.#doubted.delete(instance)) return;
    const settings = this.instances.all().find(({ name }) => name === instance);
    if (settings) this.#options.fed.renew(settings, at);
  }
}

/** The body of the tick `slot`, counted in ticks since the Unix epoch. */
export function toTickBody(slot: number): string {
  return String(slot);
}

/** Which tick an entry says. Throws BadEntry for one that is not of about the time at which it was stored: somebody's clock is wrong. */
export function slotIn({ body, stored }: Pick<Read, "body" | "stored">): number {
  const slot = Number(new TextDecoder().decode(body));
  const at = slot * TICK;
  if (!Number.isSafeInteger(slot) || at > stored + TICK || at < stored - OVERDUE)
    throw new BadEntry("It is a tick of another time");
  return slot;
}

/** For so long a look counts as the present. */
function patienceFor({ interval, took }: Observation): Millis {
  return Math.max(3 * interval, 30 * SECOND) + took;
}

/** What an edge saw, by NATS's clock: whether something is old must not hang on whose clock is right. */
export function toNatsTime(seen: Observation, { stored, sent }: Pick<Read, "stored" | "sent">): Observation {
  const wrong = sent === null ? 0 : stored - sent;
  return Math.abs(wrong) <= TOLERANCE ? seen : { ...seen, at: seen.at + wrong };
}
