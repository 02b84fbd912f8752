import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Caller, Credentials } from "../model/caller.ts";

/** Readable by the page, which sends it back as `X-CSRF-Token`; other sites' pages cannot read it. */
export const CSRF_COOKIE = "pulse_csrf";

/** For callers without a session, whom a proxy vouches for. */
const PROCESS_KEY = randomBytes(32);

/**
 * The token that must come with every change of a caller whose browser shows who it is without being asked; null: no such caller.
 * It is derived from the session's id, so it lives and dies with it. base64url, without "=": older pages cut the cookie there.
 */
export function csrfTokenFor({ by, name }: Caller, { session }: Credentials): string | null {
  if (by === "session" && session !== null) return createHash("sha3-256").update(`csrf ${session}`).digest("base64url");
  if (by === "proxy") return createHmac("sha3-256", PROCESS_KEY).update(`csrf ${name}`).digest("base64url");
  return null;
}

/** Whether the request carries `token`. */
export function showsCsrfToken(headers: IncomingHttpHeaders, token: string): boolean {
  const shown = headers["x-csrf-token"];
  if (typeof shown !== "string") return false;
  const hash = (text: string) => createHash("sha3-256").update(text).digest();
  return timingSafeEqual(hash(shown), hash(token));
}
