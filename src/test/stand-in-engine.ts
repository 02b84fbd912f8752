import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A container of the stand-in. What is not given is that of a plain running one. */
export interface StandInContainer {
  name: string;
  state?: "running" | "exited" | "paused" | "restarting" | "created";
  image?: string;
  labels?: Record<string, string>;
  /** How many CPUs it keeps busy. */
  busy?: number;
  memory?: number;
  limit?: number;
  health?: "healthy" | "unhealthy" | "starting";
  exitCode?: number;
  oomKilled?: boolean;
  restartCount?: number;
  startedAt?: string;
}

export interface StandInOptions {
  kind?: "docker" | "podman";
  cgroup?: 1 | 2;
  containers?: StandInContainer[];
}

/** An engine that answers on a Unix socket as Docker 28 or Podman 4.3 do, made up, for tests and measurements. */
export interface StandInEngine extends AsyncDisposable {
  readonly socket: string;
  /** What it runs; may be changed at any time. */
  containers: StandInContainer[];
  /** Paths that are never answered. */
  hangs: RegExp | null;
  /** What becomes of containers, by name, between the list, which has them running, and the calls about them. */
  readonly fates: Map<string, "stops" | "goes">;
  /** Counters of CPU begin anew from here. */
  resetCounters(): void;
  /** The calls so far, `METHOD path`. */
  readonly calls: string[];
  stop(): Promise<void>;
  start(): Promise<void>;
}

const MEMORY = 8 * 2 ** 30;
const CPUS = 4;

export async function openStandInEngine(options: StandInOptions = {}): Promise<StandInEngine> {
  const folder = mkdtempSync(join(tmpdir(), "pulse-engine-"));
  const socket = join(folder, "engine.sock");
  let began = performance.now() - 3_600_000;
  let server: Server | null = null;
  const engine: StandInEngine = {
    socket,
    containers: options.containers ?? [{ name: "web" }],
    hangs: null,
    fates: new Map(),
    calls: [],
    resetCounters: () => {
      began = performance.now();
    },
    async start() {
      server = createServer((request, response) => {
        engine.calls.push(`${request.method} ${request.url}`);
        if (!engine.hangs?.test(request.url ?? "")) answer(request.url ?? "", response, engine, options, began);
      });
      const listening = server;
      await new Promise<void>(done => listening.listen(socket, done));
    },
    async stop() {
      const listening = server;
      if (listening === null) return;
      server = null;
      const closed = new Promise(done => listening.close(done));
      listening.closeAllConnections();
      await closed;
    },
    async [Symbol.asyncDispose]() {
      await engine.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await engine.start();
  return engine;
}

function answer(url: string, to: ServerResponse, engine: StandInEngine, options: StandInOptions, began: number): void {
  const isPodman = options.kind === "podman";
  to.setHeader("content-type", "application/json");
  if (isPodman) to.setHeader("libpod-api-version", "4.3.1");
  to.setHeader("server", isPodman ? "Libpod/4.3.1 (linux)" : "Docker/28.2.2 (linux)");
  const body = toAnswer(url, engine, options, began);
  if (body === null) to.statusCode = 404;
  // Podman ends the answer before it has begun.
  to.end(body === undefined ? "" : JSON.stringify(body ?? { message: "No such thing" }));
}

/** undefined: an answer that ends early; null: there is no such thing. */
function toAnswer(url: string, engine: StandInEngine, { kind, cgroup = 2 }: StandInOptions, began: number): unknown {
  const isPodman = kind === "podman";
  const path = decodeURIComponent(new URL(url, "http://docker").pathname);
  if (path === "/info") return isPodman ? PODMAN_INFO : DOCKER_INFO;
  if (path === "/containers/json") return engine.containers.map(one => toListed(one, isPodman));
  const [, what, id = "", part] = /^\/(containers|images)\/([^/]+)\/(json|stats)$/.exec(path) ?? [];
  if (what === "images" && id.startsWith("sha256:")) return { Id: id, Created: "2025-11-02T03:04:05.678901234Z" };
  const found = engine.containers.find(one => idOf(one) === id);
  const fate = engine.fates.get(found?.name ?? "");
  if (what !== "containers" || found === undefined || fate === "goes") return null;
  const now: StandInContainer = fate === "stops" ? { ...found, state: "exited" } : found;
  if (part === "json") return toInspected(now, isPodman);
  if (isAlive(now)) return toStats(now, cgroup, began);
  // Docker tells nothing but zeros.
  return isPodman ? undefined : EMPTY_STATS;
}

function isAlive({ state = "running" }: StandInContainer): boolean {
  return state === "running" || state === "paused";
}

function idOf({ name }: StandInContainer): string {
  return Buffer.from(name).toString("hex").padStart(64, "0").slice(-64);
}

function imageIdOf({ image = "nginx:1.29" }: StandInContainer): string {
  return `sha256:${Buffer.from(image).toString("hex").padStart(64, "0").slice(-64)}`;
}

function toListed(one: StandInContainer, isPodman: boolean): object {
  const { state = "running", health, exitCode = 0 } = one;
  const word = health === undefined ? "" : health === "starting" ? " (health: starting)" : ` (${health})`;
  return {
    Id: idOf(one),
    Names: [`/${one.name}`],
    Image: one.image ?? "nginx:1.29",
    ImageID: imageIdOf(one),
    Command: "/docker-entrypoint.sh nginx -g 'daemon off;'",
    Created: 1764000000,
    Ports: [
      { IP: "0.0.0.0", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
      { PrivatePort: 443, Type: "tcp" },
    ],
    Labels: one.labels ?? (isPodman ? null : {}),
    State: state,
    Status: isAlive(one) ? `Up 3 hours${word}` : `Exited (${exitCode}) 2 days ago`,
    HostConfig: { NetworkMode: "bridge" },
    NetworkSettings: {
      Networks: { bridge: { IPAddress: "172.17.0.2", GlobalIPv6Address: "", MacAddress: "02:42:ac:11:00:02" } },
    },
    Mounts: isPodman ? [] : [{ Type: "bind", Source: "/srv/www", Destination: "/www", Mode: "ro", RW: false }],
  };
}

function toInspected(one: StandInContainer, isPodman: boolean): object {
  const { state = "running", health, exitCode = 0, oomKilled = false, restartCount = 0, limit = 0 } = one;
  const alive = isAlive(one);
  const status = health === undefined ? {} : { Health: { Status: health, FailingStreak: 0, Log: [] } };
  return {
    Id: idOf(one),
    Created: "2025-11-24T16:00:00.123456789Z",
    Path: "/docker-entrypoint.sh",
    Args: ["nginx", "-g", "daemon off;"],
    State: {
      Status: state,
      Running: alive,
      Paused: state === "paused",
      Restarting: state === "restarting",
      OOMKilled: oomKilled,
      Dead: false,
      Pid: alive ? 4242 : 0,
      ExitCode: exitCode,
      Error: "",
      StartedAt: one.startedAt ?? "2025-11-24T16:00:01.987654321Z",
      FinishedAt: alive ? "0001-01-01T00:00:00Z" : "2025-11-25T01:02:03.5Z",
      ...(isPodman && health === undefined ? { Health: { Status: "", FailingStreak: 0, Log: null } } : status),
    },
    Image: imageIdOf(one),
    Name: `/${one.name}`,
    RestartCount: restartCount,
    HostConfig: { Memory: limit, RestartPolicy: { Name: "on-failure", MaximumRetryCount: 5 } },
    Mounts: [
      { Type: "bind", Source: "/srv/www", Destination: "/www", Mode: "ro", RW: false, Propagation: "rprivate" },
      { Type: "volume", Name: "cache", Source: "/var/lib/docker/volumes/cache/_data", Destination: "/cache", RW: true },
    ],
    // What an agent does not read, but an engine sends: an inspected container has some eight kilobytes.
    Config: {
      Env: Array.from({ length: 60 }, (_, index) => `SETTING_${index}=${"value".repeat(12)}`),
      Labels: one.labels ?? {},
    },
  };
}

function toStats(one: StandInContainer, cgroup: 1 | 2, began: number): object {
  const seconds = (performance.now() - began) / 1000;
  const { busy = 0.25, memory = 100 * 2 ** 20, limit } = one;
  const inactive = 30 * 2 ** 20;
  const zero = { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 };
  const op = (name: string) => (cgroup === 1 ? `${name[0]?.toUpperCase()}${name.slice(1)}` : name);
  return {
    read: new Date().toISOString().replace("Z", "123456Z"),
    preread: "0001-01-01T00:00:00Z",
    pids_stats: { current: 7, limit: 9000 },
    blkio_stats: {
      io_service_bytes_recursive: [
        { major: 8, minor: 0, op: op("read"), value: 4096 },
        { major: 8, minor: 0, op: op("write"), value: 8192 },
        { major: 8, minor: 16, op: op("read"), value: 1000 },
      ],
    },
    num_procs: 0,
    cpu_stats: {
      cpu_usage: { total_usage: Math.round(busy * seconds * 1e9), usage_in_kernelmode: 0, usage_in_usermode: 0 },
      system_cpu_usage: Math.round(CPUS * seconds * 1e9),
      online_cpus: CPUS,
      throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
    },
    precpu_stats: { cpu_usage: zero, throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 } },
    memory_stats: {
      usage: memory + inactive,
      limit: limit ?? (cgroup === 1 ? 2 ** 63 - 4096 : MEMORY),
      stats: cgroup === 1 ? { total_inactive_file: inactive, cache: 2 * inactive } : { inactive_file: inactive },
    },
    networks: {
      eth0: { rx_bytes: 1000, rx_packets: 10, tx_bytes: 2000, tx_packets: 20 },
      eth1: { rx_bytes: 5, rx_packets: 1, tx_bytes: 6, tx_packets: 1 },
    },
    name: `/${one.name}`,
    id: idOf(one),
  };
}

const EMPTY_STATS = {
  read: "0001-01-01T00:00:00Z",
  preread: "0001-01-01T00:00:00Z",
  pids_stats: {},
  blkio_stats: { io_service_bytes_recursive: null },
  cpu_stats: { cpu_usage: { total_usage: 0 }, throttling_data: {} },
  memory_stats: {},
};

const DOCKER_INFO = {
  ID: "c2f0f3a2-0f3f-4a65-9f2c-1f0f3d1f0f3d",
  Name: "engine-host",
  ServerVersion: "28.2.2",
  OperatingSystem: "Debian GNU/Linux 12 (bookworm)",
  OSType: "linux",
  Architecture: "x86_64",
  KernelVersion: "6.1.0-32-amd64",
  NCPU: CPUS,
  MemTotal: MEMORY,
  Swarm: { NodeID: "k1z2y3", LocalNodeState: "active" },
};

const PODMAN_INFO = {
  ID: "changes at each start",
  Name: "engine-host",
  ServerVersion: "4.3.1",
  OperatingSystem: "debian",
  OSType: "linux",
  Architecture: "amd64",
  KernelVersion: "6.1.0-32-amd64",
  NCPU: CPUS,
  MemTotal: MEMORY,
  Swarm: { NodeID: "", LocalNodeState: "inactive", RemoteManagers: null },
};
