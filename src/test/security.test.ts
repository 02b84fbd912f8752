import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Secret, TOTP } from "otpauth";
import { MINUTE, SECOND } from "../kit/units.ts";
import type { AuditEntry } from "../model/audit.ts";
import { NO_EDGE } from "../model/security-settings.ts";
import { ADMIN, shownBy, startSecured } from "./secured.ts";

const WISH = { name: "x", scopes: ["read"] };
const UNSET = { user: null, apiToken: null } as const;
const PROXY = { ...NO_EDGE, trustedProxies: ["127.0.0.1"] };

/** What is sent beside the session cookie of an administrator, and whether the change is let through. */
const CSRF: [sentence: string, headers: (right: string) => Record<string, string>, status: number][] = [
  ["the right token", right => ({ "x-csrf-token": right }), 200],
  ["no token", () => ({}), 403],
  ["an empty token", () => ({ "x-csrf-token": "" }), 403],
  ["a wrong token", right => ({ "x-csrf-token": right.toUpperCase() }), 403],
  ["no token and a wrong API token", () => ({ "x-api-token": "wrong" }), 403],
  ["no token and an empty API token", () => ({ "x-api-token": "" }), 403],
  ["no token and a wrong bearer", () => ({ authorization: "Bearer wrong" }), 403],
  ["no token and Basic", () => ({ authorization: `Basic ${btoa("admin:correct horse")}` }), 403],
  ["no token, as XMLHttpRequest", () => ({ "x-requested-with": "XMLHttpRequest" }), 403],
  ["no token, from its own origin", () => ({ "sec-fetch-site": "same-origin" }), 403],
  ["no token, overriding the method", () => ({ "x-http-method-override": "GET" }), 403],
  ["the right token from another origin", right => ({ "x-csrf-token": right, origin: "https://evil.example" }), 403],
  ["the right token from no origin", right => ({ "x-csrf-token": right, origin: "null" }), 403],
];
for (const [sentence, headers, status] of CSRF)
  test(`a session with ${sentence} ${status === 200 ? "changes" : "changes nothing"}`, async context => {
    const { send, signIn } = await startSecured(context);
    const { cookie, "x-csrf-token": right } = await signIn();
    const answer = await send("POST", "/api/security/tokens", WISH, { cookie, ...headers(right) });
    assert.equal(answer.status, status);
    if (status === 403 && !sentence.includes("origin")) assert.match(await answer.text(), /CSRF/);
  });

test("the CSRF token of one session is worth nothing in another, and a page that lost it gets it again", async context => {
  const { ask, send, signIn } = await startSecured(context);
  const [one, other] = [await signIn(), await signIn()];
  const mixed = { cookie: one.cookie, "x-csrf-token": other["x-csrf-token"] };
  assert.equal((await send("POST", "/api/security/tokens", WISH, mixed)).status, 403);
  const [bare = ""] = one.cookie.split("; ");
  const again = await ask("/api/session", { headers: { cookie: bare } });
  assert.equal(shownBy(again)["x-csrf-token"], one["x-csrf-token"]);
});

test("two tabs of one browser write at once: both get through, and neither undoes what the other did", async context => {
  const { ask, send, signIn } = await startSecured(context);
  const first = await signIn();
  const [bare = ""] = first.cookie.split("; ");
  const second = shownBy(await ask("/api/session", { headers: { cookie: bare } }));
  const tabs = [first, { ...second, cookie: first.cookie }];
  const input = { type: "pve", host: "127.0.0.9:1", name: "home", tokenName: "a@pam!b", tokenValue: "c" };
  assert.equal((await send("POST", "/api/config/nodes", input, first)).status, 201);
  const changes = [
    { name: "Renamed" },
    { interval: 30 },
    { verifySSL: false },
    { tokenName: "x@pam!y", tokenValue: "z" },
  ];
  const answers = await Promise.all(
    changes.map((change, index) => send("PUT", "/api/config/nodes/home", change, tabs[index % 2])),
  );
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  const [now] = (await (await ask("/api/config/nodes", { headers: { cookie: first.cookie } })).json()) as Record<
    string,
    unknown
  >[];
  assert.deepEqual([now?.name, now?.interval, now?.verifySSL, now?.tokenName], ["Renamed", 30, false, "x@pam!y"]);
});

test("a token that a script shows needs no CSRF token, a cookie beside it or not", async context => {
  const { send, signIn } = await startSecured(context, { apiToken: "t".repeat(48) });
  const { cookie } = await signIn();
  const headers = { "x-api-token": "t".repeat(48), cookie };
  assert.equal((await send("POST", "/api/security/tokens", WISH, headers)).status, 200);
});

test("a token that ends at a time that no calendar has is refused", async context => {
  const { send } = await startSecured(context, { apiToken: "t".repeat(48) });
  for (const expires of [1e308, 2 ** 53, 1.5, 8.64e15]) {
    const answer = await send("POST", "/api/security/tokens", { ...WISH, expires }, { "x-api-token": "t".repeat(48) });
    assert.equal(answer.status, 400, String(expires));
    assert.match(await answer.text(), /^\{"error":"expires: /);
  }
});

test("a sign-in begins a new session, whatever the browser had before", async context => {
  const { ask, send, signIn } = await startSecured(context);
  const before = await signIn();
  const planted = { cookie: `pulse_session=${"a".repeat(64)}` };
  const after = shownBy(await send("POST", "/api/login", ADMIN, planted));
  assert.doesNotMatch(after.cookie, /a{64}/);
  await send("POST", "/api/login", ADMIN, { cookie: before.cookie });
  assert.equal((await ask("/api/state", { headers: { cookie: before.cookie } })).status, 401);
  assert.equal((await ask("/api/state", { headers: { cookie: after.cookie } })).status, 200);
});

test("what a stranger says in X-Forwarded-For neither evades lock and limit nor makes a local of it", async context => {
  const { send, ask, clock } = await startSecured(context);
  const wrong = { username: "admin", password: "wrong" };
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 11; attempt += 1)
    statuses.push((await send("POST", "/api/login", wrong, { "x-forwarded-for": `203.0.113.${attempt}` })).status);
  assert.deepEqual(statuses, [401, 401, 401, 401, 403, 403, 403, 403, 403, 403, 429]);
  clock.set(clock.now() + MINUTE);
  assert.equal((await ask("/api/security/recovery", { headers: { "x-forwarded-for": "127.0.0.1" } })).status, 403);
});

test("a trusted proxy says who calls, by the last address that is not its own, and whether by HTTPS", async context => {
  const { ask, send } = await startSecured(context, {}, { edge: PROXY });
  const headers = { "x-forwarded-for": "198.51.100.9, 203.0.113.7, 127.0.0.1", "x-forwarded-proto": "https" };
  const status = (await (await ask("/api/security/status", { headers })).json()) as Record<string, unknown>;
  assert.equal(status.clientIP, "203.0.113.7");
  assert.equal(status.hasHTTPS, true);
  const cookies = (await send("POST", "/api/login", ADMIN, headers)).headers.getSetCookie();
  assert.deepEqual(
    cookies.map(cookie => cookie.endsWith("; Secure; SameSite=Lax")),
    [true, true],
  );
  const plain = (await send("POST", "/api/login", ADMIN)).headers.getSetCookie();
  assert.doesNotMatch(plain.join(), /Secure/);
});

const ORIGINS: [sentence: string, headers: Record<string, string>, status: number][] = [
  ["a proxy that says the host", { "x-forwarded-host": "pulse.example:8443" }, 200],
  ["a proxy that says the host without its port", { "x-forwarded-host": "pulse.example" }, 200],
  ["a proxy that says another host", { "x-forwarded-host": "other.example" }, 403],
  ["a proxy that says no host", {}, 403],
];
for (const [sentence, headers, status] of ORIGINS)
  test(`a page behind ${sentence} is ${status === 200 ? "this server's own" : "foreign"}`, async context => {
    const { send } = await startSecured(context, { apiToken: "t".repeat(48) }, { edge: PROXY });
    const shown = { "x-api-token": "t".repeat(48), origin: "https://pulse.example:8443", ...headers };
    assert.equal((await send("POST", "/api/security/tokens", WISH, shown)).status, status);
    const untrusted = await startSecured(context, { apiToken: "t".repeat(48) });
    assert.equal((await untrusted.send("POST", "/api/security/tokens", WISH, shown)).status, 403);
  });

for (const supervised of [true, false])
  test(`a restart is done ${supervised ? "where something starts Pulse again" : "nowhere else"}`, async context => {
    let restarts = 0;
    const count = () => {
      restarts += 1;
    };
    const { send, signIn } = await startSecured(context, {}, {}, supervised ? { restart: count } : {});
    const answer = await send("POST", "/api/security/apply-restart", {}, await signIn());
    const { success } = (await answer.json()) as { success: boolean };
    assert.deepEqual([success, restarts], [supervised, supervised ? 1 : 0]);
  });

test("every answer tells the limit, what remains and when it begins anew; beyond it 429", async context => {
  const { ask, clock } = await startSecured(context, {}, { edge: { ...NO_EDGE, requestsPerMinute: 3 } });
  const seen: (string | null)[][] = [];
  for (let call = 0; call < 4; call += 1) {
    const { headers, status } = await ask("/api/health");
    const names = ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after"];
    seen.push([String(status), ...names.map(name => headers.get(name))]);
    clock.set(clock.now() + SECOND);
  }
  const reset = String(Date.UTC(2026, 0, 1) / SECOND + 60);
  assert.deepEqual(seen, [
    ["200", "3", "2", reset, null],
    ["200", "3", "1", reset, null],
    ["200", "3", "0", reset, null],
    ["429", "3", "0", reset, "57"],
  ]);
  clock.set(clock.now() + MINUTE);
  assert.equal((await ask("/api/health")).status, 200);
});

test("an administrator lets a locked user try again", async context => {
  const { send, signIn } = await startSecured(context, {}, { edge: PROXY });
  const admin = await signIn();
  const from = { "x-forwarded-for": "203.0.113.7" };
  for (let attempt = 0; attempt < 5; attempt += 1)
    await send("POST", "/api/login", { username: "admin", password: "wrong" }, from);
  assert.equal((await send("POST", "/api/login", ADMIN)).status, 403);
  for (const identifier of ["admin", "203.0.113.7"])
    assert.equal((await send("POST", "/api/security/reset-lockout", { identifier }, admin)).status, 200);
  assert.equal((await send("POST", "/api/login", ADMIN)).status, 200);
});

const SETUP = { username: "root", password: "a good one" };
const SETUPS: [sentence: string, body: object, token: RegExp | null][] = [
  ["with a token that the server makes", { generateApiToken: true }, /^[0-9a-f]{48}$/],
  ["with a token that the page has made", { apiToken: "c".repeat(64) }, null],
];
for (const [sentence, body, token] of SETUPS)
  test(`a fresh server is set up on its own machine, ${sentence}; once`, async context => {
    const { ask, send, signIn, folder, clock } = await startSecured(context, UNSET);
    assert.equal((await ask("/api/state")).status, 200);
    const answer = (await (await send("POST", "/api/security/quick-setup", { ...SETUP, ...body })).json()) as {
      apiToken?: string;
    };
    if (token) assert.match(answer.apiToken ?? "", token);
    const shown = answer.apiToken ?? "c".repeat(64);
    assert.equal((await ask("/api/state")).status, 401);
    assert.equal((await ask("/api/state", { headers: { "x-api-token": shown } })).status, 200);
    await signIn(SETUP);
    assert.equal(existsSync(join(folder, "setup-code")), false);
    clock.set(clock.now() + MINUTE);
    const again = await send("POST", "/api/security/quick-setup", { ...SETUP, password: "an evil one" });
    assert.deepEqual([again.status, ((await again.json()) as { skipped: boolean }).skipped], [200, true]);
    assert.equal((await send("POST", "/api/login", { ...SETUP, password: "an evil one" })).status, 401);
    const forced = await send("POST", "/api/security/quick-setup", { ...SETUP, force: true });
    assert.equal(forced.status, 403);
  });

test("from elsewhere a fresh server is set up with the code of its log and data folder only", async context => {
  const { send, folder, log, restart } = await startSecured(context, UNSET, { edge: PROXY });
  const path = join(folder, "setup-code");
  const setupCode = readFileSync(path, "utf8").trim();
  for (const file of ["setup-code", "pulse.db", "pulse.key", "control.sock"])
    assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600, file);
  await restart();
  assert.equal(log.filter(line => line.includes(setupCode)).length, 1);
  const from = { "x-forwarded-for": "203.0.113.7" };
  for (const code of [{}, { setupCode: "AAAA-AAAA-AAAA-AAAA" }])
    assert.equal((await send("POST", "/api/security/quick-setup", { ...SETUP, ...code }, from)).status, 403);
  const typed = setupCode.toLowerCase().replaceAll("-", " ");
  assert.equal((await send("POST", "/api/security/quick-setup", { ...SETUP, setupCode: typed }, from)).status, 200);
});

test("of two who show the setup code at once, one sets the server up", async context => {
  // The second one comes while the first one's password is still being hashed.
  const { send, folder } = await startSecured(context, UNSET, { edge: PROXY }, { passwordCost: 12 });
  const setupCode = readFileSync(join(folder, "setup-code"), "utf8");
  const set = (username: string) =>
    send("POST", "/api/security/quick-setup", { ...SETUP, username, setupCode }, { "x-forwarded-for": "203.0.113.7" });
  const statuses = (await Promise.all([set("root"), set("evil")])).map(({ status }) => status);
  assert.deepEqual(statuses.sort(), [200, 403]);
});

test("five wrong setup codes lock the address out", async context => {
  const { send, folder } = await startSecured(context, UNSET, { edge: PROXY });
  const from = { "x-forwarded-for": "203.0.113.7" };
  for (let attempt = 0; attempt < 5; attempt += 1)
    await send("POST", "/api/security/quick-setup", { ...SETUP, setupCode: "wrong" }, from);
  const setupCode = readFileSync(join(folder, "setup-code"), "utf8");
  assert.equal((await send("POST", "/api/security/quick-setup", { ...SETUP, setupCode }, from)).status, 403);
});

test("a changed password ends all sessions but a new one for whoever changed it", async context => {
  const { ask, send, signIn, restart } = await startSecured(context);
  const [here, elsewhere] = [await signIn(), await signIn()];
  const change = (currentPassword: string, newPassword: string, headers: Record<string, string>) =>
    send("POST", "/api/security/change-password", { currentPassword, newPassword }, headers);
  assert.match(await (await change("wrong", "another horse", here)).text(), /currentPassword: wrong/);
  assert.match(await (await change(ADMIN.password, "short", here)).text(), /newPassword: at least 8/);
  const answer = await change(ADMIN.password, "another horse", here);
  assert.equal(answer.status, 200);
  const statuses = [here, elsewhere, shownBy(answer)].map(
    async headers => (await ask("/api/state", { headers })).status,
  );
  assert.deepEqual(await Promise.all(statuses), [401, 401, 200]);
  await restart();
  assert.equal((await send("POST", "/api/login", ADMIN)).status, 401);
  await signIn({ ...ADMIN, password: "another horse" });
});

test("sessions are listed and ended one by one, one's own only", async context => {
  const { ask, send, signIn } = await startSecured(context);
  const admin = await signIn();
  await send("POST", "/api/security/users", { name: "eve", role: "viewer", password: "correct horse" }, admin);
  const eve = await signIn({ username: "eve", password: "correct horse" });
  const list = async (headers: Record<string, string>) =>
    (await (await ask("/api/security/sessions", { headers })).json()) as {
      id: string;
      user: string;
      current: boolean;
    }[];
  assert.deepEqual(
    (await list(eve)).map(({ user, current }) => [user, current]),
    [["eve", true]],
  );
  const all = await list(admin);
  const foreign = all.find(({ user }) => user === "admin")?.id;
  assert.equal((await send("DELETE", `/api/security/sessions/${foreign}`, {}, eve)).status, 404);
  const ended = all.find(({ user }) => user === "eve")?.id;
  assert.equal((await send("DELETE", `/api/security/sessions/${ended}`, {}, admin)).status, 200);
  assert.equal((await ask("/api/state", { headers: eve })).status, 401);
});

test("the last administrator stays", async context => {
  const { send, signIn } = await startSecured(context, UNSET);
  await send("POST", "/api/security/quick-setup", SETUP);
  const admin = await signIn(SETUP);
  assert.equal((await send("DELETE", "/api/security/users/root", {}, admin)).status, 403);
  assert.equal((await send("PUT", "/api/security/users/ROOT", { role: "viewer" }, admin)).status, 403);
  await send("POST", "/api/security/users", { name: "next", role: "admin", password: "correct horse" }, admin);
  assert.equal((await send("DELETE", "/api/security/users/root", {}, admin)).status, 200);
});

test("a new main token takes the place of the environment's, for good", async context => {
  const old = "o".repeat(48);
  const { ask, send, restart } = await startSecured(context, { apiToken: old });
  const answer = await send("POST", "/api/security/regenerate-token", {}, { "x-api-token": old });
  const { token } = (await answer.json()) as { token: string };
  await restart();
  const statuses = [old, token].map(async it => (await ask("/api/state", { headers: { "x-api-token": it } })).status);
  assert.deepEqual(await Promise.all(statuses), [401, 200]);
  const check = async (it: string) => (await send("POST", "/api/security/validate-token", { token: it })).json();
  assert.equal(((await check(token)) as { valid: boolean }).valid, true);
  assert.equal(((await check(old)) as { valid: boolean }).valid, false);
});

test("the status tells strangers neither names nor tokens nor the provider", async context => {
  const { ask, signIn } = await startSecured(context, { apiToken: "t".repeat(48) });
  const read = async (headers = {}) =>
    (await (await ask("/api/security/status", { headers })).json()) as Record<string, unknown>;
  const stranger = await read();
  assert.deepEqual(
    [stranger.hasAuthentication, stranger.requiresAuth, stranger.apiTokenConfigured],
    [true, true, true],
  );
  assert.doesNotMatch(JSON.stringify(stranger), /admin"|tttt/);
  assert.equal(stranger.apiTokenHint, "");
  assert.equal((await read(await signIn())).authUsername, "admin");
});

test("recovery lets this machine in with a one-time token, once, and strangers never", async context => {
  const { ask, send, signIn, clock } = await startSecured(context);
  const admin = await signIn();
  const recover = (body: object, headers = {}) => send("POST", "/api/security/recovery", body, headers);
  assert.equal((await recover({ action: "disable_auth" })).status, 403);
  const made = await recover({ action: "generate_token" }, admin);
  const { token } = (await made.json()) as { token: string };
  const elsewhere = { "x-forwarded-for": "203.0.113.7" };
  assert.equal((await recover({ action: "disable_auth", token }, elsewhere)).status, 403);
  assert.equal((await recover({ action: "disable_auth" }, { "x-recovery-token": token })).status, 200);
  assert.equal((await ask("/api/state")).status, 200);
  assert.equal((await ask("/api/state", { headers: elsewhere })).status, 401);
  assert.equal((await recover({ action: "enable_auth", token: "wrong" }, elsewhere)).status, 403);
  clock.set(clock.now() + 60 * MINUTE);
  assert.equal((await ask("/api/state")).status, 401);
  assert.equal((await recover({ action: "disable_auth", token })).status, 403);
});

test("a second factor: a code, never twice; a recovery code, once", async context => {
  const { send, signIn, clock, restart } = await startSecured(context);
  const admin = await signIn();
  const offered = await (await send("POST", "/api/security/totp", {}, admin)).json();
  const { secret, url } = offered as { secret: string; url: string };
  assert.match(url, /^otpauth:\/\/totp\/Pulse:admin\?issuer=Pulse&secret=/);
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const now = () => totp.generate({ timestamp: clock.now() });
  const confirmed = await send("POST", "/api/security/totp/confirm", { code: now() }, admin);
  const { recoveryCodes } = (await confirmed.json()) as { recoveryCodes: string[] };
  const login = async (code?: string) => {
    const answer = await send("POST", "/api/login", { ...ADMIN, ...(code ? { code } : {}) });
    const { codeRequired } = (await answer.json()) as { codeRequired?: boolean };
    return codeRequired ? "code" : answer.status;
  };
  const used = now();
  clock.set(clock.now() + MINUTE);
  await restart();
  assert.deepEqual([await login(), await login(used), await login(now()), await login(now())], ["code", 401, 200, 401]);
  clock.set(clock.now() + MINUTE);
  const [recovery = ""] = recoveryCodes;
  assert.deepEqual([await login(recovery.toUpperCase()), await login(recovery)], [200, 401]);
  clock.set(clock.now() + MINUTE);
  const again = shownBy(await send("POST", "/api/login", { ...ADMIN, code: now() }));
  clock.set(clock.now() + MINUTE);
  const off = { password: ADMIN.password, code: now() };
  assert.equal((await send("POST", "/api/security/totp/disable", off, again)).status, 200);
  assert.equal(await login(), 200);
});

test("knowing the password does not help to guess the code", async context => {
  const { send, signIn, clock } = await startSecured(context);
  const admin = await signIn();
  const offered = (await (await send("POST", "/api/security/totp", {}, admin)).json()) as { secret: string };
  const totp = new TOTP({ secret: Secret.fromBase32(offered.secret) });
  await send("POST", "/api/security/totp/confirm", { code: totp.generate({ timestamp: clock.now() }) }, admin);
  clock.set(clock.now() + MINUTE);
  const seen: number[] = [];
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await send("POST", "/api/login", ADMIN);
    seen.push((await send("POST", "/api/login", { ...ADMIN, code: "000000x" })).status);
    clock.set(clock.now() + 20 * SECOND);
  }
  assert.deepEqual(seen, [401, 401, 401, 401, 403]);
});

test("the proxy's user gets in from the proxy with its secret only, and changes with a CSRF token only", async context => {
  const proxyAuth = {
    secret: "s3cret",
    userHeader: "x-user",
    roleHeader: "x-roles",
    roleSeparator: "|",
    adminRole: "boss",
    logoutUrl: null,
  };
  const { ask, send } = await startSecured(context, UNSET, { edge: { ...PROXY, proxyAuth } });
  const shown = { "x-proxy-secret": "s3cret", "x-user": "ann", "x-roles": "staff|boss", "x-forwarded-for": "10.1.1.1" };
  const who = await ask("/api/session", { headers: shown });
  assert.equal(((await who.json()) as { name: string }).name, "ann");
  const csrf = { "x-csrf-token": shownBy(who)["x-csrf-token"] };
  assert.equal((await send("POST", "/api/security/tokens", WISH, shown)).status, 403);
  assert.equal((await send("POST", "/api/security/tokens", WISH, { ...shown, ...csrf })).status, 200);
  assert.equal((await ask("/api/state", { headers: { ...shown, "x-proxy-secret": "wrong" } })).status, 401);
  assert.equal((await ask("/api/diagnostics", { headers: { ...shown, "x-roles": "staff" } })).status, 403);
  const untrusted = await startSecured(context, {}, { edge: { ...NO_EDGE, proxyAuth } });
  assert.equal((await untrusted.ask("/api/state", { headers: shown })).status, 401);
});

test("pages of allowed origins call with a token; others are not let through, cookies never", async context => {
  const origin = "https://dashboard.example";
  const edge = { ...NO_EDGE, allowedOrigins: [origin] };
  const { ask, send } = await startSecured(context, { apiToken: "t".repeat(48) }, { edge });
  const preflight = await ask("/api/state", { method: "OPTIONS", headers: { origin } });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get("access-control-allow-origin"), origin);
  assert.equal(preflight.headers.get("access-control-allow-credentials"), null);
  const foreign = await ask("/api/state", { method: "OPTIONS", headers: { origin: "https://evil.example" } });
  assert.equal(foreign.headers.get("access-control-allow-origin"), null);
  const token = { "x-api-token": "t".repeat(48) };
  assert.equal((await send("POST", "/api/security/tokens", WISH, { ...token, origin })).status, 200);
  assert.equal(
    (await send("POST", "/api/security/tokens", WISH, { ...token, origin: "https://evil.example" })).status,
    403,
  );
  const closed = await startSecured(context);
  assert.equal(
    (await closed.ask("/api/health", { headers: { origin } })).headers.get("access-control-allow-origin"),
    null,
  );
});

test("what was done is kept in a chain, filtered and exported, without secrets; a change of it shows", async context => {
  const pulse = await startSecured(context);
  const { ask, send, signIn } = pulse;
  await send("POST", "/api/login", { username: "admin", password: "wrong horse" });
  const admin = await signIn();
  await send("POST", "/api/security/tokens", WISH, { cookie: admin.cookie });
  const made = (await (await send("POST", "/api/security/tokens", WISH, admin)).json()) as { token: string };
  await send("DELETE", "/api/security/tokens/nothing", {}, admin);
  const { entries } = (await (await ask("/api/security/audit", { headers: admin })).json()) as {
    entries: AuditEntry[];
  };
  assert.deepEqual(
    entries.map(({ number, actor, action, target, outcome }) => [number, actor, action, target, outcome]),
    [
      [5, "admin", "revokeApiToken", "nothing", "failed"],
      [4, "admin", "createApiToken", null, "ok"],
      [3, "admin", "createApiToken", null, "refused"],
      [2, "admin", "login", null, "ok"],
      [1, "admin", "login", null, "refused"],
    ],
  );
  const lines = await (await ask("/api/security/audit?format=jsonl&action=login", { headers: admin })).text();
  assert.equal(
    lines
      .trim()
      .split("\n")
      .map(line => JSON.parse(line) as AuditEntry).length,
    2,
  );
  for (const secret of [made.token, ADMIN.password, "wrong horse"])
    assert.ok(!JSON.stringify(entries).includes(secret));
  const check = await (await ask("/api/security/audit/verify", { headers: admin })).json();
  assert.deepEqual(check, { ok: true, entries: 5, brokenAt: null, head: entries[0]?.hash });
});
