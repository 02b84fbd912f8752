import { type Row, toCount, toFlag, toNumber, toRow, toRows, toSeconds, toText } from "../../kit/fields.ts";
import { SECOND } from "../../kit/units.ts";
import type { BackupJob, GuestSnapshot, StorageBackup } from "../../model/backup.ts";
import type { Guest } from "../../model/guest.ts";
import { backupJobId, guestId, guestSnapshotId, replicationJobId, storageBackupId } from "../../model/ids.ts";
import type { Facts, Whole } from "../../model/observation.ts";
import type { ReplicationJob } from "../../model/replication.ts";
import type { Storage } from "../../model/storage.ts";
import { LookFailed } from "../source.ts";

function listOf(data: unknown, what: string): Row[] {
  const rows = toRows(data);
  if (rows === null) throw new LookFailed("garbled", `${what} were answered without a list`);
  return rows;
}

function isoOf(seconds: number): string {
  return new Date(seconds * SECOND).toISOString();
}

/** So many archives are a step: a few milliseconds. */
const STEP = 500;

/** Translates the backups of `GET /nodes/{node}/storage/{storage}/content`, in steps: they may be tens of thousands. Throws LookFailed. */
export function* toArchives(
  data: unknown,
  storage: Facts<Storage>,
  instance: string,
): Generator<void, Whole<StorageBackup>[]> {
  const archives: Whole<StorageBackup>[] = [];
  let done = 0;
  for (const row of listOf(data, `The backups on "${storage.storage ?? ""}"`)) {
    const archive = toArchive(row, storage, instance);
    if (archive) archives.push(archive);
    if (++done % STEP === 0) yield;
  }
  return archives;
}

/** null: it is no backup. */
function toArchive(row: Row, storage: Facts<Storage>, instance: string): Whole<StorageBackup> | null {
  const volid = toText(row.volid);
  const ctime = toSeconds(row.ctime);
  if (volid === null || ctime === null || (row.content !== undefined && row.content !== "backup")) return null;
  const volume = volid.slice(volid.indexOf(":") + 1);
  const state = toText(toRow(row.verification)?.state);
  return {
    id: storageBackupId(storage.id, volume),
    storage: storage.storage ?? "",
    storageId: storage.id,
    node: storage.node ?? "",
    instance,
    ...ownerOf(row, volume),
    time: isoOf(ctime),
    ctime,
    size: toNumber(row.size),
    format: toText(row.format) ?? "",
    notes: toText(row.notes) ?? toText(row.comment),
    protected: toFlag(row.protected),
    volid,
    isPBS: storage.type === "pbs" || (toText(row.format) ?? "").startsWith("pbs-"),
    verified: state === "ok",
    verification: state,
  };
}

const KIND_OF_WORD: ReadonlyMap<string, StorageBackup["type"]> = new Map([
  ["qemu", "qemu"],
  ["vm", "qemu"],
  ["lxc", "lxc"],
  ["openvz", "lxc"],
  ["ct", "lxc"],
  ["host", "host"],
]);

/** Whose backup it is, by its volume: `backup/vzdump-qemu-100-…` of files, `backup/vm/100/…` of a Backup Server (host ids are names). */
function ownerOf(row: Row, volume: string): Pick<StorageBackup, "type" | "vmid"> {
  const [, file, fileId] = /(?:^|\/)vzdump-(\w+)-(\d+)-/.exec(volume) ?? [];
  const [, group, groupId] = /(?:^|\/)(vm|ct|host)\/([^/]+)\//.exec(volume) ?? [];
  const type = KIND_OF_WORD.get(toText(row.subtype) ?? file ?? group ?? "") ?? "unknown";
  const vmid = toCount(row.vmid) ?? toCount(fileId ?? groupId) ?? 0;
  return { type, vmid: type === "host" ? 0 : vmid };
}

/** Translates `GET …/snapshot` of a guest; "current" is no snapshot, but where the guest stands. Throws LookFailed. */
export function toSnapshots(data: unknown, guest: Facts<Guest>, instance: string): Whole<GuestSnapshot>[] {
  const { vmid = 0, type = "qemu", node = "" } = guest;
  return listOf(data, `The snapshots of guest ${vmid}`).flatMap(row => {
    const name = toText(row.name);
    if (name === null || name === "current") return [];
    const seconds = toSeconds(row.snaptime);
    return [
      {
        id: guestSnapshotId(guestId(instance, vmid), name),
        name,
        node,
        instance,
        type,
        vmid,
        time: seconds === null ? null : isoOf(seconds),
        description: toText(row.description)?.trim() || null,
        parent: toText(row.parent),
        vmstate: toFlag(row.vmstate),
      },
    ];
  });
}

/** Translates `GET /cluster/backup`. A job is for all guests, for a pool, or for those named; `enabled` absent means yes. */
export function toBackupJobs(data: unknown, instance: string): Whole<BackupJob>[] {
  return listOf(data, "The backup jobs").flatMap(row => {
    const job = toText(row.id);
    if (job === null) return [];
    const next = toSeconds(row["next-run"]);
    const days = toText(row.dow);
    return [
      {
        id: backupJobId(instance, job),
        job,
        instance,
        enabled: row.enabled === undefined || toFlag(row.enabled),
        schedule: toText(row.schedule) ?? [days, toText(row.starttime)].filter(text => text !== null).join(" "),
        storage: toText(row.storage),
        node: toText(row.node),
        guests: toFlag(row.all) || toText(row.pool) !== null ? null : vmidsOf(row.vmid),
        excluded: vmidsOf(row.exclude),
        pool: toText(row.pool),
        nextRun: next === null ? null : next * SECOND,
        comment: toText(row.comment),
      },
    ];
  });
}

function vmidsOf(value: unknown): number[] {
  return String(value ?? "")
    .split(/[,; ]+/)
    .flatMap(text => toCount(text) ?? []);
}

/** The VMIDs in `GET /cluster/backup-info/not-backed-up`. */
export function toNotBackedUp(data: unknown): Set<number> {
  return new Set(listOf(data, "The guests without a backup job").flatMap(row => toNumber(row.vmid) ?? []));
}

/** Translates `GET /nodes/{node}/replication`: jobs that this node sends. Zeros stand for "never". Throws LookFailed. */
export function toReplicationJobs(data: unknown, instance: string, node: string): Whole<ReplicationJob>[] {
  const instant = (value: unknown) => (toSeconds(value) ?? 0) * SECOND || null;
  return listOf(data, `The replication jobs of "${node}"`).flatMap(row => {
    const job = toText(row.id);
    const vmid = toCount(row.guest) ?? toCount(job?.split("-")[0]);
    if (job === null || vmid === null || (toText(row.source) ?? node) !== node) return [];
    return [
      {
        id: replicationJobId(instance, job),
        job,
        instance,
        node,
        target: toText(row.target) ?? "",
        vmid,
        schedule: toText(row.schedule),
        enabled: !toFlag(row.disable),
        lastSync: instant(row.last_sync),
        lastTry: instant(row.last_try),
        nextSync: instant(row.next_sync),
        duration: toNumber(row.duration),
        failures: toNumber(row.fail_count) ?? 0,
        error: toText(row.error)?.trim() ?? null,
      },
    ];
  });
}
