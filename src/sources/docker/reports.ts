import { DAY, type Instant, type Millis, SECOND } from "../../kit/units.ts";
import type { DockerIssue, DockerReport } from "../../model/docker.ts";
import type { DockerSeen } from "../../model/observation.ts";
import { RateMeter } from "../rates.ts";
import { emptyMemory, follow, type Memory, toIssues } from "./issues.ts";
import { type Progress, progressOf } from "./progress.ts";
import { type ContainerFacts, type ReadRate, toContainer, toHost, toInstant } from "./translation.ts";

/** A clock that is further off than that makes every time in the report worthless. */
const MOST_SKEW = DAY;
/** A token that may report must not be enough to fill the memory. */
const MOST_HOSTS = 5000;

/** Why a report is not taken: the field and what is wrong with it. */
export class BadReport extends Error {
  override name = "BadReport";
}

/** What is remembered of a host between its reports. */
interface Known {
  hostname: string;
  machineId: string | null;
  last: Instant;
  interval: Millis;
  rates: RateMeter;
  memory: Memory;
}

/** What became of a report. `seen`: null when a newer one had been taken before. */
interface Taken {
  hostId: string;
  seen: DockerSeen | null;
}

/**
 * Takes reports of agents. A host is known by its agent's id (where there is none: by machine id, then host name), never by the token it
 * reports with. Cloned machines report alike: while the one that is known still reports, another with the same id is kept apart.
 */
export class DockerReports {
  readonly #hosts = new Map<string, Known>();
  /** By host; also of hosts that were removed, so that none comes back by a report from before. */
  readonly #progress = new Map<string, Progress>();

  /** What the report tells, received `at` by our own clock. Throws BadReport. */
  take(report: DockerReport, at: Instant): Taken {
    const told = toInstant(report.timestamp);
    if (told !== null && Math.abs(told - at) > MOST_SKEW)
      throw new BadReport(
        `timestamp: "${report.timestamp}" is more than a day off; set the clock of "${report.host.hostname}"`,
      );
    const { id, twin } = this.#identify(report, at);
    if (!this.#hosts.has(id) && this.#hosts.size >= MOST_HOSTS)
      throw new BadReport(`agent.id: "${id}" is not known, and there are ${MOST_HOSTS} Docker hosts already`);
    if (told !== null) {
      const progress = progressOf(this.#progress.get(id), told, at);
      this.#progress.set(id, progress);
      if (progress.late !== null) return { hostId: id, seen: null };
    }
    return { hostId: id, seen: this.#toSeen(report, { id, twin, made: told ?? at }, at) };
  }

  #toSeen(
    report: DockerReport,
    { id, twin, made }: { id: string; twin: string | null; made: Instant },
    at: Instant,
  ): DockerSeen {
    const { rates = new RateMeter(0), memory = emptyMemory() } = this.#hosts.get(id) ?? {};
    const counters = new Set<string>();
    const rate: ReadRate = (counter, value) => {
      counters.add(counter);
      return rates.read(counter, value, made);
    };
    const containers = uniqueById((report.containers ?? []).map(one => toContainer(one, id, report.host, rate)));
    rates.forget((_, counter) => !counters.has(counter));
    const facts = toHost(report, id, at, containers);
    const interval = facts.intervalSeconds * SECOND;
    const { hostname, machineId } = facts;
    this.#hosts.set(id, { hostname, machineId, last: at, interval, rates, memory });
    follow(memory, containers, made);
    const issues = [...(twin === null ? [] : [toTwin(facts.displayName, twin)]), ...toIssues(containers, memory, made)];
    const host = { ...facts, issues, recentExitCodes: memory.exits };
    return { kind: "seen", scope: "docker", at, interval, host, containers };
  }

  /** Forgets a host that was removed. */
  forget(id: string): void {
    this.#hosts.delete(id);
  }

  /** Which host this is; `twin`: the name of the other machine that reports under its id. */
  #identify({ agent, host }: DockerReport, at: Instant): { id: string; twin: string | null } {
    const key = agent.id || host.machineId || host.hostname;
    const known = this.#hosts.get(key);
    const machine = host.machineId || null;
    const own = `${key}@${known?.hostname === host.hostname && machine ? machine : host.hostname}`;
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
