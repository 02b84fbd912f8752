import type { Role } from "../model/caller.ts";
import type { Factor } from "./second-factor.ts";
import type { Session } from "./sessions.ts";
import type { Token } from "./tokens.ts";

/**
 * What changes who gets in, told so that each of several Pulses comes to the same by it: passwords, tokens and sessions as their hashes,
 * what is random as it was drawn. None tells a text that opens anything.
 */
export type Deed =
  /** null: stays. `isNew`: only where nobody has the name; otherwise only where somebody has it; left out: either. */
  | { do: "save-user"; name: string; role: Role | null; password: string | null; isNew?: boolean }
  | { do: "remove-user"; name: string }
  /** A main one takes the place of the main one before. */
  | { do: "add-token"; hash: string; token: Token }
  | { do: "revoke-token"; hash: string; fromEnvironment: boolean }
  | { do: "turn-factor-on"; account: string; factor: Factor }
  | { do: "turn-factor-off"; account: string }
  | { do: "use-code"; account: string; code: CodeUse }
  | { do: "begin-session"; hash: string; session: Session }
  /** By their ids, which open nothing. */
  | { do: "end-sessions"; ids: string[] };

/** A code of the second factor: the 30 s of one of the app's, or the digest of a recovery code. */
export type CodeUse = { step: number } | { recovery: string };

/** What has come of a deed where it was done: others may have been quicker. */
export type Done = "done" | "taken" | "unknown" | "last-admin" | "used-up";
