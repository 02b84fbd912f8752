import { errors } from "@nats-io/transport-node";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import type { Instant, Millis } from "../kit/units.ts";
import { LEASE_LIFE } from "./foundation.ts";

/** Another leader is there by then: what is stored no longer is refused for a reason that lasts. */
const PATIENCE: Millis = LEASE_LIFE;

/** NATS stores nothing. */
export interface Refusal {
  since: Instant;
  /** As NATS says it, where it says something. */
  reason: string;
}

/** Whether NATS stores what it is given, which is not whether it is reached: its disk may be full. Told once, and when that is over. */
export class Storing {
  readonly #clock: Clock;
  readonly #log: Log;
  #refusal: Refusal | null = null;
  #isTold = false;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** null: it stores, or does not for a moment only. */
  get refusal(): Refusal | null {
    return this.#isTold ? this.#refusal : null;
  }

  /** NATS has said that it keeps something. */
  stored(): void {
    if (this.#isTold) this.#log("info", "NATS stores again what it is given");
    this.#refusal = null;
    this.#isTold = false;
  }

  /** It has not, though there is a line to it. */
  failed(error: unknown): void {
    const now = this.#clock.now();
    const since = this.#refusal?.since ?? now;
    this.#refusal = { since, reason: reasonOf(error) };
    if (this.#isTold || now - since < PATIENCE) return;
    this.#isTold = true;
    this.#log("warn", `NATS does not store what it is given: ${this.#refusal.reason}`, {
      since: new Date(since).toISOString(),
    });
  }
}

/** NOTE: the client does not export the class of one. A nats-server alone whose disk is full says nothing at all; one of several ends its JetStream. */
export function reasonOf(error: unknown): string {
  if (error instanceof errors.TimeoutError) return "no server says that it is stored";
  if (error instanceof Error && error.name === "JetStreamNotEnabled")
    return "JetStream does not run on enough of its servers";
  return error instanceof Error ? error.message : String(error);
}
