/** An answer other than 200, as Proxmox gives it: the reason goes into the status line. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  /** By parameter, for 400. */
  readonly errors: Readonly<Record<string, string>> | null;

  constructor(status: number, reason: string, errors: Readonly<Record<string, string>> | null = null) {
    super(reason);
    this.status = status;
    this.errors = errors;
  }
}
