import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { CommandOutcome } from "./account-command.ts";
import type { Backups } from "./backup-desk.ts";
import type { Clock } from "./kit/clock.ts";
import { MIB } from "./kit/units.ts";
import type { OwnBackup } from "./model/own-backup.ts";
import { onFolder } from "./on-folder.ts";
import { BACKUP_FOLDER, BackupFailed, BackupFolder, listBackups } from "./settings/backup-folder.ts";
import { BadSettings } from "./settings/bad-settings.ts";
import { readLegacyFolder } from "./settings/legacy-folder.ts";
import { MOCK_FOLDER } from "./settings/mock-choice.ts";
import { KEY_FILE } from "./settings/seal.ts";
import { DATABASE_FILE, Database, StoreError } from "./store/database.ts";
import { restoreDatabase } from "./store/restore.ts";
import type { ImportDocument, ServerTransfer } from "./transfer-desk.ts";

/** What the command line may ask of the data as a whole. Paths are absolute. */
export type FolderCommand =
  | { kind: "import"; path: string; passphrase: string | null; dryRun: boolean }
  | { kind: "export"; path: string; passphrase: string | null }
  /** null: among those of the data folder. */
  | { kind: "backup"; path: string | null }
  | { kind: "backups" }
  /**
   * `name`: as it was typed, which may be that of one in the data folder. `ifNeeded`: only where this version cannot use the database that
   * there is.
   */
  | { kind: "restore"; path: string; name: string; ifNeeded: boolean };

export const FOLDER_COMMANDS: readonly string[] = ["import", "export", "backup", "backups", "restore"];
const USAGE =
  "import FOLDER | import FILE --passphrase-stdin | export FILE --passphrase-stdin | backup [FILE] | backups | restore FILE|NAME|latest";
const LATEST = "latest";
const OPTIONS: readonly string[] = ["--passphrase-stdin", "--dry-run", "--if-needed"];
const SHORTEST = 12;

/** The command that `args` spell; a sentence when they spell none. `typed`: the passphrase, where it was to be read. */
export function toFolderCommand(args: readonly string[], typed: string | null): FolderCommand | string {
  const [kind, path, ...more] = args.filter(arg => !arg.startsWith("--"));
  const unknown = args.find(arg => arg.startsWith("--") && !OPTIONS.includes(arg));
  if (unknown !== undefined) return `Unknown option "${unknown}"`;
  if (more.length > 0) return USAGE;
  if (path === undefined) return kind === "backups" ? { kind } : kind === "backup" ? { kind, path: null } : USAGE;
  const absolute = resolve(path);
  if (kind === "export" && (typed === null || typed.length < SHORTEST))
    return `--passphrase-stdin: give a passphrase of ${SHORTEST} characters or more on standard input`;
  if (kind === "import") return { kind, path: absolute, passphrase: typed, dryRun: args.includes("--dry-run") };
  if (kind === "export") return { kind, path: absolute, passphrase: typed };
  if (kind === "restore") return { kind, path: absolute, name: path, ifNeeded: args.includes("--if-needed") };
  return kind === "backup" ? { kind, path: absolute } : USAGE;
}

/** Within the server. */
export async function runFolderCommand(
  command: FolderCommand,
  { database, backups, transfer }: { database: Database; backups: Backups; transfer: ServerTransfer },
): Promise<CommandOutcome> {
  try {
    if (command.kind === "restore") return { ok: false, text: "Pulse is running: stop it first" };
    if (command.kind === "backups") return tellBackups(backups.folder.path);
    if (command.kind === "backup")
      return command.path === null
        ? await backupBeside(() => backups.make("manual"), backups.folder.path)
        : await backup(database, command.path);
    if (command.kind === "import") return toOutcome(await importFrom(command, transfer), command.dryRun);
    const outcome = await transfer.desk.export(command.passphrase ?? "");
    if ("refused" in outcome) return { ok: false, text: outcome.message };
    writeFileSync(command.path, `${outcome.data}\n`, { mode: 0o600, flag: "wx" });
    return { ok: true, text: `Exported to ${command.path}` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !("path" in command)) throw error;
    return {
      ok: false,
      text: `${command.path}: ${code === "EEXIST" ? "is there already" : `cannot be used (${code})`}`,
    };
  }
}

/** From the command line, with the server running or not; imports and exports only while it runs. */
export async function runOnDataFolder(dataDir: string, command: FolderCommand, clock: Clock): Promise<CommandOutcome> {
  if (command.kind === "restore" && command.ifNeeded) return restoreIfNeeded(command.path, dataDir, clock);
  const folder = join(dataDir, BACKUP_FOLDER);
  if (command.kind === "backups") return tellBackups(folder);
  const from = command.kind === "restore" ? toBackup(command, folder) : null;
  if (command.kind === "restore" && from === null)
    return {
      ok: false,
      text: `There is no "${command.path}", and in ${folder} no backup of that name; try: pulse backups`,
    };
  if (from !== null && !existsSync(join(dataDir, DATABASE_FILE))) {
    mkdirSync(dataDir, { recursive: true });
    return restore(from, dataDir, clock);
  }
  return onFolder(dataDir, clock, command, database => {
    if (command.kind === "backup") {
      const beside = () =>
        new BackupFolder(database, dataDir).make("manual", clock.now(), new AbortController().signal);
      return command.path === null ? backupBeside(beside, folder) : backup(database, command.path);
    }
    if (from === null) return { ok: false, text: "Pulse is not running: start it first" };
    database[Symbol.dispose]();
    return restore(from, dataDir, clock);
  });
}

/** For who goes back to this version from a newer one, while Pulse does not run. */
function restoreIfNeeded(path: string, dataDir: string, clock: Clock): CommandOutcome {
  const stamp = String(clock.now());
  // Of a simulated estate, nothing is worth going back to.
  if (!canUse(join(dataDir, MOCK_FOLDER), stamp)) rmSync(join(dataDir, MOCK_FOLDER), { recursive: true, force: true });
  if (canUse(dataDir, stamp))
    return { ok: true, text: "The database is one that this version can use: nothing was changed" };
  return existsSync(path) ? restore(path, dataDir, clock) : { ok: false, text: `There is no "${path}"` };
}

/** Whether this version can use the database in a folder; where there is none, it makes one. */
function canUse(folder: string, stamp: string): boolean {
  if (!existsSync(join(folder, DATABASE_FILE))) return true;
  try {
    using database = Database.open(folder, stamp);
    return database.setAside === null;
  } catch (error) {
    if (error instanceof StoreError && error.fault === "too-new") return false;
    throw error;
  }
}

/** The file that is meant; null: there is none. */
function toBackup({ path, name }: Extract<FolderCommand, { kind: "restore" }>, folder: string): string | null {
  if (existsSync(path)) return path;
  const found = listBackups(folder).find(backup => name === LATEST || backup.name === name);
  return found ? join(folder, found.name) : null;
}

function tellBackups(folder: string): CommandOutcome {
  const backups = listBackups(folder);
  if (backups.length === 0) return { ok: true, text: `There are no backups in ${folder}` };
  const lines = backups.map(({ name, at, size }) => {
    const when = new Date(at).toLocaleString("sv-SE");
    return `${name}  ${when}  ${(size / MIB).toFixed(1).padStart(8)} MiB`;
  });
  return { ok: true, text: [`In ${folder}, the newest first:`, ...lines].join("\n") };
}

async function backupBeside(make: () => Promise<OwnBackup>, folder: string): Promise<CommandOutcome> {
  try {
    const { name, size } = await make();
    return { ok: true, text: `Backed up to ${join(folder, name)} (${size} bytes), and found sound.\n${KEY_ADVICE}` };
  } catch (error) {
    if (!(error instanceof BackupFailed)) throw error;
    return { ok: false, text: `No backup: ${error.message}` };
  }
}

const KEY_ADVICE = `The key of its secrets, ${KEY_FILE}, is not in it: keep that one, too, and elsewhere`;

function restore(path: string, dataDir: string, clock: Clock): CommandOutcome {
  const outcome = restoreDatabase(path, dataDir, String(clock.now()));
  if ("wrong" in outcome) return { ok: false, text: `"${path}" ${outcome.wrong}; nothing was changed` };
  const before = outcome.aside === null ? "" : `; what was there before is ${outcome.aside}`;
  const key = existsSync(join(dataDir, KEY_FILE))
    ? ""
    : `\nIts secrets are sealed with the ${KEY_FILE} of then: put that into ${dataDir}, unless PULSE_ENCRYPTION_KEY has it`;
  return { ok: true, text: `Restored from ${path}${before}${key}` };
}

async function backup(database: Database, path: string): Promise<CommandOutcome> {
  if (existsSync(path)) return { ok: false, text: `"${path}" is there already` };
  if (!existsSync(dirname(path))) return { ok: false, text: `There is no folder "${dirname(path)}"` };
  await database.backup(path);
  return { ok: true, text: `Backed up to ${path} (${statSync(path).size} bytes).\n${KEY_ADVICE}` };
}

type Imported = Awaited<ReturnType<ImportDocument>>;

async function importFrom(
  { path, passphrase, dryRun }: Extract<FolderCommand, { kind: "import" }>,
  transfer: ServerTransfer,
): Promise<Imported> {
  try {
    if (statSync(path).isDirectory()) return transfer.importDocument(readLegacyFolder(path), dryRun);
    if (passphrase === null)
      return {
        refused: "bad-input",
        message: "--passphrase-stdin: give the passphrase of the export on standard input",
      };
    return await transfer.desk.import(readFileSync(path, "utf8"), passphrase, dryRun);
  } catch (error) {
    if (error instanceof BadSettings) return { refused: "bad-input", message: error.problems.join("\n") };
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { refused: "bad-input", message: `${path}: cannot be read (${code})` };
  }
}

function toOutcome(outcome: Imported, dryRun: boolean): CommandOutcome {
  if ("refused" in outcome) return { ok: false, text: outcome.message };
  const { changes, notes, reopen } = outcome;
  // Once who asked has its answer.
  if (reopen) setImmediate(reopen);
  const head = changes.length === 0 ? "Everything is so already." : dryRun ? "An import would do this:" : "Imported:";
  const told = notes.length > 0 ? ["Not carried over:", ...notes.map(note => `  ${note}`)] : [];
  return { ok: true, text: [head, ...changes.map(change => `  ${change}`), ...told].join("\n") };
}
