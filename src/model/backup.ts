import { type Static, Type } from "typebox";
import { freshness, Nullable } from "./schema.ts";

const time = (description: string) => Type.String({ description: `${description} (RFC 3339)` });

export const BackupTask = Type.Object(
  {
    id: Type.String(),
    node: Type.String({ description: "The node it ran on." }),
    instance: Type.String(),
    type: Type.Union([Type.Literal("qemu"), Type.Literal("lxc"), Type.Literal("vzdump")], {
      description: "Of the guest; vzdump: not known, or a run over several guests that could not be told apart.",
    }),
    vmid: Type.Integer({ description: "0: a run over several guests." }),
    status: Type.String({ description: "OK, running, or what went wrong, as PVE says it." }),
    startTime: time("When it began"),
    endTime: Nullable(time("When it ended; null: it runs")),
    size: Nullable(Type.Number({ description: "bytes of the archive" })),
    error: Nullable(Type.String({ description: "null: it went well, or it runs" })),
    upid: Type.String({ description: "The task at PVE; the tasks of one run over several guests share it." }),
    ...freshness,
  },
  { $id: "BackupTask", description: "A backup run (vzdump) of one guest." },
);
export type BackupTask = Static<typeof BackupTask>;

export const StorageBackup = Type.Object(
  {
    id: Type.String(),
    storage: Type.String(),
    storageId: Type.String({ description: "Id of the storage in `storage`." }),
    node: Type.String({ description: 'The node it lies on; "shared" on a shared storage.' }),
    instance: Type.String(),
    type: Type.Union([Type.Literal("qemu"), Type.Literal("lxc"), Type.Literal("host"), Type.Literal("unknown")]),
    vmid: Type.Integer({ description: "0: not of a guest." }),
    time: time("When it was made"),
    ctime: Type.Number({ description: "The same, s since the Unix epoch." }),
    size: Nullable(Type.Number({ description: "bytes; null: not told" })),
    format: Type.String({ description: "vma.zst, tar.zst, pbs-vm…" }),
    notes: Nullable(Type.String()),
    protected: Type.Boolean(),
    volid: Type.String(),
    isPBS: Type.Boolean({ description: "It lies on a Proxmox Backup Server." }),
    verified: Type.Boolean({ description: "The Backup Server verified it, and it was good." }),
    verification: Nullable(Type.String({ description: "ok or failed; null: not verified" })),
    ...freshness,
  },
  { $id: "StorageBackup", description: "A backup archive on a storage of Proxmox VE." },
);
export type StorageBackup = Static<typeof StorageBackup>;

export const GuestSnapshot = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    node: Type.String({ description: "The node its guest was on when it was seen." }),
    instance: Type.String(),
    type: Type.Union([Type.Literal("qemu"), Type.Literal("lxc")]),
    vmid: Type.Integer(),
    time: Nullable(time("When it was made")),
    description: Nullable(Type.String()),
    parent: Nullable(Type.String({ description: "The snapshot before it." })),
    vmstate: Type.Boolean({ description: "With the memory of the guest." }),
    ...freshness,
  },
  { $id: "GuestSnapshot", description: "A snapshot of a guest." },
);
export type GuestSnapshot = Static<typeof GuestSnapshot>;

export const BackupJob = Type.Object(
  {
    id: Type.String(),
    job: Type.String({ description: "Its name at PVE." }),
    instance: Type.String(),
    enabled: Type.Boolean(),
    schedule: Type.String({ description: "A calendar event of systemd, such as `02:30` or `mon..fri 22:00`." }),
    storage: Nullable(Type.String({ description: "null: the default one" })),
    node: Nullable(Type.String({ description: "null: on all nodes" })),
    guests: Nullable(Type.Array(Type.Integer(), { description: "VMIDs; null: all of the instance, or of `pool`" })),
    excluded: Type.Array(Type.Integer(), { description: "VMIDs left out of all." }),
    pool: Nullable(Type.String()),
    nextRun: Nullable(Type.Number({ description: "ms since the Unix epoch" })),
    comment: Nullable(Type.String()),
    ...freshness,
  },
  { $id: "BackupJob", description: "A scheduled backup of Proxmox VE." },
);
export type BackupJob = Static<typeof BackupJob>;
