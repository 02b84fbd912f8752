import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type App, openApp } from "../app.ts";
import type { Clock } from "../kit/clock.ts";
import { type Log, silent } from "../kit/log.ts";
import { HOUR, type Millis, SECOND } from "../kit/units.ts";
import type { InstanceSettings, WatchedInstance } from "../model/instance-settings.ts";
import type { State } from "../model/state.ts";
import { NO_CONFIG, type PulseConfig } from "../settings/pulse-yaml.ts";
import { type Estate, type InstanceInfo, openEstate } from "../simulator/estate.ts";
import type { EstateOptions } from "../simulator/options.ts";
import { sizedEstate } from "../simulator/presets.ts";
import { HurryingClock } from "./hurrying-clock.ts";
import { PASSWORD_COST } from "./secured.ts";

export interface PulseOptions {
  /** What pulse.yaml says besides the instances. */
  config?: Partial<Omit<PulseConfig, "instances">>;
  /** A whole estate, or its size. */
  estate?: EstateOptions;
  nodes?: number;
  guests?: number;
  clusters?: number;
  /** Time between two looks, and between two movements of the estate's values. Default 10 s. */
  interval?: Millis;
  /**
   * How many times as fast as the real one the clock of server and estate goes. Default 20. Faster than the real one, it also passes over
   * the time in which nothing happens while a test waits for it: `HurryingClock`.
   */
  speed?: number;
  /** How the configured instances differ from what the estate says of itself. */
  change?: (settings: InstanceSettings) => InstanceSettings;
  /** How far back the servers remember values. Default an hour: years of it cost each start more than all else. */
  remembers?: Millis;
  /** The configured instances, in place of all that the estate has. */
  configured?: readonly InstanceSettings[];
  user?: { name: string; password: string };
  apiToken?: string;
  /** Where the agent for Docker hosts lies. */
  agentFolder?: string;
  /** In place of a new folder. */
  dataDir?: string;
  log?: Log;
}

/** A real server that watches a simulated estate, both in this process, on an empty data folder. */
export interface TestPulse extends AsyncDisposable {
  readonly url: string;
  readonly estate: Estate;
  readonly dataDir: string;
  /** The time of server and estate; who sleeps by it passes over the time in which nothing happens. */
  readonly clock: Clock;
  /** It is so much later at once, as after the machine has slept. */
  jump(duration: Millis): void;
  /** The state as the API gives it. */
  state(): Promise<State>;
  /** Resolves with the first state that `is` so; rejects when none is. */
  until(is: (state: State) => boolean): Promise<State>;
  /** Resolves with the first answer of `read` that `is` so; rejects when none is. */
  untilSo<T>(read: () => Promise<T> | T, is: (answer: T) => boolean): Promise<T>;
  /** Stops the server; the estate goes on. */
  stopServer(): Promise<void>;
  /** Starts the server again, at the same port, on the same data folder; `configured`: with that in pulse.yaml; `version`: as another one. */
  startServer(configured?: readonly InstanceSettings[], version?: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startPulse(options: PulseOptions = {}): Promise<TestPulse> {
  const { nodes = 3, guests = 30, clusters = 1, interval = 10 * SECOND, speed = 20, remembers = HOUR } = options;
  const clock = new HurryingClock({ speed, hurries: speed > 1, isBusy: () => estate.requests.open > 0 });
  const sized = options.estate ?? sizedEstate({ nodes, guests, clusters });
  const shapes = sized.clusters.map(cluster => ({ remembers, ...cluster }));
  const estate = await openEstate({ tick: interval, clock, ...sized, clusters: shapes });
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "pulse-test-"));
  const instances =
    options.configured ??
    estate.instances.map(info => toSettings(info, interval)).map(options.change ?? (settings => settings));
  let port = 0;
  const open = (configured = instances, version = "5.0.0-test") =>
    openApp({
      environment: {
        port,
        bindHost: "127.0.0.1",
        dataDir,
        user: options.user ?? null,
        apiToken: options.apiToken ?? null,
        mockMode: false,
        demoMode: false,
        logLevel: "error",
        metrics: true,
      },
      config: { ...NO_CONFIG, ...options.config, instances: configured },
      clock,
      log: options.log ?? silent,
      build: { version, development: true, docker: false },
      passwordCost: PASSWORD_COST,
      webFolder: resolve(import.meta.dirname, "../../dist/web"),
      ...(options.agentFolder ? { agentFolder: options.agentFolder } : {}),
    });
  let app: App = await open();
  const { url } = app;
  port = Number(new URL(url).port);
  let last: { etag: string; state: State } | null = null;
  // Read so often that packing and unpacking it would count, and parsing what is as it was.
  const state = async () => {
    const headers = { "accept-encoding": "identity", ...(last ? { "if-none-match": last.etag } : {}) };
    const answer = await fetch(`${url}/api/state`, { headers });
    if (last && answer.status === 304) return last.state;
    const read = (await answer.json()) as State;
    last = { etag: answer.headers.get("etag") ?? "", state: read };
    return read;
  };
  const untilSo = async <T>(read: () => Promise<T> | T, is: (answer: T) => boolean) => {
    const answer = await clock.until(read, is);
    if (answer === null) throw new Error(`Never so: ${is}\n${toShort(await state())}`);
    return answer;
  };
  const stop = async () => {
    await app[Symbol.asyncDispose]();
    await estate[Symbol.asyncDispose]();
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  return {
    url,
    estate,
    dataDir,
    clock: { now: () => clock.now(), sleep: delay => clock.pass(delay) },
    jump: duration => clock.jump(duration),
    state,
    until: is => untilSo(state, is),
    untilSo,
    stopServer: async () => await app[Symbol.asyncDispose](),
    startServer: async (configured, version) => {
      app = await open(configured, version);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** How a simulated instance is configured: by its first node, with its token, pinned. */
export function toSettings(info: InstanceInfo, interval: Millis): WatchedInstance {
  const [first] = info.endpoints;
  if (!first) throw new Error(`"${info.name}" has no endpoint`);
  return {
    name: info.name,
    type: info.type,
    host: first.url,
    credentials:
      info.tokenId === ""
        ? { kind: "password", user: info.user, password: info.password }
        : { kind: "token", id: info.tokenId, secret: info.tokenSecret },
    trust: { kind: "fingerprint", sha256: first.fingerprint },
    interval,
  };
}

const toShort = ({ instances, stats }: State) => `${JSON.stringify(instances)} ${JSON.stringify(stats)}`;
