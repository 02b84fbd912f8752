import { type Instant, MINUTE } from "../../kit/units.ts";
import type { DockerHostFacts, DockerIssue } from "../../model/docker.ts";
import type { ContainerFacts } from "./translation.ts";

/** So many restarts within the window are a loop. */
const LOOP = 3;
const LOOP_WINDOW = 10 * MINUTE;
/** Of its limit, percent; more than that and it is near its end. */
const PRESSURE = 90;
const MOST_EXIT_CODES = 20;

/** What is remembered of a host's containers between its reports. */
export interface Memory {
  /** By container. */
  restarts: Map<string, { containerId: string; count: number; at: Instant[] }>;
  exits: DockerHostFacts["recentExitCodes"];
  /** The last finish that was noted, by container. */
  finished: Map<string, Instant>;
}

/** Nothing yet. */
export function emptyMemory(): Memory {
  return { restarts: new Map(), exits: [], finished: new Map() };
}

/** Notes restarts and bad ends since the last report; `at`: when this one was made. */
export function follow(memory: Memory, containers: readonly ContainerFacts[], at: Instant): void {
  const ids = new Set(containers.map(({ id }) => id));
  for (const kept of [memory.restarts, memory.finished])
    for (const id of kept.keys()) if (!ids.has(id)) kept.delete(id);
  for (const { id, containerId, restartCount } of containers) {
    const before = memory.restarts.get(id);
    const isAnew = !before || before.containerId !== containerId || restartCount < before.count;
    const more = isAnew ? 0 : restartCount - before.count;
    const recent = (isAnew ? [] : before.at).filter(one => Math.abs(at - one) <= LOOP_WINDOW);
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

export function toIssues(containers: readonly ContainerFacts[], memory: Memory, at: Instant): DockerIssue[] {
  return containers.flatMap(one => {
    const found: [kind: DockerIssue["kind"], message: string][] = [];
    const restarts = memory.restarts.get(one.id)?.at.filter(time => Math.abs(at - time) <= LOOP_WINDOW).length ?? 0;
    if (restarts >= LOOP || one.state === "restarting")
      found.push(["restart-loop", `Starts again and again${endOf(one, memory)}`]);
    if (one.health === "unhealthy") found.push(["unhealthy", "Its health check fails"]);
    if (one.oomKilled) found.push(["out-of-memory", "Was stopped by the kernel for want of memory"]);
    else if (one.oomKilled === null && one.exitCode === 137 && one.state === "exited")
      found.push(["out-of-memory", "Was killed (exit code 137), perhaps for want of memory"]);
    if (one.memoryLimitBytes !== null && (one.memoryPercent ?? 0) >= PRESSURE)
      found.push(["memory-pressure", `Uses ${Math.round(one.memoryPercent ?? 0)} % of the memory it may have`]);
    return found.map(([kind, message]) => ({ kind, container: one.id, name: one.name, message }));
  });
}

/** With which exit code it last ended badly: while it is up, the engine itself tells 0. */
function endOf({ id, exitCode }: ContainerFacts, { exits }: Memory): string {
  const code = exitCode || exits.find(({ container }) => container === id)?.exitCode;
  return code ? `; exit code ${code}` : "";
}
