import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR } from "../../kit/units.ts";
import type { BackupTask, StorageBackup } from "../../model/backup.ts";
import type { PbsBackup } from "../../model/pbs-backup.ts";
import type { Picture } from "../../model/picture.ts";
import { guestsOf } from "../overview/rows.ts";
import { samplePicture, toGuest } from "../overview/sample.ts";
import { atRisk, failuresOf, toDays, toGuestBackups, toRecent } from "./backup-rows.ts";
import { areNamedAlike, type FoundBackups, findingBackups, foundBefore, toNamed } from "./finding-backups.ts";

const NOW = new Date(2026, 2, 31, 12).getTime();
const FRESH = { lastSeen: 1, stale: false, fault: null };

function find(picture: Picture): FoundBackups {
  const steps = findingBackups(picture, guestsOf(picture).map(toNamed));
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

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
  const backups = find(sample).all;
  assert.deepEqual(
    backups.map(({ id, title, place }) => [id, title, place]),
    [
      ["s2", "web", "home: nas"],
      ["p1", "web", "vault: main"],
    ],
  );
  assert.equal(backups[0]?.size, null, "a size that is not told is unknown");
});

test("backups of one moment are in the order of their names, as their table has them; of each guest the newest is known", () => {
  const { sample, stored } = picture();
  stored("a", 100, NOW - DAY, false);
  stored("b", 101, NOW - DAY, false);
  stored("c", 100, NOW - 40 * DAY, false);
  stored("d", 101, NOW - HOUR, false);
  stored("e", 777, NOW - HOUR, false);
  const { all, byGuest } = find(sample);
  assert.deepEqual(
    all.map(({ id }) => id),
    ["d", "e", "b", "a", "c"],
  );
  assert.deepEqual(
    [...byGuest].map(([id, { newest, count }]) => [id, newest.id, count]),
    [
      ["home:guest:101", "d", 2],
      ["home:guest:100", "a", 2],
    ],
  );
});

test("backups are found in steps that no reader feels, as of one moment", () => {
  const { sample, pbs, stored } = picture();
  for (let at = 0; at < 3000; at++) {
    pbs(`p${at}`, 100, NOW - at * HOUR, "home:guest:100");
    stored(`s${at}`, 101, NOW - at * HOUR, false);
  }
  const steps = findingBackups(sample, guestsOf(sample).map(toNamed));
  let [count, step] = [0, steps.next()];
  for (; !step.done; step = steps.next()) {
    count += 1;
    if (count === 1) sample.storageBackups = {};
  }
  assert.equal(step.value.all.length, 6000);
  assert.ok(count > 6000 / 500, `${count} steps`);
});

test("a backup that is as it was is the same one, and so is the list; what has changed or is called otherwise is another", () => {
  const { sample, stored } = picture();
  stored("a", 100, NOW - DAY, false);
  stored("b", 101, NOW - HOUR, false);
  const first = find(sample);
  assert.equal(foundBefore(sample), first);
  assert.equal(find(sample), first);
  const web = sample.vms["home:guest:100"];
  assert.ok(web);
  sample.vms[web.id] = { ...web, name: "www" };
  sample.version += 1;
  const second = find(sample);
  assert.deepEqual(
    second.all.map((one, at) => [one.title, one === first.all[at]]),
    [
      ["db", true],
      ["www", false],
    ],
  );
  assert.equal(second.byGuest.get(web.id)?.newest.title, "www");
  const b = sample.storageBackups.b;
  assert.ok(b);
  sample.storageBackups.b = { ...b, size: 7 };
  assert.equal(find(sample).all[0]?.size, 7);
  sample.vms["home:guest:102"] = toGuest({ vmid: 102, name: "new" });
  sample.version += 1;
  const [third, fourth] = [find(sample), find(sample)];
  assert.ok(third.guests.has("home:guest:102"));
  assert.equal(fourth, third);
  delete sample.storageBackups.b;
  assert.deepEqual(
    find(sample).all.map(({ id }) => id),
    ["a"],
  );
  assert.equal(foundBefore(picture().sample), null, "of another picture nothing is known");
});

test("by numbers that change no backup is called otherwise, but by a new name, and by a guest that comes or goes", () => {
  const [web, db] = [toGuest({ vmid: 100, name: "web" }), toGuest({ vmid: 101, name: "db" })];
  assert.ok(areNamedAlike([web, db], [{ ...web, cpu: 0.9 }, db].map(toNamed)));
  assert.ok(!areNamedAlike([web, db], [web, { ...db, name: "database" }]));
  assert.ok(!areNamedAlike([web, db], [web]));
  assert.ok(!areNamedAlike([web], [web, db]));
});

test("a backup of a guest that is not certain is nobody's", () => {
  const { sample, pbs } = picture();
  pbs("p1", 100, NOW, null);
  const [backup] = find(sample).all;
  assert.deepEqual([backup?.guest, backup?.title], [null, "vm/100"]);
});

test("every guest that is no template has its line, also without a backup", () => {
  const { sample, stored } = picture();
  stored("s1", 100, NOW - DAY, false);
  stored("s2", 100, NOW - HOUR, false);
  const rows = toGuestBackups(sample, find(sample));
  assert.deepEqual(
    rows.map(({ guest, last, count }) => [guest.name, last?.id, count]),
    [
      ["web", "s2", 2],
      ["db", undefined, 0],
    ],
  );
});

test("a guest that came after the backups were found is not told to have none", () => {
  const { sample } = picture();
  const found = find(sample);
  sample.vms["home:guest:102"] = toGuest({ vmid: 102, name: "new" });
  sample.version += 1;
  assert.deepEqual(
    toGuestBackups(sample, found).map(({ guest }) => guest.name),
    ["web", "db"],
  );
});

test("guests without a recent backup, or with a bad one, are at risk", () => {
  const { sample, pbs } = picture();
  pbs("p1", 100, NOW - HOUR, "home:guest:100");
  const risky = () => atRisk(toGuestBackups(sample, find(sample)), NOW).map(({ guest }) => guest.name);
  assert.deepEqual(risky(), ["db"]);
  pbs("p2", 101, NOW - 3 * DAY, "home:guest:101");
  assert.deepEqual(risky(), ["db"]);
  pbs("p3", 101, NOW - HOUR, "home:guest:101");
  assert.deepEqual(risky(), []);
  const bad = sample.pbsBackups.p3;
  assert.ok(bad);
  sample.pbsBackups.p3 = { ...bad, verification: "failed" };
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
    toRecent(failuresOf(sample, find(sample).guests), NOW).map(({ subject, error, times, shows }) => [
      subject,
      error,
      times,
      shows,
    ]),
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
