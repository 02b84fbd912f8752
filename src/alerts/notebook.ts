import type { Instant, Millis } from "../kit/units.ts";

/** Restarts older than this are of no window. */
const LONGEST_WINDOW: Millis = 30 * 86_400_000;
/** Of one container; a loop shows in far fewer. */
const MOST_RESTARTS = 200;
/** Locks are looked back to for minutes only. */
const LOCK_KEPT: Millis = 3_600_000;

interface Restarts {
  count: number;
  /** When the count rose, and by how much, the newest last. */
  rises: [at: Instant, by: number][];
}

/** What is noted, as JSON. */
export interface Pages {
  locks: [guest: string, Instant][];
  restarts: [container: string, Restarts][];
}

/** What some signals have to remember besides the picture: a backup's lock that was there a moment ago, counts that rise. */
export class Notebook {
  readonly #locks = new Map<string, Instant>();
  readonly #restarts = new Map<string, Restarts>();

  /** Notes whether a guest is locked by a backup now; when it last was, null: never. */
  backupLock(guest: string, locked: boolean, now: Instant): Instant | null {
    if (locked) this.#locks.set(guest, now);
    return this.#locks.size === 0 ? null : (this.#locks.get(guest) ?? null);
  }

  /** Notes how often a container has been restarted since it was made; how often that was within the last `window`. */
  restarts(container: string, count: number, window: Millis, now: Instant): number {
    const known = this.#restarts.get(container);
    if (!known || count < known.count) this.#restarts.set(container, { count, rises: [] });
    else if (count > known.count) {
      known.rises.push([now, count - known.count]);
      known.count = count;
      if (known.rises.length > MOST_RESTARTS) known.rises.shift();
    }
    if (!known || known.rises.length === 0) return 0;
    return known.rises.reduce((sum, [at, by]) => (now - at <= window ? sum + by : sum), 0);
  }

  /** Forgets what no signal asks for any more. `exists`: whether there is such a container. */
  tidy(now: Instant, exists: (container: string) => boolean): void {
    for (const [guest, at] of this.#locks) if (now - at > LOCK_KEPT) this.#locks.delete(guest);
    for (const [container, known] of this.#restarts) {
      known.rises = known.rises.filter(([at]) => now - at <= LONGEST_WINDOW);
      if (!exists(container)) this.#restarts.delete(container);
    }
  }

  /** For the next run. */
  write(): Pages {
    return { locks: [...this.#locks], restarts: [...this.#restarts] };
  }

  read({ locks, restarts }: Pages): void {
    for (const [guest, at] of locks) this.#locks.set(guest, at);
    for (const [container, known] of restarts) this.#restarts.set(container, known);
  }
}
