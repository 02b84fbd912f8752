import { type Instant, MINUTE, SECOND } from "../kit/units.ts";

/** Counts calls by the second, for as long as a minute. */
export class CallCounter {
  #seconds: { second: number; count: number }[] = [];

  count(now: Instant): void {
    const second = Math.floor(now / SECOND);
    const last = this.#seconds.at(-1);
    if (last?.second === second) last.count++;
    else this.#seconds.push({ second, count: 1 });
    this.#drop(now);
  }

  /** How many there were in the last minute. */
  lastMinute(now: Instant): number {
    this.#drop(now);
    return this.#seconds.reduce((sum, { count }) => sum + count, 0);
  }

  #drop(now: Instant): void {
    const oldest = Math.floor((now - MINUTE) / SECOND);
    while ((this.#seconds[0]?.second ?? Number.POSITIVE_INFINITY) <= oldest) this.#seconds.shift();
  }
}
