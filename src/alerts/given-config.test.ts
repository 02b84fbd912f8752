import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { AlertConfig } from "../model/alert-config.ts";
import { Database } from "../store/database.ts";
import { Alerts } from "./alerts.ts";
import { DEFAULTS } from "./defaults.ts";
import { GivenConfig } from "./given-config.ts";

const NO_PAST = { dayBefore: () => null, usual: () => null };
const pathsOf = (section: object) =>
  new GivenConfig(section as Record<string, unknown>, "a file").paths.map(path => path.join("/"));

const PATHS: [sentence: string, section: object, paths: string[]][] = [
  ["a pair of thresholds as a whole", { guestDefaults: { cpu: { trigger: 90 } } }, ["guestDefaults/cpu"]],
  ["a pair that stands alone", { storageDefault: { trigger: 90 } }, ["storageDefault"]],
  [
    "a check by its fields",
    { guestDefaults: { checks: { offline: { enabled: false } } } },
    ["guestDefaults/checks/offline/enabled"],
  ],
  [
    "the rule of one resource as a whole",
    { overrides: { "home:guest:1.5": { cpu: 90, checks: {} } } },
    ["overrides/home:guest:1.5"],
  ],
  [
    "the schedule by its fields",
    { schedule: { quietHours: { start: "22:00", days: null } } },
    ["schedule/quietHours/start", "schedule/quietHours/days"],
  ],
  ["a list as a whole", { schedule: { escalation: { levels: [] } } }, ["schedule/escalation/levels"]],
  [
    "both names of one thing",
    { pmgDefaults: { holdQueueWarn: 5 } },
    ["pmgDefaults/holdQueueWarn", "pmgThresholds/holdQueueWarn"],
  ],
  [
    "all names of one thing",
    { aggregation: { window: 60 } },
    ["aggregation/window", "schedule/grouping/window", "schedule/groupingWindow"],
  ],
];
for (const [sentence, section, paths] of PATHS)
  test(`is given: ${sentence}`, () => assert.deepEqual(pathsOf(section).sort(), [...paths].sort()));

test("what is given does not depend on what is kept of the same", () => {
  const given = new GivenConfig({ guestDefaults: { cpu: 80 }, schedule: { cooldown: 7 } }, "a file");
  const kept: AlertConfig = {
    ...DEFAULTS,
    guestDefaults: { ...DEFAULTS.guestDefaults, cpu: { trigger: 80, clear: 11 }, memory: { trigger: 70, clear: 60 } },
  };
  assert.deepEqual(given.over(kept).guestDefaults.cpu, given.over(DEFAULTS).guestDefaults.cpu);
  assert.deepEqual(given.over(kept).guestDefaults.memory, { trigger: 70, clear: 60 });
  assert.equal(given.over(kept).schedule.cooldown, 7);
});

test("a section that names what whole documents name takes nothing away", () => {
  const { enabled, guestDefaults, nodeDefaults, storageDefault, schedule } = DEFAULTS;
  const given = new GivenConfig(
    { enabled, guestDefaults, nodeDefaults, storageDefault, schedule, overrides: { a: { disabled: true } } },
    "a file",
  );
  const kept = { ...DEFAULTS, overrides: { b: { disabled: true } } };
  assert.deepEqual(given.over(kept).overrides, { b: { disabled: true }, a: { disabled: true } });
});

test("what is given is not kept, cannot be changed, and what was kept counts again without it", context => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-given-"));
  context.after(() => rmSync(folder, { recursive: true }));
  using database = Database.open(folder, "");
  const open = (section: object | null) =>
    new Alerts(database, {
      now: 0,
      past: NO_PAST,
      given: section && new GivenConfig(section as Record<string, unknown>, "pulse.yaml"),
    });
  open(null).configure({ guestDefaults: { cpu: { trigger: 66, clear: 55 } }, overrides: { old: { cpu: 50 } } });
  const alerts = open({ guestDefaults: { cpu: 91 }, overrides: { host: { disabled: true } } });
  assert.equal(alerts.config.guestDefaults.cpu?.trigger, 91);
  assert.throws(() => alerts.configure({ guestDefaults: { cpu: 92 } }), {
    message: "guestDefaults.cpu: is set by pulse.yaml; change it there",
  });
  assert.throws(() => alerts.configure({ overrides: { host: {} } }), /^LockedAlertConfig: overrides\.host: /);
  assert.equal(alerts.configure(alerts.config), false, "what was read, sent back");
  assert.equal(
    alerts.configure({ ...alerts.config, hysteresisMargin: 7, overrides: { host: { disabled: true } } }),
    true,
  );
  assert.deepEqual(Object.keys(alerts.config.overrides), ["host"]);
  const { config, stays } = alerts.spare(alerts.tryOut({ guestDefaults: { cpu: 5, memory: 60 } }));
  assert.deepEqual([config.guestDefaults.cpu?.trigger, config.guestDefaults.memory?.trigger], [91, 60]);
  assert.deepEqual(stays, [["guestDefaults", "cpu"]]);

  const without = open(null).config;
  assert.deepEqual(without.guestDefaults.cpu, { ...DEFAULTS.guestDefaults.cpu, trigger: 66, clear: 55 });
  assert.equal(without.hysteresisMargin, 7);
  assert.deepEqual(without.overrides, {});
});
