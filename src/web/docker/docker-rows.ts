import type { DockerIssue } from "../../model/docker.ts";
import type { Picture } from "../../model/picture.ts";
import type { Problem } from "../overview/problems.ts";
import type { HostedContainer } from "../search/fields.ts";
import type { Group } from "../ui/grouped-table.tsx";
import type { QuickFilter } from "../ui/quick-filters.tsx";
import { compareNames } from "../ui/sort.ts";
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

/** How containers are listed. */
export const LISTINGS = [
  { key: "host", name: t("By host") },
  { key: "project", name: t("By project") },
  { key: "list", name: t("One list") },
] as const;
export type Listing = (typeof LISTINGS)[number]["key"];

/** The groups of a listing, those with something wrong first. Compose projects are of one host; a stack of a swarm is of many. */
export function toGroups(
  containers: readonly HostedContainer[],
  by: Exclude<Listing, "list">,
): Group<HostedContainer>[] {
  const keyOf = (one: HostedContainer) => {
    if (by === "host") return one.hostId;
    if (one.project === null) return NO_PROJECT;
    return "com.docker.stack.namespace" in one.labels ? one.project : `${one.hostId} ${one.project}`;
  };
  const nameOf = (one: HostedContainer) => (by === "host" ? one.hostname : (one.project ?? t("Without a project")));
  const rank = (id: string, rows: readonly HostedContainer[]) =>
    rows.some(({ issues }) => issues.length > 0) ? 0 : id === NO_PROJECT ? 2 : 1;
  return [...Map.groupBy(containers, keyOf)]
    .map(([id, rows]) => ({ id, name: rows[0] ? nameOf(rows[0]) : id, rows, rank: rank(id, rows) }))
    .toSorted((a, b) => a.rank - b.rank || compareNames(a.name, b.name) || compareNames(a.id, b.id));
}

/** No host and no project is called so. */
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
    .sort((a, b) => a.level.localeCompare(b.level) || a.subject.localeCompare(b.subject));
}
