import assert from "node:assert/strict";
import { test } from "node:test";
import { WEBHOOK_SERVICES, type Webhook } from "../../model/channel.ts";
import { sampleMessage } from "./samples.ts";
import { SERVICES } from "./services.ts";
import { validateWebhook } from "./validate-webhook.ts";
import { previewWebhook, sendWebhook } from "./webhook.ts";

const hook = (changes: Partial<Webhook> = {}): Webhook => ({
  id: "webhook-1",
  name: "Hook",
  url: "https://example.com/hook",
  method: "POST",
  headers: null,
  enabled: true,
  service: "generic",
  template: "",
  ...changes,
});
const fields = (customFields: Record<string, string>) => ({ customFields });
const open = () => null;

const WRONG: readonly (readonly [name: string, changes: Partial<Webhook>, message: RegExp | null])[] = [
  ["a generic one needs an address alone", {}, null],
  ["template fields behind the host", { url: "https://example.com/{{.Level}}?m={{.Message | urlquery}}" }, null],
  ["template fields in the host", { url: "https://{{.ResourceName}}.example.com/" }, /^url: host and port may have no/],
  ["template fields in the port", { url: "https://example.com:{{.Value}}/" }, /^url: host and port/],
  ["template fields for all of it", { url: "{{.Message}}" }, /^url: host and port/],
  [
    "an address whose template is wrong",
    { url: "https://example.com/{{.Nope}}" },
    /^url: line 1, column \d+: there is no field \.Nope/,
  ],
  ["a header with a line break", { headers: { "X-A": "a\r\nb" } }, /^headers: what "X-A" holds/],
  ["a header with a colon", { headers: { "X:A": "a" } }, /^headers: "X:A" is no name/],
  ["a template for JSON", { template: '{"alert": "{{.Level}}: {{.Message}}", "value": {{.Value}}}' }, null],
  [
    "a template with the group",
    { template: "[{{range $i, $a := .Alerts}}{{if $i}},{{end}}{{toJson $a.ID}}{{end}}]" },
    null,
  ],
  ["a template that does not parse", { template: '{"a": {{.Level}' }, /^template: line 1, column \d+: /],
  [
    "a template with a field that is none",
    { template: '{"a": "{{.Levels}}"}' },
    /^template: line 1, column 10: there is no field \.Levels/,
  ],
  [
    "a template whose output is no JSON",
    { template: '{\n  "a": {{.Level}}\n}' },
    /^template: line 2, column 8: what it makes is no JSON: a value is due before "critical/,
  ],
  [
    "a template whose output is no JSON for three alerts",
    { template: '[{{range .Alerts}}"{{.ID}}"{{end}}]' },
    /^template: line 1, column \d+: .* is due before/,
  ],
  [
    "a template that never ends",
    { template: `{{range 60000}}{{range 60000}}x{{end}}{{end}}` },
    /^template: .*too (many steps|long)/,
  ],
  [
    "telegram without a chat",
    { service: "telegram", url: "https://api.telegram.org/bot1:x/sendMessage" },
    /^url needs chat_id/,
  ],
  ["telegram with one", { service: "telegram", url: "https://api.telegram.org/bot1:x/sendMessage?chat_id=-100" }, null],
  ["pagerduty without a key", { service: "pagerduty" }, /^customFields needs routing_key/],
  ["pagerduty with a key", { service: "pagerduty", ...fields({ routing_key: "k" }) }, null],
  ["pagerduty with the key in a header", { service: "pagerduty", headers: { routing_key: "k" } }, null],
  ["pushover without a token", { service: "pushover", ...fields({ user: "u" }) }, /^customFields needs token/],
  ["pushover without a user", { service: "pushover", ...fields({ token: "t" }) }, /^customFields needs user/],
  ["pushover with both", { service: "pushover", ...fields({ token: "t", user: "u" }) }, null],
  ["pushover by the names of Pulse 4", { service: "pushover", ...fields({ app_token: "t", user_token: "u" }) }, null],
  ["matrix with another address", { service: "matrix", ...fields({ access_token: "t" }) }, /^url has to end in/],
  [
    "matrix without a token",
    { service: "matrix", url: "https://m.example/_matrix/client/v3/rooms/!r:m.example/send/m.room.message" },
    /^customFields needs access_token/,
  ],
  ["gotify without a token", { service: "gotify" }, /^url needs token/],
  ["gotify with the token in a header", { service: "gotify", headers: { "X-Gotify-Key": "t" } }, null],
  ["ntfy needs no JSON", { service: "ntfy", template: "{{.Title}} ({{.Level}})" }, null],
];

for (const [name, changes, message] of WRONG)
  test(`${name} is ${message === null ? "right" : "refused"}`, () => {
    const found = validateWebhook(hook(changes), open);
    if (message === null) assert.equal(found, null);
    else assert.match(found ?? "", message);
  });

test("an address that nothing goes to is refused", () => {
  assert.equal(
    validateWebhook(hook(), url => `no way to ${url}`),
    "url: no way to https://example.com/hook",
  );
});

test("texts with quotes fit between the quotes of a template that does not escape them", () => {
  const { alerts, ...rest } = sampleMessage("firing", 1);
  const odd = alerts.map(alert => ({ ...alert, message: 'disk "a\\b"\n{{.Value}} <b>' }));
  const template = '{"text": "{{.Message}}", "all": {{toJson .Message}}}';
  const { payload, error } = previewWebhook(hook({ template }), { ...rest, alerts: odd });
  assert.equal(error, null);
  const { text, all } = JSON.parse(payload);
  assert.equal(text, 'disk "a\\b"\n{{.Value}} <b>');
  assert.equal(all, text);
});

test("the documented templates are those that are sent", async () => {
  for (const service of WEBHOOK_SERVICES) {
    const { template, headers } = SERVICES[service];
    const url = "https://example.com/_matrix/client/v3/rooms/!r:x/send/m.room.message?chat_id=1&token=abc";
    const settings = hook({
      service,
      url,
      customFields: { routing_key: "k", token: "t", user: "u", access_token: "a" },
    });
    const bodies: unknown[] = [];
    const post = async (request: { body: string | Uint8Array | null }) => {
      bodies.push(request.body);
      return { status: 200, body: "", retryAfter: null };
    };
    for (const message of [sampleMessage("firing", 3), sampleMessage("resolved", 1)])
      for (const one of [settings, { ...settings, template }]) await sendWebhook(one, message, { post, now: () => 0 });
    assert.equal(bodies.length, 4);
    assert.equal(bodies[0], bodies[1], service);
    assert.equal(bodies[2], bodies[3], service);
    assert.match(headers["Content-Type"] ?? "", service === "ntfy" ? /^text\/plain/ : /^application\/json$/);
  }
});

test("what is in a text is never taken for JSON", () => {
  const { alerts, ...rest } = sampleMessage("firing", 1);
  const odd = alerts.map(alert => ({ ...alert, message: 'x", "channel": "#all' }));
  const { payload } = previewWebhook(hook({ template: '{"text": "{{.Message}}"}' }), { ...rest, alerts: odd });
  assert.deepEqual(JSON.parse(payload), { text: 'x", "channel": "#all' });
});

test("a template may make its quotes itself", () => {
  const { payload, error } = previewWebhook(
    hook({ template: '{"text": {{printf "%q" .Message}}}' }),
    sampleMessage("firing", 1),
  );
  assert.equal(error, null);
  assert.deepEqual(JSON.parse(payload), { text: "CPU of web-1 is at 97.3 %" });
});

test("what is in a text does not change where an address leads", () => {
  const { alerts, ...rest } = sampleMessage("firing", 1);
  const odd = { ...rest, alerts: alerts.map(alert => ({ ...alert, resourceName: "../../admin?x=1#y" })) };
  const at = (url: string) => previewWebhook(hook({ url }), odd).url;
  assert.equal(at("https://example.com/a/{{.ResourceName}}"), "https://example.com/a/..%2F..%2Fadmin%3Fx%3D1%23y");
  assert.equal(
    at("https://example.com/?q={{.ResourceName | urlquery}}"),
    "https://example.com/?q=..%2F..%2Fadmin%3Fx%3D1%23y",
  );
});
