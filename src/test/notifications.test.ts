import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { MINUTE } from "../kit/units.ts";
import { openMailServer } from "../notify/channels/recording-mail-server.ts";
import { openReceiver } from "../notify/outbound/recording-receiver.ts";
import { startSecured } from "./secured.ts";

type Json = Record<string, unknown>;

/** Answers with what the receiver is asked for, so that nothing is hidden by luck. */
async function openEcho(context: TestContext, status = 200) {
  return await openReceiver(context, (response, { headers, body }) => {
    response.statusCode = status;
    response.end(`${JSON.stringify(headers)} ${body}`);
  });
}

async function start(context: TestContext) {
  const pulse = await startSecured(context);
  const admin = await pulse.signIn();
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = admin) => {
    const answer =
      body === undefined
        ? await pulse.ask(`/api/notifications/${path}`, { method, headers })
        : await pulse.send(method, `/api/notifications/${path}`, body, headers);
    return { status: answer.status, json: (await answer.json()) as Json & Json[] };
  };
  // What the tests receive with lies on this very machine.
  const open = await call("POST", "", { allowedPrivateNetworks: ["127.0.0.1/32"] });
  assert.equal(open.status, 200);
  return { pulse, admin, call };
}

const SECRETS = ["hunter2-mail", "bearer-4711", "routing-0815", "mailto://user:apprise-1", "apprise-key-1"];

async function enterAll(context: TestContext, { call }: Awaited<ReturnType<typeof start>>) {
  const { port, seen } = await openEcho(context);
  const { mails, settings } = await openMailServer(context);
  const mail = { ...settings, username: "", password: "hunter2-mail" };
  assert.equal((await call("PUT", "email", mail)).status, 200);
  const hook = { id: "hook", name: "Hook", url: `http://127.0.0.1:${port}/hook`, service: "generic" };
  const headers = { Authorization: "Bearer bearer-4711", "X-Room": "cellar" };
  const added = await call("POST", "webhooks", { ...hook, headers, customFields: { routing_key: "routing-0815" } });
  assert.equal(added.status, 200);
  const targets = ["mailto://user:apprise-1@example.com"];
  const apprise = { enabled: true, serverUrl: `http://127.0.0.1:${port}`, targets, apiKey: "apprise-key-1" };
  assert.equal((await call("PUT", "apprise", apprise)).status, 200);
  return { port, seen, mails };
}

test("no answer has a secret, nothing lies open in the database, and they are sent all the same", async context => {
  const it = await start(context);
  const { seen } = await enterAll(context, it);
  const answers = await Promise.all(
    ["", "email", "webhooks", "apprise", "channels", "history", "webhook-history", "push"].map(path =>
      it.call("GET", path),
    ),
  );
  answers.push(await it.call("POST", "test", {}));
  answers.push(await it.call("POST", "webhooks/test", { id: "hook" }));
  answers.push(await it.call("POST", "webhooks/preview", { id: "hook" }));
  answers.push(await it.call("GET", "history"), await it.call("GET", "webhook-history"));
  assert.deepEqual(
    answers.map(({ status }) => status),
    answers.map(() => 200),
  );
  const text = JSON.stringify(answers);
  assert.deepEqual(
    SECRETS.filter(secret => text.includes(secret)),
    [],
  );
  assert.equal(
    seen.some(({ headers }) => headers.authorization === "Bearer bearer-4711"),
    true,
  );
  assert.equal(
    seen.some(({ headers }) => headers["x-api-key"] === "apprise-key-1"),
    true,
  );
  await it.pulse.stop();
  const kept = readFileSync(join(it.pulse.folder, "pulse.db"), "latin1");
  assert.deepEqual(
    [...SECRETS, "/hook"].filter(secret => kept.includes(secret)),
    [],
  );
});

test("what was told, sent back as it is, changes nothing; what is not named stays", async context => {
  const it = await start(context);
  await enterAll(context, it);
  for (const path of ["email", "apprise", "webhooks/hook"]) {
    const [listed, one] = [path.split("/")[0] ?? "", path.split("/")[1]];
    const read = async () => {
      const { json } = await it.call("GET", listed);
      return one ? (json.find(({ id }) => id === one) as Json) : json;
    };
    const before = await read();
    assert.equal((await it.call("PUT", path, before)).status, 200);
    assert.deepEqual(await read(), before);
    assert.equal((await it.call("PUT", path, { enabled: false })).status, 200);
    assert.deepEqual(await read(), { ...before, enabled: false });
    assert.equal((await it.call("PUT", path, { enabled: true })).status, 200);
  }
  const whole = (await it.call("GET", "")).json;
  assert.deepEqual((await it.call("POST", "", whole)).json, whole);
  await it.pulse.restart();
  assert.deepEqual((await it.call("GET", "", undefined, await it.pulse.signIn())).json, whole);
});

test("a secret that is kept goes to no other server", async context => {
  const it = await start(context);
  const { seen } = await enterAll(context, it);
  const other = await openEcho(context);
  const url = `http://127.0.0.1:${other.port}/`;
  const hidden = { Authorization: "***" };
  const tries = [
    await it.call("POST", "webhooks/test", { id: "hook", url }),
    await it.call("POST", "webhooks/test", { id: "hook", url, headers: hidden }),
    await it.call("POST", "webhooks/test", { id: "hook", url, headers: { Authorization: "" } }),
    await it.call("POST", "webhooks/test", { name: "x", url, headers: hidden }),
    await it.call("POST", "webhooks/preview", { id: "hook", url }),
    await it.call("POST", "test", { method: "webhook", webhookId: "hook", config: { url } }),
    await it.call("POST", "test", { method: "apprise", config: { serverUrl: url } }),
    await it.call("PUT", "webhooks/hook", { url }),
    await it.call("PUT", "apprise", { serverUrl: url }),
  ];
  assert.deepEqual(
    tries.map(({ status }) => status),
    tries.map(() => 400),
  );
  assert.equal(other.seen.length, 0);
  const plain = { id: "hook", url, headers: { "X-Room": "attic" }, customFields: null };
  assert.equal((await it.call("POST", "webhooks/test", plain)).status, 200);
  assert.equal(other.seen[0]?.headers.authorization, undefined);
  assert.equal(seen.length, 0);
});

test("a mail password that is kept goes to no other server either, when it is tried", async context => {
  const it = await start(context);
  await enterAll(context, it);
  const wanted: unknown[] = [];
  const other = await openMailServer(context, {
    onAuth: ({ password }, _, callback) => {
      wanted.push(password);
      callback(null, { user: "x" });
    },
  });
  const config = { ...other.settings, server: "localhost", username: "ann", password: "" };
  await it.call("POST", "test", { method: "email", config });
  assert.equal(wanted.includes("hunter2-mail"), false);
});

const WRONG: [sentence: string, method: string, path: string, body: Json, says: RegExp][] = [
  ["an e-mail channel without a server", "PUT", "email", { enabled: true }, /^server: missing/],
  ["a recipient that is no address", "PUT", "email", { to: ["nobody"] }, /^to\.0: /],
  ["a port that is none", "PUT", "email", { port: 0 }, /^port: /],
  ["a webhook without an address", "POST", "webhooks", { name: "x" }, /^url: missing/],
  ["a webhook without a name", "POST", "webhooks", { url: "http://10.0.0.1/" }, /^name: missing/],
  ["an address that is none", "POST", "webhooks", { name: "x", url: "nowhere" }, /^url: /],
  ["an address on this machine", "POST", "webhooks", { name: "x", url: "http://[::1]:7655/" }, /^url: /],
  ["the address of a cloud's secrets", "POST", "webhooks", { name: "x", url: "http://169.254.169.254/" }, /^url: /],
  ["another scheme", "POST", "webhooks", { name: "x", url: "file:///etc/passwd" }, /^url: /],
  [
    "a service that there is not",
    "POST",
    "webhooks",
    { name: "x", url: "http://10.0.0.1/", service: "fax" },
    /^service: /,
  ],
  [
    "a template that is none",
    "POST",
    "webhooks",
    { name: "x", url: "http://10.0.0.1/", template: "{{.X" },
    /^template: /,
  ],
  [
    "a template that makes no JSON",
    "POST",
    "webhooks",
    { name: "x", url: "http://10.0.0.1/", template: "hm" },
    /^template: /,
  ],
  [
    "a name of a header that is none",
    "POST",
    "webhooks",
    { name: "x", url: "http://10.0.0.1/", headers: { "a b": "c" } },
    /^headers/,
  ],
  ["an id with a slash", "POST", "webhooks", { id: "a/b", name: "x", url: "http://10.0.0.1/" }, /^id: /],
  ["the id of another channel", "POST", "webhooks", { id: "email", name: "x", url: "http://10.0.0.1/" }, /^id: /],
  ["a webhook that there is not", "PUT", "webhooks/none", { name: "x" }, /no webhook "none"/],
  ["an Apprise server that is no address", "PUT", "apprise", { serverUrl: "apprise" }, /^serverUrl: /],
  ["an address for people that is none", "POST", "", { publicUrl: "pulse" }, /^publicUrl: /],
  ["a network that is none", "POST", "", { allowedPrivateNetworks: ["10.0.0.0/99"] }, /^allowedPrivateNetworks: /],
  ["a schedule that is none", "POST", "", { schedule: { cooldown: -1 } }, /cooldown/],
  ["a test of a channel that there is not", "POST", "test", { method: "fax" }, /^method: /],
  ["a test without any channel", "POST", "test", {}, /^method: no channel is enabled/],
  ["a test of a webhook that there is not", "POST", "test", { webhookId: "none" }, /^webhookId: /],
  ["a test of settings of the wrong kind", "POST", "test", { type: "email", config: { port: "x" } }, /^config\.port: /],
  [
    "a browser's address that is not https",
    "POST",
    "push",
    { endpoint: "http://x/", keys: { p256dh: "a", auth: "b" } },
    /^endpoint: /,
  ],
  ["a dead letter that there is not", "POST", "history/7/retry", {}, /no dead letter "7"/],
];
test("what cannot be used is refused, naming the field", async context => {
  const { call } = await start(context);
  for (const [sentence, method, path, body, says] of WRONG) {
    const { status, json } = await call(method, path, body);
    assert.match(String(json.error), says, sentence);
    assert.equal(status, /no webhook|dead letter/.test(String(json.error)) && path !== "test" ? 404 : 400, sentence);
  }
  assert.deepEqual((await call("GET", "webhooks")).json, []);
});

test("the whole of a new server, sent back as it is, changes nothing", async context => {
  const { call } = await start(context);
  const whole = (await call("GET", "")).json;
  assert.deepEqual(whole.channels, []);
  assert.deepEqual((await call("POST", "", whole)).json, whole);
  const wrong = { allowedPrivateNetworks: [], schedule: { cooldown: -1 } };
  assert.equal((await call("POST", "", wrong)).status, 400);
  assert.deepEqual((await call("GET", "")).json, whole);
});

test("a change of several parts counts as a whole or not at all", async context => {
  const { call } = await start(context);
  const { json } = await call("POST", "", { publicUrl: "https://pulse.example.com", email: { to: ["nobody"] } });
  assert.match(String(json.error), /^to\.0/);
  assert.equal((await call("GET", "")).json.publicUrl, "");
});

test("an id that a client gives is kept; without one it is made; a webhook that is gone is gone", async context => {
  const { call } = await start(context);
  const hook = { name: "x", url: "http://10.0.0.1/" };
  assert.equal((await call("POST", "webhooks", { ...hook, id: "mine" })).json.id, "mine");
  const { id } = (await call("POST", "webhooks", hook)).json;
  assert.match(String(id), /^webhook-/);
  assert.deepEqual((await call("DELETE", `webhooks/${id}`)).json, { status: "success", success: true });
  assert.equal((await call("DELETE", `webhooks/${id}`)).status, 404);
  assert.deepEqual(
    (await call("GET", "webhooks")).json.map(webhook => webhook.id),
    ["mine"],
  );
});

test("a test goes to every channel that is enabled, and says of each what came of it", async context => {
  const it = await start(context);
  const { seen, mails } = await enterAll(context, it);
  const { json } = await it.call("POST", "test", {});
  assert.equal(json.status, "success");
  assert.deepEqual(
    (json.results as Json[]).map(({ channel, success }) => [channel, success]),
    [
      ["email", true],
      ["hook", true],
      ["apprise", true],
    ],
  );
  assert.deepEqual([mails.length, seen.length], [1, 2]);
  const broken = await openEcho(context, 500);
  await it.call("POST", "webhooks", { id: "broken", name: "Broken", url: `http://127.0.0.1:${broken.port}/` });
  const second = await it.call("POST", "test", { type: "webhook" });
  assert.equal(second.status, 502);
  assert.match(String(second.json.error), /^Broken: .*500/);
  const health = (await it.call("GET", "channels")).json;
  assert.deepEqual(
    health.map(({ channel, error }) => [channel, error === null]),
    [
      ["email", true],
      ["hook", true],
      ["broken", false],
      ["apprise", true],
    ],
  );
  const log = (await it.call("GET", "history?channel=broken")).json;
  assert.deepEqual(
    log.map(({ reason, status, statusCode }) => [reason, status, statusCode]),
    [["test", "failed", 500]],
  );
  const older = (await it.call("GET", "webhook-history")).json;
  assert.deepEqual(older.map(({ webhookName, success, statusCode }) => [webhookName, success, statusCode]).sort(), [
    ["Broken", false, 500],
    ["Hook", true, 200],
    ["Hook", true, 200],
  ]);
  assert.equal(
    older.some(({ webhookUrl }) => String(webhookUrl).includes("/hook")),
    false,
  );
});

test("settings that are not kept yet are tried as they are, by the shapes of older clients, too", async context => {
  const { call } = await start(context);
  const { port, seen } = await openEcho(context);
  const { mails, settings } = await openMailServer(context);
  const url = `http://127.0.0.1:${port}/new`;
  const tried = await call("POST", "webhooks/test", { name: "New", url, service: "generic" });
  assert.deepEqual([tried.status, tried.json.success, tried.json.status], [200, true, 200]);
  assert.match(String(tried.json.response), /accept|content-type/);
  assert.equal((await call("POST", "test", { type: "email", config: settings })).status, 200);
  assert.equal((await call("POST", "test", { method: "webhook", config: { name: "New", url } })).status, 200);
  assert.deepEqual([mails.length, seen.length], [1, 2]);
  const gone = await call("POST", "webhooks/test", { name: "Gone", url: "http://127.0.0.1:1/" });
  assert.deepEqual([gone.status, gone.json.success, gone.json.status], [400, false, 0]);
  assert.deepEqual((await call("GET", "webhooks")).json, []);
});

test("a preview sends nothing, and shows what a template makes", async context => {
  const { call } = await start(context);
  const template = '{"text": {{toJson .Message}}, "count": {{.AlertCount}}}';
  const { json } = await call("POST", "webhooks/preview", { url: "http://10.0.0.1/", template });
  assert.deepEqual([json.error, JSON.parse(String(json.payload)).count], [null, 2]);
  const wrong = await call("POST", "webhooks/preview", { url: "http://10.0.0.1/", template: "{{.Nope" });
  assert.match(String(wrong.json.error), /^template: /);
});

test("tests are limited to ten a minute", async context => {
  const { call, pulse } = await start(context);
  const statuses: number[] = [];
  for (let at = 0; at < 11; at++) statuses.push((await call("POST", "test", {})).status);
  assert.deepEqual(statuses, [...Array(10).fill(400), 429]);
  await pulse.clock.advance(MINUTE);
  assert.equal((await call("POST", "test", {})).status, 400);
});

test("a browser is told until its owner, or an administrator, takes it away; nobody else can", async context => {
  const { call, pulse, admin } = await start(context);
  const viewers: Record<string, string>[] = [];
  for (const name of ["ann", "bob"]) {
    await pulse.send("POST", "/api/security/users", { name, role: "viewer", password: "correct horse" }, admin);
    viewers.push(await pulse.signIn({ username: name, password: "correct horse" }));
  }
  const [ann = {}, bob = {}] = viewers;
  const { publicKey } = (await call("GET", "push/key", undefined, ann)).json;
  assert.equal(Buffer.from(String(publicKey), "base64url").length, 65);
  assert.equal((await call("GET", "push/key")).json.publicKey, publicKey);
  const browser = (at: number) => ({
    endpoint: `https://push.example.com/secret-${at}`,
    keys: { p256dh: "a", auth: "secret-auth" },
    name: `Phone ${at}`,
  });
  const first = (await call("POST", "push", browser(1), ann)).json.id;
  assert.equal((await call("POST", "push", browser(1), ann)).json.id, first);
  const second = (await call("POST", "push", browser(2), ann)).json.id;
  assert.equal((await call("GET", "push", undefined, ann)).status, 403);
  const listed = await call("GET", "push");
  assert.deepEqual(
    listed.json.map(({ name, user, host }) => [name, user, host]),
    [
      ["Phone 1", "ann", "push.example.com"],
      ["Phone 2", "ann", "push.example.com"],
    ],
  );
  assert.equal(JSON.stringify([listed, (await call("GET", "channels")).json]).includes("secret"), false);
  assert.equal((await call("DELETE", `push/${first}`, undefined, bob)).status, 404);
  assert.equal((await call("DELETE", `push/${first}`, undefined, ann)).status, 200);
  assert.equal((await call("DELETE", `push/push:${second}`)).status, 200);
  assert.deepEqual((await call("GET", "push")).json, []);
});

test("silences are made, changed, ended, and over by themselves", async context => {
  const { pulse, admin } = await start(context);
  const silences = async () => (await (await pulse.ask("/api/alerts/silences", { headers: admin })).json()) as Json[];
  const send = async (method: string, path: string, body: Json = {}) => {
    const answer = await pulse.send(method, `/api/alerts/silences${path}`, body, admin);
    return { status: answer.status, json: (await answer.json()) as Json };
  };
  const now = pulse.clock.now();
  const input = { kind: "silence", matcher: { resource: "web-*" }, endsAt: now + 10 * MINUTE, comment: "new disk" };
  const made = await send("POST", "", input);
  assert.deepEqual([made.status, made.json.state, made.json.createdBy], [200, "active", "admin"]);
  const changed = await send("PUT", `/${made.json.id}`, { ...input, endsAt: now + 20 * MINUTE });
  assert.equal(changed.json.endsAt, now + 20 * MINUTE);
  await pulse.restart();
  Object.assign(admin, await pulse.signIn());
  assert.deepEqual(await silences(), [changed.json]);
  await pulse.clock.advance(20 * MINUTE);
  assert.deepEqual(
    (await silences()).map(({ state }) => state),
    ["over"],
  );
  const other = await send("POST", "", { ...input, startsAt: now, endsAt: now + 60 * MINUTE });
  assert.deepEqual((await send("DELETE", `/${other.json.id}`)).json, { success: true });
  assert.deepEqual(
    (await silences()).map(({ state }) => state),
    ["over", "over"],
  );
  assert.equal((await send("DELETE", "/none")).status, 404);
  assert.equal((await send("PUT", "/none", input)).status, 404);
  const wrong: [change: Json, says: RegExp][] = [
    [{ matcher: {} }, /^matcher: /],
    [{ matcher: { hostname: "x" } }, /^matcher/],
    [{ endsAt: null }, /^endsAt: /],
    [{ startsAt: now + 60 * MINUTE }, /^endsAt: /],
    [{ weekly: { days: [0], start: "22:00", end: "02:00", timezone: "Mars/Olympus" } }, /^weekly\.timezone: /],
    [{ weekly: { days: [7], start: "22:00", end: "02:00", timezone: "" } }, /^weekly/],
    [{ kind: "nap" }, /^kind/],
    [{ endsAt: 1e308 }, /^endsAt: /],
    [{ endsAt: 8.64e15 + 1 }, /^endsAt: /],
    [{ startsAt: -1 }, /^startsAt: /],
  ];
  for (const [change, says] of wrong) {
    const { status, json } = await send("POST", "", { ...input, endsAt: now + 60 * MINUTE, ...change });
    assert.deepEqual([status, says.test(String(json.error))], [400, true], String(json.error));
  }
});

test("without the key the server does not start, as the channels could not be read", async context => {
  const it = await start(context);
  await enterAll(context, it);
  rmSync(join(it.pulse.folder, "pulse.key"));
  await assert.rejects(it.pulse.restart(), /pulse\.key/);
});

test("messages are in the language that is set, and only in one that there is", async context => {
  const it = await start(context);
  const { seen, mails } = await enterAll(context, it);
  assert.equal((await it.call("GET", "")).json.language, "en");
  assert.equal((await it.call("POST", "", { language: "fr" })).status, 400);
  assert.equal((await it.call("POST", "", { language: "de" })).json.language, "de");
  await it.call("POST", "test", {});
  const payload = JSON.parse(seen.map(({ body }) => String(body)).find(body => body.includes('"alerts"')) ?? "{}");
  assert.match(payload.title, /^Test: Kritisch: CPU von web-1 bei 97,3 %$/);
  assert.equal(payload.reason, "test");
  assert.match(mails[0]?.text ?? "", /<html lang=3D"de">/);
  const preview = await it.call("POST", "webhooks/preview", { id: "hook", template: '"{{.Duration}} {{.LinkText}}"' });
  assert.equal(preview.json.payload, '"2 h 5 min In Pulse anzeigen"');
});
