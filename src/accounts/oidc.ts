import { randomBytes } from "node:crypto";
import * as client from "openid-client";
import type { Clock } from "../kit/clock.ts";
import { HOUR, type Instant, MINUTE, type Millis } from "../kit/units.ts";
import type { Role } from "../model/caller.ts";
import type { OidcSettings } from "../model/security-settings.ts";
import type { Database } from "../store/database.ts";
import { digest } from "./digest.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { Sealing } from "./second-factor.ts";

/** How long somebody may take at the identity provider. */
const FLOW_LIFE: Millis = 10 * MINUTE;
const MOST_FLOWS = 1000;
/** What the provider says of itself is asked for anew after that. */
const DISCOVERED_FOR: Millis = HOUR;
const PATIENCE_SECONDS = 10;
const SEAL_CONTEXT = "oidc client secret";

const DEFAULTS: OidcSettings = {
  enabled: false,
  issuerUrl: "",
  clientId: "",
  clientSecret: "",
  redirectUrl: "",
  logoutUrl: "",
  scopes: ["openid", "profile", "email"],
  usernameClaim: "preferred_username",
  emailClaim: "email",
  groupsClaim: "groups",
  allowedGroups: [],
  allowedDomains: [],
  allowedEmails: [],
  groupRoles: {},
  defaultRole: "viewer",
};

/** What is remembered of somebody who was sent to the provider. */
interface Flow {
  verifier: string;
  nonce: string;
  redirectUrl: string;
  /** Of the secret in that browser's cookie: nobody else's browser finishes the flow. */
  binding: string;
  until: Instant;
}

/** Sign-in at an identity provider: OpenID Connect, code flow with PKCE, state and nonce. */
export class Oidc {
  readonly #database: Database;
  readonly #seal: Sealing;
  readonly #clock: Clock;
  readonly #fixed: Partial<OidcSettings>;
  #kept: Partial<OidcSettings>;
  readonly #flows = new Map<string, Flow>();
  #discovered: { of: string; at: Instant; configuration: client.Configuration } | null = null;

  /** `fixed`: what the environment says; it wins. */
  constructor(database: Database, seal: Sealing, clock: Clock, fixed: Partial<OidcSettings>) {
    this.#database = database;
    this.#seal = seal;
    this.#clock = clock;
    this.#fixed = fixed;
    const [row] = database.all("SELECT settings, secret FROM sign_in_provider WHERE kind = 'oidc'");
    const secret = row?.secret instanceof Uint8Array ? seal.open(row.secret, SEAL_CONTEXT) : null;
    this.#kept = row ? { ...(JSON.parse(String(row.settings)) as object), clientSecret: secret ?? "" } : {};
  }

  /** Those in force; the client's secret is among them. */
  get settings(): OidcSettings {
    return { ...DEFAULTS, ...this.#kept, ...this.#fixed };
  }

  /** Why nobody can sign in there though it is switched on, as a sentence that begins with the field; null: nothing is known that would stop it. */
  get problem(): string | null {
    return this.settings.enabled ? problemOf(this.settings) : null;
  }

  /** The fields that the environment sets. */
  get fixed(): readonly string[] {
    return Object.keys(this.#fixed);
  }

  /** Changes what is given; an empty secret stays. `mayEnable`: there is an administrator who gets in without the provider. */
  save(change: Partial<OidcSettings>, mayEnable: boolean): Refusal | null {
    const { clientSecret = "", ...rest } = change;
    const secret = clientSecret || this.#kept.clientSecret || "";
    const next: OidcSettings = { ...DEFAULTS, ...this.#kept, ...rest, clientSecret: secret };
    const effective = { ...next, ...this.#fixed };
    const wrong = effective.enabled ? problemOf(effective) : null;
    if (wrong !== null) return refuse("bad-input", wrong);
    if (effective.enabled && !this.settings.enabled && !mayEnable)
      return refuse(
        "bad-input",
        "enabled: make an administrator with a password first, or a mistake here locks all out",
      );
    const { clientSecret: _, ...settings } = next;
    this.#database.run(
      "INSERT OR REPLACE INTO sign_in_provider (kind, settings, secret) VALUES ('oidc', ?, ?)",
      JSON.stringify(settings),
      secret === "" ? null : this.#seal.close(secret, SEAL_CONTEXT),
    );
    this.#kept = next;
    this.#discovered = null;
    return null;
  }

  /** Where to send the browser, and what its cookie must hold when it comes back. `callback`: this server's address for that. */
  async begin(callback: string): Promise<{ url: string; binding: string } | Refusal> {
    const { enabled, redirectUrl: chosen, scopes } = this.settings;
    if (!enabled) return refuse("unknown", "Sign-in at an identity provider is not set up");
    const configuration = await this.#discover();
    if ("refused" in configuration) return configuration;
    const redirectUrl = chosen || callback;
    const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
    const binding = randomBytes(32).toString("hex");
    const until = this.#clock.now() + FLOW_LIFE;
    const oldest = this.#flows.keys().next().value;
    if (this.#flows.size >= MOST_FLOWS && oldest !== undefined) this.#flows.delete(oldest);
    this.#flows.set(digest(state), { verifier, nonce, redirectUrl, binding: digest(binding), until });
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUrl,
      scope: scopes.join(" "),
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
    });
    return { url: url.href, binding };
  }

  /** Who has come back from the provider with `query`, and as what. A state is good once, in the browser that it was given to. */
  async finish(query: string, binding: string | null): Promise<{ name: string; role: Role } | Refusal> {
    const state = new URLSearchParams(query).get("state") ?? "";
    const flow = this.#flows.get(digest(state));
    this.#flows.delete(digest(state));
    if (!flow || flow.until <= this.#clock.now() || binding === null || digest(binding) !== flow.binding)
      return refuse("unauthorized", "This sign-in was not begun in this browser, or took too long; try again");
    const configuration = await this.#discover();
    if ("refused" in configuration) return configuration;
    const url = new URL(flow.redirectUrl);
    url.search = query;
    try {
      const claims = await this.#claimsFrom(configuration, url, state, flow);
      return this.#admit(claims);
    } catch (error) {
      return refuse("unauthorized", `The identity provider did not vouch for you (${reasonOf(error)})`);
    }
  }

  async #claimsFrom(
    configuration: client.Configuration,
    url: URL,
    state: string,
    { verifier, nonce }: Flow,
  ): Promise<Claims> {
    const tokens = await client.authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims: Claims = { ...(tokens.claims() ?? {}) };
    const { emailClaim, groupsClaim, usernameClaim } = this.settings;
    const complete = [emailClaim, groupsClaim, usernameClaim].every(name => name in claims);
    if (complete || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
    const more = await client.fetchUserInfo(configuration, tokens.access_token, String(claims.sub));
    return { ...more, ...claims };
  }

  /** Groups, if any are named, and one of address and domain, if any are named, must fit. */
  #admit(claims: Claims): { name: string; role: Role } | Refusal {
    const { settings } = this;
    const groups = toList(claims[settings.groupsClaim]);
    const email = claims.email_verified === false ? "" : String(claims[settings.emailClaim] ?? "").toLowerCase();
    const { allowedGroups, allowedDomains, allowedEmails } = settings;
    if (allowedGroups.length > 0 && !groups.some(group => allowedGroups.includes(group)))
      return refuse("locked", "You are in none of the groups that may use this Pulse");
    const byEmail = allowedEmails.some(allowed => allowed.toLowerCase() === email);
    const byDomain = allowedDomains.some(domain => email.endsWith(`@${domain.toLowerCase().replace(/^@/, "")}`));
    if (allowedEmails.length + allowedDomains.length > 0 && !(email !== "" && (byEmail || byDomain)))
      return refuse("locked", "Your e-mail address is none of those that may use this Pulse");
    const roles = groups.map(group => settings.groupRoles[group]);
    const role = RANK.find(rank => roles.includes(rank)) ?? settings.defaultRole;
    return { name: String(claims[settings.usernameClaim] || email || claims.sub), role };
  }

  async #discover(): Promise<client.Configuration | Refusal> {
    const { issuerUrl, clientId, clientSecret } = this.settings;
    const of = digest(JSON.stringify([issuerUrl, clientId, clientSecret]));
    const now = this.#clock.now();
    const known = this.#discovered;
    if (known?.of === of && now - known.at < DISCOVERED_FOR) return known.configuration;
    try {
      const configuration = await client.discovery(
        new URL(issuerUrl),
        clientId,
        clientSecret || undefined,
        clientSecret ? undefined : client.None(),
        {
          timeout: PATIENCE_SECONDS,
          execute: [
            client.enableNonRepudiationChecks,
            ...(isLoopback(issuerUrl) ? [client.allowInsecureRequests] : []),
          ],
        },
      );
      this.#discovered = { of, at: now, configuration };
      return configuration;
    } catch (error) {
      return refuse("not-now", `The identity provider "${issuerUrl}" cannot be asked (${reasonOf(error)})`);
    }
  }
}

type Claims = Record<string, unknown>;
const RANK: readonly Role[] = ["admin", "operator", "viewer"];

function problemOf({ issuerUrl, clientId, redirectUrl, scopes }: OidcSettings): string | null {
  const issuer = URL.parse(issuerUrl);
  if (issuer?.protocol !== "https:" && !isLoopback(issuerUrl))
    return `issuerUrl: "${issuerUrl}" is no https:// address`;
  if (clientId === "") return "clientId: missing";
  if (redirectUrl !== "" && !/^https?:$/.test(URL.parse(redirectUrl)?.protocol ?? ""))
    return `redirectUrl: "${redirectUrl}" is no address`;
  return scopes.includes("openid") ? null : 'scopes: "openid" is missing';
}

function isLoopback(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? "";
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}

/** What libraries say of it, without what was sent. */
function reasonOf(error: unknown): string {
  const { code, error: answered, message } = error as { code?: string; error?: string; message?: string };
  return String(answered ?? code ?? message ?? "unknown").slice(0, 100);
}

function toList(claim: unknown): string[] {
  return Array.isArray(claim) ? claim.map(String) : typeof claim === "string" ? claim.split(/[\s,]+/) : [];
}
