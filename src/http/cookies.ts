import { stringifySetCookie } from "cookie";
import type { FastifyReply } from "fastify";
import { type Millis, SECOND } from "../kit/units.ts";
import { CSRF_COOKIE, csrfTokenFor } from "./csrf.ts";
import { SESSION_COOKIE } from "./door.ts";

/** Signs a browser in: the session, which scripts cannot read, and the CSRF token, which the page must. `secure`: over TLS only. */
export function setSessionCookies(reply: FastifyReply, session: string, lifetime: Millis, secure: boolean): void {
  const maxAge = lifetime / SECOND;
  const common = { sameSite: "lax", path: "/", maxAge, ...(secure ? { secure } : {}) } as const;
  const csrf = csrfTokenFor({ name: "", may: [], by: "session" }, { token: null, session, local: false }) ?? "";
  reply.header("Set-Cookie", [
    stringifySetCookie({ name: SESSION_COOKIE, value: session, httpOnly: true, ...common }),
    stringifySetCookie({ name: CSRF_COOKIE, value: csrf, ...common }),
  ]);
}

export function clearSessionCookies(reply: FastifyReply): void {
  const gone = { value: "", sameSite: "lax", path: "/", maxAge: 0 } as const;
  reply.header("Set-Cookie", [
    stringifySetCookie({ name: SESSION_COOKIE, httpOnly: true, ...gone }),
    stringifySetCookie({ name: CSRF_COOKIE, ...gone }),
  ]);
}

/** Gives a page its CSRF token again, which it has lost; it lives no longer than the browser's window. */
export function setCsrfCookie(reply: FastifyReply, token: string, secure: boolean): void {
  reply.header(
    "Set-Cookie",
    stringifySetCookie({ name: CSRF_COOKIE, value: token, sameSite: "lax", path: "/", ...(secure ? { secure } : {}) }),
  );
}
