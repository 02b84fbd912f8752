import { toFlag, toNumber, toRow, toRows, toText } from "../../kit/fields.ts";
import { SECOND } from "../../kit/units.ts";
import { namespaceId, pbsBackupId } from "../../model/ids.ts";
import type { Whole } from "../../model/observation.ts";
import type { PbsBackup } from "../../model/pbs-backup.ts";
import { LookFailed } from "../source.ts";

const TYPES = ["vm", "ct", "host"] as const;
/** More snapshots of one namespace are not kept in memory, the oldest are left out: about 10 MB. */
export const MOST_SNAPSHOTS = 20_000;

/**
 * Translates `GET …/snapshots` of one namespace, the newest first. Size, owner, comment and verification may be missing. A host's group is
 * called by its name, which may be a number and still is no VMID. Throws LookFailed.
 */
export function toSnapshots(data: unknown, instance: string, datastore: string, namespace: string): Whole<PbsBackup>[] {
  const rows = toRows(data);
  if (rows === null) throw new LookFailed("garbled", `The snapshots of "${datastore}" were answered without a list`);
  const place = namespaceId(instance, datastore, namespace);
  const dated = rows.flatMap(row => {
    const type = TYPES.find(known => known === row["backup-type"]);
    const [id, time] = [toText(row["backup-id"]), toNumber(row["backup-time"])];
    return type !== undefined && id !== null && time !== null ? [{ row, type, id, time }] : [];
  });
  return dated
    .sort((a, b) => b.time - a.time)
    .slice(0, MOST_SNAPSHOTS)
    .map(({ row, type, id, time }) => {
      const state = toText(toRow(row.verification)?.state);
      return {
        id: pbsBackupId(place, `${type}/${id}`, time),
        instance,
        datastore,
        namespace,
        backupType: type,
        vmid: id,
        backupTime: new Date(time * SECOND).toISOString(),
        size: toNumber(row.size),
        protected: toFlag(row.protected),
        verified: state === "ok",
        verification: state,
        comment: toText(row.comment),
        owner: toText(row.owner),
      };
    });
}
