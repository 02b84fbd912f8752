/**
 * What somebody may do. `read`: look. `write`: change what Pulse does. `agent`: report. `admin`: change Pulse itself. `wall`: see what a screen
 * on the wall shows, which is part of `read`.
 */
export type Right = "read" | "write" | "agent" | "admin" | "wall";
/** All that there are together. */
export const RIGHTS: readonly Right[] = ["read", "write", "agent", "admin"];

/** What a person is here. */
export type Role = "admin" | "operator" | "viewer";
export const ROLE_RIGHTS: { readonly [R in Role]: readonly Right[] } = {
  admin: RIGHTS,
  operator: ["read", "write"],
  viewer: ["read"],
};

/** A user whom the configuration names. */
export interface GivenUser {
  name: string;
  role: Role;
  /** As text or as bcrypt hash. */
  password: string;
}

/** What a token is good for; a wider one holds the narrower. */
export type Scope = Right;
export const SCOPES: readonly Scope[] = [...RIGHTS, "wall"];
export const SCOPE_RIGHTS: { readonly [S in Scope]: readonly Right[] } = {
  read: ["read"],
  write: ["read", "write"],
  agent: ["agent"],
  admin: RIGHTS,
  wall: ["wall"],
};

/** Who calls, as far as this server knows. */
export interface Caller {
  /** null: nobody has signed in. */
  name: string | null;
  may: readonly Right[];
  /** What it was told by. Browsers send a session cookie, and what a proxy adds, without being asked: those need proof of intent. */
  by?: "session" | "token" | "proxy" | "local";
  /** The account kept here that has signed in, with its password. */
  account?: string;
}

/** What a request shows to say who calls. */
export interface Credentials {
  /** From `X-API-Token` or `Authorization: Bearer`. */
  token: string | null;
  /** From the session cookie. */
  session: string | null;
  /** The connection comes from this very machine, and no proxy stands in between. */
  local: boolean;
  /** Whom a trusted proxy has signed in. `roles`: null when it is not told to say them. */
  proxyUser?: { name: string; roles: readonly string[] | null };
}

/** How a caller without rights could get some. */
export type SignIn = "password" | "token" | "none";
