import type { KV, KvWatchEntry } from "@nats-io/kv";
import type { Clock } from "../kit/clock.ts";
import { DAY, type Instant, type Millis } from "../kit/units.ts";
import { LEASE_LIFE } from "./foundation.ts";
import { PRESENCE } from "./leases.ts";
import { fromToken } from "./names.ts";

/** Who is one of several, as he says himself while he renews his leases. */
export interface Member {
  site: string;
  name: string;
  /** What he says of himself. */
  said: Readonly<Record<string, unknown>>;
  seen: Instant;
  /** Since when nothing is heard of him; null: he is there. */
  silentSince: Instant | null;
}

interface Heard {
  at: Instant;
  isGone: boolean;
}

/** One that is not heard of for so long is forgotten. */
export const FORGOTTEN: Millis = 7 * DAY;

/** Hears of all leases, whoever has them: who is there, and who watches what. */
export class Members {
  readonly #clock: Clock;
  readonly #members = new Map<string, Heard & Pick<Member, "site" | "name" | "said">>();
  readonly #holders = new Map<string, Heard & { holder: string }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when the line is closed. */
  async follow(bucket: KV): Promise<void> {
    for await (const entry of await bucket.watch()) this.hear(entry);
  }

  hear({ key, operation, value }: Pick<KvWatchEntry, "key" | "operation" | "value">): void {
    const [site = "", what = "", who = ""] = key.split(".").map(fromToken);
    const heard = { at: this.#clock.now(), isGone: operation !== "PUT" };
    if (key.split(".")[1] !== PRESENCE) {
      const holder = heard.isGone ? (this.#holders.get(key)?.holder ?? "") : new TextDecoder().decode(value);
      return void this.#holders.set(`${site} ${what}`, { ...heard, holder });
    }
    const said = heard.isGone ? (this.#members.get(key)?.said ?? {}) : toSaid(value);
    this.#members.set(key, { ...heard, site, name: who, said });
  }

  /** Those of a site; left out: of all sites. */
  all(): Member[] {
    const now = this.#clock.now();
    for (const [key, { at }] of [...this.#members]) if (now - at > FORGOTTEN) this.#members.delete(key);
    return [...this.#members.values()]
      .map(({ site, name, said, ...heard }) => ({
        site,
        name,
        said,
        seen: heard.at,
        silentSince: this.#silence(heard),
      }))
      .sort((a, b) => (a.site + a.name < b.site + b.name ? -1 : 1));
  }

  /** Who has a lease; `silentSince` where nobody has, and somebody had. */
  holderOf(site: string, what: string): { holder: string | null; silentSince: Instant | null } {
    const known = this.#holders.get(`${site} ${what}`);
    const silentSince = known ? this.#silence(known) : null;
    return { holder: known && silentSince === null ? known.holder : null, silentSince };
  }

  #silence({ at, isGone }: Heard): Instant | null {
    return isGone || this.#clock.now() - at >= LEASE_LIFE ? at : null;
  }
}

/** Nothing that somebody writes there ends a core. */
function toSaid(value: Uint8Array): Member["said"] {
  try {
    const said: unknown = JSON.parse(new TextDecoder().decode(value));
    return typeof said === "object" && said !== null && !Array.isArray(said) ? { ...said } : {};
  } catch {
    return {};
  }
}
