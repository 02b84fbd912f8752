import type { Clock } from "../../kit/clock.ts";
import { every } from "../../kit/every.ts";
import { HOUR, type Instant, type Millis, SECOND } from "../../kit/units.ts";
import type { Fault } from "../../model/fault.ts";
import type { LookLog } from "../look-log.ts";
import { PartMap } from "../part-map.ts";
import { toFailure } from "../source.ts";

/** Something to be looked at again and again that is not urgent: one guest, one node's disks, one storage's archives. */
export interface Errand {
  /** What kind of look it is, and at what: one of each is under way at most. */
  scope: string;
  part: string;
  /** The node that is asked. */
  node: string;
  /** Planned time from one start to the next. */
  interval: Millis;
  /** Something has begun to move there: its turn comes within the interval, however long its pause was to be. */
  soon?: boolean;
  /** It waits for its turn like all others, though it never had one, and makes no round longer. */
  patient?: boolean;
  /** Its answers are large: one of these at a time, and never more than a quarter of the calls. */
  heavy?: boolean;
  /** `stretch`: how many times as long as planned a round takes now. Must not reject. */
  run(at: Instant, signal: AbortSignal, stretch: number): Promise<Outcome>;
}

export interface Outcome {
  /** How many calls it took. */
  calls: number;
  /** Wait that long before the next time instead of the interval; null: the interval. */
  pause: Millis | null;
  fault: Fault | null;
}

interface Entry {
  errand: Errand;
  /** Which time the errands were made known: those of an earlier time are gone. */
  round: number;
  due: Instant;
  underWay: boolean;
  turns: number;
  /** Calls a turn, and the time to the next, by the last turn. */
  calls: number;
  pause: Millis;
}

/** How often the agenda looks what is due. */
const STEP: Millis = 250;
/** At one place. A PVE node has about three worker processes: one stays free for the looks that cannot wait. */
const AT_ONCE = 2;
/** New errands begin within this time, not all in one moment. */
const START_SPREAD: Millis = 5 * SECOND;
/** As many seconds' calls may be made at once at the beginning, when nothing is known. */
const ADVANCE = 30;
/** Calls a second that heavy errands may make at least: a small estate is through within minutes. */
const LEAST_HEAVY = 2;
/** A call that takes longer than this uses up more than its share: a slow server is asked less. */
const EASY_CALL: Millis = 500;

/**
 * Runs errands within a budget of calls: how many there are decides how long a round takes, never how many calls are made. What has
 * never been looked at goes first, of the kind with the fewest members (nodes before guests); then what is latest by its own interval.
 */
export class Agenda {
  readonly #clock: Clock;
  readonly #log: LookLog;
  readonly #placeOf: (node: string) => string;
  readonly #entries = new PartMap<Entry>();
  readonly #running = new Set<Promise<void>>();
  readonly #places = new Map<string, number>();
  #perSecond = 1;
  #stretch = 1;
  #budget: number | null = null;
  #round = 0;
  #refilledAt: Instant;
  /** When the next heavy errand may begin; infinite while one is under way. */
  #heavyFrom: Instant = 0;

  /** `placeOf`: where calls about a node go; only a few errands at once are under way at the same place. */
  constructor(clock: Clock, log: LookLog, placeOf: (node: string) => string = node => node) {
    this.#clock = clock;
    this.#log = log;
    this.#placeOf = placeOf;
    this.#refilledAt = clock.now();
  }

  /**
   * Makes the errands these. Known ones keep their turn, others begin soon; `perSecond` calls may be made, in the long run. NOTE: runs over
   * every guest's errands at every look; it makes nothing of those that are known.
   */
  keep(errands: readonly Errand[], perSecond: number): void {
    this.#perSecond = perSecond;
    this.#budget ??= ADVANCE * perSecond;
    this.#round++;
    const now = this.#clock.now();
    for (const errand of errands) this.#take(errand, now);
    let wish = 0;
    for (const { errand, calls, pause, round } of this.#entries.values()) {
      if (round === this.#round) wish += errand.patient ? 0 : (calls / pause) * SECOND;
      else {
        this.#entries.delete(errand);
        this.#log.forget(errand);
      }
    }
    this.#stretch = Math.max(1, wish / perSecond);
  }

  #take(errand: Errand, now: Instant): void {
    const known = this.#entries.get(errand);
    const round = this.#round;
    if (!known) {
      const due = now + shareOf(`${errand.scope} ${errand.part}`) * START_SPREAD;
      this.#entries.set(errand, { errand, round, due, underWay: false, turns: 0, calls: 1, pause: errand.interval });
      return;
    }
    known.errand = errand;
    known.round = round;
    if (errand.soon) known.due = Math.min(known.due, now + errand.interval);
  }

  /** Whether there is such an errand. */
  has(errand: Pick<Errand, "scope" | "part">): boolean {
    return this.#entries.get(errand) !== undefined;
  }

  /** How many times as long as planned a round takes: the calls that the intervals ask for, over those that the budget allows. */
  get stretch(): number {
    return this.#stretch;
  }

  /** No further errand begins until they are made anew. */
  hold(): void {
    this.#perSecond = 0;
  }

  /** Resolves when `signal` has aborted and everything under way has ended. */
  async run(signal: AbortSignal): Promise<void> {
    await every(STEP, at => this.#step(at, signal), this.#clock, signal);
    await Promise.all(this.#running);
  }

  #step(at: Instant, signal: AbortSignal): void {
    this.#refill(at);
    if (!this.#hasBudget()) return;
    const places = new Map<string, string>();
    const placeOf = (node: string) => {
      const place = places.get(node) ?? this.#placeOf(node);
      places.set(node, place);
      return place;
    };
    const due: Entry[] = [];
    for (const entry of this.#entries.values()) if (entry.due <= at && !entry.underWay) due.push(entry);
    while (this.#hasBudget()) {
      const next = this.#first(due, placeOf, at);
      if (!next) return;
      this.#begin(next, placeOf(next.errand.node), at, signal);
    }
  }

  /** Of those that are due, the one whose turn it is: there are few turns a step, so that nothing is sorted. */
  #first(due: readonly Entry[], placeOf: (node: string) => string, at: Instant): Entry | null {
    let first: Entry | null = null;
    for (const entry of due) {
      if (entry.underWay || (entry.errand.heavy && at < this.#heavyFrom)) continue;
      if (first && this.#order(first, entry, at) <= 0) continue;
      if ((this.#places.get(placeOf(entry.errand.node)) ?? 0) < AT_ONCE) first = entry;
    }
    return first;
  }

  #begin(entry: Entry, place: string, at: Instant, signal: AbortSignal): void {
    this.#places.set(place, (this.#places.get(place) ?? 0) + 1);
    const running = this.#start(entry, at, signal).finally(() => {
      this.#running.delete(running);
      this.#places.set(place, (this.#places.get(place) ?? 1) - 1);
    });
    this.#running.add(running);
  }

  /** What is saved up is worth two seconds at the most. */
  #refill(at: Instant): void {
    const elapsed = Math.max(0, at - this.#refilledAt) / SECOND;
    this.#refilledAt = at;
    const most = 2 * this.#perSecond;
    if (this.#budget !== null && this.#budget < most)
      this.#spend(-Math.min(most - this.#budget, elapsed * this.#perSecond));
  }

  #hasBudget(): boolean {
    return this.#perSecond > 0 && this.#budget !== null && this.#budget > 0;
  }

  #spend(calls: number): void {
    this.#budget = (this.#budget ?? 0) - calls;
  }

  /** Below 0: `a` goes first. */
  #order(a: Entry, b: Entry, at: Instant): number {
    const [newA, newB] = [isNew(a), isNew(b)];
    if (newA !== newB) return newA ? -1 : 1;
    const size = newA ? this.#entries.sizeOf(a.errand.scope) - this.#entries.sizeOf(b.errand.scope) : 0;
    return size || latenessOf(b, at) - latenessOf(a, at);
  }

  async #start(entry: Entry, at: Instant, signal: AbortSignal): Promise<void> {
    entry.underWay = true;
    this.#spend(1);
    const { errand } = entry;
    if (errand.heavy) this.#heavyFrom = Number.POSITIVE_INFINITY;
    const { calls, pause, fault } = await errand
      .run(at, signal, this.#stretch)
      .catch(error => toOutcome(error, errand));
    if (errand.heavy) this.#heavyFrom = at + (calls / Math.max(LEAST_HEAVY, this.#perSecond / 4)) * SECOND;
    const took = this.#clock.now() - at;
    this.#spend(Math.max(calls, took / EASY_CALL) - 1);
    entry.underWay = false;
    entry.turns++;
    const { scope, part, interval } = errand;
    entry.calls = calls;
    entry.pause = pause ?? interval;
    if (this.#entries.get(errand) === entry) this.#log.note({ scope, part, at, took, interval: entry.pause, fault });
    entry.due = at + entry.pause * (0.9 + 0.2 * shareOf(`${scope} ${part} ${entry.turns}`));
  }
}

/** What rejects comes of an answer that nobody has thought of. */
function toOutcome(error: unknown, { part }: Errand): Outcome {
  return { calls: 1, pause: null, fault: toFailure(error, part).fault };
}

/** It never had a turn, and does not wait for one like all others. */
function isNew({ turns, errand }: Entry): boolean {
  return turns === 0 && !errand.patient;
}

/** By its own interval. */
function latenessOf({ due, errand }: Entry, at: Instant): number {
  return (at - due) / errand.interval;
}

/** The pause after `failures` in a row: it doubles each time, up to half an hour or twice the interval, whichever is longer. */
export function backOff(interval: Millis, failures: number): Millis {
  return Math.min(Math.max(HOUR / 2, 2 * interval), interval * 2 ** Math.min(failures, 10));
}

/** How many calls a second an instance is asked for what is not urgent: more nodes have more workers, more guests do not. */
export function callsPerSecond(nodes: number): number {
  return Math.min(10, Math.max(2, nodes / 2));
}

/** 0 to 1, always the same for one text (FNV-1a): so that things are spread, but alike in every run. */
function shareOf(text: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  return ((sum ^ (sum >>> 13)) >>> 0) / 2 ** 32;
}
