import { readFileSync } from "node:fs";
import { type CommandOutcome, toAccountCommand } from "./account-command.ts";
import { applyUpdate } from "./apply-update-command.ts";
import { FILE_JUDGES } from "./file-judges.ts";
import { FOLDER_COMMANDS, runOnDataFolder, toFolderCommand } from "./folder-command.ts";
import { systemClock } from "./kit/clock.ts";
import { runMockOnFolder, toMockCommand } from "./mock-command.ts";
import { openProcessLog } from "./process-log.ts";
import { runOnFolder } from "./security.ts";
import type { Program } from "./serve.ts";
import { BadSettings } from "./settings/bad-settings.ts";
import { readConfigFile } from "./settings/config-file.ts";
import { readEnvironment } from "./settings/environment.ts";
import { NO_CONFIG } from "./settings/pulse-yaml.ts";
import { StoreError } from "./store/database.ts";
import { updateBack } from "./update-command.ts";

const ACCOUNT_COMMANDS = ["reset-password", "token", "recovery-token"];

/** Does what the command line asks for, other than to start the server; answers the exit code. */
export async function runCommand(command: string, args: readonly string[], program: Program): Promise<number> {
  if ([...ACCOUNT_COMMANDS, ...FOLDER_COMMANDS, "mock", "cluster"].includes(command)) return doOnFolder(args);
  if (command === "check-config") return checkConfig(program.dataDir);
  if (command === "update") return updateAsked(args, program.folder);
  if (command === "apply-update") return applyUpdateAsked(program.folder);
  return refuse([`Pulse cannot start: Unknown command "${command}"; try: pulse help`], 2);
}

/** Says everything that is wrong, in the environment and in pulse.yaml. */
function checkConfig(dataDir: string): number {
  const problems: string[] = [];
  const read = <T>(what: () => T): T | null => {
    try {
      return what();
    } catch (error) {
      if (!(error instanceof BadSettings)) throw error;
      problems.push(...error.problems);
      return null;
    }
  };
  read(() => readEnvironment(process.env));
  const config = read(() => readConfigFile(dataDir, process.env, FILE_JUDGES));
  if (problems.length > 0)
    return refuse(
      problems.map(problem => `Pulse cannot start: ${problem}`),
      2,
    );
  const { instances, users, system, thresholds, channels } = config ?? NO_CONFIG;
  const { webhooks = [], email, apprise } = channels ?? {};
  const counted = [
    `${instances.length} instances, ${users.length} users, ${Object.keys(system).length} settings`,
    ...(thresholds ? [`${Object.keys(thresholds).length} parts of the alerts`] : []),
    ...(channels ? [`${webhooks.length + (email ? 1 : 0) + (apprise ? 1 : 0)} channels`] : []),
  ];
  return say(`Good: ${counted.join(", ")}\n`);
}

/** What may be asked with the server running or not. */
async function doOnFolder(args: readonly string[]): Promise<number> {
  try {
    const [kind = ""] = args;
    const outcome = await (kind === "mock"
      ? doMock(args)
      : kind === "cluster"
        ? (await import("./cluster-command.ts")).runClusterCommand(args)
        : FOLDER_COMMANDS.includes(kind)
          ? doWithData(args)
          : doWithAccounts(args));
    if (typeof outcome === "string") return refuse([outcome], 2);
    return outcome.ok ? say(`${outcome.text}\n`) : refuse([outcome.text], 1);
  } catch (error) {
    if (error instanceof BadSettings) return refuse(error.problems, 2);
    if (error instanceof StoreError) return refuse([error.message], 1);
    if ((error as NodeJS.ErrnoException).syscall === "connect")
      return refuse(["Pulse is running, and cannot be reached through its data folder; stop it first"], 1);
    throw error;
  }
}

async function applyUpdateAsked(folder: string): Promise<number> {
  const outcome = await applyUpdate(folder, process.env.PULSE_DATA_DIR?.trim() || null, openProcessLog("info").log);
  return outcome.ok ? say(`${outcome.text}\n`) : refuse([outcome.text], 1);
}

async function updateAsked(args: readonly string[], folder: string): Promise<number> {
  if (args.length !== 2 || args[1] !== "--back")
    return refuse(["Usage: pulse update --back; to go over to another version: Settings → Updates"], 2);
  const outcome = await updateBack({ folder, dataDir: process.env.PULSE_DATA_DIR?.trim() || null });
  return outcome.ok ? say(`${outcome.text}\n`) : refuse([outcome.text], 1);
}

/** A sentence: it was not said properly what to do. */
async function doWithAccounts(args: readonly string[]): Promise<CommandOutcome | string> {
  const typed = args.includes("--password-stdin") ? readFileSync(0, "utf8").replace(/\r?\n$/, "") : null;
  const command = toAccountCommand(args, typed);
  return typeof command === "string" ? command : runOnFolder(readEnvironment(process.env), command, systemClock);
}

async function doWithData(args: readonly string[]): Promise<CommandOutcome | string> {
  const typed = args.includes("--passphrase-stdin") ? readFileSync(0, "utf8").replace(/\r?\n$/, "") : null;
  const command = toFolderCommand(args, typed);
  return typeof command === "string"
    ? command
    : runOnDataFolder(readEnvironment(process.env).dataDir, command, systemClock);
}

async function doMock(args: readonly string[]): Promise<CommandOutcome | string> {
  const command = toMockCommand(args);
  return typeof command === "string" ? command : runMockOnFolder(readEnvironment(process.env), command, systemClock);
}

function refuse(problems: readonly string[], code: number): number {
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return code;
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}
