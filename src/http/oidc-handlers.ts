import { stringifySetCookie } from "cookie";
import type { OIDC_ROUTES, Oidc, OidcInput } from "../contract/oidc-routes.ts";
import { setSessionCookies } from "./cookies.ts";
import { cookiesOf, type Door, type LoginResult } from "./door.ts";
import type { Handlers } from "./handlers.ts";
import { type Refusal, toFailure } from "./instance-handlers.ts";

/** Who knows the identity provider; answered by the accounts room. */
export interface OidcDesk {
  settings(): Omit<Oidc, "defaultRedirect">;
  change(input: OidcInput): Refusal | null;
  /** `callback`: this server's address for the way back. `binding`: what the browser's cookie must hold then. */
  begin(callback: string): Promise<{ url: string; binding: string } | Refusal>;
  finish(
    query: string,
    binding: string | null,
    from: { address: string; agent: string },
  ): Promise<LoginResult | Refusal>;
}

/** Holds what proves that the browser which comes back is the one that was sent. */
const BINDING_COOKIE = "pulse_oidc";
const CALLBACK = "/api/oidc/callback";
const BINDING_SECONDS = 600;

/** The handlers of sign-in at an identity provider. */
export function oidcHandlers(desk: OidcDesk, door: Door): Pick<Handlers, keyof typeof OIDC_ROUTES> {
  const settings = (origin: string) => ({ ...desk.settings(), defaultRedirect: `${origin}${CALLBACK}` });
  return {
    oidcSettings: ({ origin }) => settings(origin),
    changeOidc: ({ body, origin }) => {
      const refusal = desk.change(body as OidcInput);
      if (refusal) throw toFailure(refusal);
      return settings(origin);
    },
    oidcLogin: async ({ origin, secure }, reply) => {
      const begun = await desk.begin(`${origin}${CALLBACK}`);
      if ("refused" in begun) throw toFailure(begun);
      reply.header("Set-Cookie", bindingCookie(begun.binding, BINDING_SECONDS, secure));
      return { authorizationUrl: begun.url };
    },
    oidcCallback: async ({ request, address, credentials, secure }, reply) => {
      const query = request.url.split("?")[1] ?? "";
      const binding = cookiesOf(request.raw)[BINDING_COOKIE] ?? null;
      const agent = request.headers["user-agent"] ?? "";
      const outcome = await desk.finish(query, binding, { address, agent });
      if ("refused" in outcome || outcome.kind !== "in") {
        const reason = "refused" in outcome ? outcome.message : "Not signed in";
        reply.header("Set-Cookie", bindingCookie("", 0, secure));
        return reply.redirect(`../../?${new URLSearchParams({ oidc: "error", oidc_error: reason })}`, 302);
      }
      if (credentials.session !== null) await door.logout(credentials.session);
      setSessionCookies(reply, outcome.session, outcome.lifetime, secure);
      reply.header("Set-Cookie", bindingCookie("", 0, secure));
      return reply.redirect("../../?oidc=success", 302);
    },
  };
}

function bindingCookie(value: string, maxAge: number, secure: boolean): string {
  const path = "/";
  return stringifySetCookie({
    ...{ name: BINDING_COOKIE, value, httpOnly: true, sameSite: "lax", path, maxAge },
    ...(secure ? { secure } : {}),
  });
}
