import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { systemClock } from "../../kit/clock.ts";
import { MINUTE, type Millis } from "../../kit/units.ts";
import type { InstanceInfo } from "../../simulator/estate.ts";
import { BUILT, PLAIN } from "../plain-environment.ts";
import { end } from "../server-process.ts";

/** A Pulse of several, in a process of its own, on a data folder that outlives it. */
export interface ClusterProcess extends AsyncDisposable {
  readonly folder: string;
  /** What it logged, over all its starts. */
  log(): string;
  /** Of a core that runs. */
  url(): string;
  /** null: it does not run. */
  child(): ChildProcess | null;
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  halt(): void;
  goOn(): void;
}

interface ProcessOptions {
  command: "edge" | "core" | "start";
  env: Readonly<Record<string, string>>;
  /** A data folder that is there; left out: one is made, with `config`. */
  folder?: string;
  config?: object;
  /** Runs it as `npm start` does, and logs no more than usual. */
  isUsual?: boolean;
}

const production = JSON.parse(readFileSync("scripts/production.json", "utf8")) as {
  env: Record<string, string>;
  flags: string[];
};

/** Makes its data folder; it is not started yet. */
export function clusterProcess(options: ProcessOptions): ClusterProcess {
  const { command, env, folder: given, config = {}, isUsual = false } = options;
  const folder = given ?? mkdtempSync(join(tmpdir(), `pulse-${command}-`));
  if (given === undefined) writeFileSync(join(folder, "pulse.yaml"), JSON.stringify(config));
  let child: ChildProcess | null = null;
  let log = "";
  const over = async (signal: "SIGKILL" | "SIGTERM") => {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null || running.signalCode !== null) return running?.exitCode ?? null;
    const exit = once(running, "exit");
    running.kill(signal);
    return (await exit)[0] as number | null;
  };
  return {
    folder,
    log: () => log,
    child: () => child,
    url: () => log.match(/"url":"([^"]+)"(?!.*"url":)/s)?.[1] ?? "",
    async start() {
      const plain = {
        ...PLAIN,
        PULSE_DATA_DIR: folder,
        BIND_HOST: "127.0.0.1",
        FRONTEND_PORT: "0",
        RATE_LIMIT: "0",
      };
      child = spawn(process.execPath, [...(isUsual ? production.flags : []), ...BUILT, command], {
        env: { ...plain, ...(isUsual ? production.env : {}), LOG_LEVEL: isUsual ? "info" : "debug", ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const started = Promise.withResolvers<void>();
      const before = log.length;
      child.stderr?.on("data", (chunk: Buffer) => {
        log += chunk;
        if (/"Pulse (watches|started)/.test(log.slice(before))) started.resolve();
      });
      child.once("exit", () => started.reject(new Error(`It did not start:\n${log}`)));
      await started.promise;
    },
    async kill() {
      await over("SIGKILL");
    },
    stop: () => over("SIGTERM"),
    halt: () => void child?.kill("SIGSTOP"),
    goOn: () => void child?.kill("SIGCONT"),
    async [Symbol.asyncDispose]() {
      if (child) await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The edge "edge" of the site "north", which watches these instances; it is not started yet. */
export function northEdge(
  line: Readonly<Record<string, string>>,
  instances: readonly InstanceInfo[],
  name = "edge",
): ClusterProcess {
  return clusterProcess({
    command: "edge",
    env: { ...line, PULSE_SITE: "north", PULSE_NAME: name },
    config: { instances: entriesOf(instances) },
  });
}

/** What makes the clock of a process wrong by so much. */
export function wrongClock(by: Millis): Record<string, string> {
  const script = `const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...given) { given.length > 0 ? super(...given) : super(Real.now() + ${by}); }
      static now() { return Real.now() + ${by}; }
    };`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
}

/** Runs `pulse edge forget INSTANCE` to its end; answers what it said and its exit code. */
export function forget(instance: string, env: Readonly<Record<string, string>>): { code: number | null; said: string } {
  return runPulse(["edge", "forget", instance], env);
}

/** Runs Pulse with these arguments to its end; answers what it said and its exit code. */
export function runPulse(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...BUILT, ...command], {
    env: { ...PLAIN, LOG_LEVEL: "error", ...env },
    encoding: "utf8",
  });
  return { code: status, said: stdout + stderr };
}

const PATIENCE: Millis = 4 * MINUTE;

/** Resolves once it is so; rejects after four minutes, or `patience`. An error counts as "not yet". */
export async function until(
  is: () => boolean | Promise<boolean>,
  what: string,
  patience: Millis = PATIENCE,
): Promise<void> {
  const before = systemClock.now() + patience;
  for (;;) {
    let reason: unknown;
    try {
      if (await is()) return;
    } catch (error) {
      reason = error;
    }
    if (systemClock.now() > before) throw new Error(`It is not ${what}`, { cause: reason });
    await systemClock.sleep(200);
  }
}

/** Resolves once all that `read` gives are equal; rejects after four minutes with how they differ. */
export async function untilEqual(read: () => Promise<readonly unknown[]>): Promise<void> {
  let last: readonly unknown[] = [];
  try {
    await until(async () => {
      last = await read();
      return last.length > 1 && last.every(one => isDeepStrictEqual(one, last[0]));
    }, "equal");
  } catch (error) {
    assert.deepEqual(last.slice(1), last.slice(0, -1));
    throw error;
  }
}

/** A core of the name `name` whose line leads to the nats-servers at `url`. */
export function coreAt(url: string, name: string): ClusterProcess {
  const env = { PULSE_NATS_URL: url, PULSE_NAME: name, PULSE_ENCRYPTION_KEY: "0".repeat(64) };
  return clusterProcess({ command: "core", env });
}

/** Of pulse.yaml: the instances of a simulated estate, looked at as often as may be. */
export function entriesOf(instances: readonly InstanceInfo[]): object[] {
  return instances.map(({ name, type, endpoints: [first], tokenId, tokenSecret, user, password }) => ({
    ...{ name, type, host: first?.url, fingerprint: first?.fingerprint, interval: 5 },
    ...(tokenId === "" ? { user, password } : { token: `${tokenId}=${tokenSecret}` }),
  }));
}
