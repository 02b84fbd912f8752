import type { IncomingMessage } from "node:http";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { Route } from "../contract/route.ts";
import { ROUTES } from "../contract/routes.ts";
import { type Clock, systemClock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { MIB, SECOND } from "../kit/units.ts";
import type { AuditEvent } from "../model/audit.ts";
import { misfitsOf, toSentence } from "../model/misfits.ts";
import type { Door } from "./door.ts";
import { Edge } from "./edge.ts";
import { Failure } from "./failure.ts";
import { Guard } from "./guard.ts";
import { type AnyHandler, type Ask, type Handlers, toAsk } from "./handlers.ts";
import { RateLimits } from "./rate-limits.ts";
import { serveWeb } from "./web-files.ts";

const LARGEST_BODY = MIB;

/** What offers another protocol besides, as Java's client and `curl --http2` do with HTTP/2, is answered in this one (RFC 9110, 7.8). */
const NODE_OPTIONS = {
  shouldUpgradeCallback: (request: IncomingMessage) => request.headers.upgrade?.toLowerCase() === "websocket",
} as const;

const POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors";

/** `X-Frame-Options` knows no further origins: browsers that know the policy pass it over, and with such origins it is left out. */
function securityHeaders({ frameAncestors }: Edge): Record<string, string> {
  const frames = frameAncestors.length === 0 ? "DENY" : frameAncestors.length === 1 ? "SAMEORIGIN" : null;
  return {
    "Content-Security-Policy": `${POLICY} ${frameAncestors.join(" ") || "'none'"}`,
    "X-Content-Type-Options": "nosniff",
    ...(frames === null ? {} : { "X-Frame-Options": frames }),
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  };
}

/** What pages of allowed origins may do: call with a token. Cookies never go there: no `Allow-Credentials`. */
const CORS_HEADERS = {
  "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
  "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match, X-API-Token",
  "Access-Control-Expose-Headers": "ETag, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset",
  "Access-Control-Max-Age": "600",
} as const;

/** Several Pulses that serve as one. */
export interface Together {
  /** Has every one of them do what a shared route was asked for; `work` does it here. Rejects with what is to be answered. */
  share(route: { name: string; as: "change" | "report" }, ask: Ask, work: () => Promise<unknown>): Promise<unknown>;
  /** By these this one does what others were asked for. */
  offer(handlers: Handlers): void;
}

export interface ServerOptions {
  handlers: Handlers;
  door: Door;
  log: Log;
  /** Where the built web UI lies; null: the API only. */
  webFolder: string | null;
  /** Refuse every request that would change something. */
  readOnly: boolean;
  edge?: Edge;
  clock?: Clock;
  /** Keeps what was done; nothing is kept without it. */
  audit?: (event: AuditEvent) => void;
  /** What is answered when an error means that nothing could be saved; null: it means something else. */
  unsaved?: (error: unknown, isChange: boolean) => { status: number; message: string } | null;
  /** The others, where several Pulses serve as one; left out: there is this one only. */
  together?: Together;
  /** PEM; null: without encryption. */
  tls?: { cert: Buffer; key: Buffer } | null;
}

/** The HTTP server with every route of the contract; it does not listen yet. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const { handlers, door, readOnly, edge = new Edge(), clock = systemClock, audit = () => {}, tls, together } = options;
  together?.offer(handlers);
  const limits = new RateLimits(clock, edge.settings.requestsPerMinute);
  const guard = new Guard({ door, edge, limits, clock, readOnly, audit });
  const reasons = new WeakMap<FastifyRequest, string>();
  const server = Fastify({
    bodyLimit: LARGEST_BODY,
    // Clients of the manual write /api/alerts/, those of the original /api/alerts/config: with a slash at the end or without is the same.
    routerOptions: { ignoreTrailingSlash: true },
    requestTimeout: 30 * SECOND,
    connectionTimeout: 120 * SECOND,
    return503OnClosing: false,
    forceCloseConnections: true,
    frameworkErrors: (error, request, reply) => {
      reply.headers(securityHeaders(edge));
      answerError(error, request, reply, options);
    },
    ...(tls ? { https: { ...tls, ...NODE_OPTIONS, minVersion: "TLSv1.2" as const } } : { http: NODE_OPTIONS }),
  }) as unknown as FastifyInstance;
  const parse = server.getDefaultJsonParser("error", "error");
  // A body that is announced and not there is none: clients send DELETE so.
  server.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) =>
    body === "" ? done(null, undefined) : parse(request, String(body), done),
  );
  server.setValidatorCompiler(({ schema }) => validator(schema as TSchema));
  server.setSerializerCompiler(() => data => JSON.stringify(data));
  server.addHook("onRequest", async (request, reply) => {
    reply.headers(securityHeaders(edge));
    allowOrigin(request, reply, edge);
  });
  server.addHook("preParsing", async ({ method, headers }) => {
    if (method !== "GET" && method !== "HEAD") refusePacked(headers["content-encoding"]);
  });
  server.setErrorHandler((error, request, reply) => {
    if (error instanceof Failure) reasons.set(request, error.message);
    answerError(error, request, reply, options);
  });
  for (const [name, route] of Object.entries(ROUTES) as [string, Route][]) {
    const handler = handlers[name as keyof Handlers] as AnyHandler;
    server.route({
      method: route.method,
      url: route.path,
      ...(route.largestBody ? { bodyLimit: route.largestBody } : {}),
      schema: {
        ...(route.body ? { body: route.body } : {}),
        ...(route.query ? { querystring: route.query } : {}),
      },
      onRequest: async (request, reply) => guard.admit(request, reply, route),
      handler: (request, reply) => {
        const ask = toAsk(request, door, edge, route);
        const { shared } = route;
        if (!together || shared === undefined || shared === "agreed" || shared === "own") return handler(ask, reply);
        if (typeof shared === "object") throw new Failure(403, shared.refused);
        return together.share({ name, as: shared }, ask, async () => await handler(ask, reply));
      },
      onSend: async (request, reply) =>
        guard.keep(request, reply.statusCode, name, route, reasons.get(request) ?? null),
    });
  }
  server.options("/api/*", (request, reply) => {
    if (!edge.allows(request.headers.origin)) return reply.callNotFound();
    return reply.headers(CORS_HEADERS).status(204).send();
  });
  await serveWeb(server, options.webFolder);
  return server;
}

/** Bodies are taken as they are: taken apart, a small one might be without end. */
function refusePacked(encoding: string | undefined): void {
  if (encoding === undefined || encoding.trim() === "" || encoding.trim().toLowerCase() === "identity") return;
  throw new Failure(415, `A body with "Content-Encoding: ${encoding.slice(0, 40)}" is not taken: send it as it is`);
}

function allowOrigin(request: FastifyRequest, reply: FastifyReply, edge: Edge): void {
  const { origin } = request.headers;
  if (edge.allowedOrigins.length === 0) return;
  reply.header("Vary", "Origin, Accept-Encoding");
  if (origin !== undefined && edge.allows(origin)) reply.header("Access-Control-Allow-Origin", origin);
}

/**
 * Checks a body against its schema; the error names the first field that does not fit. A schema is compiled when the first body comes: all
 * of them at the start would be half of it.
 */
function validator(schema: TSchema) {
  let compiled: ReturnType<typeof Compile> | null = null;
  return (data: unknown) => {
    compiled ??= Compile(schema);
    if (compiled.Check(data)) return { value: data };
    const [first] = misfitsOf(schema, data);
    return { error: new Failure(400, first ? toSentence(first, "body") : "body: not as described") };
  };
}

function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { log, unsaved = () => null }: Pick<ServerOptions, "log" | "unsaved">,
): void {
  if (error instanceof Failure) return void reply.status(error.status).send({ error: error.message, ...error.details });
  const refusal = unsaved(error, !["GET", "HEAD"].includes(request.method));
  if (refusal) return void reply.status(refusal.status).send({ error: refusal.message });
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  const message = error instanceof Error ? error.message : "unknown";
  if (status < 500) return void reply.status(status).send({ error: message });
  log("error", "A request failed", {
    method: request.method,
    path: request.url.split("?")[0],
    error: String((error as Error).stack ?? error),
  });
  reply.status(500).send({ error: "Internal server error" });
}
