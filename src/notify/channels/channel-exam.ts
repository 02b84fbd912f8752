import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { HOUR, MINUTE, SECOND } from "../../kit/units.ts";
import type { Alert } from "../../model/alert.ts";
import type { NotificationReason } from "../../model/notification.ts";
import type { ChannelFault, Message, Sent } from "./channel.ts";
import { failureOf } from "./failure-of.ts";
import { sampleMessage } from "./samples.ts";

/** What a receiver does with what it gets. */
export type Behaviour = "takes" | "fails" | "hangs" | "is busy" | "refuses" | "redirects" | "is absent";

/** A channel as the exam knows it. */
export interface Subject {
  name: string;
  /** Opens a receiver, and gives a way to it. */
  open(context: TestContext, behaviour: Behaviour): Promise<Candidate>;
  /** How the receiver is written to: what people see of markup and encodings is undone by it. */
  shows(text: string): string;
  /** What its receiver does that this channel has to make something of; for channels that do not speak HTTP none. */
  behaviours: readonly Behaviour[];
  /** What must be in no error and in no answer. */
  secrets: readonly string[];
}

export interface Candidate {
  send(message: Message): Promise<Sent>;
  /** All that people are shown of each message that was taken. */
  taken(): readonly string[];
}

const AT = Date.UTC(2026, 10, 29, 12, 0);
const PUBLIC_URL = "https://pulse.example.com/";

function alert(changes: Partial<Alert> = {}): Alert {
  const [sample] = sampleMessage("firing", 1).alerts;
  assert.ok(sample);
  const { resourceName = "web-1" } = changes;
  return {
    ...sample,
    id: `home:guest:101-cpu-${resourceName}`,
    startTime: new Date(AT - 2 * HOUR - 5 * MINUTE).toISOString(),
    lastSeen: new Date(AT).toISOString(),
    ...changes,
  };
}

/** NOTE: frozen through and through: a channel that changes an alert changes it for all others. */
function message(reason: NotificationReason, alerts: readonly Alert[], changes: Partial<Message> = {}): Message {
  return deepFrozen({
    reason,
    alerts,
    at: AT,
    dedupKey: "home:guest:101-cpu",
    publicUrl: PUBLIC_URL,
    timezone: "Europe/Berlin",
    language: "en",
    duplicatePossible: false,
    queued: AT,
    unheard: [],
    ...changes,
  });
}

function deepFrozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) for (const one of Object.values(value)) deepFrozen(one);
  return Object.freeze(value);
}

const GUESTS = Array.from({ length: 3 }, (_, index) => alert({ resourceName: `guest-${index + 1}x` }));
const OUTAGE = alert({
  type: "offline",
  unit: "state",
  value: 1,
  threshold: 0,
  resourceName: "pve1",
  message: "Node pve1 is offline.",
  covers: Array.from({ length: 7 }, (_, index) => ({ resourceId: `home:guest:${index}`, name: `vm-${index}` })),
  coversCount: 7,
});
const ODD_NAMES = [
  `quotes "double" 'single' back\\slash`,
  "<script>alert(1)</script> & <b>bold</b>",
  "{{.Value}} {{range}} $x %d %s",
  "emoji 🔥 ünïcode 日本語",
  "*stars* _lines_ [link](http://x) `code` ~~gone~~ |pipe| #head @everyone",
  "a=b;c?d&e",
];

/** What every channel has to pass. */
export function examine(subject: Subject): void {
  for (const [what, sent, expected] of SAYINGS)
    test(`${subject.name}: ${what}`, async context => {
      const text = await said(subject, context, sent);
      for (const part of expected) assert.match(text, part);
      assert.ok(text.includes("https://pulse.example.com/alerts"), "no link to Pulse");
    });
  for (const count of [40, 5000])
    test(`${subject.name}: names all of ${count}, or says how many more there are`, async context => {
      const many = Array.from({ length: count }, (_, index) => alert({ resourceName: `guest-${index + 1}x` }));
      const text = await said(subject, context, message("firing", many));
      const named = new Set(text.match(/guest-\d+x/g)).size;
      const more = Number(/… and (\d+) more/.exec(text)?.[1] ?? 0);
      assert.equal(named + more, count, `${named} are named, ${more} more are counted`);
      assert.ok(named >= 8, `only ${named} are named`);
    });
  test(`${subject.name}: leads nowhere without a public address`, async context => {
    const text = await said(subject, context, message("firing", [alert()], { publicUrl: null }));
    assert.doesNotMatch(text, /pulse\.example\.com|\bnull\b|undefined/);
  });
  examineNames(subject);
  examineFaults(subject);
}

/** Sends to a receiver that takes it; gives all that people see of it. */
async function said(subject: Subject, context: TestContext, sent: Message): Promise<string> {
  const candidate = await subject.open(context, "takes");
  const { payload } = await candidate.send(sent);
  for (const secret of subject.secrets) assert.ok(!payload.includes(secret), "a secret is in the log's payload");
  const taken = candidate.taken();
  assert.equal(taken.length, 1, "a message is sent once");
  return subject.shows(taken[0] ?? "");
}

function examineNames(subject: Subject): void {
  for (const name of ODD_NAMES)
    test(`${subject.name}: tells ${JSON.stringify(name)} as it is`, async context => {
      const odd = alert({ resourceName: name, message: `${name} is in trouble`, node: name, tags: [name] });
      const text = await said(subject, context, message("firing", [odd, alert({ resourceName: "plain" })]));
      assert.ok(text.includes(name), text);
    });
  test(`${subject.name}: takes names that are very long, or have line breaks`, async context => {
    const long = alert({ resourceName: `long-${"x".repeat(5000)}`, message: "y".repeat(20_000) });
    const broken = alert({ resourceName: "two\r\nlines\u0000", message: "a\nb" });
    const text = await said(subject, context, message("firing", [broken, long]));
    assert.ok(text.includes("two lines"), text.slice(0, 500));
  });
}

function examineFaults(subject: Subject): void {
  for (const [behaviour, fault, status, retryAfter] of FAULTS) {
    if (!subject.behaviours.includes(behaviour)) continue;
    test(`${subject.name}: a receiver that ${behaviour}: ${fault}`, async context => {
      const candidate = await subject.open(context, behaviour);
      const failure = await failureOf(candidate.send(message("firing", [alert()])));
      assert.deepEqual([failure.fault, failure.statusCode, failure.retryAfter], [fault, status, retryAfter]);
      for (const secret of subject.secrets) assert.ok(!failure.message.includes(secret), failure.message);
    });
  }
  if (!subject.behaviours.includes("redirects")) return;
  test(`${subject.name}: a receiver that has moved gets it whole`, async context => {
    const candidate = await subject.open(context, "redirects");
    await candidate.send(message("firing", [alert()]));
    assert.match(subject.shows(candidate.taken()[0] ?? ""), /CPU of web-1/);
  });
}

const FAULTS: readonly (readonly [Behaviour, ChannelFault, number | null, number | null])[] = [
  ["fails", "failed", 500, null],
  ["hangs", "unreachable", null, null],
  ["is busy", "busy", 429, 7 * SECOND],
  ["refuses", "refused", 400, null],
  ["is absent", "unreachable", null, null],
];

const SAYINGS: readonly (readonly [what: string, sent: Message, expected: readonly RegExp[]])[] = [
  ["one alert", message("firing", [alert()]), [/Critical: CPU of web-1 at 97\.3 %/]],
  [
    "three alerts, the worst first",
    message("firing", [alert(), alert({ resourceName: "db-1", level: "warning" }), alert({ resourceName: "mail" })]),
    [/3 alerts \(2 critical\)/, /Critical: CPU of web-1 at 97\.3 %[\s\S]*Warning: CPU of db-1[\s\S]*CPU of mail/],
  ],
  [
    "what an alert covers",
    message("firing", [OUTAGE]),
    [/Node pve1 is offline/, /covers vm-0, vm-1, vm-2, vm-3, vm-4 and 2 more/],
  ],
  [
    "since when, where, and the threshold",
    message("firing", [alert()]),
    [/on pve1/, /since 29 Nov 2026, 10:55 CET \(2h 5m\)/, /threshold 90 %/],
  ],
  [
    "resolved, after how long",
    message("resolved", [alert()]),
    [/Resolved: CPU of web-1, after 2h 5m/, /was at 97\.3 %/],
  ],
  ["several resolved", message("resolved", GUESTS), [/3 alerts resolved/, /guest-3x, after 2h 5m/]],
  ["a reminder", message("reminder", [alert()]), [/[Ss]till so: Critical: CPU of web-1/]],
  ["an escalation", message("escalation", [alert()]), [/Escalated: Critical: CPU of web-1/, /nobody has acknowledged/]],
  ["a test", message("test", [alert()]), [/Test: Critical: CPU of web-1/]],
  ["a sign of life", message("canary", []), [/sign of life|Pulse is running/]],
  [
    "what it says in German",
    message("firing", [alert({ acknowledged: true, ackUser: "ann" })], { language: "de" }),
    [/Kritisch: CPU von web-1 bei 97,3 %/, /Schwellwert 90 %/, /bestätigt von ann/],
  ],
  [
    "what may have come before",
    message("firing", [alert()], { duplicatePossible: true }),
    [/may have had this before/],
  ],
  [
    "an unknown time zone does not keep it back",
    message("firing", [alert()], { timezone: "Mars/Olympus" }),
    [/10:55|9:55|09:55/],
  ],
];
