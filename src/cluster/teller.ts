import { JetStreamApiError } from "@nats-io/jetstream";
import type { KV, KvEntry } from "@nats-io/kv";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { type Instant, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import { LEASE_LIFE } from "./foundation.ts";
import { OVERTAKEN, type SiteLeases } from "./leases.ts";

/** Where the marks lie. */
export type Marks = Pick<KV, "get" | "create" | "update" | "put" | "delete">;

/** What is asked for besides the keys. */
export interface Telling {
  /** When what is to be told came about. */
  at: Instant;
  /** Under which the receiver knows it. */
  dedup: string;
  /** What the one that is to tell has not told after a minute is told by whoever waits for that, or by nobody. */
  overdue: "told" | "left";
}

/** What is to be told, and by whom. */
export interface Claim {
  /** Of the keys that were asked for, those that this core is to tell; the others have been told. */
  ours: ReadonlySet<string>;
  /** Another core may have told of them, too. */
  uncertain: boolean;
  /** To be called when they were told. */
  done(): Promise<void>;
  /** ... when they were not, so that they may be tried again. */
  undo(): Promise<void>;
}

/** What lies under a key. */
export interface Mark {
  state: "telling" | "told";
  by: string;
  /** Of the lease by which it is told; 0: it was told without. */
  fence: number;
  /** See `Telling`. */
  dedup: string;
}

/** Without an answer of NATS for so long, every core tells for itself: better twice than not at all. */
const FAIL_OPEN: Millis = MINUTE;
/** ... and for so long, another one may have done so: clocks and answers are not the same at all. */
const PERHAPS_OPEN: Millis = FAIL_OPEN / 2;
/** Between two looks at what the one that tells has done. */
const LOOK: Millis = 2 * SECOND;
/** No longer than this at once: who asked asks again, if it is still to be told, and others have their turn. */
const PATIENCE: Millis = 10 * SECOND;
/** After so long the one that is to tell does not know of it: it was away, say, when it came about. */
const OVERDUE: Millis = MINUTE;
/** Nobody is telling of something for longer. */
const UNDER_WAY: Millis = 90 * SECOND;
/** What nobody asks for any more is forgotten. */
const MOST_ASKED = 10_000;
/** The lease that the one has that tells. */
export const TELLING = "telling";

export interface TellerOptions {
  /** `null`: NATS has not been reached yet. */
  bucket: () => Marks | null;
  leases: () => Pick<SiteLeases, "held"> | null;
  /** Whether this core has read what there is: what it takes to be so is so. */
  isCurrent: () => boolean;
  name: string;
  clock: Clock;
  log: Log;
}

/** Sees to it that one core tells of each thing, once: the one that holds the lease, and only what no key says has been told. */
export class Teller {
  readonly #options: TellerOptions;
  /** When NATS last answered. */
  #heardAt: Instant;
  /** When something first came after that, of a silence in which all tell for themselves, that NATS had stored just before; null: nothing did. */
  #backAt: Instant | null = null;
  #isAlone = false;
  /** Since when NATS has stored no mark of this core, though it answers, and when it last did not; null: it does, as far as is known. */
  #refused: { since: Instant; last: Instant } | null = null;
  /** From when on marks are there: what was told of before may be marked nowhere. */
  #since: Instant = 0;
  /** What this core has told, and could not mark yet; under which the receiver knows it. */
  readonly #unmarked = new Map<string, string>();
  /** Keys that were asked for, and since when. */
  readonly #asked = new Map<string, Instant>();
  /** Keys under which a mark of this core may lie, of what it has not begun to tell. */
  readonly #unused = new Set<string>();

  constructor(options: TellerOptions) {
    this.#options = options;
    this.#heardAt = options.clock.now();
  }

  /** To be called when NATS has answered, with a majority of its servers. */
  hear(): void {
    const { clock, log } = this.#options;
    const now = clock.now();
    // Others may have told for themselves meanwhile.
    if (this.#silence > PERHAPS_OPEN) this.#since = now;
    this.#heardAt = now;
    this.#backAt = null;
    if (this.#isAlone && this.#refusal === null) {
      log("info", "NATS answers again: one core tells for all");
      this.#isAlone = false;
    }
    void this.#markRest();
  }

  /**
   * To be called when something was read that NATS has stored just now. NOTE: after an outage that comes before the answer about leases does; what
   * others have told is asked for as long as one may be on its way.
   */
  read(): void {
    if (this.#isSilent) this.#backAt ??= this.#options.clock.now();
  }

  /** What cannot be written now is written when NATS is heard the next time. */
  async #markRest(): Promise<void> {
    const { bucket } = this.#options;
    const write = async (key: string, mark: Mark) => {
      if ((await bucket()?.put(key, JSON.stringify(mark))) === undefined) return;
      this.#unmarked.delete(key);
      this.#accept();
    };
    const refuse = () => this.#refuse();
    await Promise.all([...this.#unmarked].map(([key, dedup]) => write(key, this.#own("told", dedup)).catch(refuse)));
  }

  #refuse(): void {
    const now = this.#options.clock.now();
    this.#refused = { since: this.#refusal?.since ?? now, last: now };
  }

  #accept(): void {
    // Others may have told for themselves meanwhile.
    if (this.#refusedFor > PERHAPS_OPEN) this.#since = this.#options.clock.now();
    this.#refused = null;
  }

  /** 0: its marks are stored, as far as is known. */
  get #refusedFor(): Millis {
    const now = this.#options.clock.now();
    return now - (this.#refusal?.since ?? now);
  }

  /** What was not tried again for long is not known any more. */
  get #refusal(): { since: Instant } | null {
    const isRecent = this.#refused !== null && this.#options.clock.now() - this.#refused.last < PERHAPS_OPEN;
    return isRecent ? this.#refused : null;
  }

  #own(state: Mark["state"], dedup: string, fence = 0): Mark {
    return { state, by: this.#options.name, fence, dedup };
  }

  /** NATS keeps marks since then. */
  remembers(since: Instant): void {
    this.#since = Math.max(this.#since, since);
  }

  /** When NATS last answered, with a majority of its servers; and whether that is so long ago that this core tells for itself. */
  get heard(): { at: Instant; answers: boolean; isAlone: boolean } {
    return { at: this.#heardAt, answers: this.#silence < LEASE_LIFE, isAlone: this.#tellsForItself };
  }

  /** For how long NATS has not answered. */
  get #silence(): Millis {
    return this.#options.clock.now() - this.#heardAt;
  }

  get #isSilent(): boolean {
    return this.#silence > FAIL_OPEN;
  }

  get #isUnheard(): boolean {
    return this.#isSilent && (this.#backAt === null || this.#options.clock.now() - this.#backAt > LEASE_LIFE);
  }

  get #tellsForItself(): boolean {
    return this.#isUnheard || this.#refusedFor > FAIL_OPEN;
  }

  /** Whether this core is the one that tells now. */
  get tells(): boolean {
    return this.#fence() !== null;
  }

  /** The marks that lie under these keys; null: NATS does not answer. */
  async marks(keys: readonly string[]): Promise<ReadonlyMap<string, Mark> | null> {
    const { bucket } = this.#options;
    const marks = bucket();
    if (!marks || this.#isUnheard) return null;
    try {
      const found = await Promise.all(keys.map(async key => [key, toMark(await marks.get(key))] as const));
      const own = keys.flatMap(key => {
        const dedup = this.#unmarked.get(key);
        return dedup === undefined ? [] : [[key, this.#own("told", dedup)] as const];
      });
      return new Map([...found.flatMap(([key, mark]) => (mark ? [[key, mark] as const] : [])), ...own]);
    } catch (error) {
      this.#cannotAsk(error);
      return null;
    }
  }

  /** Resolves when it is known who is to tell; null: not yet, to be asked again later. */
  async claim(keys: readonly string[], telling: Telling): Promise<Claim | null> {
    const { clock, bucket } = this.#options;
    const before = clock.now() + PATIENCE;
    const since = this.#askedSince(keys);
    do {
      const marks = bucket();
      const claim = this.#tellsForItself
        ? this.#alone(keys, telling)
        : marks && (await this.#ask(marks, keys, telling, since));
      if (claim) {
        for (const key of keys) this.#asked.delete(key);
        for (const key of keys) this.#unused.delete(key);
        return claim;
      }
      await clock.sleep(LOOK);
    } while (clock.now() < before);
    return null;
  }

  /** Since when all of them are asked for. */
  #askedSince(keys: readonly string[]): Instant {
    const now = this.#options.clock.now();
    for (const key of keys) if (!this.#asked.has(key)) this.#asked.set(key, now);
    for (const key of this.#asked.keys()) if (this.#asked.size > MOST_ASKED) this.#asked.delete(key);
    for (const key of this.#unused) if (this.#unused.size > MOST_ASKED) this.#unused.delete(key);
    return Math.max(...keys.map(key => this.#asked.get(key) ?? now));
  }

  /** null: not yet, or NATS does not answer. */
  async #ask(bucket: Marks, keys: readonly string[], telling: Telling, since: Instant): Promise<Claim | null> {
    const fence = this.#fence();
    try {
      if (fence !== null) return await this.#take(bucket, keys, telling, fence);
      const marks = await Promise.all(keys.map(async key => toMark(await bucket.get(key))));
      if (marks.every(mark => mark?.state === "told")) return toClaim([], false);
      const { clock, isCurrent } = this.#options;
      if (clock.now() - since < OVERDUE || !isCurrent()) return null;
      return telling.overdue === "left" ? toClaim([], false) : await this.#take(bucket, keys, telling, 0);
    } catch (error) {
      this.#cannotAsk(error);
      return null;
    }
  }

  #cannotAsk(error: unknown): void {
    this.#options.log("debug", "Who tells could not be asked", { reason: String(error) });
  }

  /** null: somebody is telling of some of it at this moment. */
  async #take(bucket: Marks, keys: readonly string[], { at, dedup }: Telling, fence: number): Promise<Claim | null> {
    const taken = await Promise.all(keys.map(key => this.#takeOne(bucket, key, this.#own("telling", dedup, fence))));
    const ours = keys.filter((_, at) => taken[at] === "ours" || taken[at] === "perhaps");
    if (taken.includes("busy")) {
      await Promise.all(keys.map((key, at) => (taken[at] === "ours" ? bucket.delete(key) : null)));
      return null;
    }
    const mark = JSON.stringify(this.#own("told", dedup, fence));
    const tell = (key: string) => bucket.put(key, mark).catch(() => this.#unmarked.set(key, dedup));
    return toClaim(ours, at < this.#since || taken.includes("perhaps"), {
      done: async () => void (await Promise.all(ours.map(tell))),
      undo: async () => void (await Promise.all(ours.map(key => bucket.delete(key).catch(() => {})))),
    });
  }

  /** "perhaps": somebody was telling of it when he lost the lease, or ended. "busy": somebody is. */
  async #takeOne(bucket: Marks, key: string, mark: Mark): Promise<"ours" | "perhaps" | "busy" | "told"> {
    const value = JSON.stringify(mark);
    const isUnused = this.#unused.has(key);
    this.#unused.add(key);
    try {
      await bucket.create(key, value);
      this.#accept();
      return "ours";
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || !OVERTAKEN.includes(error.code)) {
        this.#refuse();
        throw error;
      }
    }
    // What is there was told under, or is another core's.
    if (!isUnused) this.#unused.delete(key);
    const there = await bucket.get(key);
    const other = toMark(there);
    if (other?.state === "told") return "told";
    if (there && other && this.#isUnderWay(other, there.created, mark)) return "busy";
    await bucket.update(key, value, there?.revision ?? 0);
    return other === null || (isUnused && other.by === mark.by) ? "ours" : "perhaps";
  }

  /** Of two that tell without the lease, or one with and one without, none knows what became of the other. */
  #isUnderWay(other: Mark, began: Date, own: Mark): boolean {
    const isWithout = other.fence === 0 || own.fence === 0;
    return isWithout && other.by !== own.by && this.#options.clock.now() - began.getTime() < UNDER_WAY;
  }

  /** null: another core holds the lease, or this one may not hold it any more. */
  #fence(): number | null {
    if (this.#silence >= LEASE_LIFE) return null;
    return this.#options.leases()?.held.get(TELLING) ?? null;
  }

  #alone(keys: readonly string[], { dedup }: Telling): Claim {
    const { log } = this.#options;
    if (!this.#isAlone)
      log("warn", "NATS does not answer, or stores nothing: this core tells for itself, perhaps others do, too");
    this.#isAlone = true;
    const done = async () => {
      for (const key of keys) this.#unmarked.set(key, dedup);
    };
    return toClaim(keys, true, { done, undo: async () => {} });
  }
}

function toClaim(
  ours: readonly string[],
  uncertain: boolean,
  { done, undo }: Pick<Claim, "done" | "undo"> = { done: async () => {}, undo: async () => {} },
): Claim {
  return { ours: new Set(ours), uncertain, done, undo };
}

function toMark(entry: KvEntry | null): Mark | null {
  return entry?.operation === "PUT" ? (entry.json() as Mark) : null;
}
