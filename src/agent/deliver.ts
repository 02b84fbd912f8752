import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { Outbox } from "./outbox.ts";
import type { Outcome } from "./post.ts";

const SHORTEST_WAIT: Millis = SECOND;
const LONGEST_WAIT: Millis = MINUTE;

export interface DeliveryOptions {
  /** The server's address, for the log. */
  url: string;
  outbox: Outbox;
  send: (text: string, signal: AbortSignal) => Promise<Outcome>;
  clock: Clock;
  log: Log;
  /** 0 to 1. */
  random: () => number;
}

/**
 * Brings reports to one server, one after the other in their order, until `signal` aborts. A server that does not take them is tried again
 * after a while that grows, and that chance spreads: a server that comes back is not met by all its agents at once.
 */
export async function deliver(options: DeliveryOptions, signal: AbortSignal): Promise<void> {
  const { outbox, send, clock, random } = options;
  const says = new Transitions(options);
  for (let failures = 0; !signal.aborted; ) {
    await outbox.filled(signal);
    const text = outbox.first;
    if (text === null || signal.aborted) continue;
    const outcome = await send(text, signal);
    if (signal.aborted) return;
    says.saw(outcome);
    if (outcome.kind === "later") {
      await clock.sleep(outcome.after ?? toWait(failures, random()), signal);
      failures += 1;
    } else {
      outbox.remove(text);
      failures = 0;
    }
  }
}

/** From half of the wait to all of it. */
export function toWait(failures: number, chance: number): Millis {
  const wait = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** Math.min(failures, 16));
  return Math.round(wait * (0.5 + chance / 2));
}

/** Logs when a server begins to take reports, ceases to, or gives another reason; not each of them. */
class Transitions {
  readonly #options: DeliveryOptions;
  /** null: nothing was sent yet; "": all is well. */
  #reason: string | null = null;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  saw(outcome: Outcome): void {
    const reason = outcome.kind === "taken" ? "" : outcome.reason;
    if (reason === this.#reason) return;
    this.#reason = reason;
    const { url, outbox, log } = this.#options;
    if (outcome.kind === "taken") {
      const dropped = outbox.takeDropped();
      const waiting = outbox.size - 1;
      log("info", "The server takes reports", {
        server: url,
        ...(waiting > 0 ? { waiting } : {}),
        ...(dropped > 0 ? { dropped } : {}),
      });
    } else {
      const message = outcome.kind === "never" ? "The server refuses a report" : "The server does not take reports";
      log("warn", message, { server: url, reason });
    }
  }
}
