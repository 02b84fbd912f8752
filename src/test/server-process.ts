import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { cpuOf, memoryOf, writtenBy } from "./process-load.ts";

/** A simulated estate in a process of its own. */
export interface EstateProcess extends AsyncDisposable {
  instances: {
    name: string;
    endpoints: { url: string; fingerprint: string }[];
    tokenId: string;
    tokenSecret: string;
  }[];
  adminUrl: string;
}

/** A Pulse in a process of its own. */
export interface PulseProcess extends AsyncDisposable {
  url: string;
  readonly child: ChildProcess;
  /** CPU seconds it has used, user and system. */
  cpu(): number;
  /** Resident memory, bytes. */
  memory(): number;
  /** Bytes that it has made the system write to disks. */
  written(): number;
}

/** How `npm start` runs Node. */
const production = JSON.parse(readFileSync("scripts/production.json", "utf8")) as {
  env: Record<string, string>;
  flags: string[];
};

/** How a process is run otherwise than usual. */
interface Run {
  env?: NodeJS.ProcessEnv;
  /** Of Node. */
  flags?: readonly string[];
}

/** Starts the simulator with these command-line options. */
export async function startEstate(
  options: Readonly<Record<string, string | number>>,
  { env = {}, flags = [] }: Run = {},
): Promise<EstateProcess> {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [...flags, "dist/simulator.js", ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return {
    ...(JSON.parse(line) as Pick<EstateProcess, "instances" | "adminUrl">),
    [Symbol.asyncDispose]: () => end(child),
  };
}

/** A data folder whose configuration watches `estate`. */
export function makeFolder(estate: EstateProcess): string {
  const folder = mkdtempSync(join(tmpdir(), "pulse-bench-"));
  writeFileSync(join(folder, "pulse.yaml"), JSON.stringify({ instances: estate.instances.map(toEntry) }));
  return folder;
}

/** Starts the built server, watching `estate`, on a data folder that goes with it. */
export async function startPulse(estate: EstateProcess): Promise<PulseProcess> {
  const folder = makeFolder(estate);
  const pulse = await startPulseIn(folder);
  return {
    ...pulse,
    async [Symbol.asyncDispose]() {
      await pulse[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the built server as `npm start` does, on that data folder, with a channel to its process. */
export async function startPulseIn(folder: string, { env = {}, flags = [] }: Run = {}): Promise<PulseProcess> {
  const environment = {
    ...process.env,
    PULSE_DATA_DIR: folder,
    FRONTEND_PORT: "0",
    BIND_HOST: "127.0.0.1",
    LOG_LEVEL: "error",
    RATE_LIMIT: "0",
    ...production.env,
    ...env,
  };
  const child = spawn(process.execPath, [...production.flags, ...flags, "dist/pulse.js"], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const [line] = (await once(createInterface({ input: child.stdout as Readable }), "line")) as [string];
  const url = line.slice(line.indexOf("http"));
  return {
    url,
    child,
    cpu: () => cpuOf(child),
    memory: () => memoryOf(child),
    written: () => writtenBy(child),
    [Symbol.asyncDispose]: () => end(child),
  };
}

function toEntry({ name, endpoints, tokenId, tokenSecret }: EstateProcess["instances"][number]) {
  const [first] = endpoints;
  return { name, type: "pve", host: first?.url, token: `${tokenId}=${tokenSecret}`, fingerprint: first?.fingerprint };
}

/** Ends a child process and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
