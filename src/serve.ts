import { existsSync } from "node:fs";
import { join } from "node:path";
import type { KeptCompiled } from "./compile-cache.ts";
import { deploymentOf } from "./deployment.ts";
import { FILE_JUDGES } from "./file-judges.ts";
import type { OpenHand } from "./hand.ts";
import { type Clock, systemClock } from "./kit/clock.ts";
import type { Log } from "./kit/log.ts";
import { openProcessLog } from "./process-log.ts";
import { BadSettings } from "./settings/bad-settings.ts";
import { CONFIG_FILE, readConfigFile } from "./settings/config-file.ts";
import { type EnvironmentSettings, readEnvironment } from "./settings/environment.ts";
import { Supervisor } from "./supervisor.ts";
import { STOP_DEADLINE, untilRefused } from "./until-refused.ts";

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

const RESTART = "asked to restart";
/** What systemd (INVOCATION_ID) and Docker take for a failure, and start the process again: EX_TEMPFAIL. */
const RESTART_CODE = 75;

/** What a server of several is opened with besides; see `AppOptions`. */
export interface OneOfSeveral {
  hand: OpenHand;
  clock: Clock;
}

/** Runs the server until a signal asks it to stop; answers the exit code. `several`: throws BadSettings when it cannot be one of several. */
export async function serve(
  program: Program,
  kept: KeptCompiled,
  several: (environment: EnvironmentSettings) => OneOfSeveral | null = () => null,
): Promise<number> {
  return await untilRefused(async () => {
    const environment = readEnvironment(process.env);
    return await run(environment, program, kept, several(environment));
  });
}

/** Runs until a signal asks it to stop; 0 then. */
async function run(
  environment: EnvironmentSettings,
  program: Program,
  kept: KeptCompiled,
  several: OneOfSeveral | null,
): Promise<number> {
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
    readConfig: () => {
      const config = readConfigFile(environment.dataDir, process.env, FILE_JUDGES);
      if (several && config.instances.length > 0)
        throw new BadSettings([
          `${CONFIG_FILE}: instances: edges watch them: name them in the pulse.yaml of an edge, or enter them on the page`,
        ]);
      return config;
    },
    clock: systemClock,
    ...several,
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
  announce(supervisor, environment, { version: program.version, isFed: several !== null }, log);
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

function announce(
  supervisor: Supervisor,
  { dataDir }: EnvironmentSettings,
  { version, isFed }: { version: string; isFed: boolean },
  log: Log,
): void {
  const { app, configured, isMock } = supervisor;
  if (!app) return;
  process.stdout.write(`Pulse ${version} is at ${app.url}\n`);
  log("info", "Pulse started", { version, url: app.url, dataDir, instances: configured });
  if (!isMock && !isFed && configured === 0)
    process.stdout.write(`No instances are configured yet: write ${join(dataDir, CONFIG_FILE)}\n`);
  if (app.setupFile !== null)
    process.stdout.write(
      `Sign-in is not set up: only this machine gets in. From elsewhere, setup asks for the code in ${app.setupFile}\n`,
    );
}
