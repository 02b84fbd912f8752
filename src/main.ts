import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import packageJson from "../package.json" with { type: "json" };
import { type CommandOutcome, toAccountCommand } from "./account-command.ts";
import { applyUpdate } from "./apply-update-command.ts";
import { deploymentOf } from "./deployment.ts";
import { FILE_JUDGES } from "./file-judges.ts";
import { FOLDER_COMMANDS, runOnDataFolder, toFolderCommand } from "./folder-command.ts";
import { systemClock } from "./kit/clock.ts";
import type { Log, LogLevel } from "./kit/log.ts";
import { lineWriter } from "./line-writer.ts";
import { runMockOnFolder, toMockCommand } from "./mock-command.ts";
import { runOnFolder } from "./security.ts";
import { BadSettings } from "./settings/bad-settings.ts";
import { CONFIG_FILE, readConfigFile } from "./settings/config-file.ts";
import { type EnvironmentSettings, readEnvironment } from "./settings/environment.ts";
import { NO_CONFIG } from "./settings/pulse-yaml.ts";
import { readStatus } from "./status-command.ts";
import { refusalOf, StoreError } from "./store/database.ts";
import { Supervisor } from "./supervisor.ts";

const HELP = `Usage: pulse [command]

Without a command: starts the server.

  status         whether Pulse runs on this data folder and answers, and where; 0 when it does
  check-config   checks the environment and pulse.yaml, and says what is wrong
  reset-password [USER] [--password-stdin]
                 a new password, for who has forgotten it; while Pulse runs, too
  token create NAME [--scope read,write,agent,admin] [--days N]
  token list
  token revoke ID
                 API tokens; while Pulse runs, too
  import FOLDER  takes over the data folder of an older version (/etc/pulse), while Pulse runs; --dry-run only tells
  import FILE    takes over an export; --passphrase-stdin
  export FILE    everything that is configured, sealed; --passphrase-stdin
  backup [FILE]  the whole database, while Pulse runs, too; without a file among the backups of the data folder
  backups        lists those
  restore FILE|NAME|latest
                 puts a backup in its place, while Pulse does not run
                 --if-needed: only where this version cannot use the database that there is
  mock on|off|status
                 a simulated estate in the place of the real one; while Pulse runs, too
  apply-update   puts another version in place, as root; pulse-update.service does it
  recovery-token a token by which this machine gets in for an hour (POST /api/security/recovery)
  help           this text
  version        the version

Set by the environment: FRONTEND_PORT (7655), BIND_HOST (all addresses), PULSE_DATA_DIR (./data),
PULSE_AUTH_USER and PULSE_AUTH_PASS, API_TOKEN, PULSE_MOCK_MODE, DEMO_MODE, LOG_LEVEL, and what
docs/configuration.md tells.
`;
/** Run from the sources, not from the bundle. */
const DEVELOPMENT = import.meta.url.endsWith(".ts");
const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = DEVELOPMENT ? resolve(HERE, "../dist") : HERE;
/** How long a stop may take before the process goes anyway. */
const STOP_DEADLINE = 10_000;

const ACCOUNT_COMMANDS = ["reset-password", "token", "recovery-token"];
const RESTART = "asked to restart";
/** What systemd (INVOCATION_ID) and Docker take for a failure, and start the process again: EX_TEMPFAIL. */
const RESTART_CODE = 75;

process.exitCode = await main(process.argv.slice(2));

async function main([command = "start"]: string[]): Promise<number> {
  if (command === "help" || command === "--help" || command === "-h") return say(HELP);
  if (command === "version" || command === "--version") return say(`v${packageJson.version}\n`);
  if ([...ACCOUNT_COMMANDS, ...FOLDER_COMMANDS, "mock"].includes(command)) return doOnFolder(process.argv.slice(2));
  if (command === "check-config") return checkConfig();
  if (command === "status") return tellStatus();
  if (command === "apply-update") return applyUpdateAsked();
  if (command !== "start") return complain([`Unknown command "${command}"; try: pulse help`], 2);
  try {
    return await serve(readEnvironment(process.env));
  } catch (error) {
    if (error instanceof BadSettings) return complain(error.problems, 2);
    if (error instanceof StoreError) return complain([error.message], 1);
    const problem = toListenProblem(error) ?? toDiskProblem(error);
    if (problem) return complain([problem], 1);
    throw error;
  }
}

function dataDirOf(): string {
  return resolve(process.env.PULSE_DATA_DIR?.trim() || "./data");
}

/** Says everything that is wrong, in the environment and in pulse.yaml. */
function checkConfig(): number {
  const dataDir = dataDirOf();
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
  if (problems.length > 0) return complain(problems, 2);
  const { instances, users, system, thresholds, channels } = config ?? NO_CONFIG;
  const { webhooks = [], email, apprise } = channels ?? {};
  const counted = [
    `${instances.length} instances, ${users.length} users, ${Object.keys(system).length} settings`,
    ...(thresholds ? [`${Object.keys(thresholds).length} parts of the alerts`] : []),
    ...(channels ? [`${webhooks.length + (email ? 1 : 0) + (apprise ? 1 : 0)} channels`] : []),
  ];
  return say(`Good: ${counted.join(", ")}\n`);
}

/** NOTE: looks at no other setting: the server that runs has its own. */
async function tellStatus(): Promise<number> {
  const { ok, text } = await readStatus(dataDirOf());
  return ok ? say(`${text}\n`) : refuse([text], 1);
}

/** What may be asked with the server running or not. */
async function doOnFolder(args: readonly string[]): Promise<number> {
  try {
    const [kind = ""] = args;
    const outcome = await (kind === "mock"
      ? doMock(args)
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

async function applyUpdateAsked(): Promise<number> {
  const outcome = await applyUpdate(HERE, process.env.PULSE_DATA_DIR?.trim() || null, openLog("info").log);
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

/** Runs until a signal asks it to stop; 0 then. */
async function serve(environment: EnvironmentSettings): Promise<number> {
  const { log, setLevel } = openLog(environment.logLevel);
  const stopped = Promise.withResolvers<string>();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stopped.resolve(signal));
  const docker = isContainer();
  const bySystemd = process.env.INVOCATION_ID !== undefined;
  const supervised = docker || bySystemd;
  let hungUp = () => {};
  // At a terminal it ends the process, as ever: nobody looks any more.
  if (!process.stdout.isTTY && !process.stdin.isTTY) process.on("SIGHUP", () => hungUp());
  const supervisor = await Supervisor.open({
    environment,
    readConfig: () => readConfigFile(environment.dataDir, process.env, FILE_JUDGES),
    clock: systemClock,
    log,
    setLogLevel: setLevel,
    build: { version: packageJson.version, development: DEVELOPMENT, docker },
    deployment: deploymentOf({
      ...{ folder: HERE, development: DEVELOPMENT, docker, bySystemd },
      unitPath: process.env.SYSTEMD_UNIT_PATH ?? null,
    }),
    webFolder: resolve(DIST, "web"),
    agentFolder: resolve(DIST, "agent"),
    fail: stopped.reject,
    ...(supervised ? { restart: () => stopped.resolve(RESTART) } : {}),
  });
  hungUp = () => readAgain(supervisor, log);
  announce(supervisor, environment, log);
  const reason = await stopped.promise;
  log("info", "Stopping", { reason });
  setTimeout(() => process.exit(1), STOP_DEADLINE).unref();
  await supervisor[Symbol.asyncDispose]();
  return reason === RESTART ? RESTART_CODE : 0;
}

/** Docker, Podman and Kubernetes each leave their own sign. */
function isContainer(): boolean {
  return (
    existsSync("/.dockerenv") || existsSync("/run/.containerenv") || process.env.KUBERNETES_SERVICE_HOST !== undefined
  );
}

/** Takes into use what pulse.yaml says now; one with mistakes changes nothing. */
function readAgain(supervisor: Supervisor, log: Log): void {
  supervisor.readAgain().then(
    isOther => log("info", isOther ? `${CONFIG_FILE} was read again` : `${CONFIG_FILE} says what it said before`),
    error => {
      if (!(error instanceof BadSettings)) throw error;
      for (const problem of error.problems) log("error", `${CONFIG_FILE} is not used: ${problem}`);
    },
  );
}

function announce(supervisor: Supervisor, { dataDir }: EnvironmentSettings, log: Log): void {
  const { app, configured, isMock } = supervisor;
  if (!app) return;
  process.stdout.write(`Pulse ${packageJson.version} is at ${app.url}\n`);
  log("info", "Pulse started", { version: packageJson.version, url: app.url, dataDir, instances: configured });
  if (!isMock && configured === 0)
    process.stdout.write(`No instances are configured yet: write ${resolve(dataDir, CONFIG_FILE)}\n`);
  if (app.setupFile !== null)
    process.stdout.write(
      `Sign-in is not set up: only this machine gets in. From elsewhere, setup asks for the code in ${app.setupFile}\n`,
    );
}

/** The sentence for a disk that takes nothing; null for any other error. */
function toDiskProblem(error: unknown): string | null {
  const { code = "", path = process.env.PULSE_DATA_DIR ?? "./data" } = error as NodeJS.ErrnoException;
  const reason = refusalOf(error)?.reason ?? DISK_CODES[code];
  return reason === undefined ? null : `Cannot write to "${path}": ${reason}`;
}

const DISK_CODES: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the disk is read-only",
};

/** The sentence for a port or address that cannot be listened on; null for any other error. */
function toListenProblem(error: unknown): string | null {
  const { code, syscall, port, address } = error as {
    code?: string;
    syscall?: string;
    port?: number;
    address?: string;
  };
  if (syscall !== "listen" && syscall !== "getaddrinfo") return null;
  if (code === "EADDRINUSE") return `Port ${port} is taken by another program; set FRONTEND_PORT to a free one`;
  if (code === "EACCES") return `Port ${port} may not be used by this user; set FRONTEND_PORT to one above 1023`;
  return `Cannot listen on BIND_HOST "${process.env.BIND_HOST ?? address}" (${code})`;
}

/** Log events as JSON lines on stderr, from `lowest` on until told otherwise. */
function openLog(lowest: LogLevel): { log: Log; setLevel: (level: LogLevel) => void } {
  const order: readonly LogLevel[] = ["debug", "info", "warn", "error"];
  let least = lowest;
  const toLine: (...event: Parameters<Log>) => string = (level, message, fields = {}) =>
    JSON.stringify({ time: new Date().toISOString(), level, message, ...fields });
  const write = lineWriter(process.stderr, dropped =>
    toLine("warn", "Nobody read the log, so lines were dropped", { lines: dropped }),
  );
  // What a terminal or a pipe that is gone says to the last words of a start.
  process.stdout.on("error", () => {});
  return {
    log(level, message, fields) {
      if (order.indexOf(level) >= order.indexOf(least)) write(toLine(level, message, fields));
    },
    setLevel(level) {
      least = level;
    },
  };
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

function complain(problems: readonly string[], code: number): number {
  for (const problem of problems) process.stderr.write(`Pulse cannot start: ${problem}\n`);
  return code;
}
