import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../kit/clock.ts";
import type { Guest } from "../../model/guest.ts";
import { guestId, storageId } from "../../model/ids.ts";
import type { Facts, Observation } from "../../model/observation.ts";
import { inTurns } from "../in-turns.ts";
import { LookFailed } from "../source.ts";
import { toArchives, toBackupJobs, toReplicationJobs, toSnapshots } from "./archives.ts";
import { BackupRounds } from "./backup-rounds.ts";
import { toBackupTasks, toGuestRuns, toVzdumpTasks } from "./backup-tasks.ts";
import { Errands } from "./errands.ts";

const NAS = { id: storageId("home", "nas", null), storage: "nas", node: "shared", type: "nfs" };
const archives = (data: unknown) => inTurns(toArchives(data, NAS, "home"));
const archive = async (row: Record<string, unknown>) =>
  (await archives([{ ctime: 1_767_225_600, content: "backup", ...row }]))[0];

const OWNERS: [sentence: string, row: Record<string, unknown>, type: string, vmid: number][] = [
  ["told by the row", { volid: "nas:backup/x", subtype: "lxc", vmid: 7 }, "lxc", 7],
  ["told by the file", { volid: "nas:backup/vzdump-qemu-100-2026_01_01-02_00_00.vma.zst" }, "qemu", 100],
  ["of old", { volid: "nas:backup/vzdump-openvz-5-2011_01_01-02_00_00.tgz" }, "lxc", 5],
  ["on a Backup Server", { volid: "pbs:backup/vm/100/2026-01-01T00:00:00Z" }, "qemu", 100],
  ["on a Backup Server, of a container", { volid: "pbs:backup/ct/101/2026-01-01T00:00:00Z" }, "lxc", 101],
  ["of a host, which is no container", { volid: "pbs:backup/host/files.lan/2026-01-01T00:00:00Z" }, "host", 0],
  ["of a host with a number for a name", { volid: "pbs:backup/host/100/2026-01-01T00:00:00Z" }, "host", 0],
  [
    "of a kind that is called like what every object has",
    { volid: "nas:backup/x", subtype: "constructor" },
    "unknown",
    0,
  ],
  ["of nobody knows whom", { volid: "nas:backup/manual.tar" }, "unknown", 0],
];
for (const [sentence, row, type, vmid] of OWNERS)
  test(`the owner of a backup ${sentence}`, async () => {
    const found = await archive(row);
    assert.deepEqual([found?.type, found?.vmid], [type, vmid]);
  });

const FIELDS: [sentence: string, row: Record<string, unknown>, field: string, expected: unknown][] = [
  ["protected by a number", { protected: 1 }, "protected", true],
  ["not protected by silence", {}, "protected", false],
  ["verified and good", { verification: { state: "ok" } }, "verified", true],
  ["verified and bad", { verification: { state: "failed" } }, "verified", false],
  ["verified and bad is said", { verification: { state: "failed" } }, "verification", "failed"],
  ["not verified yet", {}, "verification", null],
  ["notes in any language", { notes: "nächtlich – 夜" }, "notes", "nächtlich – 夜"],
  ["a time as text (LVM)", { ctime: "1767225600" }, "time", "2026-01-01T00:00:00.000Z"],
  ["as large as it is told", { size: "1024" }, "size", 1024],
  ["of a size that is not told", {}, "size", null],
  ["an id from storage and volume", {}, "id", "home:storage:nas/backup/a"],
];
for (const [sentence, row, field, expected] of FIELDS)
  test(sentence, async () => {
    const found: Record<string, unknown> = { ...(await archive({ volid: "nas:backup/a", ...row })) };
    assert.equal(found[field], expected);
  });

test("what was made at no time that there is, is left out, and so are its neighbours not", async () => {
  const rows = [1e15, -5, 1_767_225_600].map(ctime => ({ volid: `nas:backup/${ctime}`, ctime, content: "backup" }));
  assert.deepEqual(
    (await archives(rows)).map(({ ctime }) => ctime),
    [1_767_225_600],
  );
});

test("what is no backup is left out, and what is no list is a failure", async () => {
  assert.deepEqual(await archives([{ volid: "nas:iso/debian.iso", ctime: 1, content: "iso" }]), []);
  await assert.rejects(archives({}), LookFailed);
  assert.deepEqual(await archives(null), []);
});

test("where a guest stands is no snapshot; a snapshot may have no memory and no parent", () => {
  const guest: Facts<Guest> = { id: guestId("home", 100), vmid: 100, type: "lxc", node: "pve1" };
  const list = toSnapshots(
    [
      { name: "current", parent: "a" },
      { name: "a", snaptime: 1_767_225_600, description: "x\n" },
      { name: "b", snaptime: "1767225601", vmstate: 1, parent: "a" },
    ],
    guest,
    "home",
  );
  assert.deepEqual(
    list.map(({ id, time, description, parent, vmstate }) => [id, time, description, parent, vmstate]),
    [
      ["home:guest:100/a", "2026-01-01T00:00:00.000Z", "x", null, false],
      ["home:guest:100/b", "2026-01-01T00:00:01.000Z", null, "a", true],
    ],
  );
});

test("a backup job is for all, a pool, or those named; silence means that it is on", () => {
  const jobs = toBackupJobs(
    [
      { id: "a", all: 1, exclude: "5,6", schedule: "02:00" },
      { id: "b", vmid: "100,101", enabled: 0, dow: "sun", starttime: "04:00" },
      { id: "c", pool: "prod", "next-run": 10 },
      {},
    ],
    "home",
  );
  assert.deepEqual(
    jobs.map(({ job, enabled, guests, excluded, schedule, nextRun }) => [
      job,
      enabled,
      guests,
      excluded,
      schedule,
      nextRun,
    ]),
    [
      ["a", true, null, [5, 6], "02:00", null],
      ["b", false, [100, 101], [], "sun 04:00", null],
      ["c", true, null, [], "", 10_000],
    ],
  );
});

test("a node tells of the replication that it sends; zero means never", () => {
  const rows = [
    {
      id: "100-0",
      guest: "100",
      source: "pve1",
      target: "pve2",
      last_sync: 0,
      last_try: 5,
      fail_count: 2,
      error: "no",
    },
    { id: "101-0", guest: "101", source: "pve2", target: "pve1" },
  ];
  const jobs = toReplicationJobs(rows, "home", "pve1");
  assert.deepEqual(
    jobs.map(({ job, vmid, lastSync, lastTry, failures, error }) => [job, vmid, lastSync, lastTry, failures, error]),
    [["100-0", 100, null, 5000, 2, "no"]],
  );
});

const log = (...lines: string[]) => toGuestRuns(lines.map((t, n) => ({ n, t })));
const LOG = [
  "INFO: Starting Backup of VM 100 (qemu)",
  "INFO: Backup started at 2026-01-01 02:00:05",
  "INFO: archive file size: 1.50GB",
  "INFO: Finished Backup of VM 100 (00:01:30)",
  "INFO: Backup finished at 2026-01-01 02:01:35",
  "INFO: Starting Backup of VM 101 (lxc)",
  "INFO: Backup started at 2026-01-01 02:01:35",
  "ERROR: Backup of VM 101 failed - No space left on device",
  "INFO: Failed at 2026-01-01 02:02:00",
  "INFO: Starting Backup of VM 102 (qemu)",
  "INFO: Backup started at 2026-01-01 02:02:00",
];
const ALL = { upid: "UPID:x", vmid: null, start: 1_767_229_200, end: 1_767_229_400, status: "job errors" };
const brief = (task: ReturnType<typeof toBackupTasks>[number]) => [
  task.vmid,
  task.type,
  task.status,
  task.startTime.slice(11, 19),
  task.endTime?.slice(11, 19) ?? null,
  task.size,
  task.error,
];

test("a run over several guests is told apart by its log, in the task's own time", () => {
  assert.deepEqual(toBackupTasks(ALL, log(...LOG), "home", "pve1", () => null).map(brief), [
    [100, "qemu", "OK", "01:00:00", "01:01:30", 1.5 * 2 ** 30, null],
    [101, "lxc", "No space left on device", "01:01:30", "01:01:55", null, "No space left on device"],
    [102, "qemu", "job errors", "01:01:55", "01:03:20", null, "job errors"],
  ]);
});

test("while it runs, what has ended has ended", () => {
  const running = { ...ALL, end: null, status: "running" };
  assert.deepEqual(
    toBackupTasks(running, log(...LOG), "home", "pve1", () => null).map(({ status, endTime }) => [
      status,
      endTime !== null,
    ]),
    [
      ["OK", true],
      ["No space left on device", true],
      ["running", false],
    ],
  );
});

test("without a log it is one task of nobody in particular", () => {
  assert.deepEqual(toBackupTasks(ALL, [], "home", "pve1", () => null).map(brief), [
    [0, "vzdump", "job errors", "01:00:00", "01:03:20", null, "job errors"],
  ]);
});

const SINGLE: [sentence: string, row: Record<string, unknown>, status: string, error: string | null, ended: boolean][] =
  [
    ["went well", { endtime: 2, status: "OK" }, "OK", null, true],
    ["went well with warnings", { endtime: 2, status: "WARNINGS: 1" }, "WARNINGS: 1", null, true],
    [
      "failed",
      { endtime: 2, status: "unable to activate storage 'nas'" },
      "unable to activate storage 'nas'",
      "unable to activate storage 'nas'",
      true,
    ],
    ["runs", {}, "running", null, false],
  ];
for (const [sentence, row, status, error, ended] of SINGLE)
  test(`a backup of one guest that ${sentence}`, () => {
    const [task] = toVzdumpTasks([
      { upid: "UPID:y", type: "vzdump", id: "100", starttime: 1, ...row },
      { upid: "z", type: "qmstart", starttime: 1 },
    ]);
    assert.ok(task);
    const [only] = toBackupTasks(task, [], "home", "pve1", () => "qemu");
    assert.deepEqual(
      [only?.vmid, only?.type, only?.status, only?.error, only?.endTime !== null],
      [100, "qemu", status, error, ended],
    );
  });

const ALLOCATE = { "Datastore.Audit": 1, "Datastore.Allocate": 1 };
for (const [sentence, rights, expected] of [
  ["is empty to who may see all", { "/storage/nas": ALLOCATE }, "seen"],
  [
    "is empty to who may back up",
    { "/storage/nas": { "Datastore.AllocateSpace": 1 }, "/vms": { "VM.Backup": 1 } },
    "seen",
  ],
  [
    "says nothing to who may use the space alone",
    { "/storage/nas": { "Datastore.AllocateSpace": 1 }, "/vms": {} },
    "forbidden",
  ],
  ["says nothing to an auditor", { "/storage/nas": { "Datastore.Audit": 1 }, "/vms": { "VM.Audit": 1 } }, "forbidden"],
  ["is believed where the rights are not told", null, "seen"],
] as const)
  test(`an empty list of backups ${sentence}`, async () => {
    const ask = (path: string) => {
      if (!path.startsWith("/access/permissions")) return Promise.resolve([]);
      if (rights === null) return Promise.reject(new LookFailed("not-found", "No such path"));
      const asked = new URLSearchParams(path.split("?")[1]).get("path") ?? "";
      return Promise.resolve({ [asked]: (rights as Record<string, object>)[asked] });
    };
    const errands = new Errands({ instance: "home", clock: new FakeClock(), ask });
    const seen: Observation[] = [];
    errands.observe = one => void seen.push(one);
    const storages = [{ ...NAS, enabled: true, content: "backup", nodes: ["pve1"] }];
    const all = new BackupRounds(errands).errands({ nodes: [], guests: [], storages }, ["pve1"]);
    await all.find(({ scope }) => scope === "archives")?.run(0, new AbortController().signal, 1);
    const [one] = seen;
    assert.equal(one?.kind === "missed" ? one.fault.kind : one?.kind, expected);
  });
