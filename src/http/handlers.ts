import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { toOpenApi } from "../contract/openapi.ts";
import type { AnswerOf, BodyOf, QueryOf, Route } from "../contract/route.ts";
import { ROUTES, type Routes } from "../contract/routes.ts";
import type { Clock } from "../kit/clock.ts";
import { type Instant, MINUTE, round, SECOND } from "../kit/units.ts";
import type { Caller, Credentials } from "../model/caller.ts";
import type { FillingUp } from "../model/capacity.ts";
import type { OwnHealth, Picture } from "../model/picture.ts";
import { type AgentSupply, agentHandlers } from "./agent-handlers.ts";
import { type AlertDesk, alertHandlers } from "./alert-handlers.ts";
import type { ApiDocument } from "./api-page/api-page.ts";
import { apiPageHandlers } from "./api-page-handlers.ts";
import { type ArchiveDesk, archiveHandlers } from "./archive-handlers.ts";
import { type BackupDesk, backupHandlers } from "./backup-handlers.ts";
import { type ChangeDesk, changeHandlers } from "./change-handlers.ts";
import { type ClusterDesk, clusterHandlers } from "./cluster-handlers.ts";
import { clearSessionCookies, setCsrfCookie, setSessionCookies } from "./cookies.ts";
import { CSRF_COOKIE, csrfTokenFor } from "./csrf.ts";
import { type DiscoveryDesk, discoveryHandlers } from "./discovery-handlers.ts";
import { type DockerDesk, dockerHandlers } from "./docker-handlers.ts";
import { cookiesOf, type Door } from "./door.ts";
import type { Edge } from "./edge.ts";
import { Failure } from "./failure.ts";
import { guestHandlers, type NoteDesk } from "./guest-handlers.ts";
import { acceptsGzip } from "./gzip.ts";
import { historyHandlers, type Past } from "./history-handlers.ts";
import { type InstanceDesk, instanceHandlers } from "./instance-handlers.ts";
import { type Broadcast, liveHandlers } from "./live-handlers.ts";
import { metricsHandlers } from "./metrics-handlers.ts";
import { type MockDesk, mockHandlers } from "./mock-handlers.ts";
import {
  type NotificationDesk,
  notificationHandlers,
  type SilenceDesk,
  silenceHandlers,
} from "./notification-handlers.ts";
import { oidcHandlers } from "./oidc-handlers.ts";
import { type Inspection, pictureHandlers } from "./picture-handlers.ts";
import type { PictureView } from "./picture-view.ts";
import type { MetricsPage } from "./prometheus/metrics-page.ts";
import { type RegistrationDesk, registrationHandlers } from "./registration-handlers.ts";
import { type SecurityDesk, securityHandlers } from "./security-handlers.ts";
import { summaryHandlers } from "./summary-handlers.ts";
import { nameOf, type SystemDesk, systemHandlers } from "./system-handlers.ts";
import { type TransferDesk, transferHandlers } from "./transfer-handlers.ts";
import { type UpdateDesk, updateHandlers } from "./update-handlers.ts";
import { sizeOf } from "./wire-frame.ts";

/** What a handler gets. */
export interface Ask<R extends Route = Route> {
  body: BodyOf<R>;
  query: QueryOf<R>;
  params: Readonly<Record<string, string>>;
  credentials: Credentials;
  caller: Caller;
  /** Where the caller is. */
  address: string;
  /** Its connection is encrypted. */
  secure: boolean;
  /** Where it reaches this server: scheme and host. */
  origin: string;
  request: FastifyRequest;
}

/** Answers one route: with its answer, or with the reply when it has sent that itself. Throws Failure for what the caller is told. */
type Handler<R extends Route> = (
  ask: Ask<R>,
  reply: FastifyReply,
) => AnswerOf<R> | FastifyReply | Promise<AnswerOf<R> | FastifyReply>;
export type Handlers = { readonly [K in keyof Routes]: Handler<Routes[K]> };
export type AnyHandler = Handler<Route>;

export function toAsk(request: FastifyRequest, door: Door, edge: Edge, route: Route): Ask {
  const credentials = edge.credentialsOf(request.raw, route.tokenInQuery);
  const secure = edge.isSecure(request.raw);
  return {
    body: request.body as BodyOf<Route>,
    query: request.query as QueryOf<Route>,
    params: request.params as Record<string, string>,
    credentials,
    caller: door.identify(credentials),
    address: edge.addressOf(request.raw),
    secure,
    origin: `${secure ? "https" : "http"}://${edge.hostOf(request.raw)}`,
    request,
  };
}

/** Facts about this build and process. */
export interface Build {
  version: string;
  development: boolean;
  docker: boolean;
  startedAt: Instant;
}

export interface HandlerOptions {
  view: PictureView;
  door: Door;
  instances: InstanceDesk;
  system: SystemDesk;
  /** How several that serve as one fare; null: this Pulse is a single one. */
  cluster: ClusterDesk | null;
  /** null: nothing would open the server anew. */
  mock: MockDesk | null;
  transfer: TransferDesk;
  backups: BackupDesk;
  archive: ArchiveDesk;
  picture: () => Picture;
  /** What fills up, the soonest first. */
  capacity: () => Promise<FillingUp[]>;
  updates: UpdateDesk;
  registrations: RegistrationDesk;
  discovery: DiscoveryDesk;
  past: Past;
  inspection: Inspection;
  notes: NoteDesk;
  docker: DockerDesk;
  agent: AgentSupply;
  /** null: Prometheus gets nothing. */
  metrics: MetricsPage | null;
  security: SecurityDesk;
  notifications: NotificationDesk;
  silences: SilenceDesk;
  broadcast: Broadcast;
  alerts: AlertDesk;
  changes: ChangeDesk;
  build: Build;
  clock: Clock;
}

/** One handler per route of the contract; a missing one does not compile. */
export function buildHandlers({
  view,
  door,
  instances,
  system,
  cluster,
  mock,
  transfer,
  backups,
  archive,
  picture,
  capacity,
  updates,
  registrations,
  discovery,
  past,
  inspection,
  notes,
  docker,
  agent,
  metrics,
  security,
  notifications,
  silences,
  broadcast,
  alerts,
  changes,
  build,
  clock,
}: HandlerOptions): Handlers {
  let openapi: ApiDocument | null = null;
  const description = () => {
    openapi ??= toOpenApi(ROUTES, build.version) as unknown as ApiDocument;
    return openapi;
  };
  return {
    ...instanceHandlers(instances, system),
    ...systemHandlers(system),
    ...clusterHandlers(cluster),
    ...mockHandlers(mock),
    ...transferHandlers(transfer),
    ...backupHandlers(backups),
    ...archiveHandlers(archive),
    ...summaryHandlers(picture, capacity),
    ...updateHandlers(updates, { system, build }),
    ...registrationHandlers(registrations),
    ...discoveryHandlers(discovery),
    ...historyHandlers(past, clock),
    ...guestHandlers(notes),
    ...dockerHandlers(docker, build, clock),
    ...agentHandlers(agent),
    ...metricsHandlers(metrics),
    ...securityHandlers(security, door),
    ...oidcHandlers(security.oidc, door),
    ...notificationHandlers(notifications),
    ...silenceHandlers(silences),
    ...liveHandlers(broadcast, clock),
    ...alertHandlers(alerts),
    ...changeHandlers(changes, clock),
    ...pictureHandlers(inspection, build, clock),
    health: () => ({
      status: "healthy",
      timestamp: Math.floor(clock.now() / SECOND),
      uptime: round((clock.now() - build.startedAt) / SECOND, 3),
      database: databaseHealth(picture().own?.unwritten ?? null),
    }),
    version: () => ({
      version: `v${build.version}`,
      build: build.development ? "development" : "release",
      buildTime: build.development ? "development" : "release",
      runtime: `node ${process.versions.node}`,
      channel: system.settings().updateChannel,
      isDocker: build.docker,
      isDevelopment: build.development,
      ...toLatest(updates.known(system.settings().updateChannel)),
    }),
    state: ({ request }, reply) => sendState(view, request, reply),
    openapi: description,
    ...apiPageHandlers(description, caller => system.userSettings(nameOf(caller)).theme),
    session: ({ caller, credentials, secure, request }, reply) => {
      const csrf = csrfTokenFor(caller, credentials);
      if (csrf !== null && cookiesOf(request.raw)[CSRF_COOKIE] !== csrf) setCsrfCookie(reply, csrf, secure);
      return { name: caller.name, may: [...caller.may], signIn: door.signIn, several: cluster !== null };
    },
    login: (ask, reply) => login(door, clock, ask as Ask<Routes["login"]>, reply),
    logout: async ({ credentials }, reply) => {
      if (credentials.session !== null) await door.logout(credentials.session);
      clearSessionCookies(reply);
      return { success: true, message: "Signed out" };
    },
  };
}

/** What the last look for releases has found; null: nothing newer, or nobody has looked. */
function toLatest(version: string | null): { updateAvailable: boolean; latestVersion?: string } {
  return version === null ? { updateAvailable: false } : { updateAvailable: true, latestVersion: `v${version}` };
}

/** The state, as old as its ETag says; gzip only for those who take it. */
async function sendState(view: PictureView, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.headers({ ETag: view.etag(), "Cache-Control": "no-cache", Vary: "Accept-Encoding" });
  const known = request.headers["if-none-match"]?.split(",").map(tag => tag.trim()) ?? [];
  if (known.includes(view.etag()) || known.includes("*")) return reply.status(304).send();
  const zipped = acceptsGzip(request.headers["accept-encoding"]);
  const { version, bytes } = zipped ? await view.gzipped() : view.plain();
  if (zipped) reply.header("Content-Encoding", "gzip");
  reply.headers({ ETag: view.etag(version), "Content-Length": sizeOf(bytes) });
  return reply.type("application/json; charset=utf-8").send(Readable.from(bytes, { objectMode: false }));
}

async function login(
  door: Door,
  clock: Clock,
  { body: { username, password, code, rememberMe }, address, secure, credentials, request }: Ask<Routes["login"]>,
  reply: FastifyReply,
): Promise<AnswerOf<Routes["login"]>> {
  const result = await door.login(username, password, address, {
    ...(code ? { code } : {}),
    remember: rememberMe ?? false,
    agent: request.headers["user-agent"] ?? "",
  });
  if (result.kind === "in") {
    // A new id for who has just shown who it is: what somebody may have slipped into the browser before is worth nothing.
    if (credentials.session !== null) await door.logout(credentials.session);
    setSessionCookies(reply, result.session, result.lifetime, secure);
    return { success: true, message: "Signed in" };
  }
  if (result.kind === "code-needed") {
    const message = "A code of the second factor is needed";
    throw new Failure(401, message, { message, codeRequired: true });
  }
  if (result.kind === "refused") {
    const { attempts, remaining } = result;
    const message = `Wrong user or password; ${remaining} ${remaining === 1 ? "attempt remains" : "attempts remain"}`;
    throw new Failure(401, message, { message, attempts, remaining, maxAttempts: attempts + remaining });
  }
  const minutes = Math.max(1, Math.ceil((result.until - clock.now()) / MINUTE));
  const message = `Too many failed attempts; locked for ${minutes} more ${minutes === 1 ? "minute" : "minutes"}`;
  const lockedUntil = new Date(result.until).toISOString();
  throw new Failure(403, message, {
    ...{ message, locked: true, lockedUntil, remainingMinutes: minutes },
    lockoutDuration: `${minutes} ${minutes === 1 ? "minute" : "minutes"}`,
  });
}

function databaseHealth(unwritten: OwnHealth["unwritten"]) {
  return { writable: unwritten === null, since: unwritten?.since ?? null, reason: unwritten?.reason ?? null };
}
