import type { Body } from "./machine.ts";
import { findRoute } from "./path-pattern.ts";
import { toDatastores, toGcStatus, toNodeStatus, toStoreStatus, toUsage, toVersion } from "./pbs-answers.ts";
import { toGroups, toNamespaces, toSnapshots } from "./pbs-content.ts";
import { toGcJobs, toJobs, toTasks } from "./pbs-jobs.ts";
import type { DatastorePlan } from "./pbs-plan.ts";
import type { BackupServer } from "./pbs-server.ts";
import { Refusal } from "./refusal.ts";

/** A GET as a route of the Backup Server sees it. */
export interface PbsAsk {
  server: BackupServer;
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
}

interface Route {
  path: string;
  /** Every other parameter is refused. */
  query?: readonly string[];
  /** Not known to releases before this one. */
  since?: string;
  data: (ask: PbsAsk) => unknown;
}

const STORE = "/admin/datastore/{store}";
const ROUTES: readonly Route[] = [
  { path: "/version", data: ({ server }) => toVersion(server) },
  { path: "/status/datastore-usage", data: ({ server }) => toUsage(server) },
  { path: "/admin/datastore", data: ({ server }) => toDatastores(server) },
  { path: "/admin/gc", query: ["store"], since: "3.2", data: ({ server }) => toGcJobs(server) },
  { path: "/admin/sync", query: ["store"], data: ({ server }) => toJobs(server, "sync") },
  { path: "/admin/verify", query: ["store"], data: ({ server }) => toJobs(server, "verify") },
  { path: "/admin/prune", query: ["store"], data: ({ server }) => toJobs(server, "prune") },
  { path: "/nodes/{node}/status", data: ({ server }) => toNodeStatus(server) },
  {
    path: "/nodes/{node}/tasks",
    query: [
      "start",
      "limit",
      "store",
      "running",
      "errors",
      "userfilter",
      "since",
      "until",
      "typefilter",
      "statusfilter",
    ],
    data: ({ server, query }) => toTasks(server, query),
  },
  { path: `${STORE}/status`, query: ["verbose"], data: ask => toStoreStatus(ask.server, storeOf(ask)) },
  { path: `${STORE}/gc`, data: ask => toGcStatus(ask.server, storeOf(ask)) },
  {
    path: `${STORE}/namespace`,
    query: ["parent", "max-depth"],
    data: ask => toNamespaces(storeOf(ask), ask.query.parent ?? ""),
  },
  { path: `${STORE}/groups`, query: ["ns"], data: ask => toGroups(ask.server, namespaceOf(ask)) },
  {
    path: `${STORE}/snapshots`,
    query: ["ns", "backup-type", "backup-id"],
    data: ask => toSnapshots(ask.server, namespaceOf(ask), ask.query),
  },
];

/** The answer to a GET by whoever may ask. Throws Refusal. */
export function answer(server: BackupServer, path: string, search: URLSearchParams): Body {
  const found = find(server, path);
  if (!found) throw new Refusal(404, `Path '/api2/json${path}' not found.`);
  const { route, params } = found;
  const query = Object.fromEntries(search);
  const unknown = Object.keys(query).filter(name => !route.query?.includes(name));
  if (unknown.length > 0)
    throw new Refusal(
      400,
      "parameter verification errors",
      Object.fromEntries(unknown.map(name => [name, "schema does not allow additional properties."])),
    );
  return server.body(`${path}?${search}`, () => JSON.stringify({ data: route.data({ server, params, query }) }));
}

export function patternOf(path: string): string | null {
  return findRoute(ROUTES, path)?.route.path ?? null;
}

function find(server: BackupServer, path: string) {
  return findRoute(ROUTES, path, ({ since }) => since === undefined || server.plan.version >= since);
}

/** What the path names; one in maintenance refuses everything (default status of every fault: 400). Throws Refusal. */
function storeOf({ server, params }: PbsAsk): DatastorePlan {
  const store = server.datastores.find(one => one.name === params.store);
  if (!store) throw new Refusal(404, `datastore '${params.store}' does not exist`);
  if (server.maintenanceOf(store.name) === "offline")
    throw new Refusal(400, `datastore '${store.name}' is unavailable: offline maintenance mode: disks are exchanged`);
  return store;
}

function namespaceOf(ask: PbsAsk) {
  const path = ask.query.ns ?? "";
  const namespace = storeOf(ask).namespaces.find(one => one.path === path);
  if (!namespace) throw new Refusal(404, `namespace '${path}' does not exist`);
  return namespace;
}
