import { type Instant, type Millis, SECOND } from "../../kit/units.ts";
import { LookFailed } from "../source.ts";

/** What was noted, and whether it still holds. */
export interface Note<T> {
  value: T;
  /** Start of the look that told it. */
  at: Instant;
  /** The last look failed, or was due long ago. */
  stale: boolean;
  /** Why, as a sentence; null while it is fresh. */
  fault: string | null;
}

/** What looks of one kind told, each of its node; remembers how old it is, and why nothing newer is known. */
export class Notebook<T> {
  readonly #interval: Millis;
  readonly #notes = new Map<string, { value: T; at: Instant; fault: string | null }>();

  /** `interval`: planned time between two looks at one node. */
  constructor(interval: Millis) {
    this.#interval = interval;
  }

  /** Notes what `look`, begun `at`, finds out about `node`; a failure is noted with what was known before, and thrown on. */
  async write(node: string, at: Instant, look: () => Promise<T>): Promise<T> {
    try {
      const value = await look();
      this.#notes.set(node, { value, at, fault: null });
      return value;
    } catch (error) {
      const known = this.#notes.get(node);
      if (known && error instanceof LookFailed) known.fault = error.fault.message;
      throw error;
    }
  }

  /** null: nothing was ever told. `stretch`: how many times as long as planned a round takes. */
  read(node: string, now: Instant, stretch: number): Note<T> | null {
    const note = this.#notes.get(node);
    if (!note) return null;
    const late = now - note.at > 3 * this.#interval * stretch + 15 * SECOND;
    return {
      ...note,
      stale: late || note.fault !== null,
      fault: note.fault ?? (late ? "Not looked at in time" : null),
    };
  }

  /** Forgets the nodes that are not there any more. */
  keep(nodes: readonly string[]): void {
    for (const node of this.#notes.keys()) if (!nodes.includes(node)) this.#notes.delete(node);
  }
}
