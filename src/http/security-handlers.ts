import type { FastifyReply } from "fastify";
import type { AnswerOf, BodyOf } from "../contract/route.ts";
import type { SECURITY_ROUTES } from "../contract/security-routes.ts";
import type { AuditEntry, AuditQuery } from "../model/audit.ts";
import type { Caller, Role, Scope } from "../model/caller.ts";
import { setSessionCookies } from "./cookies.ts";
import type { Door, LoginResult } from "./door.ts";
import { type Edge, isPrivate } from "./edge.ts";
import { Failure } from "./failure.ts";
import { isOpenBeforeSetup } from "./guard.ts";
import type { Ask, Handlers } from "./handlers.ts";
import { type Refusal, toFailure } from "./instance-handlers.ts";
import type { OidcDesk } from "./oidc-handlers.ts";

type SecurityRoutes = typeof SECURITY_ROUTES;
type Answer<R extends keyof SecurityRoutes> = AnswerOf<SecurityRoutes[R]>;
type Body<R extends keyof SecurityRoutes> = BodyOf<SecurityRoutes[R]>;
type Token = Omit<Answer<"apiTokens">[number], "scopes"> & { scopes: readonly Scope[] };
type User = Omit<Answer<"users">[number], "hasPassword"> & { password: string | null };
type Session = Omit<Answer<"sessions">[number], "user" | "userAgent"> & { name: string; agent: string };

/** Who asks, and from where. */
interface Asker {
  caller: Caller;
  address: string;
  local: boolean;
  session: string | null;
  agent: string;
}

/** Who keeps accounts, sessions and tokens; answered by the accounts room. */
interface AccountDesk {
  /** null: setup is done. */
  readonly setupCode: object | null;
  readonly isRecovering: boolean;
  /** null: it is set up already. */
  quickSetup(wish: Body<"quickSetup">, asker: Asker): Promise<{ apiToken?: string } | null | Refusal>;
  changePassword(current: string, next: string, asker: Asker): Promise<LoginResult | Refusal>;
  regenerateToken(asker: Asker): Promise<{ secret: string } | Refusal>;
  isToken(text: string): boolean;
  tokens(): readonly Token[];
  createToken(
    wish: { name: string; scopes: readonly Scope[]; expires: number | null },
    creator: string | null,
  ): Promise<{ token: Token; secret: string } | Refusal>;
  revokeToken(id: string): Promise<{ name: string } | Refusal>;
  sessions(asker: Asker): readonly Session[];
  endSession(id: string, asker: Asker): Promise<{ name: string } | Refusal>;
  users(): readonly User[];
  addUser(name: string, role: Role, password: string): Promise<User | Refusal>;
  updateUser(name: string, change: Body<"updateUser">): Promise<User | Refusal>;
  removeUser(name: string): Promise<{ name: string } | Refusal>;
  resetLockout(identifier: string): boolean;
  offerSecondFactor(asker: Asker): { secret: string; url: string } | Refusal;
  confirmSecondFactor(code: string, asker: Asker): Promise<{ recoveryCodes: string[] } | Refusal>;
  removeSecondFactor(password: string, code: string, asker: Asker): Promise<{ account: string } | Refusal>;
  recover(
    action: Body<"recovery">["action"],
    token: string | null,
    asker: Asker,
  ): { token?: string; minutes?: number } | Refusal;
}

/** What the routes of security need. */
export interface SecurityDesk {
  accounts: AccountDesk;
  audit: { read(query: AuditQuery): AuditEntry[]; verify(): Answer<"auditCheck"> };
  oidc: OidcDesk;
  /** The proxy in front that signs people in; null: there is none. */
  proxyAuth: { logoutUrl: string | null } | null;
  edge: Edge;
  /** Ends the process, so that what supervises it starts it again; null: nothing would. */
  restart: (() => void) | null;
}

/** The handlers of sign-in's management. */
export function securityHandlers(desk: SecurityDesk, door: Door): Pick<Handlers, keyof SecurityRoutes> {
  const { accounts, audit } = desk;
  return {
    ...tokenHandlers(accounts),
    ...peopleHandlers(accounts),
    ...secondFactorHandlers(accounts),
    securityStatus: ask => toStatus(ask, desk, door),
    quickSetup: async ask => {
      const outcome = await accounts.quickSetup(ask.body as Body<"quickSetup">, askerOf(ask));
      if (outcome === null) return { success: true, skipped: true, message: "Sign-in is set up already" };
      const { apiToken } = accepted(outcome);
      const message = "Sign-in is set up, and counts from now on";
      return { success: true, message, requiresManualRestart: false, ...(apiToken ? { apiToken } : {}) };
    },
    changePassword: async (ask, reply) => {
      const { currentPassword, newPassword } = ask.body as Body<"changePassword">;
      const outcome = accepted(await accounts.changePassword(currentPassword, newPassword, askerOf(ask)));
      if (outcome.kind === "in") setSessionCookies(reply, outcome.session, outcome.lifetime, ask.secure);
      return { success: true, message: "Password changed; all other sessions are ended", requiresRestart: false };
    },
    resetLockout: ({ body }) => {
      const { identifier } = body as Body<"resetLockout">;
      const message = accounts.resetLockout(identifier) ? "may try again" : "was not locked";
      return { success: true, message: `"${identifier}" ${message}` };
    },
    recoveryStatus: ask => {
      if (!ask.credentials.local) throw new Failure(403, "Recovery works on the machine that Pulse runs on only");
      const recovery_mode = accounts.isRecovering;
      return { recovery_mode, message: recovery_mode ? "This machine gets in without signing in" : "Recovery is off" };
    },
    recovery: ask => recover(accounts, ask),
    applyRestart: (_, reply) => {
      if (!desk.restart)
        return { success: false, message: "Everything counts already; nothing would start Pulse again" };
      reply.raw.once("finish", desk.restart);
      return { success: true, message: "Pulse is restarting" };
    },
    audit: ({ query }, reply) => sendAudit(audit, query as Record<string, string | undefined>, reply),
    auditCheck: () => audit.verify(),
  };
}

function tokenHandlers(
  accounts: AccountDesk,
): Pick<Handlers, "regenerateToken" | "validateToken" | "apiTokens" | "createApiToken" | "revokeApiToken"> {
  return {
    regenerateToken: async ask => {
      const { secret } = accepted(await accounts.regenerateToken(askerOf(ask)));
      const message = "A new token; the one before is worth nothing any more. It is shown only now";
      return { success: true, token: secret, message, requiresRestart: false };
    },
    validateToken: ({ body }) => {
      const valid = accounts.isToken((body as Body<"validateToken">).token);
      return { valid, message: valid ? "The token is good" : "The token is not known, or has expired" };
    },
    apiTokens: () => accounts.tokens().map(toToken),
    createApiToken: async ({ body, caller }) => {
      const { name, scopes, expires = null } = body as Body<"createApiToken">;
      const { token, secret } = accepted(await accounts.createToken({ name, scopes, expires }, caller.name));
      return { success: true, token: secret, record: toToken(token) };
    },
    revokeApiToken: async ({ params }) => {
      const { name } = accepted(await accounts.revokeToken(params.id ?? ""));
      return { success: true, message: `Token "${name}" is revoked` };
    },
  };
}

type PeopleRoutes = "sessions" | "endSession" | "users" | "addUser" | "updateUser" | "removeUser";

function peopleHandlers(accounts: AccountDesk): Pick<Handlers, PeopleRoutes> {
  return {
    sessions: ask =>
      accounts.sessions(askerOf(ask)).map(({ id, name, address, agent, started, seen, expires, current }) => ({
        ...{ id, user: name, address, userAgent: agent, started, seen, expires, current },
      })),
    endSession: async ask => {
      const { name } = accepted(await accounts.endSession(ask.params.id ?? "", askerOf(ask)));
      return { success: true, message: `A session of "${name}" is ended` };
    },
    users: () => accounts.users().map(toUser),
    addUser: async ({ body }) => {
      const { name, role, password } = body as Body<"addUser">;
      return toUser(accepted(await accounts.addUser(name, role, password)));
    },
    updateUser: async ({ params, body }) =>
      toUser(accepted(await accounts.updateUser(params.name ?? "", body as Body<"updateUser">))),
    removeUser: async ({ params }) => {
      const { name } = accepted(await accounts.removeUser(params.name ?? ""));
      return { success: true, message: `"${name}" has no account any more` };
    },
  };
}

function secondFactorHandlers(
  accounts: AccountDesk,
): Pick<Handlers, "offerSecondFactor" | "confirmSecondFactor" | "removeSecondFactor"> {
  return {
    offerSecondFactor: ask => accepted(accounts.offerSecondFactor(askerOf(ask))),
    confirmSecondFactor: async ask => {
      const { code } = ask.body as Body<"confirmSecondFactor">;
      const { recoveryCodes } = accepted(await accounts.confirmSecondFactor(code, askerOf(ask)));
      return { success: true, message: "The second factor is on", recoveryCodes };
    },
    removeSecondFactor: async ask => {
      const { password, code } = ask.body as Body<"removeSecondFactor">;
      accepted(await accounts.removeSecondFactor(password, code, askerOf(ask)));
      return { success: true, message: "The second factor is off" };
    },
  };
}

/** How this server is secured: for strangers, only what the sign-in page needs. */
function toStatus(ask: Ask, { accounts, proxyAuth, ...desk }: SecurityDesk, door: Door): Answer<"securityStatus"> {
  const { caller, address, secure, credentials } = ask;
  const oidc = desk.oidc.settings();
  const isKnown = caller.name !== null && caller.may.includes("read");
  const isAdmin = caller.may.includes("admin");
  const account = accounts.users().find(({ name }) => name === caller.account);
  const tokens = accounts.tokens().length;
  const isPrivateNetwork = isPrivate(address);
  return {
    hasAuthentication: door.signIn !== "none",
    requiresAuth: door.signIn === "password",
    setupCodeRequired: door.signIn === "none" && !credentials.local,
    configuredButPendingRestart: false,
    apiTokenConfigured: tokens > 0,
    apiTokenHint: isAdmin && tokens > 0 ? `${tokens} ${tokens === 1 ? "token" : "tokens"}` : "",
    exportProtected: !isOpenBeforeSetup(ask.request.raw, door, desk.edge),
    unprotectedExportAllowed: desk.edge.settings.unprotectedExport === true && door.signIn === "none",
    hasAuditLogging: true,
    credentialsEncrypted: true,
    hasHTTPS: secure,
    clientIP: address,
    isPrivateNetwork,
    isTrustedNetwork: credentials.local,
    publicAccess: !isPrivateNetwork,
    hasProxyAuth: proxyAuth !== null,
    proxyAuthLogoutURL: (caller.by === "proxy" && proxyAuth?.logoutUrl) || "",
    proxyAuthUsername: caller.by === "proxy" ? (caller.name ?? "") : "",
    proxyAuthIsAdmin: caller.by === "proxy" && isAdmin,
    authUsername: account?.name ?? "",
    authLastModified: account ? new Date(account.changed).toISOString() : "",
    oidcEnabled: oidc.enabled,
    oidcUsername: caller.by === "session" && !account ? (caller.name ?? "") : "",
    oidcIssuer: isKnown ? oidc.issuerUrl : "",
    oidcClientId: isKnown ? oidc.clientId : "",
    oidcLogoutURL: isKnown ? oidc.logoutUrl : "",
  };
}

function recover(accounts: AccountDesk, ask: Ask): Answer<"recovery"> {
  const { action, token } = ask.body as unknown as Body<"recovery">;
  const header = ask.request.headers["x-recovery-token"];
  const shown = token ?? (typeof header === "string" ? header : null);
  const outcome = accepted(accounts.recover(action, shown, askerOf(ask)));
  if (outcome.token !== undefined)
    return {
      success: true,
      message: "Good once",
      token: outcome.token,
      ...(outcome.minutes === undefined ? {} : { expires_in_minutes: outcome.minutes }),
    };
  const message =
    action === "disable_auth" ? "This machine gets in without signing in, for an hour" : "Recovery is off";
  return { success: true, message };
}

const MOST_ENTRIES = 10_000;

function sendAudit(
  audit: SecurityDesk["audit"],
  query: Record<string, string | undefined>,
  reply: FastifyReply,
): Answer<"audit"> | FastifyReply {
  const { actor, action, outcome, format } = query;
  const number = (name: string) => {
    const text = query[name];
    if (text === undefined || text === "") return undefined;
    const value = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
    if (!Number.isSafeInteger(value))
      throw new Failure(400, `${name}: "${text.slice(0, 40)}" is no number and no time`);
    return value;
  };
  const [from, to, before, limit = 100] = [number("from"), number("to"), number("before"), number("limit")];
  if (limit < 1 || limit > MOST_ENTRIES) throw new Failure(400, `limit: 1 to ${MOST_ENTRIES}`);
  const entries = audit.read({
    limit,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(before === undefined ? {} : { before }),
    ...(actor ? { actor } : {}),
    ...(action ? { action } : {}),
    ...(outcome ? { outcome } : {}),
  });
  if (format !== "jsonl") return { entries };
  return reply
    .type("application/x-ndjson; charset=utf-8")
    .header("Content-Disposition", "attachment; filename=pulse-audit.jsonl")
    .send(entries.map(entry => `${JSON.stringify(entry)}\n`).join(""));
}

function askerOf({ caller, address, credentials: { local, session }, request }: Ask): Asker {
  return { caller, address, local, session, agent: request.headers["user-agent"] ?? "" };
}

/** Throws Failure for a refusal. */
function accepted<T extends object>(outcome: T | Refusal): T {
  if ("refused" in outcome) throw toFailure(outcome as Refusal);
  return outcome as T;
}

function toToken(token: Token): Answer<"apiTokens">[number] {
  const { id, name, main, fromEnvironment, creator, created, expires, used } = token;
  return { id, name, scopes: [...token.scopes], main, fromEnvironment, creator, created, expires, used };
}

function toUser({ name, role, password, fromEnvironment, secondFactor, created, changed }: User): Answer<"addUser"> {
  return { name, role, hasPassword: password !== null, fromEnvironment, secondFactor, created, changed };
}
