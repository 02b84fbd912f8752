import { DAY, type Percent } from "../../kit/units.ts";
import type { CephCluster } from "../../model/ceph.ts";
import type { DockerHostFacts } from "../../model/docker.ts";
import type { Guest } from "../../model/guest.ts";
import type { Instance } from "../../model/instance.ts";
import type { Node } from "../../model/node.ts";
import type { PhysicalDisk } from "../../model/physical-disk.ts";
import type { Picture } from "../../model/picture.ts";
import type { Storage } from "../../model/storage.ts";
import { formatExpiry, formatPercent, plural } from "../format/format.ts";
import { errorsOf, toZfsRows, type ZfsRow } from "../storage/storage-rows.ts";
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
const NEARLY_FULL: Percent = 90;
const FULL: Percent = 97;
/** Less of a disk's life left than that is a problem, percent. */
const WORN: Percent = 10;
/** A certificate that expires within this time is a problem. */
const EXPIRES_SOON = 14 * DAY;

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
    ...Object.values(picture.cephClusters).flatMap(ofCeph),
    ...toZfsRows(picture).flatMap(ofZfs),
    ...Object.values(picture.physicalDisks).flatMap(ofDisk),
    ...guestsOf(picture).flatMap(ofHa),
    ...Object.values(picture.dockerHosts).flatMap(ofDockerHost),
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
  const { id, displayName: subject, status, fault, instance, disk, certificateExpires } = node;
  const now = picture.lastUpdate;
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
  if (full >= NEARLY_FULL)
    return problem(
      full >= FULL ? "critical" : "warning",
      `has a root filesystem that is ${formatPercent(full)} full`,
      null,
    );
  if (certificateExpires === null || certificateExpires - now > EXPIRES_SOON) return [];
  const level = certificateExpires < now ? "critical" : "warning";
  return problem(level, "has a certificate that needs renewal", formatExpiry(certificateExpires, now));
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

function ofCeph({ id, name, health, healthMessage: detail, stale }: CephCluster): Problem[] {
  if (stale || health === "HEALTH_OK") return [];
  const critical = health === "HEALTH_ERR";
  const says = critical ? "has errors" : "has warnings";
  return [
    { id: `ceph ${id}`, level: critical ? "critical" : "warning", subject: `Ceph of ${name}`, says, detail, shows: id },
  ];
}

function ofZfs({ id, node, pool, stale }: ZfsRow): Problem[] {
  if (stale) return [];
  const problem = (level: Problem["level"], says: string): Problem[] => [
    { id: `zfs ${id}`, level, subject: `ZFS pool ${pool.name} on ${node}`, says, detail: pool.status, shows: id },
  ];
  if (pool.state !== "ONLINE") return problem("critical", `is ${pool.state.toLowerCase()}`);
  const errors = errorsOf(pool) ?? 0;
  return errors > 0 ? problem("warning", `counts ${plural(errors, "error")}`) : [];
}

/** A disk that says nothing of its health is no problem: many controllers hide it. */
function ofDisk({ id, node, devPath, model, health, wearout, stale }: PhysicalDisk): Problem[] {
  if (stale) return [];
  const problem = (level: Problem["level"], says: string): Problem[] => [
    { id: `disk ${id}`, level, subject: `Disk ${devPath} on ${node}`, says, detail: model || null, shows: id },
  ];
  if (health === "FAILED") return problem("critical", "fails its SMART check");
  return wearout >= 0 && wearout <= WORN ? problem("warning", `has ${wearout} % of its life left`) : [];
}

/** Guests whose numbers are old though their node is well. */
/** What the HA manager cannot cure by itself, or has given up. */
function ofHa({ id, name, hastate, stale }: Guest): Problem[] {
  if (stale || hastate !== "error") return [];
  const says = "was given up by high availability";
  return [{ id: `ha ${id}`, level: "critical", subject: name, says, detail: "Its HA state is error", shows: id }];
}

/** One line a host: its page has them all. */
function ofDockerHost({ id, displayName: subject, status, fault, issues, stale }: DockerHostFacts): Problem[] {
  const problem = (level: Problem["level"], says: string, detail: string | null): Problem[] => [
    { id: `docker ${id}`, level, subject, says, detail, shows: id },
  ];
  if (status === "offline") return problem("critical", "does not report any more", fault);
  const [first] = issues;
  if (stale || !first) return [];
  const more = issues.length > 1 ? ` and ${issues.length - 1} more` : "";
  return problem("warning", `has ${plural(issues.length, "issue")}`, `${first.name}: ${first.message}${more}`);
}

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
  if (instances.length === 0 && Object.keys(picture.dockerHosts).length === 0)
    return { level: "empty", text: "Nothing to watch yet" };
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
