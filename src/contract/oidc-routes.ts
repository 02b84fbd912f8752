import { type Static, Type } from "typebox";
import type { Route } from "./route.ts";

const Role = Type.Union([Type.Literal("admin"), Type.Literal("operator"), Type.Literal("viewer")]);
const Text = (description: string) => Type.String({ maxLength: 1024, description });
const Texts = (description: string) => Type.Array(Type.String({ maxLength: 256 }), { maxItems: 200, description });

const fields = {
  enabled: Type.Boolean(),
  issuerUrl: Text("https://…; http only on this machine"),
  clientId: Text("As the provider knows this server"),
  redirectUrl: Text("Empty: the address of the page, with /api/oidc/callback"),
  logoutUrl: Text("Where to sign out at the provider"),
  scopes: Texts("openid among them"),
  usernameClaim: Text("preferred_username unless given"),
  emailClaim: Text("email unless given"),
  groupsClaim: Text("groups unless given"),
  allowedGroups: Texts("Empty: none is asked for"),
  allowedDomains: Texts("Of the e-mail address"),
  allowedEmails: Texts("One of address and domain must fit, where any are named"),
  groupRoles: Type.Record(Type.String(), Role, { description: "The highest of a person's groups counts." }),
  defaultRole: Role,
};

const Oidc = Type.Object(
  {
    ...fields,
    clientSecretSet: Type.Boolean(),
    defaultRedirect: Type.String({ description: "To be entered at the provider, unless redirectUrl is set." }),
    envOverrides: Type.Record(Type.String(), Type.Boolean(), { description: "Fields that the environment sets." }),
  },
  { $id: "OidcSettings" },
);
export type Oidc = Static<typeof Oidc>;

const OidcInput = Type.Object({
  ...Type.Partial(Type.Object(fields)).properties,
  clientSecret: Type.Optional(Type.String({ maxLength: 1024, description: "Empty: stays." })),
});
export type OidcInput = Static<typeof OidcInput>;

/** Sign-in at an identity provider (OpenID Connect). */
export const OIDC_ROUTES = {
  oidcSettings: {
    method: "GET",
    path: "/api/security/oidc",
    access: "admin",
    summary: "How people sign in at the identity provider, without the secret",
    answer: Oidc,
  },
  changeOidc: {
    method: "PUT",
    path: "/api/security/oidc",
    shared: "change",
    access: "admin",
    summary: "Changes that; what is left out stays, an empty secret too",
    body: OidcInput,
    answer: Oidc,
  },
  oidcLogin: {
    method: "POST",
    path: "/api/oidc/login",
    shared: "own",
    access: "public",
    summary: "Begins a sign-in at the identity provider",
    limit: "sign-in",
    withoutCsrf: true,
    inDemo: true,
    unaudited: true,
    answer: Type.Object({ authorizationUrl: Type.String({ description: "Where to send the browser." }) }),
    faults: { 503: "The identity provider cannot be asked." },
  },
  oidcCallback: {
    method: "GET",
    path: "/api/oidc/callback",
    access: "public",
    summary: "Where the identity provider sends the browser back to; leads to the start page",
    limit: "sign-in",
    answer: Type.Unknown({ description: "A redirect; with `?oidc=error&oidc_error=…` when nobody was signed in" }),
    faults: { 302: "To the start page." },
  },
} as const satisfies Record<string, Route>;
