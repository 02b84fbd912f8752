import type { AnswerOf, BodyOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import { ask, type Refused } from "../live/ask.ts";

type Answer<R extends keyof Routes> = AnswerOf<Routes[R]>;
type Body<R extends keyof Routes> = BodyOf<Routes[R]>;

export type Status = Answer<"securityStatus">;
export type Token = Answer<"apiTokens">[number];
export type Session = Answer<"sessions">[number];
export type User = Answer<"users">[number];
export type AuditEntry = Answer<"audit">["entries"][number];

export const readStatus = () => ask<Status>("GET", "api/security/status");
export const readTokens = () => ask<Token[]>("GET", "api/security/tokens");
export const readSessions = () => ask<Session[]>("GET", "api/security/sessions");
export const readUsers = () => ask<User[]>("GET", "api/security/users");
export const readAuditCheck = () => ask<Answer<"auditCheck">>("GET", "api/security/audit/verify");

export function readAudit(
  filter: { actor: string; outcome: string; before?: number },
  limit: number,
): Promise<Answer<"audit"> | Refused> {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries(filter))
    if (value !== "" && value !== undefined) query.set(name, String(value));
  return ask("GET", `api/security/audit?${query}`);
}

export function setUp(wish: Body<"quickSetup">): Promise<Answer<"quickSetup"> | Refused> {
  return ask("POST", "api/security/quick-setup", wish);
}

export function changePassword(wish: Body<"changePassword">): Promise<Answer<"changePassword"> | Refused> {
  return ask("POST", "api/security/change-password", wish);
}

export function createToken(wish: Body<"createApiToken">): Promise<Answer<"createApiToken"> | Refused> {
  return ask("POST", "api/security/tokens", wish);
}

export function revokeToken(id: string): Promise<Answer<"revokeApiToken"> | Refused> {
  return ask("DELETE", `api/security/tokens/${encodeURIComponent(id)}`);
}

export function endSession(id: string): Promise<Answer<"endSession"> | Refused> {
  return ask("DELETE", `api/security/sessions/${encodeURIComponent(id)}`);
}

export function addUser(wish: Body<"addUser">): Promise<User | Refused> {
  return ask("POST", "api/security/users", wish);
}

export function updateUser(name: string, change: Body<"updateUser">): Promise<User | Refused> {
  return ask("PUT", `api/security/users/${encodeURIComponent(name)}`, change);
}

export function removeUser(name: string): Promise<Answer<"removeUser"> | Refused> {
  return ask("DELETE", `api/security/users/${encodeURIComponent(name)}`);
}

export function offerSecondFactor(): Promise<Answer<"offerSecondFactor"> | Refused> {
  return ask("POST", "api/security/totp");
}

export function confirmSecondFactor(code: string): Promise<Answer<"confirmSecondFactor"> | Refused> {
  return ask("POST", "api/security/totp/confirm", { code });
}

export function removeSecondFactor(wish: Body<"removeSecondFactor">): Promise<Answer<"removeSecondFactor"> | Refused> {
  return ask("POST", "api/security/totp/disable", wish);
}
