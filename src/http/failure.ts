/** A request that cannot be served, for a reason the caller is told. Thrown by handlers, answered as `{ error }` with its status. */
export class Failure extends Error {
  readonly status: number;
  /** Further fields of the answer, for clients that read more than `error`. */
  readonly details: Readonly<Record<string, unknown>>;
  override name = "Failure";

  constructor(status: number, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.details = details;
  }
}
