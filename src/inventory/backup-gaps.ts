import { DAY } from "../kit/units.ts";
import type { BackupGap } from "../model/pbs-backup.ts";
import type { Picture } from "../model/picture.ts";

/** A backup older than this is none: a daily job has then failed twice. */
const RECENT = 2 * DAY;

/** Guests without a recent backup as of the picture's own time; templates do not change and need none. */
export function toBackupGaps({ vms, containers, lastUpdate }: Pick<Picture, "vms" | "containers" | "lastUpdate">) {
  return [...Object.values(vms), ...Object.values(containers)]
    .filter(({ template, lastBackup }) => !template && (lastBackup === null || lastUpdate - lastBackup > RECENT))
    .map(({ id, instance, vmid, name, lastBackup }): BackupGap => ({ guestId: id, instance, vmid, name, lastBackup }))
    .sort((a, b) => (a.lastBackup ?? 0) - (b.lastBackup ?? 0) || (a.guestId < b.guestId ? -1 : 1));
}
