import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR, MINUTE, SECOND } from "../../kit/units.ts";
import type { AlertUnit } from "../../model/alert.ts";
import type { Message } from "./channel.ts";
import { sampleMessage } from "./samples.ts";
import { clip, toFigure, toLength, toLink, toTime, toTitle, toWords } from "./wording.ts";

const FIGURES: readonly (readonly [value: number, unit: AlertUnit, figure: string])[] = [
  [97, "percent", "97 %"],
  [97.25, "percent", "97.3 %"],
  [0.456, "percent", "0.46 %"],
  [0, "percent", "0 %"],
  [1536, "bytes/s", "1.5 KiB/s"],
  [0, "bytes/s", "0 B/s"],
  [125_000_000, "bytes/s", "119.2 MiB/s"],
  [81, "celsius", "81 °C"],
  [90, "seconds", "1m 30s"],
  [1, "days", "1 day"],
  [3, "days", "3 days"],
  [12, "count", "12"],
  [1, "state", ""],
];
for (const [value, unit, figure] of FIGURES)
  test(`${value} ${unit} is ${JSON.stringify(figure)}`, () => assert.equal(toFigure(value, unit, "en"), figure));

const LENGTHS: readonly (readonly [length: number, text: string])[] = [
  [0, "0s"],
  [-5, "0s"],
  [45 * SECOND, "45s"],
  [5 * MINUTE, "5m"],
  [5 * MINUTE + 3 * SECOND, "5m 3s"],
  [HOUR + 5 * MINUTE + 59 * SECOND, "1h 5m"],
  [HOUR + 30 * SECOND, "1h"],
  [3 * DAY + 4 * HOUR + 59 * MINUTE, "3d 4h"],
  [400 * DAY, "400d"],
];
for (const [length, text] of LENGTHS) test(`${length} ms is ${text}`, () => assert.equal(toLength(length, "en"), text));

test("times are those of the reader's zone, in summer and in winter", () => {
  const [winter, summer] = [Date.UTC(2026, 0, 15, 9, 30), Date.UTC(2026, 6, 15, 9, 30)];
  const berlin = { timezone: "Europe/Berlin", language: "en" } as const;
  assert.equal(toTime(winter, berlin), "15 Jan 2026, 10:30 CET");
  assert.equal(toTime(summer, berlin), "15 Jul 2026, 11:30 CEST");
  assert.equal(toTime(winter, { ...berlin, timezone: "no/where" }), "15 Jan 2026, 09:30 UTC");
  assert.equal(toTime(summer, { ...berlin, language: "de" }), "15.07.2026, 11:30 MESZ");
});

test("a text is cut at a length, in one line, between characters", () => {
  assert.equal(clip("  a\r\n\tb  ", 10), "a b");
  assert.equal(clip("abcdef", 6), "abcdef");
  assert.equal(clip("abcdefg", 6), "abcde…");
  assert.equal(clip("ab🔥🔥", 4), "ab…");
  assert.equal(clip("ab🔥🔥", 5), "ab🔥…");
});

const with3 = sampleMessage("firing", 3);
const TITLES: readonly (readonly [name: string, message: Message, title: string])[] = [
  ["one", sampleMessage("firing", 1), "Critical: CPU of web-1 at 97.3 %"],
  ["three", with3, "3 alerts (1 critical): CPU of web-1 at 97.3 %, and 2 more"],
  ["two warnings", { ...with3, alerts: with3.alerts.slice(1) }, "2 alerts: Memory of db-1 at 86 %, and 1 more"],
  ["resolved", sampleMessage("resolved", 1), "Resolved: CPU of web-1, after 2h 5m"],
  ["three resolved", sampleMessage("resolved", 3), "3 alerts resolved: CPU of web-1, after 2h 5m, and 2 more"],
  ["a reminder", sampleMessage("reminder", 1), "Still so: Critical: CPU of web-1 at 97.3 %"],
  ["an escalation", sampleMessage("escalation", 1), "Escalated: Critical: CPU of web-1 at 97.3 %"],
  ["a test", sampleMessage("test", 1), "Test: Critical: CPU of web-1 at 97.3 %"],
  ["a sign of life", sampleMessage("canary", 0), "Pulse is up: a daily sign of life"],
];
for (const [name, message, title] of TITLES) test(`the title of ${name}`, () => assert.equal(toTitle(message), title));

const GERMAN_TITLES: readonly (readonly [name: string, message: Message, title: string])[] = [
  ["one", sampleMessage("firing", 1), "Kritisch: CPU von web-1 bei 97,3 %"],
  ["three", with3, "3 Alarme (1 kritisch): CPU von web-1 bei 97,3 % und 2 weitere"],
  ["resolved", sampleMessage("resolved", 1), "Behoben: CPU von web-1, nach 2 h 5 min"],
  ["three resolved", sampleMessage("resolved", 3), "3 Alarme behoben: CPU von web-1, nach 2 h 5 min und 2 weitere"],
  ["a reminder", sampleMessage("reminder", 1), "Weiterhin: Kritisch: CPU von web-1 bei 97,3 %"],
  ["a sign of life", sampleMessage("canary", 0), "Pulse läuft: ein tägliches Lebenszeichen"],
];
for (const [name, message, title] of GERMAN_TITLES)
  test(`the German title of ${name}`, () => assert.equal(toTitle({ ...message, language: "de" }), title));

test("in German a state is told by the sentence of the alert, and figures as Germans write them", () => {
  const [sample] = sampleMessage("firing", 1).alerts;
  assert.ok(sample);
  const node = {
    ...sample,
    type: "offline",
    unit: "state",
    message: 'Node "pve1" is offline',
    coversCount: 2,
  } as const;
  const message: Message = { ...with3, language: "de" };
  const { what, state, details } = toWords({ ...node, covers: [{ resourceId: "a", name: "vm-1" }] }, message);
  assert.deepEqual([state, what], ["Kritisch", "Knoten „pve1“ ist offline"]);
  assert.deepEqual(details, ["auf pve1", "seit 15.01.2026, 07:30 UTC (2 h 5 min)", "betrifft auch vm-1 und 1 weitere"]);
  assert.equal(toFigure(1, "days", "de"), "1 Tag");
  assert.equal(toFigure(125_000_000, "bytes/s", "de"), "119,2 MiB/s");
});

test("a link needs a public address, and takes it with a slash at its end or without", () => {
  const link = (publicUrl: string | null) => toLink({ ...with3, publicUrl });
  assert.deepEqual(
    [link(null), link("https://p.example"), link("https://p.example/sub/")],
    [null, "https://p.example/alerts", "https://p.example/sub/alerts"],
  );
});
