import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { CommandOutcome } from "./account-command.ts";
import type { Clock } from "./kit/clock.ts";
import { onFolder } from "./on-folder.ts";
import { BadSettings } from "./settings/bad-settings.ts";
import { readLegacyFolder } from "./settings/legacy-folder.ts";
import { MOCK_FOLDER } from "./settings/mock-choice.ts";
import { DATABASE_FILE, Database, StoreError } from "./store/database.ts";
import { restoreDatabase } from "./store/restore.ts";
import type { ImportDocument, ServerTransfer } from "./transfer-desk.ts";

/** What the command line may ask of the data as a whole. Paths are absolute. */
export type FolderCommand =
  | { kind: "import"; path: string; passphrase: string | null; dryRun: boolean }
  | { kind: "export"; path: string; passphrase: string | null }
  | { kind: "backup"; path: string }
  /** `ifNeeded`: only where this version cannot use the database that there is. */
  | { kind: "restore"; path: string; ifNeeded: boolean };

export const FOLDER_COMMANDS: readonly string[] = ["import", "export", "backup", "restore"];
const USAGE =
  "import FOLDER | import FILE --passphrase-stdin | export FILE --passphrase-stdin | backup FILE | restore FILE";
const OPTIONS: readonly string[] = ["--passphrase-stdin", "--dry-run", "--if-needed"];
const SHORTEST = 12;

/** The command that `args` spell; a sentence when they spell none. `typed`: the passphrase, where it was to be read. */
export function toFolderCommand(args: readonly string[], typed: string | null): FolderCommand | string {
  const [kind, path, ...more] = args.filter(arg => !arg.startsWith("--"));
  const unknown = args.find(arg => arg.startsWith("--") && !OPTIONS.includes(arg));
  if (unknown !== undefined) return `Unknown option "${unknown}"`;
  if (path === undefined || more.length > 0) return USAGE;
  const absolute = resolve(path);
  if (kind === "export" && (typed === null || typed.length < SHORTEST))
    return `--passphrase-stdin: give a passphrase of ${SHORTEST} characters or more on standard input`;
  if (kind === "import") return { kind, path: absolute, passphrase: typed, dryRun: args.includes("--dry-run") };
  if (kind === "export") return { kind, path: absolute, passphrase: typed };
  if (kind === "restore") return { kind, path: absolute, ifNeeded: args.includes("--if-needed") };
  return kind === "backup" ? { kind, path: absolute } : USAGE;
}

/** Within the server. */
export async function runFolderCommand(
  command: FolderCommand,
  { database, transfer }: { database: Database; transfer: ServerTransfer },
): Promise<CommandOutcome> {
  try {
    if (command.kind === "restore") return { ok: false, text: "Pulse is running: stop it first" };
    if (command.kind === "backup") return await backup(database, command.path);
    if (command.kind === "import") return toOutcome(await importFrom(command, transfer), command.dryRun);
    const outcome = await transfer.desk.export(command.passphrase ?? "");
    if ("refused" in outcome) return { ok: false, text: outcome.message };
    writeFileSync(command.path, `${outcome.data}\n`, { mode: 0o600, flag: "wx" });
    return { ok: true, text: `Exported to ${command.path}` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return {
      ok: false,
      text: `${command.path}: ${code === "EEXIST" ? "is there already" : `cannot be used (${code})`}`,
    };
  }
}

/** From the command line, with the server running or not; imports and exports only while it runs. */
export async function runOnDataFolder(dataDir: string, command: FolderCommand, clock: Clock): Promise<CommandOutcome> {
  if (command.kind === "restore" && command.ifNeeded) return restoreIfNeeded(command.path, dataDir, clock);
  if (command.kind === "restore" && !existsSync(command.path))
    return { ok: false, text: `There is no "${command.path}"` };
  if (command.kind === "restore" && !existsSync(join(dataDir, DATABASE_FILE))) {
    mkdirSync(dataDir, { recursive: true });
    return restore(command.path, dataDir, clock);
  }
  return onFolder(dataDir, clock, command, database => {
    if (command.kind === "backup") return backup(database, command.path);
    if (command.kind !== "restore") return { ok: false, text: "Pulse is not running: start it first" };
    database[Symbol.dispose]();
    return restore(command.path, dataDir, clock);
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

function restore(path: string, dataDir: string, clock: Clock): CommandOutcome {
  const outcome = restoreDatabase(path, dataDir, String(clock.now()));
  if ("wrong" in outcome) return { ok: false, text: `"${path}" ${outcome.wrong}; nothing was changed` };
  const before = outcome.aside === null ? "" : `; what was there before is ${outcome.aside}`;
  return { ok: true, text: `Restored from ${path}${before}` };
}

async function backup(database: Database, path: string): Promise<CommandOutcome> {
  if (existsSync(path)) return { ok: false, text: `"${path}" is there already` };
  if (!existsSync(dirname(path))) return { ok: false, text: `There is no folder "${dirname(path)}"` };
  await database.backup(path);
  const key = "The key of its secrets, pulse.key, is not in it: keep that one, too, and elsewhere";
  return { ok: true, text: `Backed up to ${path} (${statSync(path).size} bytes).\n${key}` };
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
