import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR, MINUTE, SECOND } from "../kit/units.ts";
import type { EstateChange } from "../model/estate-change.ts";
import { carryOn, compare, merged } from "./compare.ts";
import type { Facts } from "./facts.ts";

const NOW = Date.UTC(2026, 0, 10);
const SEEN = NOW - 10 * SECOND;
const FACTS: Facts = {
  ...{ of: "guest", instance: "home", name: "web", type: "qemu" },
  fields: { power: "running", name: "web", node: "pve1", cores: 2, memory: 4, disk: 10, template: "no" },
  started: NOW - HOUR,
  ran: HOUR,
};
const with_ = (fields: Facts["fields"], more: Partial<Facts> = {}): Facts => ({
  ...FACTS,
  ...more,
  fields: { ...FACTS.fields, ...fields },
});

const CASES: readonly [says: string, before: Facts, now: Facts, expected: string[], seen?: number][] = [
  ["nothing changed: nothing is told", FACTS, FACTS, []],
  ["more cores and memory are two changes", FACTS, with_({ cores: 4, memory: 8 }), ["cores 2 4", "memory 4 8"]],
  ["what is unknown now is no change", FACTS, with_({ cores: null, power: null }), []],
  ["what was unknown before is none either", with_({ cores: null }), FACTS, []],
  ["a guest on another node was migrated", FACTS, with_({ node: "pve2" }), ["node pve1 pve2"]],
  ["stopped", FACTS, with_({ power: "stopped" }, { started: null }), ["power running stopped"]],
  [
    "a start later than it was last seen is a reboot",
    FACTS,
    with_({}, { started: NOW - 5 * SECOND, ran: 5 * SECOND }),
    ["power running running"],
  ],
  ["an uptime that stands still is none", FACTS, with_({}, { started: NOW - HOUR + 40 * SECOND }), []],
  [
    "nor is one that stands still for a minute of a guest that has just been started",
    with_({}, { started: NOW - 2 * MINUTE, ran: 40 * SECOND }),
    with_({}, { started: NOW - 40 * SECOND, ran: 40 * SECOND }),
    [],
  ],
  ["a clock that was set is none", FACTS, with_({}, { started: NOW - HOUR + 20 * MINUTE }), []],
  [
    "the uptime of a guest that has moved begins anew, which is no reboot",
    FACTS,
    with_({ node: "pve2" }, { started: NOW - 5 * SECOND }),
    ["node pve1 pve2"],
  ],
  [
    "a reboot long after it was last seen is one, when Pulse was off in between",
    FACTS,
    with_({}, { started: NOW - 10 * MINUTE, ran: 10 * MINUTE }),
    ["power running running"],
    NOW - 30 * MINUTE,
  ],
  [
    "a VM whose number is a container's now is gone, and another is there",
    FACTS,
    with_({}, { type: "lxc" }),
    ["existence present absent", "existence absent present"],
  ],
];

test("what is a change, and what is none", () => {
  for (const [says, before, now, expected, seen = SEEN] of CASES) {
    const told = compare(before, now, { seen, ran: before.ran }, NOW).map(
      ({ field, from, to }) => `${field} ${from} ${to}`,
    );
    assert.deepEqual(told, expected, says);
  }
});

test("a start that was missed is told when it happened", () => {
  const before = with_({ power: "stopped" }, { started: null });
  const [found] = compare(
    before,
    with_({}, { started: NOW - 10 * MINUTE, ran: 10 * MINUTE }),
    { seen: NOW - HOUR, ran: null },
    NOW,
  );
  assert.equal(found?.at, NOW - 10 * MINUTE);
});

test("what is unknown for a while is compared with what it was before", () => {
  const hidden = carryOn(FACTS, with_({ power: null, cores: null }, { started: null }));
  assert.deepEqual(
    compare(hidden, with_({ power: "stopped", cores: 2 }, { started: null }), { seen: SEEN, ran: null }, NOW).length,
    1,
  );
});

const CHANGE: EstateChange = {
  ...{ number: 1, at: NOW, began: NOW, of: "guest", resource: "home:guest:1", name: "web", type: "qemu" },
  ...{ instance: "home", node: "pve1", field: "power", from: "running", to: "stopped", times: 1 },
  ...{ missed: null, after: SEEN },
};

test("within the hour more of the same is one change that counts", () => {
  const later = { ...CHANGE, number: 2, at: NOW + MINUTE, began: NOW + MINUTE, from: "stopped", to: "running" };
  const joined = merged(CHANGE, later);
  assert.deepEqual(
    [joined?.number, joined?.from, joined?.to, joined?.times, joined?.began],
    [2, "running", "running", 2, NOW],
  );
  assert.equal(merged(CHANGE, { ...later, at: NOW + HOUR + 1 }), null, "an hour later it is news again");
});
