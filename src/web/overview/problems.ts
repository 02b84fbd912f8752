import type { Alert } from "../../model/alert.ts";
import type { Guest } from "../../model/guest.ts";
import type { Instance } from "../../model/instance.ts";
import type { Node } from "../../model/node.ts";
import type { Unread } from "../../model/not-known.ts";
import type { Picture } from "../../model/picture.ts";
import { alertsOf, shownBy } from "../alerts/active.ts";
import { type Incident, toIncidents } from "../alerts/incidents.ts";
import { resourceName } from "../alerts/words.ts";
import { locale, plural, t, told } from "../words/words.ts";
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
  /** The alerts that say so, the first speaks for the others; null: it is nothing that alerts judge. */
  alerts: readonly [Alert, ...Alert[]] | null;
}

/** How the estate is, in one sentence. */
export interface Verdict {
  level: "well" | "warning" | "critical" | "waiting" | "empty";
  text: string;
}

/**
 * Everything that is not well, the worst first, what somebody has acknowledged last. Whether something is wrong is judged by the alerts, by
 * the rules that were chosen; the page itself only adds what they do not judge: numbers that are old, and servers that answer badly.
 */
export function toProblems(picture: Picture): Problem[] {
  const problems = [
    ...toIncidents(alertsOf(picture)).map(incident => ofIncident(incident, picture)),
    ...Object.values(picture.instances).flatMap(instance => ofInstance(instance, picture)),
    ...Object.values(picture.nodes).flatMap(node => ofNode(node, picture)),
    ...ofGuests(picture),
  ];
  const rank = { critical: 0, warning: 1 };
  return problems.sort(
    (a, b) => Number(isAcknowledged(a)) - Number(isAcknowledged(b)) || rank[a.level] - rank[b.level],
  );
}

/** Whether somebody has said that they know of it. */
export function isAcknowledged({ alerts }: Problem): boolean {
  return alerts?.[0].acknowledged ?? false;
}

function ofIncident({ alert, carried }: Incident, picture: Picture): Problem {
  const { id, level, message } = alert;
  const subject = resourceName(alert);
  const says = `${withoutSubject(message, alert.resourceName)}${takenAlong(alert, picture)}`;
  const shows = shownBy(alert, picture);
  const more = carried.length > 0 ? t("{alerts} of the same", { alerts: plural(carried.length, "more alert") }) : null;
  return { id: `alert ${id}`, level, subject, says, detail: more, shows, alerts: [alert, ...carried] };
}

/** 'Node "pve1" is offline' becomes "is offline", and 'Usage of storage "nas" is 93 %' becomes "· Usage is 93 %". */
function withoutSubject(message: string, subject: string): string {
  const named = `"${subject}" `;
  const at = message.indexOf(named);
  if (at === -1) return `· ${told(message)}`;
  const rest = message.slice(at + named.length);
  const label = message.slice(0, Math.max(0, message.lastIndexOf(" of ", at)));
  return label === "" ? told(rest) : `· ${told(label)} ${told(rest)}`;
}

/** ", and with it 9 guests"; empty when it takes none along. */
function takenAlong({ covers, coversCount }: Alert, picture: Picture): string {
  if (coversCount > covers.length) return t(", and with it {what}", { what: plural(coversCount, "more thing") });
  const guests = covers.filter(({ resourceId }) => picture.vms[resourceId] ?? picture.containers[resourceId]);
  return guests.length > 0 ? t(", and with it {what}", { what: plural(guests.length, "guest") }) : "";
}

function ofInstance({ id, name, status, fault, endpoints }: Instance, picture: Picture): Problem[] {
  const problem = (says: string, detail: string | null): Problem[] => [
    { id: `instance ${id}`, level: "warning", subject: name, says, detail, shows: null, alerts: null },
  ];
  if (status === "degraded") return problem(t("does not answer as it should"), fault && told(fault.message));
  const silent = endpoints.filter(({ fault }) => fault !== null);
  const [first] = silent;
  // That a node is gone is told by itself.
  const isGone = silent.every(({ node }) =>
    Object.values(picture.nodes).some(one => one.instance === id && one.node === node && one.status === "offline"),
  );
  if (status !== "online" || !first || isGone) return [];
  const answer = t("answers at {some} of {all} addresses", {
    some: endpoints.length - silent.length,
    all: endpoints.length,
  });
  return problem(answer, first.fault && told(first.fault.message));
}

function ofNode(node: Node, picture: Picture): Problem[] {
  const { id, displayName: subject, status, fault: detail, instance, stale } = node;
  // Told once, for the whole instance.
  if (isDown(picture.instances[instance]) || status !== "online" || !stale) return [];
  return [
    {
      id: `node ${id}`,
      level: "warning",
      subject,
      says: t("shows old numbers"),
      detail: detail && told(detail),
      shows: id,
      alerts: null,
    },
  ];
}

function isDown(instance: Instance | undefined): boolean {
  return instance?.status === "offline" || instance?.status === "degraded";
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
      says: one ? t("shows old numbers") : t("show old numbers"),
      detail: fault === "" ? null : told(fault),
      shows: one ? first.id : null,
      alerts: null,
    };
  });
}

/** The one sentence at the top. */
export function toVerdict(picture: Picture, problems: readonly Problem[]): Verdict {
  const instances = Object.values(picture.instances);
  if (instances.length === 0 && Object.keys(picture.dockerHosts).length === 0)
    return { level: "empty", text: t("Nothing to watch yet") };
  const open = problems.filter(problem => !isAcknowledged(problem));
  if (open.length > 0) {
    const level = open.some(problem => problem.level === "critical") ? "critical" : "warning";
    return { level, text: plural(open.length, "problem") };
  }
  if (problems.length > 0)
    return { level: "waiting", text: t("{problems}, acknowledged", { problems: plural(problems.length, "problem") }) };
  const connecting = instances.filter(instance => instance.status === "connecting");
  if (connecting.length > 0)
    return {
      level: "waiting",
      text: t("Waiting for {names}", { names: connecting.map(({ name }) => name).join(", ") }),
    };
  if (isBeingRead(picture)) return { level: "waiting", text: t("Nothing wrong so far") };
  // It fires in a moment, or nobody wants to be told of it: either way not all is well.
  const isGone = [...instances, ...Object.values(picture.nodes)].some(({ status }) => status === "offline");
  return isGone ? { level: "waiting", text: t("No alerts") } : { level: "well", text: t("All is well") };
}

/** Soon after a start, when lists have not been read yet that may say otherwise. */
function isBeingRead({ instances, nodes, storage, pbs }: Picture): boolean {
  const waits = ({ unread }: { unread: Unread }) => Object.values(unread ?? {}).includes(null);
  return [instances, nodes, storage, pbs].some(records => Object.values(records).some(waits));
}

/** "3 nodes · 28 of 30 guests running". */
export function toCounts(picture: Picture): string {
  const nodes = Object.values(picture.nodes);
  const online = nodes.filter(node => node.status === "online").length;
  const guests = guestsOf(picture).filter(guest => !guest.template);
  const running = guests.filter(guest => guest.status === "running").length;
  const nodesPart =
    online === nodes.length
      ? plural(nodes.length, "node")
      : t("{online} of {nodes} online", { online, nodes: plural(nodes.length, "node") });
  return `${nodesPart} · ${t("{running} of {guests} running", {
    running: running.toLocaleString(locale()),
    guests: plural(guests.length, "guest"),
  })}`;
}
