import type { Guest } from "../../model/guest.ts";
import type { Instance } from "../../model/instance.ts";
import type { Node } from "../../model/node.ts";
import type { Picture } from "../../model/picture.ts";
import type { Storage } from "../../model/storage.ts";
import { formatPercent, plural } from "../format/format.ts";
import { guestsOf } from "./rows.ts";

/** Something that is not well now. */
export interface Problem {
  id: string;
  level: "critical" | "warning";
  /** What is wrong, in a few words: subject, then predicate. */
  subject: string;
  says: string;
  /** Why, or what to do; null: nothing to add. */
  detail: string | null;
  /** The entity to show; null: there is none. */
  shows: string | null;
}

/** Fuller than that, a storage or a node's root filesystem is a problem, percent. */
const NEARLY_FULL = 90;
const FULL = 97;

/** How the estate is, in one sentence. */
export interface Verdict {
  level: "well" | "warning" | "critical" | "waiting" | "empty";
  text: string;
}

/** Everything that is not well, the worst first. What follows from another problem (a dead node's guests) is not said again. */
export function toProblems(picture: Picture): Problem[] {
  const problems = [
    ...Object.values(picture.instances).flatMap(ofInstance),
    ...Object.values(picture.nodes).flatMap(node => ofNode(node, picture)),
    ...Object.values(picture.storage).flatMap(storage => ofStorage(storage, picture)),
    ...ofGuests(picture),
  ];
  const rank = { critical: 0, warning: 1 };
  return problems.sort((a, b) => rank[a.level] - rank[b.level]);
}

function ofInstance({ id, name, status, fault, endpoints, quorate }: Instance): Problem[] {
  const problem = (level: Problem["level"], says: string, detail: string | null): Problem[] => [
    { id: `instance ${id}`, level, subject: name, says, detail, shows: null },
  ];
  if (status === "offline") return problem("critical", "cannot be reached", fault?.message ?? null);
  if (status === "degraded") return problem("warning", "does not answer as it should", fault?.message ?? null);
  if (quorate === false) return problem("critical", "has lost its quorum", null);
  const silent = endpoints.filter(endpoint => endpoint.fault !== null);
  const [first] = silent;
  if (status !== "online" || !first) return [];
  return problem(
    "warning",
    `answers at ${endpoints.length - silent.length} of ${endpoints.length} addresses`,
    first.fault?.message ?? null,
  );
}

function ofNode(node: Node, picture: Picture): Problem[] {
  const { id, displayName: subject, status, fault, instance, disk } = node;
  const problem = (level: Problem["level"], says: string, detail: string | null): Problem[] => [
    { id: `node ${id}`, level, subject, says, detail, shows: id },
  ];
  // Told once, for the whole instance.
  if (isDown(picture.instances[instance])) return [];
  if (status !== "online") {
    const guests = guestsOf(picture).filter(
      guest => !guest.template && guest.node === node.node && guest.instance === instance,
    );
    const carried = guests.length > 0 ? `, and with it ${plural(guests.length, "guest")}` : "";
    return problem("critical", `is ${status}${carried}`, fault);
  }
  if (node.stale) return problem("warning", "shows old numbers", fault);
  const full = disk?.usage ?? 0;
  return full >= NEARLY_FULL
    ? problem(full >= FULL ? "critical" : "warning", `has a root filesystem that is ${formatPercent(full)} full`, null)
    : [];
}

function isDown(instance: Instance | undefined): boolean {
  return instance?.status === "offline" || instance?.status === "degraded";
}

function ofStorage(storage: Storage, picture: Picture): Problem[] {
  const { id, name, node, usage, enabled, active, stale, fault, instance, shared } = storage;
  const home = shared ? null : Object.values(picture.nodes).find(one => one.instance === instance && one.node === node);
  if (isDown(picture.instances[instance]) || (home && home.status !== "online")) return [];
  const subject = shared ? `Storage ${name}` : `Storage ${name} on ${node}`;
  const problem = (level: Problem["level"], says: string, detail: string | null): Problem[] => [
    { id: `storage ${id}`, level, subject, says, detail, shows: id },
  ];
  if (enabled && !active) return problem("warning", "is not active", fault);
  if (stale || usage === null || usage < NEARLY_FULL) return [];
  return problem(usage >= FULL ? "critical" : "warning", `is ${formatPercent(usage)} full`, null);
}

/** Guests whose numbers are old though their node is well. */
function ofGuests(picture: Picture): Problem[] {
  const onlineNodes = new Set(
    Object.values(picture.nodes).flatMap(({ status, instance, node }) =>
      status === "online" ? [`${instance} ${node}`] : [],
    ),
  );
  const stale = guestsOf(picture).filter(
    guest =>
      guest.stale && !isDown(picture.instances[guest.instance]) && onlineNodes.has(`${guest.instance} ${guest.node}`),
  );
  return [...Map.groupBy(stale, guest => guest.fault ?? "")].map(([fault, guests]) => {
    const [first] = guests as [Guest];
    const one = guests.length === 1;
    return {
      id: `guests ${fault}`,
      level: "warning" as const,
      subject: one ? first.name : plural(guests.length, "guest"),
      says: one ? "shows old numbers" : "show old numbers",
      detail: fault || null,
      shows: one ? first.id : null,
    };
  });
}

/** The one sentence at the top. */
export function toVerdict(picture: Picture, problems: readonly Problem[]): Verdict {
  const instances = Object.values(picture.instances);
  if (instances.length === 0) return { level: "empty", text: "Nothing to watch yet" };
  const critical = problems.filter(problem => problem.level === "critical").length;
  if (problems.length > 0)
    return { level: critical > 0 ? "critical" : "warning", text: `${plural(problems.length, "problem")}` };
  const waiting = instances.filter(instance => instance.status === "connecting");
  if (waiting.length > 0)
    return { level: "waiting", text: `Waiting for ${waiting.map(({ name }) => name).join(", ")}` };
  return { level: "well", text: "All is well" };
}

/** "3 nodes · 28 of 30 guests running". */
export function toCounts(picture: Picture): string {
  const nodes = Object.values(picture.nodes);
  const online = nodes.filter(node => node.status === "online").length;
  const guests = guestsOf(picture).filter(guest => !guest.template);
  const running = guests.filter(guest => guest.status === "running").length;
  const nodesPart =
    online === nodes.length ? plural(nodes.length, "node") : `${online} of ${plural(nodes.length, "node")} online`;
  return `${nodesPart} · ${running.toLocaleString()} of ${plural(guests.length, "guest")} running`;
}
