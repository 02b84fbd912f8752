import assert from "node:assert/strict";
import { test } from "node:test";
import { changesOf, type Path, pathsOf, valueAt, withValue } from "./config-draft.ts";

const BEFORE = {
  enabled: true,
  guestDefaults: { cpu: { trigger: 80, clear: 75 }, memory: { trigger: 85, clear: 80 } },
  overrides: { "home:guest:101": { cpu: { trigger: 95, clear: 90 }, disabled: false } } as Record<string, object>,
};
const WHOLE: readonly Path[] = [["overrides", "*"]];

const CASES: readonly [sentence: string, path: Path, value: unknown, change: object | null][] = [
  ["the same value changes nothing", ["guestDefaults", "cpu", "trigger"], 80, null],
  [
    "a field is named with the way to it, and nothing beside it",
    ["guestDefaults", "cpu", "trigger"],
    90,
    { guestDefaults: { cpu: { trigger: 90 } } },
  ],
  ["what is taken away is null", ["guestDefaults", "memory"], undefined, { guestDefaults: { memory: null } }],
  [
    "an override is named as a whole",
    ["overrides", "home:guest:101", "cpu", "trigger"],
    99,
    { overrides: { "home:guest:101": { cpu: { trigger: 99, clear: 90 }, disabled: false } } },
  ],
  [
    "a new override, too",
    ["overrides", "home:guest:102", "disabled"],
    true,
    { overrides: { "home:guest:102": { disabled: true } } },
  ],
  [
    "an override that goes is null, though it be the last",
    ["overrides", "home:guest:101"],
    undefined,
    { overrides: { "home:guest:101": null } },
  ],
];
for (const [sentence, path, value, change] of CASES)
  test(sentence, () => assert.deepEqual(changesOf(BEFORE, withValue(BEFORE, path, value), WHOLE), change));

test("what is put at a path is found there, and the original is as it was", () => {
  const after = withValue(BEFORE, ["guestDefaults", "disk"], { trigger: 90, clear: 85 });
  assert.deepEqual(valueAt(after, ["guestDefaults", "disk", "clear"]), 85);
  assert.equal(valueAt(BEFORE, ["guestDefaults", "disk"]), undefined);
  assert.equal(valueAt(after, ["no", "such", "place"]), undefined);
});

test("a collection stays, though it be empty", () => {
  const none = withValue(BEFORE, ["overrides", "home:guest:101"], undefined);
  assert.deepEqual(none.overrides, {});
  const [cpu, disabled] = [
    ["overrides", "home:guest:101", "cpu"],
    ["overrides", "home:guest:101", "disabled"],
  ];
  assert.deepEqual(withValue(withValue(BEFORE, cpu, undefined), disabled, undefined).overrides, {});
});

test("an override without a field is none", () => {
  const one = withValue(BEFORE, ["overrides", "home:guest:102", "disabled"], true);
  assert.deepEqual(changesOf(BEFORE, withValue(one, ["overrides", "home:guest:102", "disabled"], undefined)), null);
});

test("the paths of changes lead to their values", () => {
  assert.deepEqual(pathsOf({ enabled: false, guestDefaults: { cpu: { trigger: 90 }, memory: null } }), [
    ["enabled"],
    ["guestDefaults", "cpu", "trigger"],
    ["guestDefaults", "memory"],
  ]);
});
