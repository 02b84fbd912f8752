import type { IncomingMessage } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Route } from "../contract/route.ts";
import type { Clock } from "../kit/clock.ts";
import { SECOND } from "../kit/units.ts";
import type { AuditEvent } from "../model/audit.ts";
import type { Caller } from "../model/caller.ts";
import { csrfTokenFor, showsCsrfToken } from "./csrf.ts";
import { type Door, may } from "./door.ts";
import { type Edge, networkOf } from "./edge.ts";
import { Failure } from "./failure.ts";
import { isOfPrivateNetwork, readRelays } from "./private-network.ts";
import type { RateLimits } from "./rate-limits.ts";

export interface GuardOptions {
  door: Door;
  edge: Edge;
  limits: RateLimits;
  clock: Clock;
  /** Refuse every request that would change something. */
  readOnly: boolean;
  /** Keeps what was done. */
  audit: (event: AuditEvent) => void;
}

const NOT_SET_UP =
  "Authentication required: sign-in is not set up yet (PULSE_AUTH_USER and PULSE_AUTH_PASS, or API_TOKEN), so only this machine itself gets in";

/** Stands before every route: limits, foreign pages, rights, CSRF; and keeps what was done. */
export class Guard {
  readonly #options: GuardOptions;
  /** Who called, kept for afterwards: a request may end its own session. */
  readonly #callers = new WeakMap<FastifyRequest, Caller>();

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** Throws Failure 401, 403 or 429 unless the request may go on. */
  admit(request: FastifyRequest, reply: FastifyReply, route: Route): void {
    const { door, edge, readOnly } = this.#options;
    const { raw } = request;
    const credentials = edge.credentialsOf(raw, route.tokenInQuery);
    const caller = door.identify(credentials);
    this.#callers.set(request, caller);
    this.#limit(request, reply, route, caller);
    const changes = isChange(request);
    if (changes && edge.isForeign(raw)) throw new Failure(403, "This request comes from another site");
    if (changes && readOnly && !route.inDemo) {
      reply.header("X-Demo-Mode", "true");
      throw new Failure(403, "This server is a demo: nothing can be changed");
    }
    const csrf = changes && !route.withoutCsrf ? csrfTokenFor(caller, credentials) : null;
    if (csrf !== null && !showsCsrfToken(raw.headers, csrf))
      throw new Failure(403, "CSRF token missing or wrong: send the cookie pulse_csrf as the header X-CSRF-Token");
    if (route.access === "public" || may(caller, route.access)) return;
    if (route.openBeforeSetup && isOpenBeforeSetup(raw, door, edge)) return;
    if (caller.name !== null) throw new Failure(403, `This needs the right "${route.access}"`);
    throw new Failure(401, door.signIn === "none" ? NOT_SET_UP : "Authentication required");
  }

  /** Keeps a change, or what is as precious, or a known caller's refused one. What strangers try in vain is not kept: it would fill the disk. */
  keep(request: FastifyRequest, status: number, name: string, route: Route, reason: string | null): void {
    if (!(isChange(request) || route.audited) || route.unaudited || route.access === "agent") return;
    const { edge, audit } = this.#options;
    const caller = this.#callers.get(request) ?? { name: null };
    if (caller.name === null && route.access !== "public" && status >= 400) return;
    if (status === 429) return;
    const params = Object.values((request.params ?? {}) as Record<string, string>);
    audit({
      actor: caller.name,
      address: edge.addressOf(request.raw),
      action: name,
      target: params.length > 0 ? params.join(" ") : null,
      outcome: status < 400 ? "ok" : status === 401 || status === 403 ? "refused" : "failed",
      detail: reason,
    });
  }

  /** Sign-in counts by address, everything else by who is signed in, agents by both. */
  #limit(request: FastifyRequest, reply: FastifyReply, route: Route, caller: Caller): void {
    const { edge, limits, clock } = this.#options;
    const { limit: limitClass = "general" } = route;
    const known = limitClass !== "sign-in" && caller.name !== null && caller.by !== "local";
    const address = `address ${networkOf(edge.addressOf(request.raw))}`;
    // Agents of many hosts may share a token.
    const where = route.access === "agent" ? ` ${address}` : "";
    const key = known ? `${caller.by} ${caller.name}${where}` : address;
    const allowance = limits.take(limitClass, key);
    if (!allowance) return;
    const { limit, remaining, reset, exceeded } = allowance;
    reply.headers({
      "X-RateLimit-Limit": String(limit),
      "X-RateLimit-Remaining": String(remaining),
      "X-RateLimit-Reset": String(Math.ceil(reset / SECOND)),
    });
    if (!exceeded) return;
    const seconds = Math.max(1, Math.ceil((reset - clock.now()) / SECOND));
    reply.header("Retry-After", String(seconds));
    throw new Failure(429, `Too many requests; try again in ${seconds} s`);
  }
}

/** What is open as long as sign-in is not set up: to the private network, and to anybody where the operator has said so. */
export function isOpenBeforeSetup(request: IncomingMessage, door: Door, edge: Edge): boolean {
  if (door.signIn !== "none") return false;
  return edge.settings.unprotectedExport === true || isOfPrivateNetwork(request, edge, readRelays());
}

function isChange({ method }: FastifyRequest): boolean {
  return method !== "GET" && method !== "HEAD" && method !== "OPTIONS";
}
