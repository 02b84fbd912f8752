import { DAY, type Millis, SECOND, spanText } from "../kit/units.ts";
import type { DockerContainer, DockerHostFacts } from "../model/docker.ts";
import { memoryPercentOf } from "../model/docker-memory.ts";
import { dockerPart } from "../model/ids.ts";
import { allOf, type Picture } from "../model/picture.ts";
import { type Context, critical, type Finding, type Kind, warning } from "./signal.ts";

/** Containers that ended longer ago were so before anybody watched. */
const RECENT_END: Millis = DAY;
/** 128 and the signal by which somebody stopped it: SIGINT, SIGKILL, SIGTERM. */
const STOPPED_BY_HAND: ReadonlySet<number> = new Set([130, 137, 143]);
const KILLED = 137;

/** A host is called as in the state, unless an instance has that very id. */
function hostKey(id: string, { instances }: Picture): string {
  return Object.hasOwn(instances, id) ? dockerPart(id) : id;
}

interface Host {
  host: DockerHostFacts;
  key: string;
}

export const DOCKER_HOSTS: Kind<Host> = {
  list: picture => Object.values(picture.dockerHosts).map(host => ({ host, key: hostKey(host.id, picture) })),
  id: ({ key }) => key,
  tags: () => null,
  isStale: ({ host }) => host.stale,
  about: ({ host, key }) => ({
    id: key,
    name: host.displayName,
    type: "docker-host",
    node: host.displayName,
    instance: "",
  }),
  signals: [
    { kind: "figure", type: "cpu", label: "CPU", unit: "percent", read: ({ host }) => host.cpuPercent },
    { kind: "figure", type: "memory", label: "Memory", unit: "percent", read: ({ host }) => memoryPercentOf(host) },
    {
      kind: "check",
      type: "offline",
      label: "Reports",
      judgesStale: true,
      read: ({ host: { status, stale } }) => {
        if (status === "offline") return critical("does not report any more");
        return stale ? null : false;
      },
    },
  ],
};

export const DOCKER_CONTAINERS: Kind<DockerContainer> = {
  list: picture => allOf(picture, "dockerContainers"),
  id: ({ id }) => id,
  tags: () => null,
  isStale: ({ stale }) => stale,
  about: ({ id, name, hostId }, { dockerHosts }) => {
    const node = dockerHosts[hostId]?.displayName ?? hostId;
    return { id, name, type: "docker-container", node, instance: "" };
  },
  signals: [
    {
      kind: "figure",
      type: "cpu",
      label: "CPU (of all of its host)",
      unit: "percent",
      read: ({ cpuPercent, hostId, state }, { picture }) => {
        const cpus = picture.dockerHosts[hostId]?.cpus;
        if (!isUp(state)) return 0;
        return cpuPercent === null || !cpus ? null : cpuPercent / cpus;
      },
    },
    {
      kind: "figure",
      type: "memory",
      label: "Memory (of all of its host)",
      unit: "percent",
      // One that has a limit is judged by that.
      read: ({ memoryPercent, memoryLimitBytes, state }) =>
        isUp(state) && memoryLimitBytes === null ? memoryPercent : 0,
    },
    { kind: "check", type: "container-state", label: "Runs", read: readState },
    {
      kind: "check",
      type: "container-health",
      label: "Health",
      read: ({ health, state }) => {
        if (!isUp(state) || health === null || health === "healthy") return false;
        return health === "unhealthy" ? warning("is unhealthy by its own check") : null;
      },
    },
    { kind: "check", type: "container-restarts", label: "Restarts", read: readRestarts },
    { kind: "check", type: "container-oom", label: "Out of memory", read: readOutOfMemory },
    { kind: "check", type: "container-memory-limit", label: "Memory limit", read: readLimit },
  ],
};

function isUp(state: string): boolean {
  return state === "running" || state === "paused";
}

/** One that ended by itself, and badly. One that ended long ago, before it was watched, is left as it is. */
function readState({ state, exitCode, finishedAt }: DockerContainer, { now }: Context): Finding | false | null {
  if (isUp(state)) return false;
  if (state === "dead") return critical("is dead: its engine could not remove it");
  if (state !== "exited") return null;
  if (exitCode === 0 || STOPPED_BY_HAND.has(exitCode)) return false;
  const isRecent = finishedAt === null || now - finishedAt < RECENT_END;
  return isRecent ? warning(`ended with exit code ${exitCode}`) : null;
}

function readRestarts(container: DockerContainer, { config, notebook, now }: Context): Finding | false | null {
  const { restartCount, restartWindow } = config.dockerDefaults;
  if (restartCount <= 0) return false;
  const count = notebook.restarts(container.id, container.restartCount, restartWindow * SECOND, now);
  return count >= restartCount
    ? warning(`was restarted ${count} times within ${spanText(restartWindow * SECOND)}`)
    : false;
}

/** By what the engine says; where the agent does not tell that, a kill that nobody is known to have sent. */
function readOutOfMemory(
  { state, oomKilled, exitCode, finishedAt }: DockerContainer,
  { now }: Context,
): Finding | false | null {
  if (isUp(state)) return false;
  const isKilled = oomKilled ?? (state === "exited" && exitCode === KILLED);
  if (!isKilled) return false;
  return finishedAt === null || now - finishedAt < RECENT_END ? critical("was killed for want of memory") : null;
}

function readLimit(container: DockerContainer, { config }: Context): Finding | false | null {
  const { memoryPercent, memoryLimitBytes, state } = container;
  const { memoryWarnPct, memoryCriticalPct } = config.dockerDefaults;
  if (memoryLimitBytes === null || !isUp(state)) return false;
  if (memoryPercent === null) return null;
  const message = `uses ${Math.round(memoryPercent)} % of its memory limit`;
  if (memoryCriticalPct > 0 && memoryPercent >= memoryCriticalPct) return critical(message);
  return memoryWarnPct > 0 && memoryPercent >= memoryWarnPct ? warning(message) : false;
}
