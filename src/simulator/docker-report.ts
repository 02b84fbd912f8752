import { DAY, HOUR, type Instant, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import { type ContainerPlan, type DockerHostPlan, endedAt } from "./docker-plan.ts";
import type { FaultEntry } from "./fault.ts";
import type { Flow } from "./personality.ts";
import { areaBetween, signalAt } from "./signal.ts";

/** What the estate's agents call themselves: ours, and the original's. */
const AGENT = "v5.0.0";
const OLDER_AGENT = "v4.22.0";
/** How long a container of a restart loop is up, as a share of its turn. */
const UP = 0.6;
/** How Go writes the time of what never happened. */
const NEVER = "0001-01-01T00:00:00Z";

/** How a container is just now. */
interface Standing {
  state: "running" | "restarting" | "exited";
  started: Instant;
  /** null: it has never ended. */
  finished: Instant | null;
  restarts: number;
  exitCode: number;
  oomKilled: boolean;
}

/** Of a host that began to report at `begun`: what its agent tells at `at`, while these faults are or were. */
export interface Moment {
  begun: Instant;
  at: Instant;
  interval: Millis;
  entries: readonly FaultEntry[];
}

/** The report of a host, as its agent writes it. */
export function toReport(plan: DockerHostPlan, moment: Moment): object {
  const { stock, memory, booted, machineId, name } = plan;
  const { at, interval } = moment;
  const containers = plan.containers.map(one => toContainer(one, plan, standingOf(one, plan, moment), at));
  const total = (field: "cpuPercent" | "memoryUsageBytes") =>
    containers.reduce((sum, one) => sum + (one[field] ?? 0), 0);
  const own = {
    engine: stock.engine,
    cpuPercent: Math.min(100, round(total("cpuPercent") / stock.cpus + 1.5)),
    memoryUsedBytes: Math.min(memory, Math.round(total("memoryUsageBytes") + 0.04 * memory + 2 ** 28)),
    loadAverage: [1, 0.9, 0.8].map(share => round((share * total("cpuPercent")) / 100 + 0.1)),
    ...(stock.swarm ? { swarmNodeId: machineId.slice(0, 25) } : {}),
  };
  return {
    agent: { id: machineId, version: stock.older ? OLDER_AGENT : AGENT, intervalSeconds: interval / SECOND },
    host: {
      hostname: name,
      machineId,
      os: stock.os,
      kernelVersion: stock.kernel,
      architecture: stock.architecture,
      dockerVersion: stock.engineVersion,
      totalCpu: stock.cpus,
      totalMemoryBytes: memory,
      uptimeSeconds: Math.floor((at - booted) / SECOND),
      ...(stock.older ? {} : own),
    },
    containers,
    timestamp: new Date(at).toISOString(),
    ...(stock.older ? {} : { warnings: [] }),
  };
}

function toContainer(plan: ContainerPlan, host: DockerHostPlan, standing: Standing, at: Instant) {
  const { state, started, finished } = standing;
  const up = state === "running";
  return {
    id: plan.id,
    name: plan.name,
    image: plan.image,
    state,
    status: statusOf(plan, standing, at),
    ...(plan.checked && up ? { health: plan.trouble === "unhealthy" ? "unhealthy" : "healthy" } : {}),
    restartCount: standing.restarts,
    exitCode: standing.exitCode,
    createdAt: new Date(plan.made).toISOString(),
    startedAt: new Date(started).toISOString(),
    finishedAt: finished === null ? NEVER : new Date(finished).toISOString(),
    ports: plan.ports,
    labels: plan.labels,
    networks: [{ name: plan.network, ...(up ? { ipv4: plan.address } : {}) }],
    ...(up ? usageOf(plan, host, at) : {}),
    ...(up ? { uptimeSeconds: Math.floor((at - started) / SECOND) } : {}),
    ...(host.stock.older ? {} : moreOf(plan, standing, at)),
  } as Usage;
}

type Usage = { cpuPercent?: number; memoryUsageBytes?: number };

function usageOf({ behaviour, memory, limit, trouble }: ContainerPlan, host: DockerHostPlan, at: Instant) {
  const used = Math.round(
    memory * (trouble === "short-of-memory" ? 0.93 : 0.6) * swing(signalAt(behaviour.memory, at)),
  );
  return {
    cpuPercent: round(100 * Math.min(2, Math.max(0, signalAt(behaviour.activity, at)))),
    memoryUsageBytes: used,
    // An engine tells the whole of the host where there is no limit.
    memoryLimitBytes: limit ?? host.memory,
    memoryPercent: round((used / (limit ?? host.memory)) * 100),
  };
}

/** A share of memory as a small movement about 1. */
function swing(share: number): number {
  return 1 + 0.1 * (share - 0.5);
}

/** What only newer agents tell. */
function moreOf(plan: ContainerPlan, { state, started, oomKilled }: Standing, at: Instant) {
  const { netin, netout, diskread, diskwrite } = plan.behaviour;
  const moved = (flow: Flow) =>
    Math.max(
      0,
      Math.round((flow.base * (at - started)) / SECOND + flow.gain * areaBetween(plan.behaviour.activity, started, at)),
    );
  return {
    oomKilled,
    imageId: plan.imageId,
    imageCreatedAt: new Date(plan.imageBuilt).toISOString(),
    mounts: plan.mounts,
    restartPolicy: plan.trouble === "out-of-memory" ? "no" : "unless-stopped",
    ...(state === "running"
      ? {
          networkRxBytes: moved(netin),
          networkTxBytes: moved(netout),
          blockReadBytes: moved(diskread),
          blockWriteBytes: moved(diskwrite),
          pids: 4 + (plan.name.length % 17),
        }
      : {}),
  };
}

/** How it would be by itself, unless a fault says otherwise. */
function standingOf(plan: ContainerPlan, host: DockerHostPlan, { begun, at, entries }: Moment): Standing {
  const crashes = entries.filter(
    ({ fault, since }) =>
      fault.kind === "container-crashed" && fault.host === host.name && fault.container === plan.name && since <= at,
  );
  const last = crashes.at(-1);
  if (last === undefined || last.fault.kind !== "container-crashed") return ownStanding(plan, begun, at);
  const { exitCode = 1 } = last.fault;
  const own = ownStanding(plan, begun, at);
  const ended = { ...own, finished: last.since, exitCode, oomKilled: exitCode === 137 };
  if (last.until === null || at < last.until) return { ...ended, state: "exited" };
  return { ...ended, state: "running", started: last.until, exitCode: 0, oomKilled: false };
}

function ownStanding(plan: ContainerPlan, begun: Instant, at: Instant): Standing {
  const { trouble, started, period } = plan;
  const well = { state: "running", started, finished: null, restarts: 0, exitCode: 0, oomKilled: false } as const;
  if (trouble === "out-of-memory")
    return { ...well, state: "exited", finished: endedAt(plan, begun), exitCode: 137, oomKilled: true };
  if (trouble === "stopped") return { ...well, state: "exited", finished: endedAt(plan, begun) };
  if (trouble !== "restart-loop") return well;
  const turns = Math.floor((at - started) / period);
  const turn = started + turns * period;
  const end = turn + Math.round(period * UP);
  return at < end
    ? { ...well, started: turn, finished: end - period, restarts: turns }
    : { ...well, state: "restarting", started: turn, finished: end, restarts: turns, exitCode: 1 };
}

/** As the engine words it. */
function statusOf({ checked, trouble }: ContainerPlan, { state, started, finished, exitCode }: Standing, at: Instant) {
  if (state !== "running")
    return `${state === "exited" ? "Exited" : "Restarting"} (${exitCode}) ${agoOf(at - (finished ?? at))} ago`;
  return `Up ${agoOf(at - started)}${checked ? ` (${trouble === "unhealthy" ? "unhealthy" : "healthy"})` : ""}`;
}

function agoOf(age: Millis): string {
  for (const [unit, name] of [
    [DAY, "days"],
    [HOUR, "hours"],
    [MINUTE, "minutes"],
  ] as const)
    if (age >= 2 * unit) return `${Math.floor(age / unit)} ${name}`;
  return `${Math.floor(age / SECOND)} seconds`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
