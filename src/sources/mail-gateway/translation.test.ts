import assert from "node:assert/strict";
import { test } from "node:test";
import { LookFailed } from "../source.ts";
import { toMailQueue, toNodes, toQueueShape } from "./nodes.ts";
import { toMailCount, toMailStats, toQuarantineCount, toQuery, toSpamDistribution, windowAt } from "./statistics.ts";

const NOW = Date.UTC(2026, 0, 10, 12, 34);
const shape = (columns: Record<string, string>) => toQueueShape([{ domain: "TOTAL", ...columns }]);
const node = (row: Record<string, unknown>) => toNodes([{ name: "mail1", type: "master", ...row }])[0];
const stats = (row: Record<string, unknown>) => toMailStats(row, NOW);
const window = windowAt(NOW);

const CASES: [sentence: string, got: unknown, expected: unknown][] = [
  [
    "a member is online, with its load as text",
    [node({ loadavg: ["0.10", "0.2", 0.3] })?.status, node({ loadavg: ["0.10", "0.2", 0.3] })?.loadAvg],
    ["online", "0.10, 0.2, 0.3"],
  ],
  [
    "a member that cannot be reached is offline, with the reason",
    [node({ conn_error: "500 no route\n" })?.status, node({ conn_error: "500 no route\n" })?.error],
    ["offline", "500 no route"],
  ],
  ["a gateway on its own keeps its type", toNodes([{ name: "mail", type: "-", fingerprint: "-" }])[0]?.role, "-"],
  ["what is not told is not known", [node({})?.uptime, node({})?.loadAvg], [null, null]],
  ["figures of a queue are texts", shape({ total: "7", "5m": "7" }), { total: 7, oldestAge: 0 }],
  [
    "the oldest column that is not empty tells the age",
    shape({ total: "3", "5m": "1", "20m": "1", "80m": "1", "160m": "0" }).oldestAge,
    2400,
  ],
  ["the last column is open", shape({ total: "1", "1280m+": "1" }).oldestAge, 76_800],
  ["an empty queue has no rows", toQueueShape([]), { total: 0, oldestAge: 0 }],
  ["a queue whose sum is not told is not empty", shape({ "20m": "2" }), { total: null, oldestAge: 600 }],
  ["nor is one without the row of all domains", toQueueShape([{ domain: "a.test", total: "2" }]).total, null],
  ["counts as numbers", stats({ count: 100, count_in: 60 }).countIn, 60],
  ["counts as texts", stats({ count: "100", count_in: "60" }).countTotal, 100],
  ["a count that is null is not known", stats({ viruscount_out: null }).virusOut, null],
  ["seconds of processing become milliseconds", stats({ avptime: "0.48" }).averageProcessTimeMs, 480],
  [
    "the window ends with the running hour and has 24",
    [(window.to - window.from) / 3_600_000, window.to > NOW],
    [24, true],
  ],
  ["the window is told in seconds", toQuery({ from: 1000, to: 2000 }), "starttime=1&endtime=2"],
  [
    "levels are numbers or texts",
    toSpamDistribution([
      { level: 0, count: "5" },
      { level: "10", count: 1 },
    ]),
    [
      { score: "0", count: 5 },
      { score: "10", count: 1 },
    ],
  ],
  ["a quarantine's count", toQuarantineCount({ count: "12", avgbytes: "1.5" }), 12],
];
for (const [sentence, got, expected] of CASES) test(sentence, () => assert.deepEqual(got, expected));

test("an hour has its beginning and the window around all", () => {
  const [hour] = toMailCount([{ index: 3, time: "60", count: "4", pregreet_rejects: 1 }], { from: 0, to: 1000 });
  assert.deepEqual(
    [hour?.timestamp, hour?.index, hour?.count, hour?.pregreet, hour?.windowEnd],
    ["1970-01-01T00:01:00.000Z", 3, 4, 1, "1970-01-01T00:00:01.000Z"],
  );
  assert.equal(hour?.greylist, null);
});

test("queues together are not known when one of them is not", () => {
  const one = { total: 2, oldestAge: 600 };
  const all = { active: one, deferred: one, hold: { total: 0, oldestAge: 0 }, incoming: one };
  assert.equal(toMailQueue(all, NOW).total, 6);
  assert.deepEqual(
    [toMailQueue({ ...all, hold: null }, NOW).total, toMailQueue({ ...all, hold: null }, NOW).active],
    [null, 2],
  );
});

test("no members at all is no answer", () => {
  assert.throws(
    () => toNodes([]),
    (error: unknown) => error instanceof LookFailed && error.fault.kind === "empty",
  );
});
