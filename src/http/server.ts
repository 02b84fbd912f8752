import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { ROUTES } from "../contract/routes.ts";
import type { Log } from "../kit/log.ts";
import { MIB } from "../kit/units.ts";
import type { Caller } from "../model/caller.ts";
import { credentialsOf, type Door, isForeign, may } from "./door.ts";
import { Failure } from "./failure.ts";
import { type AnyHandler, type Handlers, toAsk } from "./handlers.ts";
import { serveWeb } from "./web-files.ts";

const LARGEST_BODY = MIB;

const SECURITY_HEADERS = {
  "Content-Security-Policy":
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
} as const;

export interface ServerOptions {
  handlers: Handlers;
  door: Door;
  log: Log;
  /** Where the built web UI lies; null: the API only. */
  webFolder: string | null;
  /** Refuse every request that would change something. */
  readOnly: boolean;
}

/** The HTTP server with every route of the contract; it does not listen yet. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const server = Fastify({
    bodyLimit: LARGEST_BODY,
    requestTimeout: 30_000,
    return503OnClosing: false,
    forceCloseConnections: true,
  });
  const parse = server.getDefaultJsonParser("error", "error");
  // A body that is announced and not there is none: clients send DELETE so.
  server.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) =>
    body === "" ? done(null, undefined) : parse(request, String(body), done),
  );
  server.setValidatorCompiler(({ schema }) => validator(schema as TSchema));
  server.setSerializerCompiler(() => data => JSON.stringify(data));
  server.addHook("onRequest", async (_request, reply) => void reply.headers(SECURITY_HEADERS));
  server.setErrorHandler((error, request, reply) => answerError(error, request, reply, options.log));
  for (const [name, route] of Object.entries(ROUTES)) {
    const handler = options.handlers[name as keyof Handlers] as AnyHandler;
    const access = route.access;
    server.route({
      method: route.method,
      url: route.path,
      ...("largestBody" in route ? { bodyLimit: route.largestBody } : {}),
      schema: {
        ...("body" in route ? { body: route.body } : {}),
        ...("query" in route ? { querystring: route.query } : {}),
      },
      onRequest: async request => admit(request, access, options),
      handler: (request, reply) => handler(toAsk(request, options.door), reply),
    });
  }
  await serveWeb(server, options.webFolder);
  return server;
}

/** Throws Failure 401 or 403 unless the caller has the right that the route asks for. */
function admit(
  request: FastifyRequest,
  access: "public" | Caller["may"][number],
  { door, readOnly }: ServerOptions,
): void {
  const changes = request.method !== "GET" && request.method !== "HEAD";
  if (changes && isForeign(request.headers)) throw new Failure(403, "This request comes from another site");
  if (changes && readOnly && access !== "public")
    throw new Failure(403, "This server is a demo: nothing can be changed");
  if (access === "public") return;
  const caller = door.identify(credentialsOf(request.raw));
  if (may(caller, access)) return;
  if (caller.name !== null) throw new Failure(403, `This needs the right "${access}"`);
  throw new Failure(401, door.signIn === "none" ? NOT_SET_UP : "Authentication required");
}

const NOT_SET_UP =
  "Authentication required: sign-in is not set up yet (PULSE_AUTH_USER and PULSE_AUTH_PASS, or API_TOKEN), so only this machine itself gets in";

/** Checks a body against its schema; the error names the first field that does not fit. */
function validator(schema: TSchema) {
  const check = Compile(schema);
  return (data: unknown) => {
    if (check.Check(data)) return { value: data };
    const [first] = check.Errors(data);
    const { params = {} } = (first ?? {}) as { params?: { requiredProperties?: string[] } };
    const place = [
      ...(first?.instancePath ?? "").split("/").slice(1),
      ...(params.requiredProperties?.slice(0, 1) ?? []),
    ];
    const what = params.requiredProperties ? "missing" : (first?.message ?? "not as described");
    return { error: new Failure(400, `${place.join(".") || "body"}: ${what}`) };
  };
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): void {
  if (error instanceof Failure) return void reply.status(error.status).send({ error: error.message, ...error.details });
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  const message = error instanceof Error ? error.message : "unknown";
  if (status < 500) return void reply.status(status).send({ error: message });
  log("error", "A request failed", {
    method: request.method,
    path: request.url,
    error: String((error as Error).stack ?? error),
  });
  reply.status(500).send({ error: "Internal server error" });
}
