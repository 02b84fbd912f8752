import type { Guest } from "../model/guest.ts";
import { isBackupRecent, unknownBackups } from "../model/not-known.ts";
import type { BackupGap } from "../model/pbs-backup.ts";
import type { Picture } from "../model/picture.ts";

type Seen = Pick<Picture, "vms" | "containers" | "storage" | "pbs" | "lastUpdate">;

/** Guests without a recent backup as of the picture's own time; templates do not change and need none. */
export function toBackupGaps(picture: Seen): BackupGap[] {
  const notKnown = unknownBackups(picture);
  return withoutRecent(picture)
    .filter(guest => notKnown(guest) === null)
    .map(({ id, instance, vmid, name, lastBackup }): BackupGap => ({ guestId: id, instance, vmid, name, lastBackup }))
    .sort((a, b) => (a.lastBackup ?? 0) - (b.lastBackup ?? 0) || (a.guestId < b.guestId ? -1 : 1));
}

/** Of how many guests it is not known whether they have a recent backup. */
export function countUnknownBackups(picture: Seen): number {
  const notKnown = unknownBackups(picture);
  return withoutRecent(picture).filter(guest => notKnown(guest) !== null).length;
}

function withoutRecent({ vms, containers, lastUpdate }: Seen): Guest[] {
  return [...Object.values(vms), ...Object.values(containers)].filter(
    ({ template, lastBackup }) => !template && !isBackupRecent(lastBackup, lastUpdate),
  );
}
