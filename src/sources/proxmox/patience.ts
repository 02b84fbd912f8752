import { MINUTE, type Millis } from "../../kit/units.ts";
import { type FaultKind, isTransportFault } from "../../model/fault.ts";

const LONGEST_PAUSE: Millis = 5 * MINUTE;

/** Spaces out attempts to sign in that are refused, so that a wrong password does not lock the account. */
export class Patience {
  #refusals = 0;

  /** Takes the outcome of a look; null: it went well. */
  note(fault: FaultKind | null): void {
    this.#refusals = fault !== null && needsOperator(fault) ? this.#refusals + 1 : 0;
  }

  /** True while the server refuses us: calls of less importance are better not made. */
  get refused(): boolean {
    return this.#refusals > 0;
  }

  /** The time until the next look, for one that is planned every `interval`. */
  pause(interval: Millis): Millis {
    if (this.#refusals === 0) return interval;
    return Math.max(interval, Math.min(LONGEST_PAUSE, interval * 2 ** Math.min(this.#refusals, 10)));
  }
}

/** Trying again soon does not help and may harm: somebody has to correct the settings. */
function needsOperator(kind: FaultKind): boolean {
  return kind === "auth" || kind === "fingerprint" || kind === "tls";
}

/** True when the fault concerns the whole server; otherwise one call failed, and others may well go through. */
export function concernsServer(kind: FaultKind): boolean {
  return isTransportFault(kind) || needsOperator(kind);
}
