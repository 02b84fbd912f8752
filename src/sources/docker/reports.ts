import { DAY, type Instant, MINUTE, SECOND } from "../../kit/units.ts";
import type { DockerHostFacts, DockerIssue, DockerReport } from "../../model/docker.ts";
import type { DockerSeen } from "../../model/observation.ts";
import { type ContainerFacts, toContainer, toHost, toInstant } from "./translation.ts";

/** So many restarts within the window are a loop. */
const LOOP = 3;
const LOOP_WINDOW = 10 * MINUTE;
/** Of its limit, percent; more than that and it is near its end. */
const PRESSURE = 90;
/** A clock that is further off than that makes every time in the report worthless. */
const MOST_SKEW = DAY;
const MOST_EXIT_CODES = 20;

/** Why a report is not taken: the field and what is wrong with it. */
export class BadReport extends Error {
  override name = "BadReport";
}

/** What is remembered of a host between its reports. */
interface Known {
  hostname: string;
  machineId: string | null;
  last: Instant;
  interval: number;
  /** By container. */
  restarts: Map<string, { containerId: string; count: number; at: Instant[] }>;
  exits: DockerHostFacts["recentExitCodes"];
  /** The last finish that was noted, by container. */
  finished: Map<string, Instant>;
}

/**
 * Takes reports of agents. A host is known by its agent's id (where there is none: by machine id, then host name), never by the token it
 * reports with. Cloned machines report alike: while the one that is known still reports, another with the same id is kept apart.
 */
export class DockerReports {
  readonly #hosts = new Map<string, Known>();

  /** What the report tells, received `at` by our own clock. Throws BadReport. */
  take(report: DockerReport, at: Instant): DockerSeen {
    const told = toInstant(report.timestamp);
    if (told !== null && Math.abs(told - at) > MOST_SKEW)
      throw new BadReport(
        `timestamp: "${report.timestamp}" is more than a day off; set the clock of "${report.host.hostname}"`,
      );
    const { id, twin } = this.#identify(report, at);
    const facts = toHost(report, id, at);
    const containers = uniqueById((report.containers ?? []).map(one => toContainer(one, id, report.host)));
    const known = this.#hosts.get(id);
    const memory: Known = {
      hostname: report.host.hostname,
      machineId: report.host.machineId || null,
      last: at,
      interval: facts.intervalSeconds * SECOND,
      restarts: known?.restarts ?? new Map(),
      exits: known?.exits ?? [],
      finished: known?.finished ?? new Map(),
    };
    this.#hosts.set(id, memory);
    follow(memory, containers, at);
    const issues = [...(twin === null ? [] : [toTwin(facts.displayName, twin)]), ...toIssues(containers, memory, at)];
    const host = { ...facts, issues, recentExitCodes: memory.exits };
    return { kind: "seen", scope: "docker", at, interval: memory.interval, host, containers };
  }

  /** Forgets a host that was removed. */
  forget(id: string): void {
    this.#hosts.delete(id);
  }

  /** Which host this is; `twin`: the name of the other machine that reports under its id. */
  #identify({ agent, host }: DockerReport, at: Instant): { id: string; twin: string | null } {
    const key = agent.id || host.machineId || host.hostname;
    const own = `${key}@${host.hostname}`;
    const known = this.#hosts.get(key);
    const machine = host.machineId || null;
    const isSame = !known || (known.hostname === host.hostname && known.machineId === machine);
    const isAlive = known !== undefined && at - known.last <= 2 * known.interval;
    // A machine that was renamed goes on as itself once its former name is silent.
    if (isSame || (!isAlive && !this.#hosts.has(own))) return { id: key, twin: null };
    return { id: own, twin: known.hostname };
  }
}

function toTwin(name: string, twin: string): DockerIssue {
  return {
    kind: "identity",
    container: null,
    name,
    message: `"${twin}" reports under the same agent id: is one a clone of the other? Give it an id of its own`,
  };
}

function uniqueById(containers: readonly ContainerFacts[]): ContainerFacts[] {
  return [...new Map(containers.map(one => [one.id, one])).values()];
}

/** Notes restarts and bad ends since the last report. */
function follow(memory: Known, containers: readonly ContainerFacts[], at: Instant): void {
  const ids = new Set(containers.map(({ id }) => id));
  for (const kept of [memory.restarts, memory.finished])
    for (const id of kept.keys()) if (!ids.has(id)) kept.delete(id);
  for (const { id, containerId, restartCount } of containers) {
    const before = memory.restarts.get(id);
    const isAnew = !before || before.containerId !== containerId || restartCount < before.count;
    const more = isAnew ? 0 : restartCount - before.count;
    const recent = (isAnew ? [] : before.at).filter(one => at - one <= LOOP_WINDOW);
    const at_ = [...recent, ...Array.from({ length: Math.min(more, LOOP) }, () => at)];
    memory.restarts.set(id, { containerId, count: restartCount, at: at_ });
  }
  for (const { id, name, exitCode, finishedAt } of containers) {
    if (finishedAt === null || memory.finished.get(id) === finishedAt) continue;
    memory.finished.set(id, finishedAt);
    if (exitCode !== 0) memory.exits = [{ container: id, name, exitCode, at: finishedAt }, ...memory.exits];
  }
  memory.exits = memory.exits.toSorted((a, b) => b.at - a.at).slice(0, MOST_EXIT_CODES);
}

function toIssues(containers: readonly ContainerFacts[], memory: Known, at: Instant): DockerIssue[] {
  return containers.flatMap(one => {
    const found: [kind: DockerIssue["kind"], message: string][] = [];
    const restarts = memory.restarts.get(one.id)?.at.filter(time => at - time <= LOOP_WINDOW).length ?? 0;
    if (restarts >= LOOP || one.state === "restarting")
      found.push(["restart-loop", `Starts again and again; exit code ${one.exitCode}`]);
    if (one.health === "unhealthy") found.push(["unhealthy", "Its health check fails"]);
    if (one.oomKilled) found.push(["out-of-memory", "Was stopped by the kernel for want of memory"]);
    else if (one.oomKilled === null && one.exitCode === 137 && one.state === "exited")
      found.push(["out-of-memory", "Was killed (exit code 137), perhaps for want of memory"]);
    if (one.memoryLimitBytes !== null && (one.memoryPercent ?? 0) >= PRESSURE)
      found.push(["memory-pressure", `Uses ${Math.round(one.memoryPercent ?? 0)} % of the memory it may have`]);
    return found.map(([kind, message]) => ({ kind, container: one.id, name: one.name, message }));
  });
}
