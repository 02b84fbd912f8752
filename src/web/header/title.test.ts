import assert from "node:assert/strict";
import { test } from "node:test";
import type { LineState } from "../live/line.ts";
import type { Problem } from "../overview/problems.ts";
import { toAlert } from "../overview/sample.ts";
import type { PageKey } from "../pages.ts";
import { markOf, titleOf } from "./title.ts";

const problem = (level: Problem["level"], acknowledged = false): Problem => ({
  ...{ id: level, level, subject: "pve1", says: "is offline", detail: null, shows: null },
  alerts: [toAlert({ level, acknowledged })],
});
const LIVE: LineState = { kind: "live" };
const AWAY: LineState = { kind: "away", since: 0, reason: "", retryAt: null };

const TITLES: readonly [name: string, page: PageKey, problems: readonly Problem[], expected: string][] = [
  ["all is well", "", [], "Pulse"],
  ["all is well on another page", "storage", [], "Storage · Pulse"],
  ["a problem, on the first page", "", [problem("critical")], "(1) pve1 is offline · Pulse"],
  ["problems, on another page", "mail", [problem("critical"), problem("warning")], "(2) Mail · Pulse"],
  ["what somebody knows of is not counted", "mail", [problem("warning", true)], "Mail · Pulse"],
  ["a screen on the wall", "wall", [problem("warning")], "(1) pve1 is offline · Pulse"],
];
for (const [name, page, problems, expected] of TITLES)
  test(`title: ${name}`, () => assert.equal(titleOf(page, problems), expected));

const MARKS: readonly [name: string, line: LineState, problems: readonly Problem[], expected: string][] = [
  ["all is well", LIVE, [], "./pulse.svg"],
  ["a warning", LIVE, [problem("warning")], "./icons/mark-warning.svg"],
  ["something critical among warnings", LIVE, [problem("warning"), problem("critical")], "./icons/mark-critical.svg"],
  ["what somebody knows of", LIVE, [problem("critical", true)], "./pulse.svg"],
  ["nobody knows", AWAY, [problem("critical")], "./icons/mark-lost.svg"],
  ["nobody is signed in", { kind: "signed-out" }, [problem("critical")], "./pulse.svg"],
];
for (const [name, line, problems, expected] of MARKS)
  test(`mark: ${name}`, () => assert.equal(markOf(line, problems), expected));
