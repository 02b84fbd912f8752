import { LookFailed } from "../source.ts";
import { concernsServer } from "./patience.ts";

/** What of a server could not be read, and why: by part. A part that fails keeps its last value and never hides the others. */
export class FaultNotes {
  readonly #notes = new Map<string, string>();

  /**
   * Reads one part. null when that fails: the reason is noted until it goes well again.
   * Rejects with LookFailed when the fault is one of the whole server.
   */
  async reading<T>(part: string, read: () => Promise<T>): Promise<T | null> {
    try {
      const value = await read();
      this.#notes.delete(part);
      return value;
    } catch (error) {
      if (!(error instanceof LookFailed) || concernsServer(error.fault.kind)) throw error;
      this.#notes.set(part, error.fault.message);
      return null;
    }
  }

  toRecord(): Record<string, string> {
    return Object.fromEntries([...this.#notes].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Forgets the parts that are no longer there. */
  keep(isThere: (part: string) => boolean): void {
    for (const part of this.#notes.keys()) if (!isThere(part)) this.#notes.delete(part);
  }
}
