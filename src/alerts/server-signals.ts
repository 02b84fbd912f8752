import { MINUTE, SECOND, spanText } from "../kit/units.ts";
import type { AlertConfig } from "../model/alert-config.ts";
import type { BackupServer, BackupServerJob, Datastore } from "../model/backup-server.ts";
import { serverJobId } from "../model/ids.ts";
import type { MailGateway, MailQueue } from "../model/mail-gateway.ts";
import { notKnown } from "../model/not-known.ts";
import { readReach, readWatch } from "./node-signals.ts";
import { type Check, type Context, critical, type Finding, type Kind, warning } from "./signal.ts";

const WATCHED: Check<{ instance: string }> = {
  ...{ kind: "check", type: "unwatched", label: "Watched", judgesStale: true },
  read: ({ instance }, context) => {
    const known = context.picture.instances[instance];
    return known ? readWatch(known, context) : null;
  },
};

export const BACKUP_SERVERS: Kind<BackupServer> = {
  list: ({ pbs }) => Object.values(pbs),
  id: ({ id }) => id,
  tags: () => null,
  isStale: ({ stale }) => stale,
  about: ({ id, name, instance }) => ({ id, name, type: "pbs", node: "", instance }),
  signals: [
    { kind: "figure", type: "cpu", label: "CPU", unit: "percent", read: ({ cpu }) => cpu },
    { kind: "figure", type: "memory", label: "Memory", unit: "percent", read: ({ memory }) => memory },
    { kind: "check", type: "offline", label: "Online", judgesStale: true, read: readServer },
    WATCHED,
  ],
};

function readServer({ instance }: { instance: string }, { picture }: Context): Finding | false | null {
  const known = picture.instances[instance];
  return known ? readReach(known) : null;
}

interface ServerStore {
  server: BackupServer;
  store: Datastore;
}

export const DATASTORES: Kind<ServerStore> = {
  list: ({ pbs }) => Object.values(pbs).flatMap(server => server.datastores.map(store => ({ server, store }))),
  id: ({ store }) => store.id,
  tags: () => null,
  isStale: ({ server }) => server.stale,
  about: ({ server, store }) => ({
    id: store.id,
    name: `${store.name} of ${server.name}`,
    type: "datastore",
    node: "",
    instance: server.instance,
  }),
  signals: [
    { kind: "figure", type: "usage", label: "Usage", unit: "percent", read: ({ store }) => store.usage },
    {
      kind: "check",
      type: "datastore-unavailable",
      label: "Available",
      // Maintenance is its operator's own doing.
      read: ({ store: { status, error } }) =>
        status === "error" ? critical(`cannot be used${error ? `: ${error}` : ""}`) : false,
    },
    {
      kind: "check",
      type: "backups-unread",
      label: "Backups",
      read: ({ server, store: { name, status } }) => {
        const unknown = notKnown(server, name);
        // That it cannot be used, or is not to be, is told by itself.
        if (unknown === null || status !== "available") return false;
        return unknown.reason === null ? null : warning(`does not tell which backups it holds: ${unknown.reason}`);
      },
    },
  ],
};

interface ServerJob {
  server: BackupServer;
  job: BackupServerJob;
  id: string;
  title: string;
}

const JOBS = [
  { list: "syncJobs", kind: "sync", title: "Sync" },
  { list: "verifyJobs", kind: "verify", title: "Verification" },
  { list: "pruneJobs", kind: "prune", title: "Prune" },
  { list: "garbageJobs", kind: "garbage", title: "Garbage collection" },
] as const;

export const SERVER_JOBS: Kind<ServerJob> = {
  list: ({ pbs }) =>
    Object.values(pbs).flatMap(server =>
      JOBS.flatMap(({ list, kind, title }) =>
        server[list].map(job => ({ server, job, id: serverJobId(server.instance, kind, job.id), title })),
      ),
    ),
  id: ({ id }) => id,
  tags: () => null,
  isStale: ({ server }) => server.stale || "jobs" in server.faults,
  about: ({ server, job, id, title }) => ({
    id,
    name: `${title} ${job.id} of ${server.name}`,
    type: "backup-job",
    node: "",
    instance: server.instance,
  }),
  signals: [
    {
      kind: "check",
      type: "job-failed",
      label: "Last run",
      read: ({ job: { enabled, status, error } }) => {
        if (!enabled) return false;
        if (error !== null) return warning(`failed: ${error}`);
        // While it runs nobody knows yet how it ends.
        return status === "running" ? null : false;
      },
    },
  ],
};

export const MAIL_GATEWAYS: Kind<MailGateway> = {
  list: ({ pmg }) => Object.values(pmg),
  id: ({ id }) => id,
  tags: () => null,
  isStale: ({ stale }) => stale,
  about: ({ id, name, instance }) => ({ id, name, type: "pmg", node: "", instance }),
  signals: [
    { kind: "check", type: "offline", label: "Online", judgesStale: true, read: readGateway },
    WATCHED,
    { kind: "check", type: "mail-queue", label: "Queues", read: readQueues },
    { kind: "check", type: "mail-oldest", label: "Oldest mail", read: readOldest },
    { kind: "check", type: "mail-quarantine", label: "Quarantine", read: readQuarantine },
  ],
};

/** A cluster of gateways: also when one of them cannot be reached by the one that is asked. */
function readGateway(gateway: MailGateway, context: Context): Finding | false | null {
  const whole = readServer(gateway, context);
  if (whole !== false || gateway.stale) return whole;
  const away = gateway.nodes.filter(({ status }) => status === "offline");
  return away.length > 0 ? critical(`has members that are offline: ${away.map(({ name }) => name).join(", ")}`) : false;
}

/** A figure with its two thresholds: warning and critical, 0 or -1 for none. */
interface Limit {
  what: string;
  value: number | null;
  warn: number;
  crit: number;
}

/** The worst of several figures; null when none of those that have a threshold is known. */
function worstOf(limits: readonly Limit[]): Finding | false | null {
  const set = limits.filter(({ warn, crit }) => warn > 0 || crit > 0);
  if (set.length === 0) return false;
  const known = set.filter((limit): limit is Limit & { value: number } => limit.value !== null);
  const beyond = (edge: "warn" | "crit") => known.filter(limit => limit[edge] > 0 && limit.value >= limit[edge]);
  const describe = (found: typeof known, edge: "warn" | "crit") =>
    `has ${found.map(limit => `${Math.round(limit.value)} ${limit.what} (threshold ${limit[edge]})`).join(", ")}`;
  const bad = beyond("crit");
  if (bad.length > 0) return critical(describe(bad, "crit"));
  const poor = beyond("warn");
  if (poor.length > 0) return warning(describe(poor, "warn"));
  return known.length === 0 ? null : false;
}

function sumOf(queues: readonly (MailQueue | null)[], of: (queue: MailQueue) => number | null): number | null {
  const known = queues.flatMap(queue => (queue === null ? [] : [of(queue)])).filter(value => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

function queuesOf({ nodes }: MailGateway): (MailQueue | null)[] {
  return nodes.map(({ queueStatus }) => queueStatus);
}

function readQueues(gateway: MailGateway, { config }: Context): Finding | false | null {
  const queues = queuesOf(gateway);
  const own = config.pmgThresholds;
  return worstOf([
    {
      what: "mails in its queues",
      value: sumOf(queues, ({ total }) => total),
      warn: own.queueTotalWarning,
      crit: own.queueTotalCritical,
    },
    {
      what: "deferred mails",
      value: sumOf(queues, ({ deferred }) => deferred),
      warn: own.deferredQueueWarn,
      crit: own.deferredQueueCritical,
    },
    {
      what: "mails on hold",
      value: sumOf(queues, ({ hold }) => hold),
      warn: own.holdQueueWarn,
      crit: own.holdQueueCritical,
    },
  ]);
}

function readOldest(gateway: MailGateway, { config }: Context): Finding | false | null {
  const { oldestMessageWarnMins: warn, oldestMessageCritMins: crit } = config.pmgThresholds;
  if (warn <= 0 && crit <= 0) return false;
  const ages = queuesOf(gateway).flatMap(queue => (queue === null ? [] : [queue.oldestAge * SECOND]));
  if (ages.length === 0) return null;
  const oldest = Math.max(...ages);
  const says = (most: number) =>
    `has had a mail waiting for more than ${spanText(oldest)} (threshold ${spanText(most * MINUTE)})`;
  if (crit > 0 && oldest >= crit * MINUTE) return critical(says(crit));
  return warn > 0 && oldest >= warn * MINUTE && warning(says(warn));
}

function readQuarantine({ id, quarantine }: MailGateway, context: Context): Finding | false | null {
  if (quarantine === null) return null;
  const own = context.config.pmgThresholds;
  const spam = { warn: own.quarantineSpamWarn, crit: own.quarantineSpamCritical };
  const virus = { warn: own.quarantineVirusWarn, crit: own.quarantineVirusCritical };
  const full = worstOf([
    { what: "spam mails in quarantine", value: quarantine.spam, ...spam },
    { what: "virus mails in quarantine", value: quarantine.virus, ...virus },
  ]);
  if (full) return full;
  const grown =
    growth(id, "spam", quarantine.spam, own, context) || growth(id, "virus", quarantine.virus, own, context);
  return grown || full;
}

/** How much there is more than a day ago: both as a share and as a number, so that two mails in place of one are no growth. */
function growth(
  id: string,
  what: "spam" | "virus",
  count: number | null,
  own: AlertConfig["pmgThresholds"],
  { past, now }: Context,
): Finding | false {
  const metric = what === "spam" ? "quarantineSpam" : "quarantineVirus";
  const before = count === null ? null : past.dayBefore(id, metric, now);
  if (count === null || before === null) return false;
  const more = count - before;
  const percent = before > 0 ? (more / before) * 100 : Number.POSITIVE_INFINITY;
  const isBeyond = (pct: number, min: number) => pct > 0 && more >= Math.max(1, min) && percent >= pct;
  const message = `has ${Math.round(more)} ${what} mails more in quarantine than a day ago`;
  if (isBeyond(own.quarantineGrowthCritPct, own.quarantineGrowthCritMin)) return critical(message);
  return isBeyond(own.quarantineGrowthWarnPct, own.quarantineGrowthWarnMin) ? warning(message) : false;
}
