import type { DockerIssue } from "../../model/docker.ts";
import type { Picture } from "../../model/picture.ts";
import type { Problem } from "../overview/problems.ts";
import type { HostedContainer } from "../search/fields.ts";
import type { HostRow } from "./docker-columns.tsx";

/** All containers, each with the name of its host. */
export function toHosted({ dockerContainers, dockerHosts }: Picture): HostedContainer[] {
  return Object.values(dockerContainers).map(one => ({
    ...one,
    hostname: dockerHosts[one.hostId]?.displayName ?? one.hostId,
  }));
}

/** All hosts, with how many containers they have. */
export function toHostRows({ dockerContainers, dockerHosts }: Picture): HostRow[] {
  const byHost = Map.groupBy(Object.values(dockerContainers), ({ hostId }) => hostId);
  return Object.values(dockerHosts).map(host => {
    const own = byHost.get(host.id) ?? [];
    return { ...host, containers: own.length, running: own.filter(({ state }) => state === "running").length };
  });
}

const LEVELS: { readonly [K in DockerIssue["kind"]]: Problem["level"] } = {
  "restart-loop": "critical",
  "out-of-memory": "critical",
  unhealthy: "critical",
  "memory-pressure": "warning",
  identity: "warning",
};

/** What is wrong on hosts that report, the worst first. */
export function toIssues({ dockerHosts }: Picture): Problem[] {
  return Object.values(dockerHosts)
    .filter(({ stale }) => !stale)
    .flatMap(({ id, displayName, issues }) =>
      issues.map(
        ({ kind, container, name, message }): Problem => ({
          id: `${id} ${kind} ${container}`,
          level: LEVELS[kind],
          subject: name,
          says: `on ${displayName}`,
          detail: message,
          shows: container ?? id,
        }),
      ),
    )
    .sort((a, b) => a.level.localeCompare(b.level) || a.subject.localeCompare(b.subject));
}
