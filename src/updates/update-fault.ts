/** Why there is nothing to be known of releases, or why an update goes no further. */
export const FAULT_KINDS = [
  "no-source",
  "no-key",
  "unreachable",
  "bad-index",
  "bad-signature",
  "bad-checksum",
  "bad-size",
  "bad-archive",
  "no-space",
  "not-offered",
  "does-not-start",
  "unwell",
  "cut-off",
  "unwritable",
  "not-taken",
] as const;
export type UpdateFaultKind = (typeof FAULT_KINDS)[number];

/** An update, or a look for one, that goes no further; the message is a sentence for people. */
export class UpdateFault extends Error {
  readonly kind: UpdateFaultKind;
  override name = "UpdateFault";

  constructor(kind: UpdateFaultKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Any error as one; what the system says of a full or closed disk is told by its name. */
export function toUpdateFault(error: unknown): UpdateFault {
  if (error instanceof UpdateFault) return error;
  const { code, path, message } = error as NodeJS.ErrnoException;
  const where = path === undefined ? "" : ` ("${path}")`;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new UpdateFault("no-space", `The disk is full${where}`, { cause: error });
  return new UpdateFault("unwritable", code === undefined ? String(message) : `${message}`, { cause: error });
}
