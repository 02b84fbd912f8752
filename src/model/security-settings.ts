import type { Role } from "./caller.ts";

/** A proxy in front that signs people in and says whom. */
export interface ProxyAuthSettings {
  /** What the proxy shows in `X-Proxy-Secret`. */
  secret: string;
  /** Lower case. */
  userHeader: string;
  /** Lower case; null: everybody it lets through is an administrator. */
  roleHeader: string | null;
  roleSeparator: string;
  adminRole: string;
  logoutUrl: string | null;
}

/** What stands between callers and this server. */
export interface EdgeSettings {
  /** Addresses and networks (CIDR) whose `X-Forwarded-…` are believed. */
  trustedProxies: readonly string[];
  /** Origins whose pages may call the API with a token; "*": any. */
  allowedOrigins: readonly string[];
  proxyAuth: ProxyAuthSettings | null;
  /** Requests a minute of one caller; null: no limit. */
  requestsPerMinute: number | null;
  /** As long as sign-in is not set up, anybody may export and import the configuration. */
  unprotectedExport?: boolean;
}

/** Sign-in at an identity provider. */
export interface OidcSettings {
  enabled: boolean;
  issuerUrl: string;
  clientId: string;
  /** "": a public client. */
  clientSecret: string;
  /** "": made from the address of the page. */
  redirectUrl: string;
  logoutUrl: string;
  scopes: readonly string[];
  usernameClaim: string;
  emailClaim: string;
  groupsClaim: string;
  /** Who gets in; where a list is empty, it keeps nobody out. */
  allowedGroups: readonly string[];
  allowedDomains: readonly string[];
  allowedEmails: readonly string[];
  /** The role of a group's members; the highest counts. */
  groupRoles: Readonly<Record<string, Role>>;
  /** Of who is in none of those groups. */
  defaultRole: Role;
}

/** What the environment says about security. */
export interface SecuritySettings {
  /** Tokens besides API_TOKEN, as text or as SHA3-256 in hex. */
  apiTokens: readonly string[];
  edge: EdgeSettings;
  /** Files, PEM. */
  tls: { certificate: string; key: string } | null;
  oidc: Partial<OidcSettings>;
}

export const NO_EDGE: EdgeSettings = {
  trustedProxies: [],
  allowedOrigins: [],
  proxyAuth: null,
  requestsPerMinute: 500,
};

export const NO_SECURITY: SecuritySettings = { apiTokens: [], edge: NO_EDGE, tls: null, oidc: {} };
