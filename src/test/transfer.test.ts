import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type EdgeSettings, NO_EDGE } from "../model/security-settings.ts";
import { readConfiguration } from "./importing.ts";
import { type Secured, startSecured } from "./secured.ts";
import { startSupervised } from "./supervised.ts";

const PASSPHRASE = "a long passphrase";
type Json = Record<string, unknown>;
const json = async (answer: Response): Promise<Json> => (await answer.json()) as Json;

/** As older versions seal: written here by itself, so that it holds what the server reads to the description. */
function seal(document: unknown, passphrase = PASSPHRASE): string {
  const [salt, nonce] = [randomBytes(32), randomBytes(12)];
  const cipher = createCipheriv("aes-256-gcm", pbkdf2Sync(passphrase, salt, 100_000, 32, "sha256"), nonce);
  const body = [cipher.update(JSON.stringify(document), "utf8"), cipher.final()];
  return Buffer.concat([salt, nonce, ...body, cipher.getAuthTag()]).toString("base64");
}

function unseal(data: unknown): Json {
  const bytes = Buffer.from(String(data), "base64");
  const key = pbkdf2Sync(PASSPHRASE, bytes.subarray(0, 32), 100_000, 32, "sha256");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(32, 44)).setAuthTag(bytes.subarray(-16));
  const text = decipher.update(bytes.subarray(44, -16), undefined, "utf8") + decipher.final("utf8");
  return JSON.parse(text) as Json;
}

/** An export of an older version, in the case in which Go writes fields that have no other name. */
const ORIGINAL = {
  version: "4.0",
  exportedAt: "2025-10-11T23:29:47Z",
  nodes: {
    pveInstances: [
      {
        Name: "home lab",
        Host: "https://127.0.0.9:8006",
        User: "pulse-monitor@pam",
        Password: "",
        TokenName: "pulse-monitor@pam!pulse",
        TokenValue: "11111111-2222-3333-4444-555555555555",
        Fingerprint: "",
        VerifySSL: false,
        MonitorVMs: true,
        IsCluster: true,
        ClusterName: "lab",
        ClusterEndpoints: [{ NodeID: "node/pve1", NodeName: "pve1", Host: "pve1", IP: "10.0.0.1", Online: true }],
      },
    ],
    pbsInstances: [{ name: "vault", host: "127.0.0.9", user: "pulse@pbs", password: "s3cret", verifySSL: true }],
    pmgInstances: null,
  },
  email: {
    enabled: true,
    provider: "",
    server: "mail.example",
    port: 587,
    username: "pulse",
    password: "m4il",
    from: "pulse@example.com",
    to: ["ops@example.com"],
    tls: false,
    startTLS: true,
  },
  webhooks: [
    {
      id: "webhook-1",
      name: "Chat",
      url: "https://discord.com/api/webhooks/1/abc",
      method: "POST",
      headers: null,
      enabled: true,
      service: "discord",
      template: "",
    },
  ],
  alerts: { enabled: true, guestDefaults: { cpu: { trigger: 91, clear: 86 } }, overrides: {} },
  system: { pbsPollingInterval: 120, connectionTimeout: 0, theme: "dark", logLevel: "", backendPort: 3000, warp: 1 },
  guestMetadata: {
    "home lab-pve1-101": { id: "home lab-pve1-101", customUrl: "https://web.example", description: "", tags: null },
    "elsewhere-7": { id: "elsewhere-7", customUrl: "", description: "", tags: null },
  },
  oidc: { enabled: true, clientSecret: "x" },
};

test("who can send no body gets an export by its address, and never without a passphrase", async context => {
  const pulse = await startSupervised(context);
  const ask = (headers: Record<string, string>) => pulse.ask("/api/export?token=wrong", headers);
  assert.equal((await ask({ "x-passphrase": PASSPHRASE })).status, 401);
  const refused = await ask({ ...pulse.admin, "x-passphrase": "too short" });
  assert.equal(refused.status, 400);
  assert.match(String((await json(refused)).error), /^X-Passphrase: must be 12 characters or more/);
  // As curl sends what is typed: in UTF-8.
  const spoken = "pässphrase of ünits";
  const sent = Buffer.from(spoken, "utf8").toString("latin1");
  const exported = await json(await ask({ ...pulse.admin, "x-passphrase": sent }));
  const body = { data: exported.data, passphrase: spoken };
  const told = await json(await pulse.send("POST", "/api/config/import?dryRun=true", body));
  assert.deepEqual([told.status, told.changes], ["success", []]);
});

test("an export of an older version: told first, then taken over as a whole, and nothing twice", async context => {
  const pulse = await startSupervised(context);
  const { send, until } = pulse;
  const body = { data: seal(ORIGINAL), passphrase: PASSPHRASE };
  const told = await json(await send("POST", "/api/config/import?dryRun=true", body));
  assert.deepEqual(told.changes, [
    'adds "home lab" (https://127.0.0.9:8006)',
    'adds "vault" (https://127.0.0.9:8007)',
    "changes of the alerts: guestDefaults",
    "changes e-mail",
    'adds webhook "Chat"',
    "sets pbsPollingInterval to 120",
    'sets theme to "dark"',
    "sets backendPort to 3000",
    'notes something of guest "home-lab:guest:101"',
  ]);
  assert.deepEqual(
    (told.parts as { part: string; added: number; changed: number }[]).map(({ part, added, changed }) => [
      part,
      added,
      changed,
    ]),
    [
      ["nodes", 2, 0],
      ["alerts", 0, 1],
      ["email", 0, 1],
      ["webhooks", 1, 0],
      ["system", 0, 3],
      ["guestMetadata", 0, 1],
    ],
  );
  assert.deepEqual(told.notes, ["oidc: sign-in is not carried over: set it up under Security"]);
  assert.deepEqual(await until<unknown[]>("/api/config/nodes", () => true), []);

  // As a client that kept the whole answer sends it.
  const whole = { data: JSON.stringify({ status: "success", data: body.data }), passphrase: PASSPHRASE };
  const done = await json(await send("POST", "/api/config/import", whole));
  assert.deepEqual([done.status, done.dryRun, done.changes], ["success", false, told.changes]);
  const nodes = await until<Json[]>("/api/config/nodes", ({ length }) => length === 2);
  assert.deepEqual(
    nodes.map(({ id, name, tokenName, user, verifySSL }) => [id, name, tokenName ?? user, verifySSL]),
    [
      ["home-lab", "home lab", "pulse-monitor@pam!pulse", false],
      ["vault", "vault", "pulse@pbs", true],
    ],
  );
  const notes = await until<Record<string, Json>>("/api/guests/metadata", () => true);
  assert.equal(notes["home-lab:guest:101"]?.customUrl, "https://web.example");
  const alerts = await until<{ guestDefaults: Record<string, unknown> }>("/api/alerts/config", () => true);
  assert.deepEqual(alerts.guestDefaults.cpu, { trigger: 91, clear: 86 });
  const again = await json(await send("POST", "/api/config/import", body));
  assert.deepEqual([again.message, again.changes], ["Everything was so already", []]);
});

test("what one server exports, another has after the import; who gets in is not in it", async context => {
  const [from, to] = [await startSupervised(context), await startSupervised(context)];
  await from.send("POST", "/api/config/import", { data: seal(ORIGINAL), passphrase: PASSPHRASE });
  await from.until<unknown[]>("/api/config/nodes", ({ length }) => length === 2);
  const exported = async ({ send }: typeof from) =>
    json(await send("POST", "/api/config/export", { passphrase: PASSPHRASE }));
  const { data } = await exported(from);
  const { exportedAt: _, ...document } = unseal(data);
  assert.deepEqual(Object.keys(document), [
    ...["version", "nodes", "alerts", "email", "webhooks", "apprise", "notifications", "system", "guestMetadata"],
  ]);
  assert.match(JSON.stringify(document), /11111111-2222-3333-4444-555555555555.*s3cret.*m4il/);
  assert.doesNotMatch(JSON.stringify(document), /\$2[aby]\$|pulse_session|admin/);
  await to.send("POST", "/api/config/import", { data: { data }, passphrase: PASSPHRASE });
  await to.until<unknown[]>("/api/config/nodes", ({ length }) => length === 2);
  const { exportedAt: __, ...copy } = unseal((await exported(to)).data);
  assert.deepEqual(copy, document);
});

const [GOOD] = ORIGINAL.nodes.pveInstances;
const REFUSED: [sentence: string, body: object, error: RegExp][] = [
  ["another passphrase", { data: seal(ORIGINAL), passphrase: "another passphrase" }, /^passphrase: cannot open this/],
  [
    "a passphrase too short",
    { data: seal(ORIGINAL), passphrase: "short" },
    /^passphrase: must be 12 characters or more/,
  ],
  ["no passphrase", { data: seal(ORIGINAL) }, /^passphrase: missing/],
  ["what is no base64", { data: "%%%", passphrase: PASSPHRASE }, /^data: is no export of Pulse/],
  ["base64 of something else", { data: "aGVsbG8=", passphrase: PASSPHRASE }, /^passphrase: cannot open this/],
  ["a document of something else", { data: seal({ a: 1 }), passphrase: PASSPHRASE }, /^data: holds no configuration/],
  ["a list for a document", { data: seal([1]), passphrase: PASSPHRASE }, /^data: holds no configuration/],
  [
    "one bad instance among good ones",
    {
      data: seal({ nodes: { pveInstances: [GOOD, { ...GOOD, Host: "ftp://x", Name: "b" }] } }),
      passphrase: PASSPHRASE,
    },
    /^nodes\.pveInstances\[1\]\.host: "ftp:\/\/x" is no address/,
  ],
  [
    "a mail address that is none",
    { data: seal({ nodes: { pveInstances: [GOOD] }, email: { from: "pulse" } }), passphrase: PASSPHRASE },
    /^email\.from: "pulse" is no mail address/,
  ],
  [
    "a webhook to this very machine",
    { data: seal({ webhooks: [{ name: "x", url: "http://127.0.0.1/" }] }), passphrase: PASSPHRASE },
    /^webhooks\[0\]\.url: /,
  ],
  [
    "a threshold that is none",
    {
      data: seal({ nodes: { pveInstances: [GOOD] }, alerts: { guestDefaults: { cpu: "hot" } } }),
      passphrase: PASSPHRASE,
    },
    /^alerts\.guestDefaults\.cpu/,
  ],
];
test("what cannot be taken over is refused by name, and nothing of it is kept", async context => {
  const pulse = await startSecured(context);
  for (const [sentence, body, error] of REFUSED) {
    pulse.clock.set(pulse.clock.now() + 60_000);
    const admin = await pulse.signIn();
    const answer = await pulse.send("POST", "/api/config/import", body, admin);
    assert.equal(answer.status, 400, sentence);
    assert.match(String((await json(answer)).error), error, sentence);
    assert.deepEqual(await json(await pulse.ask("/api/config/nodes", { headers: admin })), [], sentence);
  }
});

test("who may: an administrator by session, token, or token in the address; nobody else, five times a minute", async context => {
  const pulse = await startSecured(context, { apiToken: "t".repeat(48) });
  const { send, signIn } = pulse;
  const admin = await signIn();
  await send("POST", "/api/security/users", { name: "bo", role: "viewer", password: "correct horse" }, admin);
  const bo = await signIn({ username: "bo", password: "correct horse" });
  const body = { passphrase: PASSPHRASE };
  const status = async (headers: Record<string, string>, query = "") =>
    (await send("POST", `/api/config/export${query}`, body, headers)).status;
  assert.deepEqual(
    [
      await status({}),
      await status({ "x-forwarded-for": "192.168.1.5" }),
      await status(bo),
      await status({ cookie: admin.cookie }),
      await status({ "x-api-token": "t".repeat(48) }),
      await status({}, `?token=${"t".repeat(48)}`),
    ],
    [401, 401, 403, 403, 200, 200],
  );
  const statuses: number[] = [];
  for (let turn = 0; turn < 6; turn += 1) statuses.push(await status(admin));
  // One without the CSRF token has been counted above.
  assert.deepEqual(statuses, [200, 200, 200, 200, 429, 429]);
});

test("before setup: this machine, the private network, and with ALLOW_UNPROTECTED_EXPORT anybody, until sign-in is set up", async context => {
  const [home, abroad] = [{ "x-forwarded-for": "192.168.1.5" }, { "x-forwarded-for": "203.0.113.7" }];
  const edge = { ...NO_EDGE, requestsPerMinute: null };
  const proxied = { ...edge, trustedProxies: ["127.0.0.1"] };
  const start = (user: null | undefined, own: Partial<EdgeSettings>) =>
    startSecured(context, user === null ? { user } : {}, { edge: { ...edge, ...own } });
  const exported = async ({ send }: Secured, headers = {}) =>
    (await send("POST", "/api/config/export", { passphrase: PASSPHRASE }, headers)).status;
  const toldOpen = async ({ ask }: Secured, headers = {}) => {
    const told = await json(await ask("/api/security/status", { headers }));
    return [told.exportProtected, told.unprotectedExportAllowed];
  };

  const closed = await start(null, {});
  assert.deepEqual([await exported(closed), await exported(closed, home)], [200, 401], "nobody is believed unasked");
  const behind = await start(null, proxied);
  assert.deepEqual([await exported(behind, home), await exported(behind, abroad)], [200, 401]);
  assert.deepEqual(await toldOpen(behind, home), [false, false]);
  assert.deepEqual(await toldOpen(behind, abroad), [true, false]);
  const given = { data: seal({ system: { theme: "dark" } }), passphrase: PASSPHRASE };
  assert.equal((await behind.send("POST", "/api/config/import", given, abroad)).status, 401);
  assert.deepEqual((await json(await behind.send("POST", "/api/config/import", given, home))).changes, [
    'sets theme to "dark"',
  ]);
  const statuses: number[] = [];
  for (let turn = 0; turn < 4; turn += 1) statuses.push(await exported(behind, home));
  assert.deepEqual(statuses, [200, 200, 200, 429], "five a minute");

  const open = await start(null, { unprotectedExport: true });
  assert.equal(await exported(open, abroad), 200);
  assert.deepEqual(await toldOpen(open, abroad), [false, true]);
  for (const own of [{ ...proxied }, { ...proxied, unprotectedExport: true }]) {
    const setUp = await start(undefined, own);
    assert.deepEqual([await exported(setUp, home), await exported(setUp, abroad)], [401, 401]);
    assert.deepEqual(await toldOpen(setUp, home), [true, false]);
  }
  const byToken = await startSecured(context, { user: null, apiToken: "t".repeat(48) }, { edge: proxied });
  assert.equal(await exported(byToken, home), 401, "a token is a sign-in, too");
});

test("a kill at any moment of an import leaves all of one, or all of the other", {
  timeout: 110_000,
}, async context => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-killed-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const seen = new Set<string>();
  for (let turn = 0; turn < 8; turn += 1) {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "src/test/importing.ts", folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [code] = await Promise.race([once(child.stdout, "data").then(() => []), once(child, "exit")]);
    assert.equal(code, undefined, "it imports until it is killed");
    await new Promise(resolve => setTimeout(resolve, 5 + turn * 17));
    child.kill("SIGKILL");
    await once(child, "exit");
    const { generations, count } = readConfiguration(folder);
    assert.equal(new Set(generations).size, 1, generations.join());
    assert.equal(count, 20);
    seen.add(generations[0] ?? "");
  }
  assert.ok(seen.size > 1, "imports went through meanwhile");
});
