import assert from "node:assert/strict";
import { test } from "node:test";
import { SECOND } from "../kit/units.ts";
import type { AlertConfig } from "../model/alert-config.ts";
import { changedConfig } from "./config-change.ts";
import { DEFAULTS } from "./defaults.ts";
import { checkRule, figureRule, type Judged, verdictOf } from "./thresholds.ts";

const GUEST: Judged = { id: "home:guest:1", type: "guest", tags: [] };
const PROD: Judged = { ...GUEST, tags: ["prod"] };
const trigger = (change: object, judged: Judged = GUEST) =>
  figureRule(changedConfig(DEFAULTS, change), judged, "cpu", false).figure?.trigger ?? null;
const pair = (trigger: number) => ({ cpu: { trigger, clear: trigger - 5 } });

const ORDER: [sentence: string, change: object, judged: Judged, trigger: number | null][] = [
  ["the kind's default holds", {}, GUEST, 90],
  ["a fraction is a threshold like any other", { guestDefaults: pair(12.5) }, GUEST, 12.5],
  ["a tag goes before the default", { tagOverrides: { prod: pair(70) } }, PROD, 70],
  ["of several tags the first in the configuration", { tagOverrides: { b: pair(1), prod: pair(70) } }, PROD, 70],
  [
    "an override goes before a tag",
    { tagOverrides: { prod: pair(70) }, overrides: { [GUEST.id]: pair(60) } },
    PROD,
    60,
  ],
  ["an override of another resource is none", { overrides: { "home:guest:2": pair(60) } }, GUEST, 90],
  ["an override that says nothing of CPU leaves it alone", { overrides: { [GUEST.id]: { memory: 50 } } }, GUEST, 90],
  ["-1 switches one signal of one resource off", { overrides: { [GUEST.id]: { cpu: -1 } } }, GUEST, null],
  [
    "0 does so, too, as older clients say it",
    { overrides: { [GUEST.id]: { cpu: { trigger: 0, clear: 0 } } } },
    GUEST,
    null,
  ],
  ["a whole kind is switched off", { disableAllGuests: true }, GUEST, null],
  ["a kind's defaults are", { guestDefaults: { disabled: true } }, GUEST, null],
  [
    "one resource of a kind that is off is on",
    { guestDefaults: { disabled: true }, overrides: { [GUEST.id]: { disabled: false } } },
    GUEST,
    90,
  ],
  ["everything is", { enabled: false }, GUEST, null],
  ["a guest that says so by its tag is", {}, { ...GUEST, tags: ["pulse-no-alerts"] }, null],
  ["a relaxed one has higher thresholds", {}, { ...GUEST, tags: ["pulse-relaxed"] }, 98],
];
for (const [sentence, change, judged, expected] of ORDER)
  test(sentence, () => assert.equal(trigger(change, judged), expected));

const HOLDS: [sentence: string, change: object, seconds: number][] = [
  ["timeThreshold is the base", {}, 30],
  ["the kind's goes before it", { timeThresholds: { guest: 40 } }, 40],
  ["the resource's before that", { timeThresholds: { guest: 40, [GUEST.id]: 50 } }, 50],
  [
    "the kind's metrics before any of these",
    { timeThresholds: { [GUEST.id]: 50 }, metricTimeThresholds: { guest: { default: 60 } } },
    60,
  ],
  ["this very metric before that", { metricTimeThresholds: { guest: { default: 60, disk: 70 } } }, 70],
  [
    "the resource's metrics before the kind's",
    { metricTimeThresholds: { guest: { disk: 70 }, [GUEST.id]: { default: 80 } } },
    80,
  ],
  [
    "this very metric of this very resource first",
    { metricTimeThresholds: { [GUEST.id]: { default: 80, disk: 90 } } },
    90,
  ],
];
for (const [sentence, change, seconds] of HOLDS)
  test(`how long it has to be so: ${sentence}`, () => {
    const config = changedConfig({ ...DEFAULTS, metricTimeThresholds: {} }, change);
    assert.equal(figureRule(config, GUEST, "disk", false).hold, seconds * SECOND);
  });

test("connectivity is switched off by itself", () => {
  const off = (change: object, judged: Judged, check: "offline" | "powered-off") =>
    checkRule(changedConfig(DEFAULTS, change), judged, check).off;
  assert.match(off({ disableAllGuestsOffline: true }, GUEST, "powered-off") ?? "", /disableAllGuestsOffline/);
  assert.match(
    off({ overrides: { [GUEST.id]: { disableConnectivity: true } } }, GUEST, "powered-off") ?? "",
    /being there/,
  );
  assert.equal(trigger({ disableAllGuestsOffline: true }), 90);
  const pbs: Judged = { id: "vault", type: "pbs", tags: [] };
  assert.match(off({ disableAllPBSOffline: true }, pbs, "offline") ?? "", /disableAllPBSOffline/);
});

test("each field of a check comes from the nearest that names it", () => {
  const config: AlertConfig = changedConfig(DEFAULTS, {
    guestDefaults: { poweredOffSeverity: "critical" },
    overrides: { [GUEST.id]: { checks: { "powered-off": { hold: 5 } } } },
  });
  const { level, hold, origin } = checkRule(config, GUEST, "powered-off");
  assert.deepEqual([level, hold, origin.kind], ["critical", 5 * SECOND, "override"]);
});

const VERDICTS: [value: number, verdict: string][] = [
  [50, "well"],
  [80, "well"],
  [80.1, "easing"],
  [89.9, "easing"],
  [90, "warning"],
  [94, "between"],
  [97, "critical"],
];
const LEVELS = { trigger: 90, clear: 80, critical: 97, below: false };
for (const [value, verdict] of VERDICTS)
  test(`${value} of 90/80, critical at 97: ${verdict}`, () =>
    // What eases a critical one is below the trigger here: it stays critical as long as it fires.
    assert.equal(verdictOf(value, LEVELS), value === 90 ? "between" : verdict));

test("what gets worse as it falls is judged the other way round", () => {
  const levels = { trigger: 10, clear: 12, critical: 3, below: true };
  const verdicts = [20, 12, 11, 10, 6, 5, 4, 3].map(value => verdictOf(value, levels));
  assert.deepEqual(verdicts, ["well", "well", "easing", "warning", "warning", "warning", "between", "critical"]);
});
