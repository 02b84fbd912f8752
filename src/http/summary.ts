import type { AnswerOf } from "../contract/route.ts";
import type { SUMMARY_ROUTES } from "../contract/summary-routes.ts";
import { percentOf, round } from "../kit/units.ts";
import type { Alert } from "../model/alert.ts";
import type { Node } from "../model/node.ts";
import type { Picture } from "../model/picture.ts";

export type Counts = AnswerOf<(typeof SUMMARY_ROUTES)["simpleStats"]>;
type Summary = AnswerOf<(typeof SUMMARY_ROUTES)["summary"]>;

/** Numbers that tell nobody what there is. */
export function toSimpleStats(picture: Picture): Counts {
  const online = ({ status }: { status: string }) => status === "online";
  const of = <T>(all: readonly T[], is: (one: T) => boolean) => ({ total: all.length, of: all.filter(is).length });
  const nodes = of(Object.values(picture.nodes), online);
  const guests = of(guestsOf(picture), isRunning);
  const hosts = of(Object.values(picture.dockerHosts), online);
  const open = Object.values(picture.activeAlerts).filter(({ acknowledged }) => !acknowledged);
  return {
    waiting: Object.values(picture.instances).filter(({ status }) => status === "connecting").length,
    nodes: { total: nodes.total, online: nodes.of },
    guests: { total: guests.total, running: guests.of },
    dockerHosts: { total: hosts.total, online: hosts.of },
    alerts: {
      critical: open.filter(({ level }) => level === "critical").length,
      warning: open.filter(({ level }) => level === "warning").length,
    },
    updated: picture.lastUpdate,
  };
}

/** What a widget of a dashboard shows. */
export function toSummary(picture: Picture): Summary {
  const counts = toSimpleStats(picture);
  const alerts = Object.values(picture.activeAlerts);
  const worst = worstOf(alerts);
  const { critical, warning } = counts.alerts;
  const nodes = Object.values(picture.nodes).filter(({ status }) => status === "online");
  const containers = Object.values(picture.dockerContainers);
  return {
    ...counts,
    status: critical > 0 ? "critical" : warning > 0 ? "warning" : counts.waiting > 0 ? "unknown" : "ok",
    problems: critical + warning,
    acknowledged: alerts.length - critical - warning,
    worst: worst && {
      level: worst.level,
      resource: worst.resourceName,
      message: worst.message,
      since: worst.startTime,
    },
    vms: countRunning(Object.values(picture.vms)),
    containers: countRunning(Object.values(picture.containers)),
    dockerContainers: {
      total: containers.length,
      running: containers.filter(({ state }) => state === "running").length,
    },
    cpuPercent: meanCpu(nodes),
    memory: sumUp(nodes.map(({ memory }) => memory)),
    storage: sumUp(Object.values(picture.storage)),
  };
}

interface Countable {
  status: string;
  template: boolean;
}

function guestsOf({ vms, containers }: Picture): Countable[] {
  return [...Object.values(vms), ...Object.values(containers)].filter(({ template }) => !template);
}

function isRunning({ status }: { status: string }): boolean {
  return status === "running";
}

function countRunning(guests: readonly Countable[]): { total: number; running: number } {
  const real = guests.filter(({ template }) => !template);
  return { total: real.length, running: real.filter(isRunning).length };
}

/** What nobody has acknowledged first, then what is critical, then what has lasted longest. */
function worstOf(alerts: readonly Alert[]): Alert | null {
  const weight = ({ acknowledged, level }: Alert) => (acknowledged ? 0 : 2) + (level === "critical" ? 1 : 0);
  const [worst] = alerts.toSorted((a, b) => weight(b) - weight(a) || Date.parse(a.startTime) - Date.parse(b.startTime));
  return worst ?? null;
}

/** Of all processors alike, whatever node they are in. null: nothing is known. */
function meanCpu(nodes: readonly Pick<Node, "cpu" | "cpuInfo">[]): number | null {
  const known = nodes.flatMap(({ cpu, cpuInfo }) => (cpu === null ? [] : [{ cpu, weight: cpuInfo?.cores ?? 1 }]));
  const weight = known.reduce((sum, one) => sum + one.weight, 0);
  return weight > 0 ? round((known.reduce((sum, one) => sum + one.cpu * one.weight, 0) / weight) * 100, 1) : null;
}

function sumUp(all: readonly ({ total: number | null; used: number | null } | null)[]): Summary["memory"] {
  const known = all.flatMap(one =>
    one?.total == null || one.used === null ? [] : [{ total: one.total, used: one.used }],
  );
  const total = known.reduce((sum, one) => sum + one.total, 0);
  const used = known.reduce((sum, one) => sum + one.used, 0);
  return { total, used, usage: percentOf(used, total) };
}

/**
 * The numbers as a page that any browser shows, also an old one on a wall: it loads itself anew every 30 s unless somebody has stopped that.
 * The look is not in a style sheet: pages of Pulse take none from within.
 */
export function toStatsPage(
  { waiting, nodes, guests, dockerHosts, alerts, updated }: Counts,
  isStopped = false,
): string {
  const row = (name: string, value: string) => `<tr><th scope="row" align="left">${name}</th><td>${value}</td></tr>`;
  const rows = [
    row("Nodes online", `${nodes.online} of ${nodes.total}`),
    row("Guests running", `${guests.running} of ${guests.total}`),
    ...(dockerHosts.total > 0 ? [row("Docker hosts online", `${dockerHosts.online} of ${dockerHosts.total}`)] : []),
    ...(waiting > 0 ? [row("Not looked at yet", String(waiting))] : []),
    row("Critical alerts", String(alerts.critical)),
    row("Warnings", String(alerts.warning)),
    row(
      "As of",
      updated === 0 ? "nothing is known yet" : `${new Date(updated).toISOString().slice(0, 19).replace("T", " ")} UTC`,
    ),
  ].join("");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">${isStopped ? "" : '<meta http-equiv="refresh" content="30">'}<title>Pulse</title></head><body><main><h1>Pulse</h1><table cellpadding="6">${rows}</table><p>${isStopped ? '<a href="?refresh=on">Refresh every 30 seconds</a>' : '<a href="?refresh=off">Stop refreshing every 30 seconds</a>'}</p></main></body></html>\n`;
}
