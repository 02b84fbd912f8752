import { JetStreamApiError } from "@nats-io/jetstream";
import type { KV, KvWatchEntry } from "@nats-io/kv";
import type { QueuedIterator } from "@nats-io/transport-node";
import type { Clock } from "../kit/clock.ts";
import { type Millis, SECOND } from "../kit/units.ts";
import { LEASE_LIFE } from "./foundation.ts";
import { fromToken, toToken } from "./names.ts";
import { divide, type Seen } from "./share.ts";

/** How often what is held is renewed, and looked for what is free. */
export const RENEWAL: Millis = 3 * SECOND;
/** "Wrong last sequence": somebody else was quicker, or it has run out. */
export const OVERTAKEN = [10071, 10164];
/** Below a site, where its edges say that they are there. No instance has such a name. */
export const PRESENCE = "=edges";

interface Held {
  /** Of the last renewal. */
  revision: number;
  /** Of when it was taken. */
  fence: number;
}

/** The leases of one site as one edge holds them: each instance is held by one edge, and every edge has its share. */
export class SiteLeases {
  readonly #bucket: KV;
  readonly #site: string;
  readonly #self: string;
  readonly #clock: Clock;
  readonly #presence: () => object;
  readonly #held = new Map<string, Held>();
  readonly #leases = new Map<string, Seen>();
  readonly #edges = new Map<string, Seen>();
  #isPresent = false;
  #latest = 0;
  #watching: QueuedIterator<KvWatchEntry> | null = null;

  /** `presence`: what the others are to know of this one. */
  constructor(
    bucket: KV,
    { site, self, clock, presence }: { site: string; self: string; clock: Clock; presence: () => object },
  ) {
    this.#presence = presence;
    this.#bucket = bucket;
    this.#site = toToken(site);
    this.#self = self;
    this.#clock = clock;
  }

  /** What is held by this edge, as far as it can know, with its fence: greater than that of everybody who held it before. */
  get held(): ReadonlyMap<string, number> {
    return new Map([...this.#held].map(([name, { fence }]) => [name, fence]));
  }

  /** Hears of what others hold until the line is closed, or `unfollow`. */
  async follow(): Promise<void> {
    this.#watching = await this.#bucket.watch({ key: `${this.#site}.>` });
    for await (const entry of this.#watching) this.#hear(entry);
  }

  unfollow(): void {
    this.#watching?.stop();
  }

  #hear({ key, operation, value }: KvWatchEntry): void {
    const [, name = "", edge = ""] = key.split(".");
    const [book, at] = name === PRESENCE ? [this.#edges, edge] : [this.#leases, name];
    const holder = name === PRESENCE ? fromToken(edge) : new TextDecoder().decode(value);
    if (operation === "PUT") book.set(at, { holder, at: this.#clock.now() });
    else book.delete(at);
  }

  /**
   * Renews what is held and brings it to this edge's share of `wanted`. Rejects when NATS does not answer: what nobody is known to have
   * taken is held on to then.
   */
  async turn(wanted: readonly string[]): Promise<void> {
    this.#latest = await this.#bucket.put(
      `${this.#site}.${PRESENCE}.${toToken(this.#self)}`,
      JSON.stringify(this.#presence()),
    );
    // Who is only just there looks around first.
    if (!this.#isPresent) {
      this.#isPresent = true;
      return;
    }
    await Promise.all([...this.#held].map(([name, held]) => this.#renew(name, held)));
    const { take, release } = divide(
      { wanted, held: new Set(this.#held.keys()), self: this.#self },
      { leases: new Map([...this.#leases].map(([token, seen]) => [fromToken(token), seen])), edges: this.#edges },
      { now: this.#clock.now(), life: LEASE_LIFE },
    );
    await Promise.all([...release.map(name => this.#release(name)), ...take.map(name => this.#take(name))]);
  }

  /** Greater than the fence of whoever held something when this edge last said that it is there. */
  get latest(): number {
    return this.#latest;
  }

  /** Those of `names` that nobody holds, as far as is known, where it is for this edge to say so: it is the first of those that are there. */
  unheld(names: readonly string[]): string[] {
    const now = this.#clock.now();
    const isAlive = (seen: Seen | undefined) => seen !== undefined && now - seen.at < LEASE_LIFE;
    const [first] = [...this.#edges.values()].flatMap(seen => (isAlive(seen) ? seen.holder : [])).sort();
    return first === this.#self ? names.filter(name => !isAlive(this.#leases.get(toToken(name)))) : [];
  }

  /** At an orderly end: others take over at once. */
  async leave(): Promise<void> {
    await Promise.all([...this.#held.keys()].map(name => this.#release(name)));
    await this.#bucket.delete(`${this.#site}.${PRESENCE}.${toToken(this.#self)}`);
  }

  async #take(name: string): Promise<void> {
    const key = this.#key(name);
    let fence = await orNull(this.#bucket.create(key, this.#self));
    if (fence === null) {
      const there = await this.#bucket.get(key);
      // Of an earlier run of this very edge, which ended without letting go of it.
      if (there?.operation === "PUT" && there.string() === this.#self)
        fence = await orNull(this.#bucket.update(key, this.#self, there.revision));
    }
    if (fence !== null) this.#held.set(name, { revision: fence, fence });
  }

  async #renew(name: string, held: Held): Promise<void> {
    const revision = await orNull(this.#bucket.update(this.#key(name), this.#self, held.revision));
    if (revision !== null) return void this.#held.set(name, { ...held, revision });
    const there = await this.#bucket.get(this.#key(name));
    // An answer got lost: it was renewed all the same.
    if (there?.operation === "PUT" && there.string() === this.#self)
      return void this.#held.set(name, { ...held, revision: there.revision });
    this.#held.delete(name);
    // It had run out, while the line was down, and nobody else wanted it.
    await this.#take(name);
  }

  async #release(name: string): Promise<void> {
    const held = this.#held.get(name);
    if (!held) return;
    await orNull(this.#bucket.delete(this.#key(name), { previousSeq: held.revision }).then(() => held.revision));
    this.#held.delete(name);
  }

  #key(name: string): string {
    return `${this.#site}.${toToken(name)}`;
  }
}

/** null: somebody else was quicker. */
export async function orNull(revision: Promise<number>): Promise<number | null> {
  try {
    return await revision;
  } catch (error) {
    if (error instanceof JetStreamApiError && OVERTAKEN.includes(error.code)) return null;
    throw error;
  }
}
