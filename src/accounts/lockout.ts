import type { Clock } from "../kit/clock.ts";
import { type Instant, MINUTE, type Millis } from "../kit/units.ts";

const MOST_ATTEMPTS = 5;
const LOCK: Millis = 15 * MINUTE;
/** Names and addresses remembered at once; a flood of invented ones forgets the oldest. */
const MOST_KEYS = 10_000;

/** Counts failed sign-ins by key (a user, an address) and locks a key after five within 15 minutes. */
export class Lockout {
  readonly #clock: Clock;
  readonly #failures = new Map<string, { count: number; forgetAt: Instant }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Until when the longest locked of `keys` is locked; null when none is. */
  lockedUntil(keys: readonly string[]): Instant | null {
    const locks = keys.flatMap(key => {
      const failure = this.#current(key);
      return failure && failure.count >= MOST_ATTEMPTS ? [failure.forgetAt] : [];
    });
    return locks.length === 0 ? null : Math.max(...locks);
  }

  /** Counts a failure for each key: the attempts of the worst, what remains, and until when it is locked, if now it is. */
  fail(keys: readonly string[]): { attempts: number; remaining: number; until: Instant | null } {
    const forgetAt = this.#clock.now() + LOCK;
    let attempts = 0;
    for (const key of keys) {
      const count = (this.#current(key)?.count ?? 0) + 1;
      this.#failures.delete(key);
      this.#failures.set(key, { count, forgetAt });
      attempts = Math.max(attempts, count);
    }
    for (const key of this.#failures.keys()) {
      if (this.#failures.size <= MOST_KEYS) break;
      this.#failures.delete(key);
    }
    return {
      attempts,
      remaining: Math.max(0, MOST_ATTEMPTS - attempts),
      until: attempts >= MOST_ATTEMPTS ? forgetAt : null,
    };
  }

  /** Undoes one `fail`. */
  takeBack(keys: readonly string[]): void {
    for (const key of keys) {
      const failure = this.#current(key);
      if (failure) failure.count -= 1;
    }
  }

  /** Forgets all failures of `keys`; answers whether there were any. */
  forget(keys: readonly string[]): boolean {
    return keys.filter(key => this.#failures.delete(key)).length > 0;
  }

  #current(key: string) {
    const failure = this.#failures.get(key);
    const now = this.#clock.now();
    // A clock that was set back must not lock anybody out for longer.
    return failure && failure.forgetAt > now && failure.forgetAt <= now + LOCK ? failure : undefined;
  }
}
