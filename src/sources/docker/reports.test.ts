import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR, MINUTE, SECOND } from "../../kit/units.ts";
import type { DockerReport, ReportedContainer } from "../../model/docker.ts";
import { BadReport, DockerReports } from "./reports.ts";

const NOW = Date.UTC(2026, 0, 1);
type Host = Partial<DockerReport["host"]>;

function report(containers: Partial<ReportedContainer>[] = [], host: Host = {}, more: Partial<DockerReport> = {}) {
  const blank = { id: "c0ffee", name: "/web", image: "nginx:1", state: "running", cpuPercent: 1, restartCount: 0 };
  return {
    agent: { id: "m1", version: "4.22.0", intervalSeconds: 30 },
    host: { hostname: "dock1", machineId: "m1", totalCpu: 4, totalMemoryBytes: 8e9, ...host },
    containers: containers.map(one => ({ ...blank, ...one })),
    ...more,
  } satisfies DockerReport;
}

/** What becomes of reports, each with its time after the start. */
function take(...reports: [after: number, report: DockerReport][]) {
  const desk = new DockerReports();
  return reports.map(([after, one]) => desk.take(one, NOW + after));
}

const IDENTITIES: [sentence: string, reports: [number, DockerReport][], ids: string[]][] = [
  ["its agent's id", [[0, report()]], ["m1"]],
  ["the machine's id where the agent has none", [[0, report([], {}, { agent: {} })]], ["m1"]],
  ["its name where there is neither", [[0, report([], { machineId: "" }, { agent: { id: "" } })]], ["dock1"]],
  [
    "a clone beside the machine it was made of",
    [
      [0, report()],
      [10 * SECOND, report([], { hostname: "dock2" })],
      [30 * SECOND, report()],
      [40 * SECOND, report([], { hostname: "dock2" })],
    ],
    ["m1", "m1@dock2", "m1", "m1@dock2"],
  ],
  [
    "a machine that was renamed, and started again",
    [
      [0, report()],
      [2 * MINUTE, report([], { hostname: "new" })],
      [3 * MINUTE, report([], { hostname: "new" })],
    ],
    ["m1", "m1", "m1"],
  ],
];
for (const [sentence, reports, ids] of IDENTITIES)
  test(`a host is known by ${sentence}`, () =>
    assert.deepEqual(
      take(...reports).map(({ host }) => host.id),
      ids,
    ));

test("clones say that they are", () => {
  const [, second] = take([0, report()], [SECOND, report([], { hostname: "dock2" })]);
  assert.deepEqual(
    second?.host.issues.map(({ kind, container }) => [kind, container]),
    [["identity", null]],
  );
});

const loops = (counts: number[], step: number) =>
  counts.map((restartCount, index): [number, DockerReport] => [index * step, report([{ restartCount, exitCode: 1 }])]);
const GIB = 2 ** 30;
const ISSUES: [sentence: string, reports: [number, DockerReport][], kinds: string[]][] = [
  ["all is well", loops([7, 7, 7], MINUTE), []],
  ["three restarts in ten minutes", loops([0, 1, 2, 3], MINUTE), ["restart-loop"]],
  ["three restarts at once", loops([0, 3], MINUTE), ["restart-loop"]],
  ["three restarts in an hour", loops([0, 1, 2, 3], 20 * MINUTE), []],
  ["many restarts before anybody looked", loops([90], MINUTE), []],
  ["one that restarts now", [[0, report([{ state: "restarting" }])]], ["restart-loop"]],
  ["a health check that fails", [[0, report([{ health: "unhealthy" }])]], ["unhealthy"]],
  ["no health check", [[0, report([{ health: "none" }])]], []],
  ["no memory left", [[0, report([{ state: "exited", exitCode: 137, oomKilled: true }])]], ["out-of-memory"]],
  ["killed by hand, as the agent knows", [[0, report([{ state: "exited", exitCode: 137, oomKilled: false }])]], []],
  ["killed, an old agent cannot tell why", [[0, report([{ state: "exited", exitCode: 137 }])]], ["out-of-memory"]],
  ["near its limit", [[0, report([{ memoryPercent: 95, memoryLimitBytes: GIB }])]], ["memory-pressure"]],
  ["much memory, without a limit of its own", [[0, report([{ memoryPercent: 95, memoryLimitBytes: 8e9 }])]], []],
];
for (const [sentence, reports, kinds] of ISSUES)
  test(`issues: ${sentence}`, () =>
    assert.deepEqual(
      take(...reports)
        .at(-1)
        ?.host.issues.map(({ kind }) => kind),
      kinds,
    ));

test("a container that is made anew keeps its id, and its restarts are counted from nothing", () => {
  const [first, , third] = take(
    [0, report([{ id: "a", restartCount: 5 }])],
    [MINUTE, report([{ id: "a", restartCount: 6 }])],
    [2 * MINUTE, report([{ id: "b", restartCount: 0 }])],
  );
  assert.deepEqual([first?.containers[0]?.id, third?.containers[0]?.id], ["docker:m1/web", "docker:m1/web"]);
  assert.deepEqual([third?.containers[0]?.containerId, third?.host.issues], ["b", []]);
});

test("bad ends are kept, each once, the newest first; good ones are not", () => {
  const ended = (exitCode: number, minute: number) =>
    report([{ state: "exited", exitCode, finishedAt: new Date(NOW + minute * MINUTE).toISOString() }]);
  const seen = take([0, ended(1, 0)], [MINUTE, ended(1, 0)], [2 * MINUTE, ended(0, 2)], [3 * MINUTE, ended(2, 3)]);
  assert.deepEqual(
    seen.at(-1)?.host.recentExitCodes.map(({ exitCode }) => exitCode),
    [2, 1],
  );
});

test("what is not known is null, not nothing", () => {
  const [seen] = take([
    0,
    report([
      { state: "exited", startedAt: "0001-01-01T00:00:00Z" },
      { name: "", id: "0123456789abcdef" },
    ]),
  ]);
  const [stopped, nameless] = seen?.containers ?? [];
  assert.deepEqual(
    [stopped?.cpuPercent, stopped?.startedAt, stopped?.oomKilled, stopped?.health],
    [null, null, null, null],
  );
  assert.equal(nameless?.name, "0123456789ab");
  assert.equal(seen?.host.dockerVersion, null);
});

test("a clock that is an hour off is told, one that is days off makes the report worthless", () => {
  const at = (offset: number) => report([], {}, { timestamp: new Date(NOW + offset).toISOString() });
  assert.equal(take([0, at(-HOUR)])[0]?.host.clockSkew, -HOUR);
  assert.throws(
    () => take([0, at(-2 * DAY)]),
    (error: unknown) => error instanceof BadReport && /^timestamp: /.test(error.message),
  );
});

test("no containers, as Go writes it", () =>
  assert.deepEqual(take([0, { ...report(), containers: null }])[0]?.containers, []));
