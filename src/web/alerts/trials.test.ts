import assert from "node:assert/strict";
import { test } from "node:test";
import type { AlertConfig } from "../../model/alert-config.ts";
import type { Resource } from "./resources.ts";
import { trialsOf } from "./trials.ts";

const CONFIG = {
  guestDefaults: { cpu: { trigger: 90, clear: 80 }, memory: { trigger: 92, clear: 87 } },
  nodeDefaults: { cpu: { trigger: 90, clear: 80 } },
  storageDefault: { trigger: 85, clear: 80 },
  diskDefaults: {},
  cephDefaults: {},
  pbsDefaults: {},
  datastoreDefault: { trigger: 85, clear: 80 },
  dockerHostDefaults: {},
  dockerDefaults: {},
  overrides: {},
  tagOverrides: { prod: { cpu: { trigger: 70, clear: 60 } } },
  timeThreshold: 30,
  timeThresholds: {},
  metricTimeThresholds: { guest: { cpu: 600 } },
} as unknown as AlertConfig;
const WEB: Resource = { id: "home:guest:101", name: "web", kind: "guest", place: "pve1", tags: ["prod"] };

function tried(changes: Partial<AlertConfig>) {
  return trialsOf(CONFIG, { ...CONFIG, ...changes }, id => (id === WEB.id ? WEB : null));
}

test("what did not change is not tried", () => assert.deepEqual(tried({}), []));

test("a changed default is tried for its class, with what holds now beside it", () => {
  const changed = { ...CONFIG.guestDefaults, cpu: { trigger: 50, clear: 40 } };
  const [trial, ...others] = tried({ guestDefaults: changed });
  assert.deepEqual(others, []);
  assert.equal(trial?.name, "CPU of guests");
  assert.deepEqual(trial?.now, {
    of: "guest",
    type: "cpu",
    days: 30,
    thresholds: { cpu: { trigger: 90, clear: 80 } },
    hold: 600,
  });
  assert.deepEqual(trial?.after.thresholds, { cpu: { trigger: 50, clear: 40 } });
});

test("a changed hold alone is tried, too", () => {
  const [trial] = tried({ metricTimeThresholds: { guest: { cpu: 60 } } });
  assert.deepEqual([trial?.now.hold, trial?.after.hold], [600, 60]);
});

test("a threshold that is the only one of its class", () => {
  const [trial] = tried({ storageDefault: { trigger: 70, clear: 65 } });
  assert.deepEqual(trial?.after.thresholds, { usage: { trigger: 70, clear: 65 } });
});

test("a new override is tried against what its resource inherits, by its tag", () => {
  const [trial] = tried({ overrides: { [WEB.id]: { cpu: { trigger: 99, clear: 95 } } } });
  assert.equal(trial?.name, "CPU of web");
  assert.deepEqual(trial?.now, {
    resources: [WEB.id],
    type: "cpu",
    days: 30,
    thresholds: { cpu: { trigger: 70, clear: 60 } },
  });
});

test("what is switched off is tried as off", () => {
  const [trial] = tried({ guestDefaults: { ...CONFIG.guestDefaults, memory: { trigger: -1, clear: 87 } } });
  assert.equal(trial?.name, "Memory of guests");
  assert.equal(trial?.after.thresholds.memory?.trigger, -1);
});
