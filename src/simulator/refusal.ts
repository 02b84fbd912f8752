import type { Millis } from "../kit/units.ts";

/** An answer other than 200, as Proxmox gives it: the reason goes into the status line. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  /** By parameter, for 400. */
  readonly errors: Readonly<Record<string, string>> | null;

  /** How long it takes to say so, in real time. */
  readonly after: Millis;

  constructor(
    status: number,
    reason: string,
    errors: Readonly<Record<string, string>> | null = null,
    after: Millis = 0,
  ) {
    super(reason);
    this.after = after;
    this.status = status;
    this.errors = errors;
  }
}
