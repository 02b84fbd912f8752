import type { Instant, Millis } from "../kit/units.ts";
import type { Fault } from "../model/fault.ts";
import type { ScopeReport } from "../model/source-report.ts";
import { PartMap } from "./part-map.ts";

/** One look as it went. */
export interface LookNote {
  scope: string;
  /** One of several things of the scope; empty: the scope is one thing. */
  part: string;
  at: Instant;
  took: Millis;
  interval: Millis;
  fault: Fault | null;
}

/** Remembers how the last look at each thing went. */
export class LookLog {
  readonly #last = new PartMap<LookNote>();

  note(note: LookNote): void {
    this.#last.delete(note);
    this.#last.set(note, note);
  }

  /** Forgets what is no longer looked at. */
  forget(note: Pick<LookNote, "scope" | "part">): void {
    this.#last.delete(note);
  }

  /** One line a scope, in the order of their names. */
  report(): ScopeReport[] {
    const scopes = [...this.#last.scopes()].sort(([a], [b]) => (a < b ? -1 : 1));
    return scopes.map(([scope, notes]) => toReport(scope, [...notes]));
  }
}

/** `notes` come in the order in which they were made: the last one is the newest. */
function toReport(scope: string, notes: readonly LookNote[]): ScopeReport {
  const newest = notes.reduce((a, b) => (b.at >= a.at ? b : a));
  const failing = notes.filter(({ fault }) => fault !== null);
  return {
    scope,
    parts: notes.length,
    interval: newest.interval,
    startedAt: newest.at,
    took: newest.took,
    failing: failing.length,
    fault: failing.at(-1)?.fault ?? null,
  };
}
