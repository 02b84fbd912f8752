import { type Static, Type } from "typebox";
import type { Instant } from "../kit/units.ts";
import { InstantField } from "./schema.ts";

/** Asked for by a person, or made by the clock: those are let go of again. */
export const BackupKind = Type.Union([Type.Literal("manual"), Type.Literal("scheduled")]);
export type BackupKind = Static<typeof BackupKind>;

/** A backup of Pulse's own database. It was found sound after it was written, or it would not be there. */
export const OwnBackup = Type.Object(
  {
    name: Type.String({ description: "Of its file" }),
    kind: BackupKind,
    at: InstantField("When it was made"),
    size: Type.Number({ description: "bytes" }),
  },
  { $id: "OwnBackup" },
);
export type OwnBackup = Static<typeof OwnBackup>;

const NAME = /^pulse-(manual|scheduled)-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z\.db$/;

/** The name of a backup's file; it says what the backup is, so that nothing else has to be kept of it. */
export function backupName(kind: BackupKind, at: Instant): string {
  return `pulse-${kind}-${new Date(at).toISOString().slice(0, 19).replaceAll(":", "-")}Z.db`;
}

/** What a file's name says; null: it is none of a backup. */
export function readBackupName(name: string): Pick<OwnBackup, "kind" | "at"> | null {
  const [, kind, day, hours, minutes, seconds] = NAME.exec(name) ?? [];
  const at = Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`);
  return kind === undefined || Number.isNaN(at) ? null : { kind: kind as BackupKind, at };
}
