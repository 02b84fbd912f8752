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
  return reports.map(([after, one]) => desk.take(one, NOW + after).seen);
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
    "its machine, where a clone kept the name as well",
    [
      [0, report()],
      [10 * SECOND, report([], { machineId: "m2" })],
      [20 * SECOND, report([], { machineId: "m3" })],
      [30 * SECOND, report()],
    ],
    ["m1", "m1@m2", "m1@m3", "m1"],
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
      take(...reports).map(seen => seen?.host.id),
      ids,
    ));

test("a restart loop says how it ended last, also while it is up", () => {
  const down = report([{ state: "restarting", exitCode: 3, finishedAt: new Date(NOW).toISOString() }]);
  const seen = take([0, down], [MINUTE, report([{ restartCount: 4, exitCode: 0 }])]);
  assert.deepEqual(
    seen.map(one => one?.host.issues[0]?.message),
    ["Starts again and again; exit code 3", "Starts again and again; exit code 3"],
  );
});

test("there is an end to new hosts, not to the reports of known ones", () => {
  const desk = new DockerReports();
  const of = (id: string) => report([], {}, { agent: { id } });
  for (let host = 0; host < 5000; host += 1) desk.take(of(`h${host}`), NOW);
  assert.throws(
    () => desk.take(of("one more"), NOW),
    (error: unknown) => error instanceof BadReport && /^agent\.id: "one more" is not known/.test(error.message),
  );
  assert.notEqual(desk.take(of("h7"), NOW + MINUTE).seen, null);
});

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

/** Reports made and received so many seconds after the start, and which of them are taken. */
const ORDERS: [sentence: string, reports: [made: number, received: number, isTaken: boolean][]][] = [
  [
    "in their order, whatever the host's clock says",
    [
      [3600, 0, true],
      [3630, 30, true],
      [3660, 60, true],
    ],
  ],
  [
    "one that comes twice is taken once",
    [
      [0, 0, true],
      [0, 15, false],
      [0, 30, false],
      [60, 60, true],
    ],
  ],
  [
    "what an agent kept while it could not get through, the oldest first, is taken as it comes",
    [
      [0, 0, true],
      [30, 300, true],
      [60, 300, true],
      [300, 301, true],
    ],
  ],
  [
    "what it kept does not turn the picture back when the newest comes first",
    [
      [300, 300, true],
      [0, 301, false],
      [30, 302, false],
      [60, 303, false],
      [330, 330, true],
    ],
  ],
  [
    "a clock that was set back is believed with the second report",
    [
      [3600, 0, true],
      [30, 30, false],
      [60, 60, true],
      [90, 90, true],
    ],
  ],
];
for (const [sentence, reports] of ORDERS)
  test(`reports: ${sentence}`, () => {
    const made = (second: number) => new Date(NOW + second * SECOND).toISOString();
    const taken = take(
      ...reports.map(([at, received]): [number, DockerReport] => [
        received * SECOND,
        report([], {}, { timestamp: made(at) }),
      ]),
    );
    assert.deepEqual(
      taken.map(seen => seen !== null),
      reports.map(([, , isTaken]) => isTaken),
    );
  });

test("a host that was removed does not come back by a report from before", () => {
  const desk = new DockerReports();
  const made = (second: number) => report([], {}, { timestamp: new Date(NOW + second * SECOND).toISOString() });
  desk.take(made(0), NOW);
  desk.forget("m1");
  assert.equal(desk.take(made(0), NOW + SECOND).seen, null);
  assert.notEqual(desk.take(made(30), NOW + 30 * SECOND).seen, null);
});

test("counters become rates: by the time they were read, not known at first nor after a start, and never negative", () => {
  const started = new Date(NOW - HOUR).toISOString();
  const at = (second: number, received: number, counters: Partial<ReportedContainer>): [number, DockerReport] => [
    received * SECOND,
    report([{ startedAt: started, ...counters }], {}, { timestamp: new Date(NOW + second * SECOND).toISOString() }),
  ];
  const seen = take(
    at(0, 0, { networkRxBytes: 1000, networkTxBytes: 0, blockReadBytes: 500, blockWriteBytes: 7 }),
    at(10, 14, { networkRxBytes: 2000, networkTxBytes: 50, blockReadBytes: 500 }),
    at(20, 20, { networkRxBytes: 90, networkTxBytes: 100, blockReadBytes: 600, blockWriteBytes: 7 }),
    at(30, 30, { startedAt: new Date(NOW + 25 * SECOND).toISOString(), networkRxBytes: 5000 }),
    at(40, 40, { startedAt: new Date(NOW + 25 * SECOND).toISOString(), networkRxBytes: 6000 }),
    at(50, 50, { id: "another", networkRxBytes: 9000 }),
    at(60, 60, { state: "exited", id: "another", networkRxBytes: 9000 }),
  );
  assert.deepEqual(
    seen.map(one => {
      const [found] = one?.containers ?? [];
      return [found?.networkIn, found?.networkOut, found?.diskRead, found?.diskWrite];
    }),
    [
      [null, null, null, null],
      [100, 5, 0, null],
      [null, 5, 10, null],
      [null, null, null, null],
      [100, null, null, null],
      [null, null, null, null],
      [null, null, null, null],
    ],
  );
});

test("a host's load is what its agent tells, or what its containers use together", () => {
  const busy = [
    { name: "a", cpuPercent: 100, memoryUsageBytes: 1e9 },
    { name: "b", cpuPercent: 60, memoryUsageBytes: 1e9 },
  ];
  const told = (host: Host) => {
    const [seen] = take([0, report(busy, host)]);
    return [seen?.host.cpuPercent, seen?.host.memoryUsedBytes, seen?.host.measured];
  };
  assert.deepEqual(told({}), [40, 2e9, "containers"]);
  assert.deepEqual(told({ cpuPercent: 55, memoryUsedBytes: 5e9 }), [55, 5e9, "host"]);
  assert.deepEqual(told({ memoryUsedBytes: 5e9 }), [null, 5e9, "host"]);
  assert.deepEqual(told({ totalCpu: 0 }), [null, 2e9, "containers"]);
});

test("what an agent tells of a container besides is taken", () => {
  const mounts = [{ type: "volume", source: "data", destination: "/data", readOnly: false }];
  const labels = { "com.docker.stack.namespace": "shop", "com.docker.swarm.service.name": "shop_web" };
  const more = {
    imageId: "sha256:1",
    imageCreatedAt: "2025-12-01T00:00:00Z",
    mounts,
    restartPolicy: "always",
    pids: 7,
  };
  const [seen] = take([0, report([{ ...more, labels }], { engine: "podman" }, { warnings: ['No stats of "web"'] })]);
  const [one] = seen?.containers ?? [];
  assert.deepEqual(
    [one?.imageId, one?.imageCreatedAt, one?.mounts, one?.restartPolicy, one?.pids, one?.project, one?.service],
    ["sha256:1", Date.UTC(2025, 11, 1), mounts, "always", 7, "shop", "shop_web"],
  );
  assert.deepEqual([seen?.host.engine, seen?.host.warnings], ["podman", ['No stats of "web"']]);
});
