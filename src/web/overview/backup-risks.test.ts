import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR } from "../../kit/units.ts";
import type { BackupTask, StorageBackup } from "../../model/backup.ts";
import type { BackupServer } from "../../model/backup-server.ts";
import type { Guest } from "../../model/guest.ts";
import type { PbsBackup } from "../../model/pbs-backup.ts";
import { emptyPicture, type Picture } from "../../model/picture.ts";
import type { Storage } from "../../model/storage.ts";
import { type BackupRisks, findingRisks } from "./backup-risks.ts";

const NOW = Date.UTC(2026, 0, 31, 12);

function toBackupRisks(picture: Picture, now: number): BackupRisks {
  const steps = findingRisks(picture, now);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** What is known of guest 1: all is well unless a case says otherwise. */
function estate(draw: (put: Puts, picture: Picture) => void, guest: Partial<Guest> = {}): Picture {
  const picture = emptyPicture();
  const made = {
    id: "home:guest:1",
    vmid: 1,
    name: "web",
    instance: "home",
    node: "pve1",
    template: false,
    inBackupJob: true,
  };
  picture.vms["home:guest:1"] = { ...made, ...guest } as Guest;
  let number = 0;
  const puts: Puts = {
    served(ago, verification = "ok") {
      number += 1;
      const backupTime = new Date(NOW - ago).toISOString();
      picture.pbsBackups[number] = {
        id: String(number),
        guestId: "home:guest:1",
        backupTime,
        verification,
      } as PbsBackup;
    },
    stored(ago, fields = {}) {
      number += 1;
      const one = { id: String(number), instance: "home", vmid: 1, ctime: (NOW - ago) / 1000, isPBS: false, ...fields };
      picture.storageBackups[number] = one as StorageBackup;
    },
    run(ago, error) {
      number += 1;
      const endTime = new Date(NOW - ago).toISOString();
      picture.backupTasks[number] = { id: String(number), instance: "home", vmid: 1, error, endTime } as BackupTask;
    },
  };
  draw(puts, picture);
  return picture;
}
function unread(picture: Picture, reason: string | null, instance = "home"): void {
  picture.storage.nas = { id: "nas", instance, nodes: ["pve1"], unread: { archives: reason } } as unknown as Storage;
}
interface Puts {
  served(ago: number, verification?: string | null): void;
  stored(ago: number, fields?: Partial<StorageBackup>): void;
  run(ago: number, error: string | null): void;
}

const CASES: readonly [says: string, picture: Picture, kinds: string[]][] = [
  ["one of this night is well", estate(put => put.served(10 * HOUR)), []],
  ["one on a storage is as good", estate(put => put.stored(10 * HOUR)), []],
  ["none, though a job covers it", estate(() => {}), ["none"]],
  ["none, and no job does", estate(() => {}, { inBackupJob: false }), ["uncovered"]],
  [
    "a backup that somebody made by hand is no job",
    estate(put => put.served(HOUR), { inBackupJob: false }),
    ["uncovered"],
  ],
  ["three days old", estate(put => put.served(3 * DAY)), ["old"]],
  [
    "the newest one is bad, whatever lies behind it",
    estate(put => {
      put.served(HOUR, "failed");
      put.served(DAY);
    }),
    ["bad"],
  ],
  [
    "a bad one behind a good one is over",
    estate(put => {
      put.served(HOUR);
      put.served(DAY, "failed");
    }),
    [],
  ],
  [
    "the storage that leads to the server tells nothing new",
    estate(put => {
      put.served(HOUR, "failed");
      put.stored(HOUR, { isPBS: true, verification: null });
    }),
    ["bad"],
  ],
  [
    "the last run failed",
    estate(put => {
      put.served(DAY);
      put.run(2 * HOUR, "no space left");
    }),
    ["failed"],
  ],
  [
    "a run that failed before a good backup is over",
    estate(put => {
      put.served(HOUR);
      put.run(2 * HOUR, "no space left");
    }),
    [],
  ],
  [
    "nothing of the last week was checked, though others are",
    estate(put => {
      for (let days = 0; days < 9; days++) put.served(days * DAY + HOUR, days === 8 ? "ok" : null);
      put.served(0.5 * HOUR, null);
    }),
    [],
  ],
  ["a storage that has not been read yet may hold one", estate((_, picture) => unread(picture, null)), ["unread"]],
  [
    "a newer one than an old one, or a bad one",
    estate((put, picture) => {
      put.served(3 * DAY, "failed");
      unread(picture, null);
    }),
    ["unread"],
  ],
  ["what cannot be read says why", estate((_, picture) => unread(picture, "refused")), ["unknown"]],
  [
    "what is good is good, whatever more there is",
    estate((put, picture) => {
      put.served(HOUR);
      unread(picture, null);
    }),
    [],
  ],
  [
    "a Backup Server that has not been read yet may hold one, too",
    estate((_, picture) => {
      picture.pbs.vault = {
        id: "vault",
        unread: { main: null },
        ...{ syncJobs: [], verifyJobs: [], pruneJobs: [], garbageJobs: [] },
      } as unknown as BackupServer;
    }),
    ["unread"],
  ],
  ["another cluster's storage does not matter", estate((_, picture) => unread(picture, null, "office")), ["none"]],
  ["a template needs none", estate(() => {}, { template: true }), []],
];

test("which guests' backups are at risk, and why", () => {
  for (const [says, picture, kinds] of CASES)
    assert.deepEqual(
      toBackupRisks(picture, NOW).risks.map(({ kind }) => kind),
      kinds,
      says,
    );
});

test("a guest of which nothing was checked for a week is told, once anything at all is checked", () => {
  const picture = estate(put => {
    for (let days = 0; days < 9; days++) put.served(days * DAY + HOUR, null);
  });
  assert.deepEqual(toBackupRisks(picture, NOW).risks, [], "nobody checks anything");
  picture.vms["home:guest:2"] = { id: "home:guest:2", name: "db", template: false, inBackupJob: true } as Guest;
  picture.pbsBackups.other = {
    ...{ id: "other", guestId: "home:guest:2", verification: "ok", backupTime: new Date(NOW - HOUR).toISOString() },
  } as PbsBackup;
  assert.deepEqual(
    toBackupRisks(picture, NOW).risks.map(({ kind, guests }) => [kind, guests.map(({ name }) => name)]),
    [["unverified", ["web"]]],
  );
});
