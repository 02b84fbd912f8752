import type { Fault, FaultKind } from "../model/fault.ts";
import type { Observation } from "../model/observation.ts";
import type { SourceReport } from "../model/source-report.ts";

/** Takes what a source saw: at once, but for a long list, of which more follows in turns of its own. Must not throw. */
export type Observe = (seen: Observation) => void;

/** Something that looks at one upstream and says what it saw, until it is told to stop. */
export interface Source {
  /** Looks at the upstream on its own schedule; resolves when `signal` has aborted and every look has ended. Never rejects. */
  run(observe: Observe, signal: AbortSignal): Promise<void>;
  /** What watching costs and how it goes; absent: this source does not keep count. */
  report?(): SourceReport;
}

/** A look failed in one of the expected ways. Caught in one place, where it becomes a `missed` observation. */
export class LookFailed extends Error {
  readonly fault: Fault;
  override name = "LookFailed";

  constructor(kind: FaultKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = { kind, message };
  }
}

/**
 * What ended a look, as its failure. An error that is none of the expected ones came of an answer that nobody has thought of: it counts as
 * that answer's fault and costs this one look. Everything else that is watched must not end with it, again with every start.
 */
export function toFailure(error: unknown, instance: string): LookFailed {
  if (error instanceof LookFailed) return error;
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const message = `"${instance}" told something that cannot be read (${what.slice(0, 200)})`;
  return new LookFailed("garbled", message, { cause: error });
}
