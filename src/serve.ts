import { existsSync } from "node:fs";
import { join } from "node:path";
import type { KeptCompiled } from "./compile-cache.ts";
import { deploymentOf } from "./deployment.ts";
import { FILE_JUDGES } from "./file-judges.ts";
import { systemClock } from "./kit/clock.ts";
import type { Log } from "./kit/log.ts";
import { openProcessLog } from "./process-log.ts";
import { BadSettings } from "./settings/bad-settings.ts";
import { CONFIG_FILE, readConfigFile } from "./settings/config-file.ts";
import { type EnvironmentSettings, readEnvironment } from "./settings/environment.ts";
import { refusalOf, StoreError } from "./store/database.ts";
import { Supervisor } from "./supervisor.ts";

/** What runs, and where. */
export interface Program {
  version: string;
  /** Run from the sources, not from the bundle. */
  development: boolean;
  /** Where the bundle, or the sources, lie. */
  folder: string;
  /** Where what was built lies. */
  built: string;
  /** The data folder. */
  dataDir: string;
}

/** How long a stop may take before the process goes anyway. */
const STOP_DEADLINE = 10_000;
const RESTART = "asked to restart";
/** What systemd (INVOCATION_ID) and Docker take for a failure, and start the process again: EX_TEMPFAIL. */
const RESTART_CODE = 75;

/** Runs the server until a signal asks it to stop; answers the exit code. */
export async function serve(program: Program, kept: KeptCompiled): Promise<number> {
  try {
    return await run(readEnvironment(process.env), program, kept);
  } catch (error) {
    if (error instanceof BadSettings) return complain(error.problems, 2);
    if (error instanceof StoreError) return complain([error.message], 1);
    const problem = toListenProblem(error) ?? toDiskProblem(error);
    if (problem) return complain([problem], 1);
    throw error;
  }
}

/** Runs until a signal asks it to stop; 0 then. */
async function run(environment: EnvironmentSettings, program: Program, kept: KeptCompiled): Promise<number> {
  const { log, setLevel } = openProcessLog(environment.logLevel);
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
    build: { version: program.version, development: program.development, docker },
    deployment: deploymentOf({
      ...{ folder: program.folder, development: program.development, docker, bySystemd },
      unitPath: process.env.SYSTEMD_UNIT_PATH ?? null,
    }),
    webFolder: join(program.built, "web"),
    agentFolder: join(program.built, "agent"),
    fail: stopped.reject,
    ...(supervised ? { restart: () => stopped.resolve(RESTART) } : {}),
  });
  hungUp = () => readAgain(supervisor, log);
  announce(supervisor, environment, program.version, log);
  kept.started();
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

function announce(supervisor: Supervisor, { dataDir }: EnvironmentSettings, version: string, log: Log): void {
  const { app, configured, isMock } = supervisor;
  if (!app) return;
  process.stdout.write(`Pulse ${version} is at ${app.url}\n`);
  log("info", "Pulse started", { version, url: app.url, dataDir, instances: configured });
  if (!isMock && configured === 0)
    process.stdout.write(`No instances are configured yet: write ${join(dataDir, CONFIG_FILE)}\n`);
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

function complain(problems: readonly string[], code: number): number {
  for (const problem of problems) process.stderr.write(`Pulse cannot start: ${problem}\n`);
  return code;
}
