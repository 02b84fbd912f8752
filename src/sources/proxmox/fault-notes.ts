import type { Fault } from "../../model/fault.ts";
import { toFailure } from "../source.ts";
import { concernsServer } from "./patience.ts";

/** What of a server could not be read, and why: by part. A part that fails keeps its last value and never hides the others. */
export class FaultNotes {
  readonly #instance: string;
  readonly #notes = new Map<string, string>();

  constructor(instance: string) {
    this.#instance = instance;
  }

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
      const { fault } = toFailure(error, this.#instance);
      if (concernsServer(fault.kind)) throw error;
      this.set(part, fault);
      return null;
    }
  }

  /** Notes why a part could not be read; a fault of the whole server is none of the part. */
  set(part: string, fault: Fault): void {
    if (!concernsServer(fault.kind)) this.#notes.set(part, fault.message);
  }

  clear(part: string): void {
    this.#notes.delete(part);
  }

  toRecord(): Record<string, string> {
    return Object.fromEntries([...this.#notes].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Forgets the parts that are no longer there. */
  keep(isThere: (part: string) => boolean): void {
    for (const part of this.#notes.keys()) if (!isThere(part)) this.#notes.delete(part);
  }
}
