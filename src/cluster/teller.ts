import { JetStreamApiError } from "@nats-io/jetstream";
import type { KV, KvEntry } from "@nats-io/kv";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { type Instant, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import { LEASE_LIFE } from "./foundation.ts";
import { OVERTAKEN, type SiteLeases } from "./leases.ts";

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

/** What lies under a key. `fence`: of the lease by which it is told. */
interface Mark {
  state: "telling" | "told";
  by: string;
  fence: number;
}

/** Without an answer of NATS for so long, every core tells for itself: better twice than not at all. */
const FAIL_OPEN: Millis = MINUTE;
/** ... and for so long, another one may have done so: clocks and answers are not the same at all. */
const PERHAPS_OPEN: Millis = FAIL_OPEN / 2;
/** Between two looks at what the one that tells has done. */
const LOOK: Millis = 2 * SECOND;
/** No longer than this at once: who asked asks again. */
const PATIENCE: Millis = 75 * SECOND;
/** The lease that the one has that tells. */
export const TELLING = "telling";

export interface TellerOptions {
  /** `null`: NATS has not been reached yet. */
  bucket: () => KV | null;
  leases: () => SiteLeases | null;
  name: string;
  clock: Clock;
  log: Log;
}

/** Sees to it that one core tells of each thing, once: the one that holds the lease, and only what no key says has been told. */
export class Teller {
  readonly #options: TellerOptions;
  /** When NATS last answered. */
  #heardAt: Instant;
  #isAlone = false;
  /** From when on marks are there: what was told of before may be marked nowhere. */
  #since: Instant = 0;
  /** What this core has told for itself, and marked nowhere yet. */
  readonly #toldAlone = new Set<string>();

  constructor(options: TellerOptions) {
    this.#options = options;
    this.#heardAt = options.clock.now();
  }

  /** To be called when NATS has answered, with a majority of its servers. */
  hear(): void {
    const { clock, log } = this.#options;
    const now = clock.now();
    // Others may have told for themselves meanwhile.
    if (now - this.#heardAt > PERHAPS_OPEN) this.#since = now;
    this.#heardAt = now;
    if (this.#isAlone) log("info", "NATS answers again: one core tells for all");
    this.#isAlone = false;
    void this.#markAlone();
  }

  /** What cannot be written now is written when NATS is heard the next time. */
  async #markAlone(): Promise<void> {
    const { bucket, name } = this.#options;
    const mark = JSON.stringify({ state: "told", by: name, fence: 0 } satisfies Mark);
    const write = async (key: string) => {
      if ((await bucket()?.put(key, mark)) !== undefined) this.#toldAlone.delete(key);
    };
    await Promise.all([...this.#toldAlone].map(key => write(key).catch(() => {})));
  }

  /** NATS keeps marks since then. */
  remembers(since: Instant): void {
    this.#since = Math.max(this.#since, since);
  }

  /** When NATS last answered, with a majority of its servers; and whether that is so long ago that this core tells for itself. */
  get heard(): { at: Instant; answers: boolean; isAlone: boolean } {
    const silence = this.#options.clock.now() - this.#heardAt;
    return { at: this.#heardAt, answers: silence < LEASE_LIFE, isAlone: silence > FAIL_OPEN };
  }

  /** Whether this core is the one that tells now. */
  get tells(): boolean {
    return this.#fence() !== null;
  }

  /** Resolves when it is known who is to tell; null: not yet, to be asked again later. `at`: when what is to be told came about. */
  async claim(keys: readonly string[], at: Instant): Promise<Claim | null> {
    const { clock } = this.#options;
    const before = clock.now() + PATIENCE;
    do {
      if (clock.now() - this.#heardAt > FAIL_OPEN) return this.#alone(keys);
      const bucket = this.#options.bucket();
      const claim = bucket && (await this.#ask(bucket, keys, at).catch(() => null));
      if (claim) return claim;
      await clock.sleep(LOOK);
    } while (clock.now() < before);
    return null;
  }

  async #ask(bucket: KV, keys: readonly string[], at: Instant): Promise<Claim | null> {
    const isUnmarked = at < this.#since;
    let fence = this.#fence();
    if (fence === null) {
      const marks = await Promise.all(keys.map(async key => toMark(await bucket.get(key))));
      if (marks.every(mark => mark?.state === "told")) return toClaim([], false);
      // The one that tells may have done so before the marks were lost, and will not again.
      const isLost = isUnmarked && this.#options.clock.now() - this.#since > FAIL_OPEN && marks.every(mark => !mark);
      if (!isLost) return null;
      fence = 0;
    }
    const mark: Mark = { state: "telling", by: this.#options.name, fence };
    const taken = await Promise.all(keys.map(key => take(bucket, key, mark)));
    const ours = keys.filter((_, at) => taken[at] !== "told");
    return toClaim(ours, isUnmarked || taken.includes("perhaps"), {
      done: () => putAll(bucket, ours, { ...mark, state: "told" }),
      undo: async () => void (await Promise.all(ours.map(key => bucket.delete(key).catch(() => {})))),
    });
  }

  /** null: another core holds the lease, or this one may not hold it any more. */
  #fence(): number | null {
    const { leases, clock } = this.#options;
    if (clock.now() - this.#heardAt >= LEASE_LIFE) return null;
    return leases()?.held.get(TELLING) ?? null;
  }

  #alone(keys: readonly string[]): Claim {
    const { log } = this.#options;
    if (!this.#isAlone) log("warn", "NATS does not answer: this core tells for itself, perhaps others do, too");
    this.#isAlone = true;
    const done = async () => {
      for (const key of keys) this.#toldAlone.add(key);
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

/** "perhaps": somebody was telling of it when he lost the lease. */
async function take(bucket: KV, key: string, mark: Mark): Promise<"ours" | "perhaps" | "told"> {
  const value = JSON.stringify(mark);
  try {
    await bucket.create(key, value);
    return "ours";
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || !OVERTAKEN.includes(error.code)) throw error;
  }
  const there = await bucket.get(key);
  if (toMark(there)?.state === "told") return "told";
  await bucket.update(key, value, there?.revision ?? 0);
  return "perhaps";
}

/** Keys that cannot be written are found as they were: perhaps told. */
async function putAll(bucket: KV, keys: readonly string[], mark: Mark): Promise<void> {
  await Promise.all(keys.map(key => bucket.put(key, JSON.stringify(mark)).catch(() => {})));
}

function toMark(entry: KvEntry | null): Mark | null {
  return entry?.operation === "PUT" ? (entry.json() as Mark) : null;
}
