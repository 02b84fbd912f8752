import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyPicture, type Picture } from "../model/picture.ts";
import { toSimpleStats, toStatsPage, toSummary } from "./summary.ts";

type Rows = Record<string, object>;
const byId = (rows: Rows) => rows as never;

function picture(): Picture {
  const empty = emptyPicture();
  const alert = {
    level: "warning",
    acknowledged: false,
    resourceName: "web",
    message: "CPU 91 %",
    startTime: "2026-01-02T00:00:00Z",
  };
  return {
    ...empty,
    lastUpdate: Date.UTC(2026, 0, 2, 3, 4, 5),
    nodes: byId({
      a: { status: "online", cpu: 0.5, cpuInfo: { cores: 4 }, memory: { total: 100, used: 25 } },
      b: { status: "online", cpu: 0.1, cpuInfo: { cores: 12 }, memory: { total: 100, used: 50 } },
      c: { status: "offline", cpu: null, cpuInfo: null, memory: null },
    }),
    vms: byId({ "1": { status: "running", template: false }, "2": { status: "stopped", template: true } }),
    containers: byId({ "3": { status: "stopped", template: false } }),
    storage: byId({ s: { total: 10, used: 4 }, t: { total: null, used: null } }),
    activeAlerts: byId({
      x: { ...alert, startTime: "2026-01-01T00:00:00Z", acknowledged: true, level: "critical" },
      y: alert,
      z: { ...alert, level: "critical", resourceName: "db", message: "It is off" },
    }),
  };
}

test("counts without names, acknowledged alerts and templates left out", () => {
  assert.deepEqual(toSimpleStats(picture()), {
    waiting: 0,
    nodes: { total: 3, online: 2 },
    guests: { total: 2, running: 1 },
    dockerHosts: { total: 0, online: 0 },
    alerts: { critical: 1, warning: 1 },
    updated: Date.UTC(2026, 0, 2, 3, 4, 5),
  });
  const page = toStatsPage(toSimpleStats(picture()));
  assert.match(page, /Nodes online<\/th><td>2 of 3<.*As of<\/th><td>2026-01-02 03:04:05 UTC</s);
  assert.doesNotMatch(page, /web|db|Docker/);
  assert.match(page, /http-equiv="refresh"/);
  assert.doesNotMatch(toStatsPage(toSimpleStats(picture()), true), /http-equiv="refresh"/);
});

test("sums of what is known, each processor counting alike, and what is worst of what is open", () => {
  const summary = toSummary(picture());
  assert.deepEqual(
    [summary.status, summary.problems, summary.acknowledged, summary.cpuPercent, summary.memory, summary.storage],
    ["critical", 2, 1, 20, { total: 200, used: 75, usage: 37.5 }, { total: 10, used: 4, usage: 40 }],
  );
  assert.deepEqual(summary.worst, {
    level: "critical",
    resource: "db",
    message: "It is off",
    since: "2026-01-02T00:00:00Z",
  });
});

test("what has not been looked at yet is not well", () => {
  const waiting = {
    ...emptyPicture(),
    instances: byId({ home: { status: "connecting" }, vault: { status: "online" } }),
  };
  const summary = toSummary(waiting);
  assert.deepEqual([summary.status, summary.waiting], ["unknown", 1]);
  assert.match(toStatsPage(summary), /Not looked at yet<\/th><td>1</);
  assert.doesNotMatch(toStatsPage(toSimpleStats(picture())), /Not looked at/);
  assert.equal(toSummary({ ...picture(), instances: waiting.instances }).status, "critical");
});

test("of an empty picture nothing is made up", () => {
  const { status, worst, cpuPercent, memory, updated } = toSummary(emptyPicture());
  assert.deepEqual([status, worst, cpuPercent, memory.usage, updated], ["ok", null, null, null, 0]);
});
