import { type Row, toFlag, toNumber, toRow, toRows, toSeconds, toText } from "../../kit/fields.ts";
import { SECOND } from "../../kit/units.ts";
import { namespaceId, pbsBackupId } from "../../model/ids.ts";
import type { Whole } from "../../model/observation.ts";
import type { PbsBackup } from "../../model/pbs-backup.ts";
import { LookFailed } from "../source.ts";

const TYPES = ["vm", "ct", "host"] as const;
/** More snapshots of one namespace are not kept in memory, the oldest are left out: about 10 MB. */
export const MOST_SNAPSHOTS = 20_000;

/** So many snapshots are a step: a few milliseconds. */
const STEP = 500;

/**
 * Translates `GET …/snapshots` of one namespace, the newest first, in steps. Size, owner, comment and verification may be missing. A host's
 * group is called by its name, which may be a number and still is no VMID. Throws LookFailed.
 */
export function* toSnapshots(
  data: unknown,
  instance: string,
  datastore: string,
  namespace: string,
): Generator<void, Whole<PbsBackup>[]> {
  const rows = toRows(data);
  if (rows === null) throw new LookFailed("garbled", `The snapshots of "${datastore}" were answered without a list`);
  const place = namespaceId(instance, datastore, namespace);
  const dated = rows.flatMap(row => toDated(row) ?? []).sort((a, b) => b.time - a.time);
  const snapshots: Whole<PbsBackup>[] = [];
  for (const { row, type, id, time } of dated.slice(0, MOST_SNAPSHOTS)) {
    const state = toText(toRow(row.verification)?.state);
    snapshots.push({
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
    });
    if (snapshots.length % STEP === 0) yield;
  }
  return snapshots;
}

/** null: what it is of, or when it was made, is not told. */
function toDated(row: Row): { row: Row; type: (typeof TYPES)[number]; id: string; time: number } | null {
  const type = TYPES.find(known => known === row["backup-type"]);
  const [id, time] = [toText(row["backup-id"]), toSeconds(row["backup-time"])];
  return type !== undefined && id !== null && time !== null ? { row, type, id, time } : null;
}
