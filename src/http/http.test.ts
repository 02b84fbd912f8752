import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import type { ServerFrame } from "../contract/live.ts";
import type { Oidc } from "../contract/oidc-routes.ts";
import { ROUTES } from "../contract/routes.ts";
import { FakeClock } from "../kit/clock.ts";
import { silent } from "../kit/log.ts";
import { HOUR } from "../kit/units.ts";
import type { AlertConfig } from "../model/alert-config.ts";
import type { Caller, Credentials, Right } from "../model/caller.ts";
import { emptyPicture } from "../model/picture.ts";
import type { State } from "../model/state.ts";
import { USUAL_SETTINGS } from "../model/system-settings.ts";
import { USUAL_PAGE } from "../model/user-settings.ts";
import type { AlertDesk } from "./alert-handlers.ts";
import type { DiscoveryDesk } from "./discovery-handlers.ts";
import { type Door, type LoginResult, may } from "./door.ts";
import { Edge } from "./edge.ts";
import type { NoteDesk } from "./guest-handlers.ts";
import { buildHandlers, type HandlerOptions } from "./handlers.ts";
import type { Past } from "./history-handlers.ts";
import type { InstanceDesk } from "./instance-handlers.ts";
import type { NotificationDesk } from "./notification-handlers.ts";
import type { Inspection } from "./picture-handlers.ts";
import { PictureView } from "./picture-view.ts";
import type { RegistrationDesk } from "./registration-handlers.ts";
import type { SecurityDesk } from "./security-handlers.ts";
import { buildServer } from "./server.ts";
import type { SystemDesk } from "./system-handlers.ts";

/** Lets in whoever shows a token that names rights: "read", "read+write"… */
class TokenDoor implements Door {
  readonly signIn = "password" as const;
  result: LoginResult = { kind: "in", session: "s3cret", lifetime: 86_400_000 };

  identify({ token }: Credentials): Caller {
    return token === null ? { name: null, may: [] } : { name: token, may: token.split("+") as Right[] };
  }
  async login(): Promise<LoginResult> {
    return this.result;
  }
  async logout(): Promise<void> {}
}

/** Has no instances. */
const NO_INSTANCES: InstanceDesk = {
  list: () => [],
  system: () => ({
    frontendPort: 7655,
    bindHost: null,
    logLevel: "info",
    mockMode: false,
    demoMode: false,
    passwordAuth: true,
    apiToken: false,
  }),
  add: async () => ({ id: "home" }),
  update: async () => ({ refused: "unknown", message: "There is no instance" }),
  remove: async () => ({ refused: "unknown", message: "There is no instance" }),
  test: async () => ({ fault: "auth", message: "Refused", fingerprint: null }),
};

/** Nothing was ever known. */
const NO_PAST: Past = {
  size: 0,
  range: () => null,
  recall: async () => ({ found: null, note: null }),
  charts: async () => ({ found: [], note: null }),
};

const NO_ARCHIVE = {
  ...{ url: "", writeUrl: "", user: "", hasPassword: false, lockedBy: null },
  ...{ isSender: true, until: null, sent: 0, rejected: 0, missing: 0, failure: null },
};

const NO_UPDATES: HandlerOptions["updates"] = {
  deployment: "manual",
  hindrance: () => null,
  unitsNote: null,
  look: async () => "Nobody is asked here",
  known: () => null,
  status: () => ({ status: "idle", progress: 0, message: "", updatedAt: "2026-01-01T00:00:00.000Z" }),
  events: () => [],
  apply: async () => ({ refused: "unknown", message: "Nobody is asked here" }),
};
const NO_REGISTRATIONS: RegistrationDesk = {
  issue: async (_, host) => ({ code: "A7K9P2", host, expires: 0 }),
  script: () => "#!/bin/bash",
  register: async () => ({ refused: "bad-input", message: "host: no address" }),
};

const NO_NOTES: NoteDesk = {
  guests: () => [],
  all: () => ({}),
  of: id => ({ id, consoleUrl: null, notes: null, customUrl: null, description: null, tags: null }),
  change: id => NO_NOTES.of(id),
  remove: () => {},
};

const NOTHING: Inspection = {
  state: () =>
    ({
      instances: [],
      nodes: [],
      vms: [],
      containers: [],
      storage: [],
      dockerHosts: [],
      activeAlerts: [],
      pbs: [],
      pbsBackups: [],
      pveBackups: { backupTasks: [], storageBackups: [], guestSnapshots: [] },
    }) as unknown as State,
  sources: () => [],
  streamClients: () => 0,
  errors: () => [],
};

const NO_ALERTS: AlertDesk = {
  config: () => ({}) as AlertConfig,
  configure: () => ({ refused: "bad-input", message: "enabled: must be boolean" }),
  active: () => [],
  history: () => [],
  clearHistory: () => {},
  transitions: () => [],
  fires: id => id === "docker:a/b (1) 100%-cpu",
  act: () => "done",
  explain: () => null,
  tryOut: async () => "busy",
};

const NO_DISCOVERY: DiscoveryDesk = {
  found: () => ({ servers: [], errors: [], scanning: false, updated: 0 }),
  scan: () => null,
  isOld: () => false,
};

const REFUSED = { refused: "bad-input", message: "name: wrong" } as const;

const NO_OIDC: Omit<Oidc, "defaultRedirect"> = {
  enabled: false,
  issuerUrl: "",
  clientId: "",
  redirectUrl: "",
  logoutUrl: "",
  scopes: [],
  usernameClaim: "",
  emailClaim: "",
  groupsClaim: "",
  allowedGroups: [],
  allowedDomains: [],
  allowedEmails: [],
  groupRoles: {},
  defaultRole: "viewer",
  clientSecretSet: false,
  envOverrides: {},
};

/** Has no accounts, and keeps nothing. */
const NO_SECURITY: SecurityDesk = {
  accounts: {
    setupCode: null,
    isRecovering: false,
    quickSetup: async () => null,
    changePassword: async () => REFUSED,
    regenerateToken: async () => ({ secret: "s3cret" }),
    isToken: () => false,
    tokens: () => [],
    createToken: async () => REFUSED,
    revokeToken: async () => REFUSED,
    sessions: () => [],
    endSession: async () => REFUSED,
    users: () => [],
    addUser: async () => REFUSED,
    updateUser: async () => REFUSED,
    removeUser: async () => REFUSED,
    resetLockout: () => false,
    offerSecondFactor: () => REFUSED,
    confirmSecondFactor: async () => REFUSED,
    removeSecondFactor: async () => REFUSED,
    recover: () => REFUSED,
  },
  audit: { read: () => [], verify: () => ({ ok: true, entries: 0, brokenAt: null, head: "" }) },
  oidc: {
    settings: () => NO_OIDC,
    change: () => REFUSED,
    begin: async () => REFUSED,
    finish: async () => REFUSED,
  },
  proxyAuth: null,
  edge: new Edge(),
  restart: null,
};

const NO_SYSTEM: SystemDesk = {
  settings: () => USUAL_SETTINGS,
  usual: () => USUAL_SETTINGS,
  lockedBy: () => ({}),
  change: async () => REFUSED,
  userSettings: () => USUAL_PAGE,
  changeUser: () => {},
  canRestart: false,
};

const NO_NOTIFICATIONS: NotificationDesk = {
  configuration: () => ({}) as ReturnType<NotificationDesk["configuration"]>,
  change: () => REFUSED,
  email: () => ({}) as ReturnType<NotificationDesk["email"]>,
  changeEmail: () => REFUSED,
  emailProviders: () => [],
  apprise: () => ({}) as ReturnType<NotificationDesk["apprise"]>,
  changeApprise: () => REFUSED,
  webhooks: () => [],
  addWebhook: () => REFUSED,
  changeWebhook: () => REFUSED,
  removeWebhook: () => REFUSED,
  webhookTemplates: () => [],
  previewWebhook: () => REFUSED,
  testWebhook: async () => REFUSED,
  test: async () => REFUSED,
  webhookHistory: () => [],
  history: () => [],
  retry: () => false,
  health: () => [],
  pushKey: () => "",
  browsers: () => [],
  subscribe: () => REFUSED,
  unsubscribe: () => REFUSED,
};

interface ServeOptions {
  readOnly?: boolean;
  pieces?: () => string[];
}

async function serve(context: { after(end: () => void): void }, options: ServeOptions = {}) {
  const clock = new FakeClock();
  const door = new TokenDoor();
  let version = 1;
  const sent: ServerFrame[] = [];
  const view = new PictureView({
    epoch: "e",
    version: () => version,
    pieces: options.pieces ?? (() => [JSON.stringify({ version, pad: "x".repeat(2000) })]),
    parts: () => [],
  });
  const build = { version: "5.0.0", development: false, docker: false, startedAt: clock.now() };
  const handlers = buildHandlers({
    view,
    door,
    instances: NO_INSTANCES,
    system: NO_SYSTEM,
    cluster: null,
    mock: null,
    picture: emptyPicture,
    capacity: async () => [],
    updates: NO_UPDATES,
    transfer: { export: async () => REFUSED, import: async () => REFUSED },
    backups: {
      state: async () => ({
        folder: "",
        backups: [],
        running: false,
        next: null,
        failure: null,
        needed: 0,
        free: null,
        keyFile: null,
      }),
      make: async () => REFUSED,
      find: () => null,
      remove: () => false,
    },
    archive: { status: () => NO_ARCHIVE, change: () => REFUSED },
    registrations: NO_REGISTRATIONS,
    discovery: NO_DISCOVERY,
    past: NO_PAST,
    inspection: NOTHING,
    notes: NO_NOTES,
    alerts: NO_ALERTS,
    changes: {
      read: () => ({ changes: [], total: 0, watchedSince: null }),
      alerts: () => ({ fired: 0, resolved: 0 }),
      actions: () => 7,
    },
    docker: { report: () => ({ hostId: "h", containers: 0, late: false }), remove: () => false },
    agent: { folder: null, script: () => "" },
    metrics: null,
    security: NO_SECURITY,
    notifications: NO_NOTIFICATIONS,
    silences: { list: () => [], add: () => REFUSED, change: () => REFUSED, end: () => false },
    broadcast: frame => {
      sent.push(frame);
      return 2;
    },
    build,
    clock,
  });
  const server = await buildServer({
    handlers,
    door,
    log: silent,
    webFolder: null,
    readOnly: options.readOnly ?? false,
    clock,
  });
  await server.listen({ port: 0, host: "127.0.0.1" });
  context.after(() => void server.close());
  const { port } = server.server.address() as AddressInfo;
  const setVersion = (next: number) => {
    version = next;
  };
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual", ...init });
  return { ask, door, clock, setVersion, sent };
}

const CALLERS: [name: string, headers: Record<string, string>, rights: readonly Right[]][] = [
  ["a stranger", {}, []],
  ["a reader", { "x-api-token": "read" }, ["read"]],
  ["a writer", { authorization: "Bearer read+write" }, ["read", "write"]],
  ["an agent", { authorization: "Bearer agent" }, ["agent"]],
  ["a screen on the wall", { "x-api-token": "wall" }, ["wall"]],
  ["an admin", { "x-api-token": "read+write+agent+admin" }, ["read", "write", "agent", "admin"]],
];

/** Whom it admits is all that is asked of it: nothing that one caller does makes a difference to the next. */
const asked = serve({ after });
for (const [name, route] of Object.entries(ROUTES))
  for (const [caller, headers, rights] of CALLERS) {
    const admitted = route.access === "public" || may({ name: caller, may: rights }, route.access);
    test(`${route.method} ${route.path} (${name}) ${admitted ? "admits" : "refuses"} ${caller}`, async () => {
      const { ask, clock } = await asked;
      // What was asked too often before may be asked again.
      await clock.advance(HOUR);
      const body =
        route.method === "GET" ? {} : { body: "{}", headers: { ...headers, "content-type": "application/json" } };
      const answer = await ask(route.path, { method: route.method, headers, ...body });
      assert.equal([401, 403].includes(answer.status), !admitted, `status ${answer.status}`);
      assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
      if (answer.status >= 400) assert.equal(typeof ((await answer.json()) as { error: unknown }).error, "string");
    });
  }

test("the state comes plain or compressed, and 304 while its ETag holds", async context => {
  const { ask, setVersion } = await serve(context);
  const headers = { "x-api-token": "read" };
  const plain = await ask("/api/state", { headers: { ...headers, "accept-encoding": "identity" } });
  assert.equal(plain.headers.get("content-encoding"), null);
  const etag = plain.headers.get("etag") ?? "";
  assert.equal(((await plain.json()) as { version: number }).version, 1);
  const compressed = await ask("/api/state", { headers: { ...headers, "accept-encoding": "br, gzip;q=0.8" } });
  assert.equal(compressed.headers.get("content-encoding"), "gzip");
  assert.equal(((await compressed.json()) as { version: number }).version, 1);
  const unchanged = await ask("/api/state", { headers: { ...headers, "if-none-match": `"other", ${etag}` } });
  assert.equal(unchanged.status, 304);
  setVersion(2);
  const changed = await ask("/api/state", { headers: { ...headers, "if-none-match": etag } });
  assert.equal(((await changed.json()) as { version: number }).version, 2);
});

test("a test notification goes to the clients of the stream, and the answer says to how many", async context => {
  const { ask, clock, sent } = await serve(context);
  const answer = await ask("/api/test-notification", { method: "POST", headers: { "x-api-token": "read+write" } });
  assert.deepEqual(await answer.json(), { success: true, message: "Sent to 2 clients", clients: 2 });
  const timestamp = Math.floor(clock.now() / 1000);
  assert.deepEqual(sent, [{ type: "testNotification", data: { message: "A test by Pulse", timestamp } }]);
});

test("gzip that a client rules out is not sent", async context => {
  const { ask } = await serve(context);
  const answer = await ask("/api/state", { headers: { "x-api-token": "read", "accept-encoding": "gzip;q=0" } });
  assert.equal(answer.headers.get("content-encoding"), null);
});

test("each version of the state is made and compressed once for all", async () => {
  let made = 0;
  const view = new PictureView({
    ...{ epoch: "e", version: () => 1, parts: () => [] },
    pieces: () => ['{"made":', `${++made}}`],
  });
  const [one, other] = await Promise.all([view.gzipped(), view.gzipped()]);
  assert.deepEqual(one, other);
  assert.equal(gunzipSync(Buffer.concat(one.bytes)).toString(), '{"made":1}');
  const initialState = await view.frame("initialState", true);
  const rawData = await view.frame("rawData", true);
  assert.equal(initialState.bytes[2], rawData.bytes[2], "the very same deflated bytes");
  assert.equal(one.bytes[1], initialState.bytes[2], "and they are in the answer with gzip");
  assert.equal(made, 1);
});

test("while a state is deflated no other is; who asks meanwhile shares the one after it", async () => {
  const made: number[] = [];
  let version = 1;
  const pieces = () => {
    made.push(version);
    return [JSON.stringify({ version, pad: "x".repeat(100_000) })];
  };
  const view = new PictureView({ epoch: "e", version: () => version, pieces, parts: () => [] });
  const first = view.gzipped();
  version = 2;
  const second = view.gzipped();
  view.forget();
  version = 3;
  const third = view.frame("rawData", true);
  assert.deepEqual(made, [1]);
  assert.deepEqual([(await first).version, (await second).version, (await third).version], [1, 3, 3]);
  assert.deepEqual(made, [1, 3]);
});

test("a state of many pieces is the same text plain and with gzip, and says how long it is", async context => {
  const text = JSON.stringify({ pad: Array.from({ length: 50_000 }, (_, at) => `${at} ü`) });
  const pieces = () =>
    Array.from({ length: 20 }, (_, at) => text.slice((at * text.length) / 20, ((at + 1) * text.length) / 20));
  const { ask } = await serve(context, { pieces });
  for (const encoding of ["gzip", "identity"]) {
    const answer = await ask("/api/state", { headers: { "x-api-token": "read", "accept-encoding": encoding } });
    assert.equal(answer.headers.get("content-encoding"), encoding === "gzip" ? "gzip" : null);
    if (encoding === "identity") assert.equal(answer.headers.get("content-length"), String(Buffer.byteLength(text)));
    assert.equal(await answer.text(), text);
  }
});

const BODIES: [sentence: string, body: string, status: number, error: RegExp][] = [
  ["a missing field is named", '{"username":"a"}', 400, /^password: missing/],
  ["a field of the wrong type is named", '{"username":1,"password":"b"}', 400, /^username: /],
  ["a body that is no object is refused", "[]", 400, /^body: /],
  ["broken JSON is refused", '{"username"', 400, /JSON/],
  ["no body is refused", "", 400, /./],
  ["a huge body is refused", `{"username":"${"a".repeat(2_000_000)}"}`, 413, /too large/i],
];
for (const [sentence, body, status, error] of BODIES)
  test(`${sentence} with ${status} and { error }`, async context => {
    const { ask } = await serve(context);
    const answer = await ask("/api/login", { method: "POST", body, headers: { "content-type": "application/json" } });
    assert.equal(answer.status, status);
    assert.match(((await answer.json()) as { error: string }).error, error);
  });

test("a packed body is refused, and told how it is taken", async context => {
  const { ask } = await serve(context);
  const send = (encoding: string, body: string | Buffer<ArrayBuffer>) =>
    ask("/api/login", {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "content-encoding": encoding },
    });
  const packed = await send("gzip", gzipSync('{"username":"a","password":"b"}'));
  const { error } = (await packed.json()) as { error: string };
  assert.deepEqual(
    [packed.status, error],
    [415, 'A body with "Content-Encoding: gzip" is not taken: send it as it is'],
  );
  assert.equal((await send("identity", '{"username":"a"}')).status, 400);
});

test("a sign-in sets a cookie that scripts cannot read, a refusal says what remains, a lock how long", async context => {
  const { ask, door, clock } = await serve(context);
  const login = () =>
    ask("/api/login", {
      method: "POST",
      body: '{"username":"a","password":"b"}',
      headers: { "content-type": "application/json" },
    });
  const [session = "", csrf = ""] = (await login()).headers.getSetCookie();
  assert.match(session, /^pulse_session=s3cret; Max-Age=86400; Path=\/; HttpOnly; SameSite=Lax$/);
  assert.match(csrf, /^pulse_csrf=[\w-]{43}; Max-Age=86400; Path=\/; SameSite=Lax$/);
  door.result = { kind: "refused", attempts: 4, remaining: 1 };
  const refused = await login();
  assert.equal(refused.status, 401);
  assert.deepEqual(await refused.json(), {
    error: "Wrong user or password; 1 attempt remains",
    message: "Wrong user or password; 1 attempt remains",
    attempts: 4,
    remaining: 1,
    maxAttempts: 5,
  });
  door.result = { kind: "locked", until: clock.now() + 15 * 60_000 };
  const locked = await login();
  assert.equal(locked.status, 403);
  const { remainingMinutes, lockoutDuration } = (await locked.json()) as Record<string, unknown>;
  assert.deepEqual([remainingMinutes, lockoutDuration], [15, "15 minutes"]);
});

test("a page of another origin cannot sign in or out", async context => {
  const { ask } = await serve(context);
  const answer = await ask("/api/logout", { method: "POST", headers: { origin: "https://evil.example" } });
  assert.equal(answer.status, 403);
});

const LOST: [path: string, init: RequestInit, status: number][] = [
  ["/api/nothing", {}, 404],
  ["/api/health", { method: "DELETE" }, 404],
  ["/api/state/x", { headers: { "x-api-token": "read" } }, 404],
  ["/assets/nothing.js", { headers: { accept: "text/html" } }, 404],
  ["/nodes/pve1", { headers: { accept: "text/html" } }, 503],
];
for (const [path, init, status] of LOST)
  test(`${init.method ?? "GET"} ${path} is ${status} with { error }`, async context => {
    const { ask } = await serve(context);
    const answer = await ask(path, init);
    assert.equal(answer.status, status);
    assert.equal(typeof ((await answer.json()) as { error: unknown }).error, "string");
  });

test("the description is a page, too: for anybody, compressed for who takes it, 304 while it is the same", async context => {
  const { ask } = await serve(context);
  const page = await ask("/api/docs");
  assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
  assert.equal(page.headers.get("content-encoding"), "gzip");
  assert.match(await page.text(), /<h1>Pulse API<\/h1>/);
  const again = await ask("/api/docs", { headers: { "if-none-match": page.headers.get("etag") ?? "" } });
  assert.equal(again.status, 304);
  const plain = await ask("/api/docs", { headers: { "accept-encoding": "identity" } });
  assert.equal(plain.headers.get("content-encoding"), null);
  const style = await ask("/api/docs/style.css");
  assert.equal(style.headers.get("content-type"), "text/css; charset=utf-8");
  const slash = await ask("/api/docs/", { redirect: "manual" });
  assert.deepEqual([slash.status, slash.headers.get("location")], [302, "../docs"]);
});

test("the OpenAPI document describes every route, with its access", async context => {
  const { ask } = await serve(context);
  const document = (await (await ask("/api/openapi.json")).json()) as {
    paths: Record<string, Record<string, { "x-access": string }>>;
    components: { schemas: object };
  };
  for (const route of Object.values(ROUTES))
    assert.equal(
      document.paths[route.path.replaceAll(/:(\w+)/g, "{$1}")]?.[route.method.toLowerCase()]?.["x-access"],
      route.access,
    );
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    match => match[1] ?? "",
  );
  assert.ok(references.includes("Guest"));
  for (const reference of references) assert.ok(reference in document.components.schemas, reference);
});
