import type { DockerIssue } from "../../model/docker.ts";
import type { Picture } from "../../model/picture.ts";
import type { Problem } from "../overview/problems.ts";
import type { HostedContainer } from "../search/fields.ts";
import type { Grouping } from "../ui/column.ts";
import { byText } from "../ui/grouping.ts";
import type { QuickFilter } from "../ui/quick-filters.tsx";
import { compareNames } from "../ui/sort.ts";
import { stateName } from "../words/states.ts";
import { t, told } from "../words/words.ts";
import type { HostRow } from "./host-columns.tsx";

/** All containers, each with its host and what is wrong with it. */
export function toHosted({ dockerContainers, dockerHosts }: Picture): HostedContainer[] {
  const issues = Map.groupBy(
    Object.values(dockerHosts).flatMap(host => (host.stale ? [] : host.issues)),
    ({ container }) => container,
  );
  return Object.values(dockerContainers).map(one => {
    const host = dockerHosts[one.hostId];
    return {
      ...one,
      hostname: host?.displayName ?? one.hostId,
      hostCpus: host?.cpus ?? null,
      issues: issues.get(one.id)?.map(({ kind }) => kind) ?? [],
    };
  });
}

/** What containers can be grouped by; of hosts and projects, those with something wrong come first. `head`: the line of a host or project. */
export function containerGroupings(head: NonNullable<Grouping<HostedContainer>["head"]>): Grouping<HostedContainer>[] {
  return [
    {
      key: "host",
      name: t("By host"),
      of: one => [{ id: one.hostId, name: one.hostname }],
      rank,
      head,
      shows: ({ id }) => id,
    },
    { key: "project", name: t("By project"), of: one => [projectOf(one)], rank, head },
    byText("image", t("By image"), ({ image }) => image, { head }),
    byText("state", t("By state"), ({ state }) => stateName(state), { head }),
  ];
}

/** Compose projects are of one host; a stack of a swarm is of many. */
function projectOf({ project, labels, hostId }: HostedContainer): { id: string; name: string } {
  if (project === null) return { id: NO_PROJECT, name: t("Without a project") };
  return { id: "com.docker.stack.namespace" in labels ? project : `${hostId} ${project}`, name: project };
}

function rank(rows: readonly HostedContainer[], id: string): number {
  return rows.some(({ issues }) => issues.length > 0) ? 0 : id === NO_PROJECT ? 2 : 1;
}

/** No project is called so. */
const NO_PROJECT = " ";

/** A search that a button makes; only what divides the containers is worth one. */
export function toFilters(containers: readonly HostedContainer[]): QuickFilter[] {
  const count = (test: (one: HostedContainer) => boolean) => containers.filter(test).length;
  const filters = [
    { term: "issue:*", name: t("With issues"), count: count(({ issues }) => issues.length > 0) },
    { term: "state:running", name: t("Running"), count: count(({ state }) => state === "running") },
    { term: "state:exited", name: t("Stopped"), count: count(({ state }) => state === "exited") },
    { term: "health:unhealthy", name: t("Unhealthy"), count: count(({ health }) => health === "unhealthy") },
    { term: "is:stale", name: t("Stale"), count: count(({ stale }) => stale) },
  ];
  return filters.filter(filter => filter.count > 0 && filter.count < containers.length);
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

/** Hosts that are silent, and what is wrong on those that report; the worst first. */
export function toIssues({ dockerHosts }: Picture): Problem[] {
  return Object.values(dockerHosts)
    .flatMap(({ id, displayName, issues, status, fault, stale }): Problem[] => {
      if (status === "offline")
        return [
          {
            id,
            level: "critical",
            subject: displayName,
            says: t("does not report any more"),
            detail: fault && told(fault),
            shows: id,
            alerts: null,
          },
        ];
      return (stale ? [] : issues).map(
        ({ kind, container, name, message }): Problem => ({
          id: `${id} ${kind} ${container}`,
          level: LEVELS[kind],
          subject: name,
          says: t("on {host}", { host: displayName }),
          detail: told(message),
          shows: container ?? id,
          alerts: null,
        }),
      );
    })
    .sort((a, b) => a.level.localeCompare(b.level) || compareNames(a.subject, b.subject));
}
