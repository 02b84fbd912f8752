import type { LimitClass } from "../contract/route.ts";
import type { Clock } from "../kit/clock.ts";
import { HOUR, type Instant, MINUTE, type Millis } from "../kit/units.ts";

/** Callers remembered at once; a flood of invented ones forgets the oldest. */
const MOST_CALLERS = 20_000;

const LIMITS: { readonly [C in Exclude<LimitClass, "general">]: { requests: number; span: Millis } } = {
  "sign-in": { requests: 10, span: MINUTE },
  transfer: { requests: 5, span: MINUTE },
  "test-mail": { requests: 10, span: MINUTE },
  "update-check": { requests: 10, span: HOUR },
};

export interface Allowance {
  limit: number;
  remaining: number;
  /** When all of it is there again. */
  reset: Instant;
  exceeded: boolean;
}

/** Counts requests by class and caller: so many in the span that begins with the first. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #general: number | null;
  readonly #counts = new Map<string, { count: number; reset: Instant }>();

  /** `general`: requests a minute of one caller; null: no limit. */
  constructor(clock: Clock, general: number | null) {
    this.#clock = clock;
    this.#general = general;
  }

  /** Counts a request; null: such requests are not limited. */
  take(limitClass: LimitClass, caller: string): Allowance | null {
    if (limitClass === "general" && this.#general === null) return null;
    const { requests, span } =
      limitClass === "general" ? { requests: this.#general ?? 0, span: MINUTE } : LIMITS[limitClass];
    const key = `${limitClass} ${caller}`;
    const now = this.#clock.now();
    const known = this.#counts.get(key);
    // A clock that was set back must not lock anybody out for longer than the span.
    const current = known && known.reset > now && known.reset <= now + span ? known : { count: 0, reset: now + span };
    current.count += 1;
    if (current !== known) this.#remember(key, current);
    const { count, reset } = current;
    return { limit: requests, remaining: Math.max(0, requests - count), reset, exceeded: count > requests };
  }

  #remember(key: string, entry: { count: number; reset: Instant }): void {
    this.#counts.delete(key);
    this.#counts.set(key, entry);
    const oldest = this.#counts.keys().next().value;
    if (this.#counts.size > MOST_CALLERS && oldest !== undefined) this.#counts.delete(oldest);
  }
}
