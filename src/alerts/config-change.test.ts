import assert from "node:assert/strict";
import { test } from "node:test";
import type { AlertConfig } from "../model/alert-config.ts";
import { BadAlertConfig, changedConfig } from "./config-change.ts";
import { DEFAULTS } from "./defaults.ts";

const change = (...changes: unknown[]) => changes.reduce<AlertConfig>(changedConfig, DEFAULTS);
const at = (config: unknown, path: string) =>
  path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], config);

test("what was read and is sent back whole changes nothing, byte for byte", () => {
  const configured = change({
    overrides: { "home:guest:2": { cpu: 70 }, "docker:a/b (1)": { disabled: true }, "home:guest:1": { memory: 60 } },
    tagOverrides: { prod: { cpu: 75 } },
    timeThresholds: { guest: 5 },
  });
  for (const config of [DEFAULTS, configured]) {
    const sent = JSON.parse(JSON.stringify(config)) as unknown;
    assert.equal(JSON.stringify(changedConfig(config, sent)), JSON.stringify(config));
  }
});

test("a change of one field leaves all others as they are", () => {
  const before = change({ schedule: { quietHours: { enabled: true, start: "21:00" } }, overrides: { a: { cpu: 50 } } });
  const after = changedConfig(before, { guestDefaults: { cpu: { trigger: 95, clear: 85 } } });
  const { guestDefaults, ...rest } = after;
  const { guestDefaults: old, ...others } = before;
  assert.deepEqual(rest, others);
  assert.deepEqual(guestDefaults, { ...old, cpu: { trigger: 95, clear: 85 } });
});

const CASES: [sentence: string, changes: object[], path: string, value: unknown][] = [
  [
    "a plain number is a trigger, with the margin below it",
    [{ guestDefaults: { cpu: 70 } }],
    "guestDefaults.cpu.clear",
    65,
  ],
  [
    "of what falls the margin lies above it",
    [{ nodeDefaults: { certificate: 20 } }],
    "nodeDefaults.certificate.clear",
    25,
  ],
  ["the margin can be another", [{ hysteresisMargin: 10, storageDefault: 70 }], "storageDefault.clear", 60],
  [
    "a critical threshold stays when the trigger moves",
    [{ guestDefaults: { disk: 80 } }],
    "guestDefaults.disk.critical",
    97,
  ],
  ["0 is off", [{ guestDefaults: { cpu: { trigger: 0, clear: 0 } } }], "guestDefaults.cpu.trigger", -1],
  ["the names of earlier clients are read", [{ guestDefaults: { cpuLegacy: 66 } }], "guestDefaults.cpu.trigger", 66],
  [
    "an override replaces the one before",
    [{ overrides: { a: { cpu: 50 } } }, { overrides: { a: { memory: 60 } } }],
    "overrides.a.cpu",
    undefined,
  ],
  [
    "others stay",
    [{ overrides: { a: { cpu: 50 } } }, { overrides: { b: { memory: 60 } } }],
    "overrides.a.cpu.trigger",
    50,
  ],
  ["null takes one out", [{ overrides: { a: { cpu: 50 } } }, { overrides: { a: null } }], "overrides.a", undefined],
  ["pmgDefaults is pmgThresholds", [{ pmgDefaults: { queueTotalWarning: 7 } }], "pmgThresholds.queueTotalWarning", 7],
  ["and the other way round", [{ pmgThresholds: { queueTotalWarning: 8 } }], "pmgDefaults.queueTotalWarning", 8],
  ["aggregation is schedule.grouping", [{ aggregation: { byNode: true } }], "schedule.grouping.byNode", true],
  ["and the other way round", [{ schedule: { grouping: { byNode: true } } }], "aggregation.byNode", true],
  ["groupingWindow is the window of both", [{ schedule: { groupingWindow: 77 } }], "aggregation.window", 77],
  ["so is the grouping's own", [{ aggregation: { window: 78 } }], "schedule.groupingWindow", 78],
];
for (const [sentence, changes, path, value] of CASES)
  test(`${sentence}: ${path}`, () => assert.deepEqual(at(change(...changes), path), value));

test("of two names the one that differs from what is kept wins", () => {
  const config = JSON.parse(JSON.stringify(DEFAULTS)) as AlertConfig;
  config.pmgDefaults.holdQueueWarn = 5;
  assert.equal(changedConfig(DEFAULTS, config).pmgThresholds.holdQueueWarn, 5);
});

test("an older client that sends everything takes an override out by leaving it out", () => {
  const before = change({ overrides: { a: { cpu: 50 }, b: { cpu: 60 } }, tagOverrides: { prod: { cpu: 70 } } });
  const { tagOverrides: _, ...sent } = JSON.parse(JSON.stringify(before)) as AlertConfig;
  delete sent.overrides.a;
  const after = changedConfig(before, sent);
  assert.deepEqual(Object.keys(after.overrides), ["b"]);
  assert.deepEqual(after.tagOverrides, before.tagOverrides);
});

const REFUSED: [change: unknown, message: RegExp][] = [
  [[], /^body: /],
  [{ guestDefualts: {} }, /^guestDefualts: there is no such setting/],
  [{ guestDefaults: { cpuu: 5 } }, /^guestDefaults\.cpuu: there is no such setting/],
  [
    { guestDefaults: { cpu: { trigger: 80, clear: 80 } } },
    /^guestDefaults\.cpu\.clear: must be below the trigger, 80; it is 80/,
  ],
  [
    { nodeDefaults: { certificate: { trigger: 9, clear: 5 } } },
    /^nodeDefaults\.certificate\.clear: must be above the trigger/,
  ],
  [{ storageDefault: { trigger: 80, clear: 85 } }, /^storageDefault\.clear: must be below/],
  [
    { guestDefaults: { disk: { trigger: 98, clear: 90 } } },
    /^guestDefaults\.disk\.critical: must not be below the trigger/,
  ],
  [{ overrides: { "a/b": { cpu: { trigger: 50, clear: 60 } } } }, /^overrides\.a\/b\.cpu\.clear: /],
  [{ overrides: { a: { cpu: "high" } } }, /^overrides\.a\.cpu: must be a number/],
  [{ overrides: { a: { poweredOffSeverity: "loud" } } }, /^overrides\.a\.poweredOffSeverity/],
  [{ overrides: { a: { cpuu: 1 } } }, /^overrides\.a\.cpuu: there is no such setting/],
  [{ overrides: [] }, /^overrides: must be an object/],
  [{ enabled: "yes" }, /^enabled: /],
  [{ timeThresholds: { guest: -1 } }, /^timeThresholds\.guest: /],
  [{ schedule: { quietHours: { start: "25:00" } } }, /^schedule\.quietHours\.start: /],
  [{ schedule: { quietHours: { timezone: "Mars/Olympus" } } }, /^schedule\.quietHours\.timezone: "Mars\/Olympus"/],
  [{ checks: { offline: { hold: 1e9 } } }, /^checks\.offline\.hold: /],
];
for (const [changed, message] of REFUSED)
  test(`refused, and named: ${JSON.stringify(changed)}`, () =>
    assert.throws(
      () => changedConfig(DEFAULTS, changed),
      error => error instanceof BadAlertConfig && message.test(error.message),
    ));
