import type { Instant } from "../../kit/units.ts";
import type { DockerContainer, DockerHostFacts, DockerReport, ReportedContainer } from "../../model/docker.ts";
import { dockerContainerId } from "../../model/ids.ts";

/** What of a container a report tells; how fresh it is, is the inventory's to say. */
export type ContainerFacts = Omit<DockerContainer, "lastSeen" | "stale" | "fault">;
/** Bytes a second of a counter; null: not known yet. */
export type ReadRate = (counter: string, value: number | null) => number | null;

/** Translates one container of a report from host `hostId`. */
export function toContainer(
  given: ReportedContainer,
  hostId: string,
  host: DockerReport["host"],
  rate: ReadRate,
): ContainerFacts {
  // Engines write names with a slash before them.
  const name = given.name.replace(/^\/+/, "") || given.id.slice(0, 12);
  const running = given.state === "running" || given.state === "paused";
  const labels = given.labels ?? {};
  // Counters begin anew with each start, and with each making under the same name.
  const rateOf = (counter: string, value: number | undefined) =>
    rate(`${given.id} ${given.startedAt} ${counter}`, running ? (value ?? null) : null);
  const limit = given.memoryLimitBytes && given.memoryLimitBytes > 0 ? given.memoryLimitBytes : null;
  return {
    id: dockerContainerId(hostId, name),
    containerId: given.id,
    hostId,
    name,
    image: given.image,
    state: given.state,
    status: given.status ?? given.state,
    health: given.health && given.health !== "none" ? given.health : null,
    cpuPercent: running ? atLeastZero(given.cpuPercent) : null,
    memoryUsageBytes: running ? atLeastZero(given.memoryUsageBytes) : null,
    // Where there is no limit the engine tells the host's whole memory.
    memoryLimitBytes: limit !== null && limit < (host.totalMemoryBytes ?? Number.POSITIVE_INFINITY) ? limit : null,
    memoryPercent: running ? atLeastZero(given.memoryPercent) : null,
    uptimeSeconds: running ? atLeastZero(given.uptimeSeconds) : null,
    restartCount: given.restartCount ?? 0,
    exitCode: given.exitCode ?? 0,
    oomKilled: given.oomKilled ?? null,
    createdAt: toInstant(given.createdAt),
    startedAt: toInstant(given.startedAt),
    finishedAt: toInstant(given.finishedAt),
    ports: given.ports ?? [],
    labels,
    networks: given.networks ?? [],
    project: labels["com.docker.compose.project"] ?? labels["com.docker.stack.namespace"] ?? null,
    service: labels["com.docker.compose.service"] ?? labels["com.docker.swarm.service.name"] ?? null,
    imageId: given.imageId || null,
    imageCreatedAt: toInstant(given.imageCreatedAt),
    networkIn: rateOf("in", given.networkRxBytes),
    networkOut: rateOf("out", given.networkTxBytes),
    diskRead: rateOf("read", given.blockReadBytes),
    diskWrite: rateOf("write", given.blockWriteBytes),
    mounts: given.mounts ?? [],
    restartPolicy: given.restartPolicy || null,
    pids: running ? (given.pids ?? null) : null,
  };
}

/** Translates the host of a report, with its containers. */
export function toHost(
  { agent, host, timestamp, warnings = [] }: DockerReport,
  id: string,
  at: Instant,
  containers: readonly ContainerFacts[],
): Omit<DockerHostFacts, "issues" | "recentExitCodes" | "lastSeen" | "stale" | "fault"> {
  const told = toInstant(timestamp);
  return {
    id,
    agentId: agent.id || id,
    hostname: host.hostname,
    displayName: host.name || host.hostname,
    machineId: host.machineId || null,
    os: host.os || null,
    kernelVersion: host.kernelVersion || null,
    architecture: host.architecture || null,
    dockerVersion: host.dockerVersion || null,
    cpus: atLeastZero(host.totalCpu),
    totalMemoryBytes: atLeastZero(host.totalMemoryBytes),
    uptimeSeconds: atLeastZero(host.uptimeSeconds),
    engine: host.engine ?? null,
    swarmNodeId: host.swarmNodeId || null,
    ...usageOf(host, containers),
    loadAverage: host.loadAverage ?? null,
    warnings,
    status: "online",
    intervalSeconds: intervalOf(agent.intervalSeconds),
    agentVersion: agent.version || null,
    clockSkew: told === null ? null : told - at,
  };
}

/** What the host uses, or, where its agent does not tell, what its containers use together. */
function usageOf(
  { cpuPercent, memoryUsedBytes, totalCpu = 0 }: DockerReport["host"],
  containers: readonly ContainerFacts[],
): Pick<DockerHostFacts, "cpuPercent" | "memoryUsedBytes" | "measured"> {
  if (cpuPercent !== undefined || memoryUsedBytes !== undefined)
    return { cpuPercent: cpuPercent ?? null, memoryUsedBytes: memoryUsedBytes ?? null, measured: "host" };
  const total = (of: (one: ContainerFacts) => number | null) =>
    containers.reduce((sum, one) => sum + (of(one) ?? 0), 0);
  return {
    cpuPercent: totalCpu > 0 ? total(one => one.cpuPercent) / totalCpu : null,
    memoryUsedBytes: total(one => one.memoryUsageBytes),
    measured: "containers",
  };
}

/** Seconds; within what makes sense. */
function intervalOf(given: number | undefined): number {
  return given === undefined || !(given > 0) ? 30 : Math.min(3600, Math.max(5, given));
}

function atLeastZero(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) || value < 0 ? null : value;
}

/** RFC 3339 to ms; Go's zero time, the year 1, and what is no time are null. */
export function toInstant(text: string | null | undefined): Instant | null {
  const at = text ? Date.parse(text) : Number.NaN;
  return Number.isFinite(at) && at > 0 ? at : null;
}
