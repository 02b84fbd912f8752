import assert from "node:assert/strict";
import { test } from "node:test";
import type { AlertEpisode } from "../../model/alert.ts";
import { episodesCsv } from "./csv.ts";
import { toBand } from "./episode-bars.ts";

const HOUR = 3_600_000;

function episode(changes: Partial<AlertEpisode>): AlertEpisode {
  return {
    id: "home:guest:101-cpu",
    type: "cpu",
    level: "warning",
    worst: "warning",
    resourceId: "home:guest:101",
    resourceName: "web-1",
    resourceType: "guest",
    node: "pve1",
    instance: "home",
    message: "CPU of web-1 is at 91 %",
    value: 91,
    threshold: 80,
    unit: "percent",
    startTime: new Date(2 * HOUR).toISOString(),
    lastSeen: new Date(3 * HOUR).toISOString(),
    acknowledged: false,
    cause: null,
    covers: [],
    coversCount: 0,
    tags: [],
    metadata: {},
    endTime: new Date(3 * HOUR).toISOString(),
    ended: "resolved",
    duration: 3600,
    ...changes,
  };
}

test("a band has a line a resource, with its episodes where they were", () => {
  const band = toBand(
    [
      episode({}),
      episode({ startTime: new Date(6 * HOUR).toISOString(), endTime: null, ended: null }),
      episode({ resourceId: "home:node:pve1", resourceName: "pve1", worst: "critical" }),
    ],
    0,
    10 * HOUR,
  );
  assert.deepEqual(
    band.map(({ name, worst, bars }) => [name, worst, bars.map(({ from, to }) => [from, to])]),
    [
      ["pve1", "critical", [[0.2, 0.3]]],
      [
        "web-1",
        "warning",
        [
          [0.2, 0.3],
          [0.6, 1],
        ],
      ],
    ],
  );
});

test("what began before the band begins with it, and what was short can be seen", () => {
  const [before] = toBand([episode({ startTime: new Date(-HOUR).toISOString() })], 0, 10 * HOUR);
  assert.deepEqual(
    before?.bars.map(({ from, to }) => [from, to]),
    [[0, 0.3]],
  );
  const [short] = toBand([episode({ endTime: new Date(2 * HOUR + 1000).toISOString() })], 0, 10 * HOUR);
  const [bar] = short?.bars ?? [];
  assert.ok(bar && bar.to - bar.from >= 0.004);
});

test("a CSV quotes what needs it, and no cell is taken for a formula", () => {
  const [heads, line] = episodesCsv([episode({ resourceName: "=cmd()", message: 'is "full", nearly' })]).split("\r\n");
  assert.match(heads ?? "", /^began,ended,seconds,how,level/);
  assert.match(line ?? "", /,'=cmd\(\),guest,home:guest:101,/);
  assert.match(line ?? "", /,"is ""full"", nearly"$/);
});
