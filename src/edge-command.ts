import { Edge } from "./cluster/edge.ts";
import { forgetInstance } from "./cluster/forget.ts";
import { fingerprintOf, SiteKey } from "./cluster/site-key.ts";
import { FILE_JUDGES } from "./file-judges.ts";
import { calmLog } from "./kit/calm-log.ts";
import { type Clock, systemClock } from "./kit/clock.ts";
import type { Log } from "./kit/log.ts";
import { SECOND } from "./kit/units.ts";
import { USUAL_SETTINGS } from "./model/system-settings.ts";
import { openSource } from "./open-source.ts";
import { openProcessLog } from "./process-log.ts";
import type { Program } from "./serve.ts";
import { BadSettings } from "./settings/bad-settings.ts";
import { readEdge } from "./settings/cluster-environment.ts";
import { readConfigFile } from "./settings/config-file.ts";
import { type Environment, readEnvironment } from "./settings/environment.ts";
import { openSiteKey } from "./settings/site-key-file.ts";
import { SystemBook } from "./settings/system-book.ts";
import type { SystemLayer } from "./settings/system-layer.ts";
import { probe } from "./sources/probe.ts";
import { Database } from "./store/database.ts";
import { toWatched } from "./system-desk.ts";
import { STOP_DEADLINE, untilRefused } from "./until-refused.ts";
import { Watch } from "./watch.ts";

interface EdgeCommand {
  version: string;
  environment: Environment;
  dataDir: string;
  /** What the environment sets of the system settings. */
  system: SystemLayer;
  clock: Clock;
  log: Log;
}

/** `pulse edge`: watches for the cores until a signal asks it to stop; answers the exit code. `args`: `forget INSTANCE`, or none. */
export function runEdge(
  { version, dataDir }: Program,
  [command, instance, ...rest]: readonly string[],
): Promise<number> {
  return untilRefused(async () => {
    const { logLevel, system = {} } = readEnvironment(process.env);
    const { log } = openProcessLog(logLevel);
    if (command !== undefined) {
      if (command !== "forget" || instance === undefined || rest.length > 0)
        throw new BadSettings(['"edge" takes nothing, or: edge forget INSTANCE']);
      const problem = await forgetInstance(readEdge(process.env), instance, { clock: systemClock, log });
      if (problem === null) process.stdout.write(`Instance "${instance}" is forgotten\n`);
      else process.stderr.write(`${problem}\n`);
      return problem === null ? 0 : 1;
    }
    const stopped = Promise.withResolvers<string>();
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stopped.resolve(signal));
    const edge = await openEdge({ version, environment: process.env, dataDir, system, clock: systemClock, log });
    log("info", "Pulse watches as an edge", { version, dataDir });
    log("info", "Stopping", { reason: await stopped.promise });
    setTimeout(() => process.exit(1), STOP_DEADLINE).unref();
    await edge[Symbol.asyncDispose]();
    return 0;
  });
}

/**
 * Watches the instances that pulse.yaml names, for the cores. Throws BadSettings and StoreError; nothing runs then. Disposing
 * of it stops everything; what the cores have not got yet waits on the disk.
 */
async function openEdge(command: EdgeCommand): Promise<AsyncDisposable> {
  const { environment, dataDir, system, clock } = command;
  const log = calmLog(command.log, clock);
  const settings = readEdge(environment);
  const config = readConfigFile(dataDir, environment, FILE_JUDGES);
  await using opened = new AsyncDisposableStack();
  const database = opened.use(Database.open(dataDir, String(clock.now())));
  const { settings: usual } = new SystemBook(database, USUAL_SETTINGS, { ...config.system, ...system });
  const instances = config.instances.map(one => toWatched(one, usual));
  const key = new SiteKey(openSiteKey(dataDir));
  log("info", "Secrets that are entered for this site are sealed for the key of this edge", {
    fingerprint: fingerprintOf(key.publicKey),
  });
  const edge: Edge = opened.use(
    new Edge({
      ...{ version: command.version, settings, instances, key, database, clock, log },
      toWatched: one => toWatched(one, usual),
      probe: (one, deadline) => probe(one, clock, deadline),
      begin: (instance, { until, isPastKnown, missing }, time) =>
        watch.start(
          instance.name,
          openSource(instance, {
            ...{ database, clock: time, isPastKnown, missing },
            deadline: usual.connectionTimeout * SECOND,
            keptUntil: until,
          }),
        ),
      end: name => watch.stop(name),
    }),
  );
  const watch = opened.use(new Watch(seen => edge.observe(seen)));
  return opened.move();
}
