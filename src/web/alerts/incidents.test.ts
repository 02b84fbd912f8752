import assert from "node:assert/strict";
import { test } from "node:test";
import { toAlert } from "../overview/sample.ts";
import { toBar, toIncidents } from "./incidents.ts";

const minute = (at: number) => new Date(at * 60_000).toISOString();

function idsOf(incidents: ReturnType<typeof toIncidents>) {
  return incidents.map(({ id, carried }) => [id, carried.map(alert => alert.id)]);
}

test("an alert with a cause stands under what carries it, however far up that is", () => {
  const alerts = [
    toAlert({ id: "guest", cause: "node" }),
    toAlert({ id: "node", cause: "instance" }),
    toAlert({ id: "instance" }),
    toAlert({ id: "storage", level: "warning" }),
  ];
  assert.deepEqual(idsOf(toIncidents(alerts)), [
    ["instance", ["guest", "node"]],
    ["storage", []],
  ]);
});

test("an alert whose cause does not fire any more speaks for itself", () => {
  assert.deepEqual(idsOf(toIncidents([toAlert({ id: "guest", cause: "node" })])), [["guest", []]]);
});

test("what nobody has acknowledged comes first, then the worst, then the newest", () => {
  const alerts = [
    toAlert({ id: "known", acknowledged: true }),
    toAlert({ id: "old", level: "warning", startTime: minute(1) }),
    toAlert({ id: "new", level: "warning", startTime: minute(2) }),
    toAlert({ id: "bad", startTime: minute(0) }),
  ];
  assert.deepEqual(
    toIncidents(alerts).map(({ id }) => id),
    ["bad", "new", "old", "known"],
  );
});

test("a bar shows a percentage of a hundred, and anything else with some room beyond", () => {
  assert.deepEqual(toBar({ value: 91, threshold: 80, unit: "percent" }), { fill: 0.91, mark: 0.8 });
  const { fill, mark } = toBar({ value: 5, threshold: 10, unit: "days" });
  assert.ok(fill > 0 && fill < mark && mark < 1);
});
