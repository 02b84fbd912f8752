import type { AlertUnit, ResourceType } from "../../model/alert.ts";
import type { AlertConfig, CheckName, DISABLE_ALL, MetricName, Thresholds } from "../../model/alert-config.ts";
import type { Path } from "./config-draft.ts";

/** A signal with a figure, as it is edited. */
export interface MetricRow {
  metric: MetricName;
  unit: AlertUnit;
  /** It fires as the value falls. */
  below: boolean;
}

const UNITS: { readonly [M in MetricName]: AlertUnit } = {
  cpu: "percent",
  memory: "percent",
  disk: "percent",
  diskRead: "bytes/s",
  diskWrite: "bytes/s",
  networkIn: "bytes/s",
  networkOut: "bytes/s",
  usage: "percent",
  temperature: "celsius",
  wearout: "percent",
  certificate: "days",
  backupAge: "days",
  snapshotAge: "days",
};

export function toRow(metric: MetricName): MetricRow {
  return { metric, unit: UNITS[metric], below: metric === "wearout" || metric === "certificate" };
}

/** A class of resources with thresholds of its own. */
export interface ResourceClass {
  /** Where its thresholds stand in the configuration. */
  key: keyof AlertConfig & string;
  name: string;
  /** What a trial calls it. */
  of: string;
  /** What its holds are kept by. */
  holds: string;
  resources: ResourceType;
  metrics: readonly MetricName[];
  /** What stands there is the one threshold itself, of `usage`. */
  single?: true;
}

export const CLASSES: readonly ResourceClass[] = [
  {
    key: "guestDefaults",
    name: "Guests",
    of: "guest",
    holds: "guest",
    resources: "guest",
    metrics: ["cpu", "memory", "disk", "diskRead", "diskWrite", "networkIn", "networkOut", "backupAge", "snapshotAge"],
  },
  {
    key: "nodeDefaults",
    name: "Nodes",
    of: "node",
    holds: "node",
    resources: "node",
    metrics: ["cpu", "memory", "disk", "temperature", "certificate"],
  },
  {
    key: "storageDefault",
    name: "Storages",
    of: "storage",
    holds: "storage",
    resources: "storage",
    metrics: ["usage"],
    single: true,
  },
  {
    key: "diskDefaults",
    name: "Disks",
    of: "disk",
    holds: "disk",
    resources: "disk",
    metrics: ["wearout", "temperature"],
  },
  { key: "cephDefaults", name: "Ceph", of: "ceph", holds: "ceph", resources: "ceph", metrics: ["usage"] },
  {
    key: "pbsDefaults",
    name: "Backup Servers",
    of: "pbs",
    holds: "pbs",
    resources: "pbs",
    metrics: ["cpu", "memory", "disk", "certificate"],
  },
  {
    key: "datastoreDefault",
    name: "Datastores",
    of: "datastore",
    holds: "storage",
    resources: "datastore",
    metrics: ["usage"],
    single: true,
  },
  {
    key: "dockerHostDefaults",
    name: "Docker hosts",
    of: "docker-host",
    holds: "docker",
    resources: "docker-host",
    metrics: ["cpu", "memory", "disk"],
  },
  {
    key: "dockerDefaults",
    name: "Docker containers",
    of: "docker-container",
    holds: "docker",
    resources: "docker-container",
    metrics: ["cpu", "memory"],
  },
];

/** Where the threshold of a signal stands among those of a class. */
export function classPath({ key, single }: ResourceClass, metric: MetricName): Path {
  return single ? [key] : [key, metric];
}

/** What holds for a class, as an override of one of its resources would have it. */
export function defaultsOf(config: AlertConfig, one: ResourceClass): Thresholds {
  const defaults = config[one.key];
  return (one.single ? { usage: defaults } : defaults) as Thresholds;
}

/** What holds of a class without an override: that of the first group whose tag is among `tags`, before that of the class. */
export function inheritedBy(config: AlertConfig, one: ResourceClass | null, tags: readonly string[]): Thresholds {
  const [, group = {}] = Object.entries(config.tagOverrides).find(([tag]) => tags.includes(tag)) ?? [];
  return { ...(one ? defaultsOf(config, one) : {}), ...group };
}

/** How long a figure of a class must be beyond its trigger while nothing is said of its very signal, s. */
export function usualHold(
  { metricTimeThresholds, timeThresholds, timeThreshold }: AlertConfig,
  { holds }: ResourceClass,
): number {
  return metricTimeThresholds?.[holds]?.default ?? timeThresholds[holds] ?? timeThreshold;
}

/** How long a figure of a class must be beyond its trigger, s. */
export function holdFor(config: AlertConfig, one: ResourceClass, metric: MetricName): number {
  return config.metricTimeThresholds?.[one.holds]?.[metric] ?? usualHold(config, one);
}

/** A figure that is no threshold with two ends. */
export interface FigureRow {
  path: Path;
  name: string;
  unit: string;
  hint: string;
}

export const CONTAINER_FIGURES: readonly FigureRow[] = [
  {
    path: ["dockerDefaults", "restartCount"],
    name: "Restart loop",
    unit: "restarts",
    hint: "So many within the window; 0: off",
  },
  {
    path: ["dockerDefaults", "restartWindow"],
    name: "Restart window",
    unit: "s",
    hint: "Restarts are counted within it",
  },
  {
    path: ["dockerDefaults", "memoryWarnPct"],
    name: "Memory limit, warning",
    unit: "%",
    hint: "Of the container's own limit; 0: off",
  },
  {
    path: ["dockerDefaults", "memoryCriticalPct"],
    name: "Memory limit, critical",
    unit: "%",
    hint: "Of the container's own limit; 0: off",
  },
];

/** Limits of mail gateways: a warning and a critical figure each. */
export const MAIL_FIGURES: readonly {
  name: string;
  unit: string;
  hint: string;
  warning: keyof AlertConfig["pmgThresholds"];
  critical: keyof AlertConfig["pmgThresholds"];
}[] = [
  {
    name: "All queues",
    unit: "mails",
    hint: "Mails that wait, in all queues",
    warning: "queueTotalWarning",
    critical: "queueTotalCritical",
  },
  {
    name: "Deferred",
    unit: "mails",
    hint: "Mails that could not be delivered yet",
    warning: "deferredQueueWarn",
    critical: "deferredQueueCritical",
  },
  {
    name: "On hold",
    unit: "mails",
    hint: "Mails that are held",
    warning: "holdQueueWarn",
    critical: "holdQueueCritical",
  },
  {
    name: "Oldest mail",
    unit: "min",
    hint: "How long it has waited",
    warning: "oldestMessageWarnMins",
    critical: "oldestMessageCritMins",
  },
  {
    name: "Spam quarantine",
    unit: "mails",
    hint: "Spam in quarantine",
    warning: "quarantineSpamWarn",
    critical: "quarantineSpamCritical",
  },
  {
    name: "Virus quarantine",
    unit: "mails",
    hint: "Viruses in quarantine",
    warning: "quarantineVirusWarn",
    critical: "quarantineVirusCritical",
  },
  {
    name: "Quarantine growth",
    unit: "%",
    hint: "More than a day ago",
    warning: "quarantineGrowthWarnPct",
    critical: "quarantineGrowthCritPct",
  },
  {
    name: "…and at least",
    unit: "mails",
    hint: "More than a day ago: few mails are no growth",
    warning: "quarantineGrowthWarnMin",
    critical: "quarantineGrowthCritMin",
  },
];

/** Checks, by what they look at. */
export const CHECK_GROUPS: readonly [title: string, checks: readonly CheckName[]][] = [
  ["Reachable", ["offline", "unreachable", "quorum", "powered-off", "ha-error"]],
  ["Storage", ["storage-inactive", "zfs-state", "zfs-errors", "zfs-device", "disk-health", "ceph-health", "ceph-osd"]],
  ["Backups", ["backup-failed", "backup-unverified", "job-failed", "datastore-unavailable", "replication-failed"]],
  ["Mail", ["mail-queue", "mail-oldest", "mail-quarantine"]],
  ["Docker", ["container-state", "container-health", "container-restarts", "container-oom", "container-memory-limit"]],
  ["Unusual values", ["anomaly"]],
  ["Pulse itself", ["unwritten"]],
];

export const SWITCHES: readonly [key: (typeof DISABLE_ALL)[number], name: string][] = [
  ["disableAllNodes", "Nodes"],
  ["disableAllGuests", "Guests"],
  ["disableAllStorage", "Storages"],
  ["disableAllPBS", "Backup Servers"],
  ["disableAllPMG", "Mail Gateways"],
  ["disableAllDockerHosts", "Docker hosts"],
  ["disableAllDockerContainers", "Docker containers"],
];
export const OFFLINE_SWITCHES: typeof SWITCHES = [
  ["disableAllNodesOffline", "Nodes"],
  ["disableAllGuestsOffline", "Guests that are powered off"],
  ["disableAllPBSOffline", "Backup Servers"],
  ["disableAllPMGOffline", "Mail Gateways"],
  ["disableAllDockerHostsOffline", "Docker hosts"],
];

/** Figures that hold for all alerts. */
export const GENERAL_FIGURES: readonly FigureRow[] = [
  {
    path: ["timeThreshold"],
    name: "Hold",
    unit: "s",
    hint: "How long a figure must be beyond its trigger, where nothing else is said",
  },
  {
    path: ["suppressionWindow"],
    name: "Quiet return",
    unit: "min",
    hint: "What fires again so soon after it resolved is not told anew",
  },
  {
    path: ["hysteresisMargin"],
    name: "Margin",
    unit: "points",
    hint: "How far “over” is from the trigger where only a trigger is given",
  },
  {
    path: ["minimumDelta"],
    name: "Least change",
    unit: "points",
    hint: "A firing alert's value moves by so much before it is sent again",
  },
  {
    path: ["flapping", "threshold"],
    name: "Flapping",
    unit: "firings",
    hint: "So many within the window are flapping: told once",
  },
  { path: ["flapping", "window"], name: "Flapping window", unit: "min", hint: "Firings are counted within it" },
  {
    path: ["flapping", "cooldown"],
    name: "Calm after",
    unit: "min",
    hint: "It must stay well for so long before it counts as calm",
  },
];

/** Units as they stand beside a field. */
export const UNIT_SIGNS: { readonly [U in AlertUnit]: string } = {
  percent: "%",
  "bytes/s": "MiB/s",
  celsius: "°C",
  seconds: "s",
  days: "days",
  count: "",
  state: "",
};
