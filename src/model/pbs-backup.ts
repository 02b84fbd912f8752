import { type Static, Type } from "typebox";
import { freshness, Nullable } from "./schema.ts";

export const PbsBackup = Type.Object(
  {
    id: Type.String(),
    instance: Type.String({ description: "The Backup Server." }),
    datastore: Type.String(),
    namespace: Type.String({ description: "Empty: the root." }),
    backupType: Type.Union([Type.Literal("vm"), Type.Literal("ct"), Type.Literal("host")]),
    vmid: Type.String({ description: "The VMID; of a host, its name." }),
    backupTime: Type.String({ description: "When it was made (RFC 3339)." }),
    size: Nullable(Type.Number({ description: "bytes; null: not told, as while it is being written" })),
    protected: Type.Boolean(),
    verified: Type.Boolean({ description: "It was checked, and was good." }),
    verification: Nullable(Type.String({ description: "ok or failed; null: not checked" })),
    comment: Nullable(Type.String()),
    owner: Nullable(Type.String()),
    guestId: Nullable(Type.String({ description: "The guest that it is a backup of; null: none that is certain" })),
    ...freshness,
  },
  { $id: "PbsBackup", description: "A snapshot on a Backup Server." },
);
export type PbsBackup = Static<typeof PbsBackup>;

export const BackupGap = Type.Object(
  {
    guestId: Type.String(),
    instance: Type.String(),
    vmid: Type.Integer(),
    name: Type.String(),
    lastBackup: Nullable(Type.Number({ description: "ms since the Unix epoch; null: no backup is known" })),
  },
  { $id: "BackupGap", description: "A guest whose newest backup is older than two days, or that has none." },
);
export type BackupGap = Static<typeof BackupGap>;
