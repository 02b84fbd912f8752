import type { KV, KvWatchEntry } from "@nats-io/kv";
import type { Clock } from "../kit/clock.ts";
import { DAY, type Instant, type Millis } from "../kit/units.ts";
import { fromToken, KEYS, toToken } from "./names.ts";
import { isPublicKey } from "./site-key.ts";

/** Edges say their keys anew every hour; what was not said for so long is of one that is no more. */
const FORGOTTEN: Millis = 7 * DAY;

/** The public key of an edge. */
export interface EdgeKey {
  edge: string;
  /** base64 */
  key: string;
}

/** Where an edge says its key. */
export function keyPlace(site: string, edge: string): string {
  return `${toToken(site)}.${KEYS}.${toToken(edge)}`;
}

/** Hears of the public keys of all edges; NATS lets each write below its own site only. */
export class SiteKeys {
  readonly #clock: Clock;
  readonly #keys = new Map<string, EdgeKey & { site: string; at: Instant }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when the line is closed. */
  async follow(bucket: KV): Promise<void> {
    for await (const entry of await bucket.watch({ key: `*.${KEYS}.*` })) this.hear(entry);
  }

  hear({ key: place, operation, value, created }: Pick<KvWatchEntry, "key" | "operation" | "value" | "created">): void {
    const [site = "", , edge = ""] = place.split(".").map(fromToken);
    const key = new TextDecoder().decode(value);
    if (operation !== "PUT" || !isPublicKey(key)) return void this.#keys.delete(place);
    this.#keys.set(place, { site, edge, key, at: created.getTime() });
  }

  sites(): string[] {
    return [...new Set(this.#fresh().map(({ site }) => site))].sort();
  }

  of(site: string): EdgeKey[] {
    return this.#fresh().flatMap(one => (one.site === site ? [{ edge: one.edge, key: one.key }] : []));
  }

  #fresh() {
    return [...this.#keys.values()].filter(({ at }) => this.#clock.now() - at < FORGOTTEN);
  }
}
