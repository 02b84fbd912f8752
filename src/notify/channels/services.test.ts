import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { test } from "node:test";
import webPush from "web-push";
import type { AppriseSettings, Webhook, WebhookService } from "../../model/channel.ts";
import { sendApprise } from "./apprise.ts";
import type { Message, Post } from "./channel.ts";
import { failureOf } from "./failure-of.ts";
import { sendPush } from "./push.ts";
import { sampleMessage } from "./samples.ts";
import { SERVICES } from "./services.ts";
import { sendWebhook } from "./webhook.ts";

type Request = Parameters<Post>[0];

/** A way out that remembers what was sent, and answers so. */
function recorder(status = 200, body = "ok", retryAfter: number | null = null) {
  const requests: Request[] = [];
  const post: Post = async request => {
    requests.push(request);
    return { status, body, retryAfter };
  };
  return { requests, tools: { post, now: () => 0 } };
}

const ADDRESSES: Partial<Record<WebhookService, string>> = {
  telegram: "https://api.telegram.org/bot123:abcdefghij/sendMessage?chat_id=-100&message_thread_id=7",
  matrix: "https://matrix.example/_matrix/client/v3/rooms/!room:matrix.example/send/m.room.message",
};
const hook = (service: WebhookService, changes: Partial<Webhook> = {}): Webhook => ({
  id: "webhook-1",
  name: "Hook",
  url: ADDRESSES[service] ?? "https://example.com/hook",
  method: "POST",
  headers: null,
  enabled: true,
  service,
  template: "",
  customFields: { routing_key: "routing-key", token: "app-token", user: "user-key", access_token: "access-token" },
  ...changes,
});

async function sent(service: WebhookService, message: Message, changes: Partial<Webhook> = {}) {
  const { requests, tools } = recorder();
  const { payload } = await sendWebhook(hook(service, changes), message, tools);
  const [request] = requests;
  assert.ok(request);
  const text = String(request.body);
  return { request, text, payload, json: SERVICES[service].json ? JSON.parse(text) : null };
}

const FIRING = sampleMessage("firing", 1);
const WARNING: Message = { ...FIRING, alerts: sampleMessage("firing", 2).alerts.slice(1) };
const RESOLVED = sampleMessage("resolved", 1);
const CANARY = sampleMessage("canary", 0);

test("generic has the alerts as the API has them, under the names of Pulse 4", async () => {
  const message = sampleMessage("firing", 3);
  const { json } = await sent("generic", message);
  assert.deepEqual(json.alerts, message.alerts);
  assert.deepEqual([json.count, json.grouped, json.source], [3, true, "pulse-monitoring"]);
  assert.equal(json.timestamp, Math.floor(message.at / 1000));
  assert.deepEqual(
    [json.reason, json.dedupKey, json.link],
    ["firing", message.dedupKey, "https://pulse.example.com/alerts"],
  );
});

test("GET has no payload, PUT has one", async () => {
  assert.equal((await recorded("GET")).body, null);
  assert.match(String((await recorded("PUT")).body), /"alerts"/);
  async function recorded(method: Webhook["method"]) {
    const { requests, tools } = recorder();
    await sendWebhook(hook("generic", { method, url: "https://example.com/?t={{.Title | urlquery}}" }), FIRING, tools);
    const [request] = requests;
    assert.ok(request);
    assert.equal(request.url, "https://example.com/?t=Critical%3A+CPU+of+web-1+at+97.3+%25");
    return request;
  }
});

test("discord pings nobody, and has the colour of the level", async () => {
  const colours = [];
  for (const message of [FIRING, WARNING, RESOLVED, CANARY]) {
    const { json } = await sent("discord", message);
    assert.deepEqual(json.allowed_mentions, { parse: [] });
    assert.equal(json.embeds.length, 1);
    colours.push(json.embeds[0].color.toString(16));
  }
  assert.deepEqual(colours, ["c62828", "ff9800", "2e7d32", "1565c0"]);
});

test("slack has a header and a section", async () => {
  const { json } = await sent("slack", FIRING);
  assert.deepEqual(
    json.blocks.map(({ type }: { type: string }) => type),
    ["header", "section"],
  );
  assert.match(json.blocks[1].text.text, /<https:\/\/pulse\.example\.com\/alerts\|Show in Pulse>/);
});

test("teams has a MessageCard, or an Adaptive Card", async () => {
  const { json: card } = await sent("teams", FIRING);
  assert.deepEqual([card["@type"], card.themeColor], ["MessageCard", "C62828"]);
  assert.equal(card.potentialAction[0].targets[0].uri, "https://pulse.example.com/alerts");
  const { json: adaptive } = await sent("teams-adaptive", RESOLVED);
  const { contentType, content } = adaptive.attachments[0];
  assert.equal(contentType, "application/vnd.microsoft.card.adaptive");
  assert.deepEqual([content.type, content.body[0].color], ["AdaptiveCard", "Good"]);
});

test("teams that answers 200 for a refusal is not believed", async () => {
  const said = (status: number) =>
    `Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ${status}`;
  for (const [status, fault] of [
    [429, "busy"],
    [413, "refused"],
  ] as const) {
    const { tools } = recorder(200, said(status));
    assert.equal((await failureOf(sendWebhook(hook("teams"), FIRING, tools))).fault, fault);
  }
});

test("telegram has its chat in the payload and not in the address", async () => {
  const { request, json } = await sent("telegram", FIRING);
  assert.equal(request.url, "https://api.telegram.org/bot123:abcdefghij/sendMessage?message_thread_id=7");
  assert.deepEqual([json.chat_id, json.parse_mode], ["-100", "HTML"]);
  const own = await sent("telegram", FIRING, { template: '{"text": {{toJson .Title}}}' });
  assert.match(own.request.url, /chat_id=-100/);
});

test("telegram's chat may be a channel by name", async () => {
  const { json } = await sent("telegram", FIRING, {
    url: "https://api.telegram.org/bot1:x/sendMessage?chat_id=%40alerts",
  });
  assert.equal(json.chat_id, "@alerts");
});

test("telegram says in the body when to try again", async () => {
  const { tools } = recorder(429, '{"ok":false,"error_code":429,"parameters":{"retry_after":35}}');
  const failure = await failureOf(sendWebhook(hook("telegram"), FIRING, tools));
  assert.deepEqual([failure.fault, failure.retryAfter], ["busy", 35_000]);
});

test("pagerduty is triggered and resolved by one key; a sign of life opens nothing", async () => {
  const actions = [];
  for (const message of [FIRING, { ...FIRING, reason: "reminder" as const }, RESOLVED, CANARY]) {
    const { json } = await sent("pagerduty", message);
    assert.equal(json.dedup_key, message.dedupKey);
    actions.push([json.event_action, json.payload.severity]);
  }
  assert.deepEqual(actions, [
    ["trigger", "critical"],
    ["trigger", "critical"],
    ["resolve", "info"],
    ["resolve", "info"],
  ]);
});

test("pagerduty's key comes from the custom field, or from a header, which is not sent", async () => {
  assert.equal((await sent("pagerduty", FIRING)).json.routing_key, "routing-key");
  const { request, json, payload } = await sent("pagerduty", FIRING, { headers: { Routing_Key: "other-key" } });
  assert.equal(json.routing_key, "other-key");
  assert.equal(
    Object.keys(request.headers).find(name => name.toLowerCase() === "routing_key"),
    undefined,
  );
  assert.doesNotMatch(payload, /other-key|routing-key/);
});

test("a long key is made short, and stays the same", async () => {
  const keys = [];
  for (const message of [FIRING, RESOLVED]) {
    const { json } = await sent("pagerduty", { ...message, dedupKey: "k".repeat(1000) });
    keys.push(json.dedup_key);
  }
  assert.equal(keys[0], keys[1]);
  assert.ok(keys[0].length <= 255);
});

test("gotify and pushover have priorities", async () => {
  const priorities = [];
  for (const message of [FIRING, WARNING, RESOLVED, CANARY])
    priorities.push([(await sent("gotify", message)).json.priority, (await sent("pushover", message)).json.priority]);
  assert.deepEqual(priorities, [
    [10, 1],
    [5, 0],
    [2, -1],
    [2, -1],
  ]);
});

test("pushover has its tokens in the payload, and they are not in the log", async () => {
  const { json, payload } = await sent("pushover", FIRING);
  assert.deepEqual([json.token, json.user, typeof json.timestamp], ["app-token", "user-key", "number"]);
  assert.doesNotMatch(payload, /app-token|user-key/);
  const old = await sent("pushover", FIRING, { customFields: { app_token: "a-token", user_token: "u-token" } });
  assert.deepEqual([old.json.token, old.json.user], ["a-token", "u-token"]);
});

test("ntfy has a text, and the rest in headers that any text fits into", async () => {
  const { request, text } = await sent("ntfy", FIRING);
  assert.match(text, /^Critical: CPU of web-1 at 97\.3 %\n/);
  const { Title, Priority, Tags, Click } = request.headers;
  assert.deepEqual(
    [Title, Priority, Tags, Click],
    ["Critical: CPU of web-1 at 97.3 %", "urgent", "rotating_light", "https://pulse.example.com/alerts"],
  );
  const odd = FIRING.alerts.map(alert => ({ ...alert, resourceName: "Küche\r\nX-Evil: 1 🔥" }));
  const title = (await sent("ntfy", { ...FIRING, alerts: odd })).request.headers.Title ?? "";
  assert.match(title, /^=\?UTF-8\?B\?[\w+/=]+\?=$/);
  assert.match(Buffer.from(title.slice(10, -2), "base64").toString(), /CPU of Küche X-Evil: 1 🔥 at/);
});

test("ntfy's headers can be set by hand", async () => {
  const { request } = await sent("ntfy", FIRING, { headers: { priority: "min", Authorization: "Bearer t" } });
  assert.deepEqual([request.headers.priority, request.headers.Priority], ["min", undefined]);
});

test("matrix puts under an id that is the same at each try", async () => {
  const [first, again, resolved] = [
    await sent("matrix", FIRING),
    await sent("matrix", FIRING),
    await sent("matrix", RESOLVED),
  ];
  assert.equal(first.request.method, "PUT");
  assert.match(first.request.url, /\/send\/m\.room\.message\/pulse-[\da-f]{32}$/);
  assert.equal(first.request.headers.Authorization, "Bearer access-token");
  assert.equal(first.request.url, again.request.url);
  assert.notEqual(first.request.url, resolved.request.url);
  assert.equal(first.json.format, "org.matrix.custom.html");
});

test("what a receiver echoes of the address is hidden", async () => {
  const { tools } = recorder(
    404,
    "<html><title>404</title><body>Cannot POST /hooks/abcdefghijkl?key=mnopqrstuv</body></html>",
  );
  const url = "https://example.com/hooks/abcdefghijkl?key=mnopqrstuv";
  const failure = await failureOf(sendWebhook(hook("mattermost", { url }), FIRING, tools));
  assert.equal(failure.message, '"example.com" answered 404: Cannot POST /hooks/***?key=***');
  assert.equal(failure.fault, "refused");
});

const STATUSES: readonly (readonly [status: number, fault: string | null])[] = [
  [200, null],
  [202, null],
  [204, null],
  [304, "refused"],
  [400, "refused"],
  [401, "refused"],
  [403, "refused"],
  [404, "refused"],
  [408, "failed"],
  [410, "refused"],
  [425, "failed"],
  [429, "busy"],
  [500, "failed"],
  [502, "failed"],
  [503, "failed"],
];
for (const [status, fault] of STATUSES)
  test(`${status} is ${fault ?? "taken"}`, async () => {
    const sending = sendWebhook(hook("generic"), FIRING, recorder(status).tools);
    if (fault === null) assert.equal((await sending).statusCode, status);
    else assert.equal((await failureOf(sending)).fault, fault);
  });

/** About so many alerts, with long names. */
function crowd(count: number): Message {
  const [alert] = FIRING.alerts;
  assert.ok(alert);
  const alerts = Array.from({ length: count }, (_, index) => ({
    ...alert,
    id: `a${index}`,
    resourceName: `${index} <"日本語"> ${"&".repeat(200)}`,
  }));
  return { ...FIRING, alerts };
}

const HOSTILE = "_*[x](http://e.example) `<!channel> <@U1> @everyone @here @channel <b>&amp;</b>";
const OF_HOSTILE: Message = {
  ...FIRING,
  alerts: FIRING.alerts.map(alert => ({ ...alert, resourceName: HOSTILE, message: HOSTILE })),
};
const OWN = '{"text": "{{.Title}} {{.Message}}"}';

test("no name pings anybody, in Pulse's templates and in the user's own", async () => {
  const discord = (changes: Partial<Webhook>) => sent("discord", OF_HOSTILE, changes);
  assert.deepEqual((await discord({})).json.allowed_mentions, { parse: [] });
  const content = '{"content": "{{.Message}}"}';
  assert.deepEqual((await discord({ template: content })).json, { allowed_mentions: { parse: [] }, content: HOSTILE });
  for (const template of ["", OWN]) {
    assert.doesNotMatch(
      (await sent("slack", OF_HOSTILE, { template })).text.replace(/"type": "header".*/, ""),
      /<[!@]/,
    );
    assert.doesNotMatch((await sent("mattermost", OF_HOSTILE, { template })).text, /@(here|channel|all)/);
  }
});

test("who is pinged by the user's own template is pinged", async () => {
  const discord = await sent("discord", FIRING, { template: '{"content": "@everyone {{.Title}}"}' });
  assert.equal(discord.json.allowed_mentions, undefined);
  const asked = await sent("discord", FIRING, {
    template: '{"content": "x", "allowed_mentions": {"parse": ["roles"]}}',
  });
  assert.deepEqual(asked.json.allowed_mentions, { parse: ["roles"] });
  assert.match((await sent("slack", FIRING, { template: '{"text": "<!here> {{.Title}}"}' })).json.text, /^<!here> /);
  assert.match((await sent("mattermost", FIRING, { template: '{"text": "@all {{.Title}}"}' })).json.text, /^@all /);
});

test("telegram's text is proper HTML, whatever a guest is called", async () => {
  const { json } = await sent("telegram", OF_HOSTILE);
  const rest = json.text.replaceAll(/<\/?b>|<a href="[^"<>]*">|<\/a>|&#\d+;/g, "");
  assert.doesNotMatch(rest, /[<>&]/);
});

for (const [why, template, text] of [
  ["can't parse entities: unclosed", '{"text": "*{{.Message}}*", "parse_mode": "Markdown"}', `*${HOSTILE}*`],
  ["message is too long", '{"text": "{{range 5000}}x{{end}}"}', `${"x".repeat(4095)}…`],
] as const)
  test(`telegram that refuses a text (${why}) is sent it without marks, and no longer than it takes`, async () => {
    const bodies: { text: string; parse_mode?: string }[] = [];
    const post: Post = async ({ body }) => {
      bodies.push(JSON.parse(String(body)));
      const refused = { status: 400, body: `{"ok":false,"description":"Bad Request: ${why}"}` };
      return { ...(bodies.length === 1 ? refused : { status: 200, body: "{}" }), retryAfter: null };
    };
    const sending = sendWebhook(hook("telegram", { template }), OF_HOSTILE, { post, now: () => 0 });
    assert.equal((await sending).statusCode, 200);
    assert.deepEqual([bodies.length, bodies[1]?.text, bodies[1]?.parse_mode], [2, text, undefined]);
  });

test("telegram that refuses something else is not asked twice", async () => {
  const { requests, tools } = recorder(400, '{"ok":false,"description":"Bad Request: chat not found"}');
  assert.equal((await failureOf(sendWebhook(hook("telegram"), FIRING, tools))).fault, "refused");
  assert.equal(requests.length, 1);
});

test("what a template of the user's own makes longer than a service takes is cut", async () => {
  const discord = await sent("discord", crowd(100), { template: '{"content": {{toJson .Text}}, "tts": false}' });
  assert.equal(discord.json.content.length, 2000);
  const pushover = await sent("pushover", crowd(100), { template: '{"token": "t", "message": {{toJson .Message}}}' });
  assert.deepEqual([pushover.json.message.length, pushover.json.token], [1024, "t"]);
  const template = "{{range 3000}}日{{end}}";
  const ntfy = await sent("ntfy", FIRING, { template });
  assert.equal(ntfy.text, `${"日".repeat(1364)}…`);
  assert.equal((await sent("ntfy", FIRING, { template, url: "https://ntfy.sh/" })).text.length, 3000);
});

/** What the services take of one message at the most. */
const LIMITS: readonly (readonly [WebhookService, (json: never, text: string) => number, number])[] = [
  ["discord", ({ embeds }: { embeds: { description: string }[] }) => embeds[0]?.description.length ?? 0, 4096],
  ["slack", ({ blocks }: { blocks: { text: { text: string } }[] }) => blocks[1]?.text.text.length ?? 0, 3000],
  ["telegram", ({ text }: { text: string }) => text.length, 4096],
  ["ntfy", (_, text) => Buffer.byteLength(text), 4096],
  ["pushover", ({ message }: { message: string }) => message.length, 1024],
  ["pushover", ({ title }: { title: string }) => title.length, 250],
  ["teams", (_, text) => Buffer.byteLength(text), 28 * 1024],
  ["teams-adaptive", (_, text) => Buffer.byteLength(text), 28 * 1024],
  ["mattermost", (_, text) => text.length, 16_383],
  ["matrix", (_, text) => Buffer.byteLength(text), 65_536],
  ["gotify", (_, text) => Buffer.byteLength(text), 100_000],
  ["pagerduty", (_, text) => Buffer.byteLength(text), 512 * 1024],
];
for (const [service, size, most] of LIMITS)
  test(`${service} gets no more than it takes (${most}), of a thousand alerts with long names`, async () => {
    const { json, text } = await sent(service, crowd(1000));
    const found = size(json as never, text);
    assert.ok(found <= most, `${found}`);
    assert.match(text, /and \d+ more/);
  });

const apprise = (changes: Partial<AppriseSettings> = {}): AppriseSettings => ({
  enabled: true,
  serverUrl: "https://apprise.example.com/",
  targets: ["tgram://bot-token/chat", "mailto://me:password@example.com"],
  configKey: "",
  apiKey: "",
  apiKeyHeader: "",
  skipTlsVerify: true,
  timeoutSeconds: 12,
  ...changes,
});

test("apprise is given the targets, or the key of a configuration", async () => {
  const { requests, tools } = recorder();
  const { payload } = await sendApprise(apprise(), FIRING, tools);
  await sendApprise(apprise({ configKey: "my key", apiKey: "api-key", apiKeyHeader: "X-Mine" }), RESOLVED, tools);
  await sendApprise(apprise({ serverUrl: "http://apprise:8000/base/notify" }), WARNING, tools);
  const [first, second, third] = requests;
  assert.deepEqual(
    [first?.url, second?.url, third?.url],
    [
      "https://apprise.example.com/notify",
      "https://apprise.example.com/notify/my%20key",
      "http://apprise:8000/base/notify",
    ],
  );
  assert.deepEqual([first?.insecure, first?.timeout, second?.headers["X-Mine"]], [true, 12_000, "api-key"]);
  assert.deepEqual(JSON.parse(String(first?.body)).urls, [
    "tgram://bot-token/chat?overflow=truncate",
    "mailto://me:password@example.com?overflow=truncate",
  ]);
  assert.equal(JSON.parse(String(second?.body)).urls, undefined);
  assert.deepEqual(
    requests.map(({ body }) => JSON.parse(String(body)).type),
    ["failure", "success", "warning"],
  );
  assert.doesNotMatch(payload, /bot-token|password/);
});

test("apprise's targets cut what is too long for them as they say; behind a key everybody takes it", async () => {
  const { requests, tools } = recorder();
  const targets = ["slack://a/b/#general?format=text", "json://host?overflow=split"];
  await sendApprise(apprise({ targets }), crowd(1000), tools);
  await sendApprise(apprise({ configKey: "k" }), crowd(1000), tools);
  const [first, second] = requests.map(({ body }) => JSON.parse(String(body)));
  assert.deepEqual(first.urls, ["slack://a/b/#general?format=text&overflow=truncate", "json://host?overflow=split"]);
  assert.ok(first.body.length > 10_000 && first.body.length <= 30_000, `${first.body.length}`);
  assert.ok(second.body.length <= 1000, `${second.body.length}`);
  assert.match(second.body, /and \d+ more[\s\S]*https:\/\/pulse\.example\.com\/alerts$/);
});

const APPRISE_FAULTS: readonly (readonly [
  name: string,
  changes: Partial<AppriseSettings>,
  status: number,
  fault: string,
  message: RegExp,
])[] = [
  ["no targets", { targets: [] }, 200, "refused", /^targets are missing/],
  ["an address that is none", { serverUrl: "apprise" }, 200, "refused", /^serverUrl is no URL/],
  ["nothing under the key", { configKey: "k" }, 204, "refused", /has nothing under that configKey/],
  ["a service behind it that failed", {}, 424, "failed", /could not pass it on to all/],
];
for (const [name, changes, status, fault, message] of APPRISE_FAULTS)
  test(`apprise, ${name}: ${fault}`, async () => {
    const failure = await failureOf(sendApprise(apprise(changes), FIRING, recorder(status, "").tools));
    assert.equal(failure.fault, fault);
    assert.match(failure.message, message);
  });

const KEYS = {
  p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
  auth: "BTBZMqHH6r4Tts7J_aSIgg",
};
const VAPID = webPush.generateVAPIDKeys();
const target = { subscription: { endpoint: "https://push.example/abcdefgh", keys: KEYS }, vapid: VAPID };

test("push that is over is gone", async () => {
  for (const status of [404, 410]) {
    const failure = await failureOf(sendPush(target, FIRING, recorder(status, "").tools));
    assert.deepEqual([failure.fault, failure.statusCode], ["gone", status]);
  }
});

test("push is urgent by its level, and takes the place of what was about the same", async () => {
  const { requests, tools } = recorder(201, "");
  for (const message of [FIRING, WARNING, RESOLVED]) await sendPush(target, message, tools);
  assert.deepEqual(
    requests.map(({ headers }) => headers.Urgency),
    ["high", "normal", "low"],
  );
  assert.equal(new Set(requests.map(({ headers }) => headers.Topic)).size, 1);
  for (const { body } of requests) assert.ok(body !== null && body.length < 4096);
});

test("a push is signed for the service that it goes to, for half a day", async () => {
  const { requests, tools } = recorder(201, "");
  await sendPush(target, FIRING, tools);
  const signed = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=(.+)$/.exec(requests[0]?.headers.Authorization ?? "");
  const [, head = "", claims = "", signature = "", key] = signed ?? [];
  assert.equal(key, VAPID.publicKey);
  assert.deepEqual(JSON.parse(Buffer.from(claims, "base64url").toString()), {
    aud: "https://push.example",
    exp: 12 * 3600,
    sub: "https://pulse.example.com",
  });
  const point = Buffer.from(VAPID.publicKey, "base64url");
  const half = (from: number) => point.subarray(from, from + 32).toString("base64url");
  const jwk = { kty: "EC", crv: "P-256", x: half(1), y: half(33) };
  const publicKey = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" } as const;
  assert.ok(verify("sha256", Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, "base64url")));
});

test("a push subscription with broken keys is refused", async () => {
  const broken = { ...target, subscription: { ...target.subscription, keys: { p256dh: "AAAA", auth: "AAAA" } } };
  assert.equal((await failureOf(sendPush(broken, FIRING, recorder().tools))).fault, "refused");
});
