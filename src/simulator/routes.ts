import { AGENT_ROUTES } from "./agent-answers.ts";
import { BACKUP_ROUTES } from "./backup-answers.ts";
import { CEPH_ROUTES } from "./ceph-answers.ts";
import { RESOURCE_TYPES, toClusterStatus, toJoinInfo, toResources } from "./cluster-answers.ts";
import { DISK_ROUTES } from "./disk-answers.ts";
import { toCurrent, toListRow } from "./guest-answers.ts";
import type { Instance } from "./instance.ts";
import type { Body } from "./machine.ts";
import { toMetricsExport } from "./metrics-export.ts";
import { toCertificates, toNodeListRow, toNodeStatus } from "./node-answers.ts";
import { findRoute } from "./path-pattern.ts";
import { Refusal } from "./refusal.ts";
import { type Ask, FLAG, guestOf, INTEGER, nodeOf, oneOf, type Route } from "./route.ts";
import { RRD_ROUTES } from "./rrd-answers.ts";
import type { Guest } from "./scene.ts";
import { SETTINGS_ROUTES } from "./settings-answers.ts";
import { toNodeStorages, toStorageSettings } from "./storage-answers.ts";

const ROUTES: readonly Route[] = [
  { path: "/version", data: ({ instance }) => toVersion(instance) },
  {
    path: "/cluster/resources",
    query: { type: oneOf(RESOURCE_TYPES) },
    data: ({ instance, query }) => toResources(instance.scene(), query.type),
  },
  {
    path: "/cluster/status",
    local: true,
    data: ({ instance, asked }) => toClusterStatus(instance.scene(), instance, asked),
  },
  {
    path: "/cluster/metrics/export",
    query: { history: FLAG, "start-time": INTEGER, "local-only": FLAG },
    local: true,
    text: toExport,
  },
  {
    path: "/cluster/config/join",
    query: { node: () => null },
    local: true,
    data: ({ instance, asked, query }) => toJoinInfo(instance.scene(), instance, query.node ?? asked),
  },
  {
    path: "/nodes",
    data: ({ instance }) => instance.scene().nodes.map(node => toNodeListRow(node, instance)),
  },
  {
    path: "/nodes/{node}/status",
    data: ask => toNodeStatus(nodeOf(ask), ask.instance.scene().at, ask.instance.plan.release),
  },
  { path: "/nodes/{node}/qemu", query: { full: FLAG }, data: ask => guestsOf(ask, "qemu") },
  { path: "/nodes/{node}/lxc", data: ask => guestsOf(ask, "lxc") },
  {
    path: "/nodes/{node}/qemu/{vmid}/status/current",
    data: ask => toCurrent(guestOf(ask, "qemu"), ask.instance.plan.release),
  },
  {
    path: "/nodes/{node}/lxc/{vmid}/status/current",
    data: ask => toCurrent(guestOf(ask, "lxc"), ask.instance.plan.release),
  },
  {
    path: "/nodes/{node}/storage",
    data: ({ instance, params }) => toNodeStorages(instance.scene(), params.node ?? ""),
  },
  { path: "/nodes/{node}/certificates/info", data: ask => toCertificates(nodeOf(ask), ask.instance) },
  { path: "/storage", data: ({ instance }) => toStorageSettings(instance.scene()) },
  ...AGENT_ROUTES,
  ...DISK_ROUTES,
  ...BACKUP_ROUTES,
  ...CEPH_ROUTES,
  ...SETTINGS_ROUTES,
  ...RRD_ROUTES,
];

/** The answer to a GET by whoever may ask. Throws Refusal. */
export function answer(instance: Instance, asked: string, path: string, search: URLSearchParams): Body {
  const found = find(instance, path);
  if (!found) throw new Refusal(501, `Method 'GET ${path}' not implemented`);
  const { route, params } = found;
  if (params.node !== undefined) checkProxy(instance, params.node);
  const query = Object.fromEntries(search);
  checkQuery(route, query);
  const ask: Ask = { instance, asked, params, query };
  return instance.body(`${route.local ? asked : ""} ${path}?${search}`, () =>
    route.text ? route.text(ask) : JSON.stringify({ data: route.data?.(ask) ?? null }),
  );
}

/** The pattern a path belongs to, such as "/nodes/{node}/status"; null when no release knows it. */
export function patternOf(path: string): string | null {
  return findRoute(ROUTES, path)?.route.path ?? null;
}

function find({ plan }: Instance, path: string) {
  return findRoute(ROUTES, path, route => route.path !== "/cluster/metrics/export" || plan.release.exportsMetrics);
}

/** Every member answers for every other one, as long as that one is up. */
function checkProxy(instance: Instance, node: string): void {
  if (!instance.plan.nodes.some(one => one.name === node))
    throw new Refusal(
      500,
      `hostname lookup '${node}' failed - failed to get address info for: ${node}: Name or service not known`,
    );
  if (!instance.isOn(node)) throw new Refusal(595, "No route to host");
}

function checkQuery(route: Route, query: Readonly<Record<string, string>>): void {
  const errors: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    const check = route.query?.[name];
    const wrong = check
      ? check(value)
      : "property is not defined in schema and the schema does not allow additional properties";
    if (wrong !== null) errors[name] = wrong;
  }
  if (Object.keys(errors).length > 0) throw new Refusal(400, "Parameter verification failed.", errors);
}

function toVersion({ plan: { release } }: Instance) {
  return { version: release.version, release: release.release, repoid: release.repoid };
}

function toExport({ instance, asked, query }: Ask): string {
  const isSet = (name: string) => /^(1|on|yes|true)$/i.test(query[name] ?? "");
  const start = query["start-time"];
  const startTime = start === undefined ? null : Number(start);
  const node = isSet("local-only") ? asked : null;
  return toMetricsExport(instance, { history: isSet("history"), startTime, node }, instance.clock.now());
}

function guestsOf({ instance, params }: Ask, type: Guest["plan"]["type"]) {
  return instance
    .scene()
    .guests.filter(guest => guest.plan.type === type && guest.node === params.node)
    .map(guest => toListRow(guest, instance.plan.release));
}
