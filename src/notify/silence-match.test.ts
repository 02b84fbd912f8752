import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alert } from "../model/alert.ts";
import type { AlertMatcher, Silence } from "../model/silence.ts";
import { alertOf } from "./fixture.ts";
import { matches, silentUntil, stateOf } from "./silence-match.ts";

const WEB = { id: "home:guest:101-cpu", resourceId: "home:guest:101", resourceName: "web-1", tags: ["prod", "web"] };
const MATCHES: [sentence: string, matcher: AlertMatcher, alert: Partial<Alert>, fits: boolean][] = [
  ["one alert by its id", { alertId: "home:guest:101-cpu" }, WEB, true],
  ["and no other", { alertId: "home:guest:101-memory" }, WEB, false],
  ["a resource by its id", { resource: "home:guest:101" }, WEB, true],
  ["a resource by its name", { resource: "web-1" }, WEB, true],
  ["by the beginning of its name", { resource: "web-*" }, WEB, true],
  ["by a piece of it", { resource: "*eb*" }, WEB, true],
  ["case does not count", { resource: "WEB-1" }, WEB, true],
  ["a name is not a piece of itself", { resource: "web" }, WEB, false],
  ["what has a meaning in a regular expression has none here", { resource: "web.1" }, WEB, false],
  ["two stars share no character", { resource: "web-1*1" }, WEB, false],
  ["a node's guests with the node, by name", { resource: "pve1" }, WEB, true],
  ["and by its id", { resource: "home:node:pve1" }, WEB, true],
  ["another node's do not", { resource: "pve2" }, WEB, false],
  ["an instance's, all", { instance: "home" }, WEB, true],
  ["a node's by the field", { node: "pve*" }, WEB, true],
  ["what is on no node is on none that a star means", { node: "*" }, { ...WEB, node: "" }, false],
  ["a tag", { tag: "prod" }, WEB, true],
  ["a tag that it has not", { tag: "test" }, WEB, false],
  ["all that is named must fit", { tag: "prod", type: "memory" }, WEB, false],
  ["and may", { tag: "prod", type: "c*", level: "warning" }, WEB, true],
  ["its level", { resource: "*", level: "critical" }, WEB, false],
];
for (const [sentence, matcher, alert, fits] of MATCHES)
  test(sentence, () => assert.equal(matches(matcher, alertOf("a", alert)), fits));

test("a pattern of many stars takes no time", () => {
  const alert = alertOf("a", { resourceName: "a".repeat(500) });
  assert.equal(matches({ resource: `${"*a".repeat(200)}*b` }, alert), false);
});

const at = (text: string) => Date.parse(text);
const WEEKLY = { days: [0], start: "22:00", end: "02:00", timezone: "Europe/Berlin" };
const HOLDS: [sentence: string, silence: Partial<Silence>, now: string, until: string | null][] = [
  ["from its beginning", { endsAt: at("2026-06-02T00:00Z") }, "2026-06-01T00:00Z", "2026-06-02T00:00Z"],
  ["not before", { endsAt: at("2026-06-02T00:00Z") }, "2026-05-31T23:59Z", null],
  ["not at its end", { endsAt: at("2026-06-02T00:00Z") }, "2026-06-02T00:00Z", null],
  ["every week, on its day", { weekly: WEEKLY }, "2026-06-07T20:30Z", "2026-06-08T00:00Z"],
  ["past midnight", { weekly: WEEKLY }, "2026-06-07T23:00Z", "2026-06-08T00:00Z"],
  ["not on other days", { weekly: WEEKLY }, "2026-06-06T20:30Z", null],
  ["in winter an hour later", { weekly: WEEKLY }, "2026-12-06T21:00Z", "2026-12-07T01:00Z"],
  [
    "until the last of them",
    { weekly: WEEKLY, endsAt: at("2026-06-07T21:00Z") },
    "2026-06-07T20:30Z",
    "2026-06-07T21:00Z",
  ],
];
for (const [sentence, change, now, until] of HOLDS)
  test(`a silence holds ${sentence}`, () => {
    const whole = { id: "s", kind: "silence", matcher: {}, startsAt: at("2026-06-01T00:00Z"), endsAt: null } as const;
    const silence = { ...whole, weekly: null, comment: "", createdBy: "", createdAt: 0, ...change };
    const got = silentUntil(silence, at(now));
    assert.equal(got && new Date(got).toISOString(), until && new Date(until).toISOString());
  });

test("a silence is pending, active and over by itself", () => {
  const span = { startsAt: 10, endsAt: 20 };
  assert.deepEqual(
    [9, 10, 19, 20].map(now => stateOf(span, now)),
    ["pending", "active", "active", "over"],
  );
});
