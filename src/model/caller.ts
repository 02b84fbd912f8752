/** What somebody may do. `read`: look. `write`: change what Pulse does. `agent`: report. `admin`: change Pulse itself. */
export type Right = "read" | "write" | "agent" | "admin";
export const RIGHTS: readonly Right[] = ["read", "write", "agent", "admin"];

/** Who calls, as far as this server knows. */
export interface Caller {
  /** null: nobody has signed in. */
  name: string | null;
  may: readonly Right[];
}

/** What a request shows to say who calls. */
export interface Credentials {
  /** From `X-API-Token` or `Authorization: Bearer`. */
  token: string | null;
  /** From the session cookie. */
  session: string | null;
  /** The connection comes from this very machine, and no proxy stands in between. */
  local: boolean;
}

/** How a caller without rights could get some. */
export type SignIn = "password" | "token" | "none";
