import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR, SECOND } from "../../kit/units.ts";
import type { Guest } from "../../model/guest.ts";
import { emptyPicture, type Picture } from "../../model/picture.ts";
import type { Storage } from "../../model/storage.ts";
import { backupAge, proxmoxFamilies } from "./proxmox-families.ts";

const NOW = Date.UTC(2026, 0, 31);

/** Guests 1 and 2, last backed up an hour and nine days ago. */
function picture(unread: Storage["unread"]): Picture {
  const empty = { ...emptyPicture(), lastUpdate: NOW };
  for (const [vmid, age] of [
    [1, HOUR],
    [2, 9 * DAY],
  ] as const) {
    const guest = { id: `home:guest:${vmid}`, vmid, instance: "home", node: "pve1", type: "qemu" };
    empty.vms[guest.id] = { ...guest, lastBackup: NOW - age, stale: true } as Guest;
  }
  empty.storage.nas = { instance: "home", nodes: ["pve1"], unread, stale: true } as unknown as Storage;
  return empty;
}

function told(unread: Storage["unread"]): Record<string, unknown[]> {
  const families = [...proxmoxFamilies(picture(unread)), backupAge(picture(unread), NOW)];
  const valuesOf = (name: string) =>
    [...(families.find(family => family.name === name)?.samples ?? [])].map(([, value]) => value);
  return Object.fromEntries(
    ["pulse_guest_backup_age_seconds", "pulse_guest_last_backup_timestamp_seconds", "pulse_guest_backups_known"].map(
      name => [name.replace("pulse_guest_", ""), valuesOf(name)],
    ),
  );
}

test("the age of a newest backup is told when it is known to be the newest, or young", () => {
  const at = (age: number) => (NOW - age) / SECOND;
  assert.deepEqual(told(null), {
    backup_age_seconds: [HOUR / SECOND, (9 * DAY) / SECOND],
    last_backup_timestamp_seconds: [at(HOUR), at(9 * DAY)],
    backups_known: [true, true],
  });
  for (const unread of [{ archives: null }, { archives: "refused" }])
    assert.deepEqual(told(unread), {
      backup_age_seconds: [HOUR / SECOND, null],
      last_backup_timestamp_seconds: [at(HOUR), null],
      backups_known: [false, false],
    });
});
