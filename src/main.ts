import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import packageJson from "../package.json" with { type: "json" };
import { toAccountCommand } from "./account-command.ts";
import { type App, openApp } from "./app.ts";
import { systemClock } from "./kit/clock.ts";
import type { Log, LogLevel } from "./kit/log.ts";
import { startMockEstate } from "./mock-estate.ts";
import type { InstanceSettings } from "./model/instance-settings.ts";
import { runOnFolder } from "./security.ts";
import { BadSettings } from "./settings/bad-settings.ts";
import { type EnvironmentSettings, readEnvironment } from "./settings/environment.ts";
import { readPulseYaml } from "./settings/pulse-yaml.ts";
import { StoreError } from "./store/database.ts";

const HELP = `Usage: pulse [command]

Without a command: starts the server.

  check-config   checks the environment and pulse.yaml, and says what is wrong
  reset-password [USER] [--password-stdin]
                 a new password, for who has forgotten it; while Pulse runs, too
  token create NAME [--scope read,write,agent,admin] [--days N]
  token list
  token revoke ID
                 API tokens; while Pulse runs, too
  recovery-token a token by which this machine gets in for an hour (POST /api/security/recovery)
  help           this text
  version        the version

Set by the environment: FRONTEND_PORT (7655), BIND_HOST (all addresses), PULSE_DATA_DIR (./data),
PULSE_AUTH_USER and PULSE_AUTH_PASS, API_TOKEN, PULSE_MOCK_MODE, DEMO_MODE, LOG_LEVEL, and what
docs/configuration.md tells.
`;
const CONFIG_FILE = "pulse.yaml";
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
  if (ACCOUNT_COMMANDS.includes(command)) return doWithAccounts(process.argv.slice(2));
  if (command !== "start" && command !== "check-config")
    return complain([`Unknown command "${command}"; try: pulse help`], 2);
  try {
    const environment = readEnvironment(process.env);
    const instances = environment.mockMode ? [] : readInstances(environment.dataDir);
    if (command === "check-config") return say(`Good: ${instances.length} instances\n`);
    return await serve(environment, instances);
  } catch (error) {
    if (error instanceof BadSettings) return complain(error.problems, 2);
    if (error instanceof StoreError) return complain([error.message], 1);
    const problem = toListenProblem(error);
    if (problem) return complain([problem], 1);
    throw error;
  }
}

async function doWithAccounts(args: readonly string[]): Promise<number> {
  const typed = args.includes("--password-stdin") ? readFileSync(0, "utf8").replace(/\r?\n$/, "") : null;
  const command = toAccountCommand(args, typed);
  if (typeof command === "string") return refuse([command], 2);
  try {
    const { ok, text } = await runOnFolder(readEnvironment(process.env), command, systemClock);
    return ok ? say(`${text}\n`) : refuse([text], 1);
  } catch (error) {
    if (error instanceof BadSettings) return refuse(error.problems, 2);
    if (error instanceof StoreError) return refuse([error.message], 1);
    if ((error as NodeJS.ErrnoException).syscall === "connect")
      return refuse(["Pulse is running, and cannot be reached through its data folder; stop it first"], 1);
    throw error;
  }
}

function refuse(problems: readonly string[], code: number): number {
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return code;
}

/** Runs until a signal asks it to stop; 0 then. */
async function serve(environment: EnvironmentSettings, configured: readonly InstanceSettings[]): Promise<number> {
  const { log, setLevel } = openLog(environment.logLevel);
  let restart = () => {};
  const stopped = new Promise<string>(wanted => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => wanted(signal));
    restart = () => wanted(RESTART);
  });
  const docker = existsSync("/.dockerenv");
  const supervised = docker || process.env.INVOCATION_ID !== undefined;
  await using estate = environment.mockMode ? await startMockEstate() : null;
  const instances = estate?.instances ?? configured;
  const app = await openApp({
    environment,
    instances,
    clock: systemClock,
    log,
    setLogLevel: setLevel,
    build: { version: packageJson.version, development: DEVELOPMENT, docker },
    webFolder: resolve(DIST, "web"),
    agentFolder: resolve(DIST, "agent"),
    ...(supervised ? { restart } : {}),
  });
  using lent = estate ? app.lendToken("simulated Docker hosts") : null;
  if (lent) estate?.reportTo(app.url, lent.secret);
  announce(app, environment, instances.length, log);
  const reason = await stopped;
  log("info", "Stopping", { reason });
  setTimeout(() => process.exit(1), STOP_DEADLINE).unref();
  await app[Symbol.asyncDispose]();
  return reason === RESTART ? RESTART_CODE : 0;
}

function announce(app: App, environment: EnvironmentSettings, instances: number, log: Log): void {
  process.stdout.write(`Pulse ${packageJson.version} is at ${app.url}\n`);
  log("info", "Pulse started", { version: packageJson.version, url: app.url, dataDir: environment.dataDir, instances });
  if (!environment.mockMode && instances === 0)
    process.stdout.write(`No instances are configured yet: write ${resolve(environment.dataDir, CONFIG_FILE)}\n`);
  if (app.setupFile !== null)
    process.stdout.write(
      `Sign-in is not set up: only this machine gets in. From elsewhere, setup asks for the code in ${app.setupFile}\n`,
    );
}

/** What the data folder's `pulse.yaml` configures; nothing when there is none. */
function readInstances(dataDir: string): InstanceSettings[] {
  const path = resolve(dataDir, CONFIG_FILE);
  const readText = (file: string) => readFileSync(resolve(dataDir, file), "utf8");
  try {
    return readPulseYaml(readText(path), path, { environment: process.env, readText });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    if (code === undefined) throw error;
    throw new BadSettings([`${path}: cannot be read (${code})`], { cause: error });
  }
}

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
  return {
    log(level, message, fields = {}) {
      if (order.indexOf(level) < order.indexOf(least)) return;
      process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
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
