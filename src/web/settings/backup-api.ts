import type { BACKUP_ROUTES } from "../../contract/backup-routes.ts";
import type { AnswerOf } from "../../contract/route.ts";
import type { TRANSFER_ROUTES } from "../../contract/transfer-routes.ts";
import type { OwnBackup } from "../../model/own-backup.ts";
import { ask, type Refused } from "../live/ask.ts";

export type BackupState = AnswerOf<(typeof BACKUP_ROUTES)["ownBackups"]>;
export type Imported = AnswerOf<(typeof TRANSFER_ROUTES)["importConfig"]>;

/** A large database is copied and read through for minutes. */
const LONG = 10 * 60_000;

export function readBackups(): Promise<BackupState | Refused> {
  return ask("GET", "api/system/backups");
}

export function makeBackup(): Promise<OwnBackup | Refused> {
  return ask("POST", "api/system/backups", {}, LONG);
}

export function removeBackup(name: string): Promise<{ success: true } | Refused> {
  return ask("DELETE", `api/system/backups/${encodeURIComponent(name)}`);
}

/** Where a browser gets the file. */
export function backupUrl(name: string): string {
  return `api/system/backups/${encodeURIComponent(name)}`;
}

export function exportConfig(passphrase: string): Promise<{ data: string } | Refused> {
  return ask("POST", "api/config/export", { passphrase }, LONG);
}

export function importConfig(data: string, passphrase: string, dryRun: boolean): Promise<Imported | Refused> {
  return ask("POST", `api/config/import${dryRun ? "?dryRun=true" : ""}`, { data, passphrase }, LONG);
}
