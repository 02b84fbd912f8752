import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, SECOND } from "../../kit/units.ts";
import { inTurns } from "../in-turns.ts";
import { toDatastore, toFactor, toMaintenance, toNamespaces, toNodeStatus, toUsage } from "./datastores.ts";
import { toBackupJobs, toJobs, toTasks } from "./jobs.ts";
import { MOST_SNAPSHOTS, toSnapshots } from "./snapshots.ts";

const NOW = Date.UTC(2026, 0, 10);
const NOTHING = { maintenance: null, namespaces: [], deduplicationFactor: null, fault: null };
const store = (row: Record<string, unknown>, details: Partial<typeof NOTHING | { maintenance: string }> = {}) => {
  const [usage] = toUsage([{ store: "main", ...row }]);
  assert.ok(usage);
  return toDatastore("pbs", usage, { ...NOTHING, ...details }, NOW);
};
const SPACE = { total: 1000, used: 250, avail: 700 };

const STORES: [sentence: string, got: unknown, expected: unknown][] = [
  ["usage is in percent, and free is what may be written", [store(SPACE).usage, store(SPACE).free], [25, 700]],
  ["numbers as texts are numbers", store({ total: "1000", used: "500" }).usage, 50],
  ["one without numbers has none, not zeros", [store({}).total, store({}).usage], [null, null]],
  ["one with an error tells it", [store({ error: "gone" }).status, store({ error: "gone" }).error], ["error", "gone"]],
  [
    "maintenance is not an error",
    store({ error: "x" }, { maintenance: "In maintenance (offline)" }).status,
    "maintenance",
  ],
  ["days until it is full", store({ "estimated-full-date": (NOW + 3 * DAY) / SECOND }).daysUntilFull, 3],
  ["a date that has passed is no estimate", store({ "estimated-full-date": 5 }).daysUntilFull, null],
  ["a date that no calendar has is no estimate", store({ "estimated-full-date": 1e15 }).estimatedFullAt, null],
  ["the factor of the last collection", toFactor({ "index-data-bytes": 900, "disk-bytes": 100 }), 9],
  ["no factor before the first collection", toFactor({ "index-data-bytes": 0, "disk-bytes": 0 }), null],
  ["no factor without a collection", toFactor(null), null],
  [
    "maintenance with its message",
    [...toMaintenance([{ store: "a", maintenance: "type=offline,message=new disks" }, { store: "b" }])],
    [["a", "In maintenance (offline): new disks"]],
  ],
  [
    "maintenance as a bare word",
    [...toMaintenance([{ store: "a", maintenance: "read-only" }])],
    [["a", "In maintenance (read-only)"]],
  ],
  [
    "namespaces with parents and depths, the root among them",
    toNamespaces([{ ns: "a/b" }, { ns: "a" }]),
    [
      { path: "", parent: null, depth: 0 },
      { path: "a", parent: "", depth: 1 },
      { path: "a/b", parent: "a", depth: 2 },
    ],
  ],
  [
    "a node's shares are percent",
    toNodeStatus({ cpu: 0.125, memory: { total: 200, used: 50 }, uptime: 5 }),
    { cpu: 12.5, memory: 25, memoryUsed: 50, memoryTotal: 200, uptime: 5 },
  ],
];
for (const [sentence, got, expected] of STORES) test(sentence, () => assert.deepEqual(got, expected));

const UPID = "UPID:pbs:000004B1:0000113A:00000007:69620F00:verificationjob:main:root@pam:";
const JOBS: [
  sentence: string,
  row: Record<string, unknown>,
  status: string,
  error: string | null,
  lastRun: string | null,
][] = [
  [
    "went well",
    { "last-run-state": "OK", "last-run-endtime": 60, "last-run-upid": UPID },
    "OK",
    null,
    "1970-01-01T00:01:00.000Z",
  ],
  [
    "with warnings is no failure",
    { "last-run-state": "WARNINGS: 2", "last-run-endtime": 60 },
    "WARNINGS: 2",
    null,
    "1970-01-01T00:01:00.000Z",
  ],
  [
    "failed",
    { "last-run-state": "no such remote", "last-run-endtime": 60 },
    "no such remote",
    "no such remote",
    "1970-01-01T00:01:00.000Z",
  ],
  ["runs since its task began", { "last-run-upid": UPID }, "running", null, "2026-01-10T08:34:08.000Z"],
  ["has not run yet", {}, "unknown", null, null],
];
for (const [sentence, row, status, error, lastRun] of JOBS)
  test(`a job that ${sentence}`, () => {
    const [job] = toJobs([{ id: "v", store: "main", ...row }]);
    assert.deepEqual([job?.status, job?.error, job?.lastRun], [status, error, lastRun]);
  });

test("the newest backup task of each group stands for a job, wherever its namespace is written", () => {
  const task = (worker_id: string, starttime: number, more = {}) => ({
    upid: `${starttime}`,
    worker_type: "backup",
    worker_id,
    starttime,
    ...more,
  });
  const tasks = toTasks([
    task("main:vm/100", 10, { endtime: 20, status: "OK" }),
    task("main:vm/100", 50, { endtime: 60, status: "connection error" }),
    task("main:ns/a/b:ct/7", 30),
  ]);
  assert.deepEqual(
    toBackupJobs(tasks).map(({ id, store, namespace, status, error }) => ({ id, store, namespace, status, error })),
    [
      { id: "main:ns/a/b:ct/7", store: "main", namespace: "a/b", status: "running", error: null },
      { id: "main:vm/100", store: "main", namespace: "", status: "connection error", error: "connection error" },
    ],
  );
});

test("a snapshot without size, owner, comment and verification has none of them", async () => {
  const rows = [{ "backup-type": "host", "backup-id": "100", "backup-time": 60, files: [] }];
  const [bare] = await inTurns(toSnapshots(rows, "pbs", "main", ""));
  assert.deepEqual(bare, {
    id: "pbs:datastore:main/:host/100/60",
    instance: "pbs",
    datastore: "main",
    namespace: "",
    backupType: "host",
    vmid: "100",
    backupTime: "1970-01-01T00:01:00.000Z",
    size: null,
    protected: false,
    verified: false,
    verification: null,
    comment: null,
    owner: null,
  });
});

test("a failed verification is told, and rows that cannot be identified are left out", async () => {
  const row = {
    "backup-type": "vm",
    "backup-id": "100",
    "backup-time": 60,
    protected: true,
    verification: { state: "failed" },
  };
  const answer = [row, { "backup-type": "vm" }, { ...row, "backup-type": "odd" }];
  const rows = await inTurns(toSnapshots(answer, "pbs", "main", "a"));
  assert.deepEqual(
    rows.map(({ verified, verification, protected: kept }) => [verified, verification, kept]),
    [[false, "failed", true]],
  );
});

test("of very many snapshots the newest are kept", async () => {
  const rows = Array.from({ length: MOST_SNAPSHOTS + 5 }, (_, time) => ({
    "backup-type": "vm",
    "backup-id": "100",
    "backup-time": time + 1,
  }));
  const kept = await inTurns(toSnapshots(rows, "pbs", "main", ""));
  assert.equal(kept.length, MOST_SNAPSHOTS);
  assert.equal(kept[0]?.backupTime, new Date((MOST_SNAPSHOTS + 5) * 1000).toISOString());
});
