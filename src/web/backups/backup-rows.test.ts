import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR } from "../../kit/units.ts";
import type { BackupTask, StorageBackup } from "../../model/backup.ts";
import type { PbsBackup } from "../../model/pbs-backup.ts";
import { samplePicture } from "../overview/sample.ts";
import { atRisk, toBackups, toDays, toFailedRuns, toGuestBackups } from "./backup-rows.ts";

const NOW = new Date(2026, 2, 31, 12).getTime();
const FRESH = { lastSeen: 1, stale: false, fault: null };

function picture() {
  const sample = samplePicture({
    guests: [
      { vmid: 100, name: "web" },
      { vmid: 101, name: "db" },
      { vmid: 900, name: "base", template: true },
    ],
  });
  const pbs = (id: string, vmid: number, at: number, guest: string | null) => {
    const fields = {
      id,
      instance: "vault",
      datastore: "main",
      namespace: "",
      backupType: "vm",
      vmid: String(vmid),
      size: 5,
    };
    const state = { protected: false, verified: true, verification: "ok", comment: null, owner: null, guestId: guest };
    sample.pbsBackups[id] = { ...fields, ...state, backupTime: new Date(at).toISOString(), ...FRESH } as PbsBackup;
  };
  const stored = (id: string, vmid: number, at: number, isPBS: boolean) => {
    const fields = {
      id,
      instance: "home",
      storage: "nas",
      storageId: "home:storage:nas",
      node: "shared",
      type: "qemu",
      vmid,
    };
    const state = {
      size: 0,
      format: "",
      notes: null,
      protected: true,
      volid: id,
      isPBS,
      verified: false,
      verification: null,
    };
    sample.storageBackups[id] = { ...fields, ...state, time: "", ctime: at / 1000, ...FRESH } as StorageBackup;
  };
  return { sample, pbs, stored };
}

test("a backup that both the server and the storage list counts once; the newest comes first", () => {
  const { sample, pbs, stored } = picture();
  pbs("p1", 100, NOW - DAY, "home:guest:100");
  stored("s1", 100, NOW - DAY, true);
  stored("s2", 100, NOW - HOUR, false);
  const backups = toBackups(sample);
  assert.deepEqual(
    backups.map(({ id, title, place }) => [id, title, place]),
    [
      ["s2", "web", "home: nas"],
      ["p1", "web", "vault: main"],
    ],
  );
  assert.equal(backups[0]?.size, null, "a size that is not told is unknown");
});

test("a backup of a guest that is not certain is nobody's", () => {
  const { sample, pbs } = picture();
  pbs("p1", 100, NOW, null);
  const [backup] = toBackups(sample);
  assert.deepEqual([backup?.guest, backup?.title], [null, "vm/100"]);
});

test("every guest that is no template has its line, also without a backup", () => {
  const { sample, stored } = picture();
  stored("s1", 100, NOW - DAY, false);
  stored("s2", 100, NOW - HOUR, false);
  const rows = toGuestBackups(sample, toBackups(sample));
  assert.deepEqual(
    rows.map(({ guest, last, count }) => [guest.name, last?.id, count]),
    [
      ["web", "s2", 2],
      ["db", undefined, 0],
    ],
  );
});

test("guests without a recent backup, or with a bad one, are at risk", () => {
  const { sample, pbs } = picture();
  pbs("p1", 100, NOW - HOUR, "home:guest:100");
  const risky = () => atRisk(toGuestBackups(sample, toBackups(sample)), NOW).map(({ guest }) => guest.name);
  assert.deepEqual(risky(), ["db"]);
  pbs("p2", 101, NOW - 3 * DAY, "home:guest:101");
  assert.deepEqual(risky(), ["db"]);
  pbs("p3", 101, NOW - HOUR, "home:guest:101");
  assert.deepEqual(risky(), []);
  const bad = sample.pbsBackups.p3;
  if (bad) bad.verification = "failed";
  assert.deepEqual(risky(), ["db"]);
});

test("what failed in the last week is listed, by the guest's name", () => {
  const { sample } = picture();
  const task = { node: "pve1", instance: "home", type: "qemu", startTime: "", size: null, upid: "", ...FRESH } as const;
  const add = (id: string, vmid: number, ago: number, error: string | null) => {
    const endTime = new Date(NOW - ago).toISOString();
    sample.backupTasks[id] = { ...task, id, vmid, endTime, status: error ?? "OK", error } as BackupTask;
  };
  add("a", 100, DAY, "disk full");
  add("a2", 100, 2 * DAY, "disk full");
  add("b", 0, HOUR, "job errors");
  add("c", 101, HOUR, null);
  add("d", 101, 8 * DAY, "long ago");
  assert.deepEqual(
    toFailedRuns(sample, NOW).map(({ subject, error, times, shows }) => [subject, error, times, shows]),
    [
      ["Several guests", "job errors", 1, "home:node:pve1"],
      ["web", "disk full", 2, "home:guest:100"],
    ],
  );
});

test("backups fall on the days of the reader's calendar, also where a day has 23 hours", () => {
  const at = (day: number, hour: number) => ({ at: new Date(2026, 2, day, hour).getTime() });
  const days = toDays([at(31, 0), at(30, 23), at(29, 3), at(28, 23), at(1, 1)], [at(31, 11)], NOW, 4);
  assert.deepEqual(
    days.map(({ start, made, failed }) => [new Date(start).getDate(), made, failed]),
    [
      [28, 1, 0],
      [29, 1, 0],
      [30, 1, 0],
      [31, 1, 1],
    ],
  );
});
