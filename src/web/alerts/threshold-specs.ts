import type { AlertUnit, ResourceType } from "../../model/alert.ts";
import type { AlertConfig, CheckName, DISABLE_ALL, MetricName, Thresholds } from "../../model/alert-config.ts";
import { t } from "../words/words.ts";
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
    name: t("Guests"),
    of: "guest",
    holds: "guest",
    resources: "guest",
    metrics: ["cpu", "memory", "disk", "diskRead", "diskWrite", "networkIn", "networkOut", "backupAge", "snapshotAge"],
  },
  {
    key: "nodeDefaults",
    name: t("Nodes"),
    of: "node",
    holds: "node",
    resources: "node",
    metrics: ["cpu", "memory", "disk", "temperature", "certificate"],
  },
  {
    key: "storageDefault",
    name: t("Storages"),
    of: "storage",
    holds: "storage",
    resources: "storage",
    metrics: ["usage"],
    single: true,
  },
  {
    key: "diskDefaults",
    name: t("Disks"),
    of: "disk",
    holds: "disk",
    resources: "disk",
    metrics: ["wearout", "temperature"],
  },
  { key: "cephDefaults", name: t("Ceph"), of: "ceph", holds: "ceph", resources: "ceph", metrics: ["usage"] },
  {
    key: "pbsDefaults",
    name: t("Backup Servers"),
    of: "pbs",
    holds: "pbs",
    resources: "pbs",
    metrics: ["cpu", "memory", "disk", "certificate"],
  },
  {
    key: "datastoreDefault",
    name: t("Datastores"),
    of: "datastore",
    holds: "storage",
    resources: "datastore",
    metrics: ["usage"],
    single: true,
  },
  {
    key: "dockerHostDefaults",
    name: t("Docker hosts"),
    of: "docker-host",
    holds: "docker",
    resources: "docker-host",
    metrics: ["cpu", "memory", "disk"],
  },
  {
    key: "dockerDefaults",
    name: t("Docker containers"),
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
    name: t("Restart loop"),
    unit: t("restarts"),
    hint: t("So many within the window; 0: off"),
  },
  {
    path: ["dockerDefaults", "restartWindow"],
    name: t("Restart window"),
    unit: "s",
    hint: t("Restarts are counted within it"),
  },
  {
    path: ["dockerDefaults", "memoryWarnPct"],
    name: t("Memory limit, warning"),
    unit: "%",
    hint: t("Of the container's own limit; 0: off"),
  },
  {
    path: ["dockerDefaults", "memoryCriticalPct"],
    name: t("Memory limit, critical"),
    unit: "%",
    hint: t("Of the container's own limit; 0: off"),
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
    name: t("All queues"),
    unit: t("mails"),
    hint: t("Mails that wait, in all queues"),
    warning: "queueTotalWarning",
    critical: "queueTotalCritical",
  },
  {
    name: t("Deferred"),
    unit: t("mails"),
    hint: t("Mails that could not be delivered yet"),
    warning: "deferredQueueWarn",
    critical: "deferredQueueCritical",
  },
  {
    name: t("On hold"),
    unit: t("mails"),
    hint: t("Mails that are held"),
    warning: "holdQueueWarn",
    critical: "holdQueueCritical",
  },
  {
    name: t("Oldest mail"),
    unit: t("min"),
    hint: t("How long it has waited"),
    warning: "oldestMessageWarnMins",
    critical: "oldestMessageCritMins",
  },
  {
    name: t("Spam quarantine"),
    unit: t("mails"),
    hint: t("Spam in quarantine"),
    warning: "quarantineSpamWarn",
    critical: "quarantineSpamCritical",
  },
  {
    name: t("Virus quarantine"),
    unit: t("mails"),
    hint: t("Viruses in quarantine"),
    warning: "quarantineVirusWarn",
    critical: "quarantineVirusCritical",
  },
  {
    name: t("Quarantine growth"),
    unit: "%",
    hint: t("More than a day ago"),
    warning: "quarantineGrowthWarnPct",
    critical: "quarantineGrowthCritPct",
  },
  {
    name: t("…and at least"),
    unit: t("mails"),
    hint: t("More than a day ago: few mails are no growth"),
    warning: "quarantineGrowthWarnMin",
    critical: "quarantineGrowthCritMin",
  },
];

/** Checks, by what they look at. */
export const CHECK_GROUPS: readonly [title: string, checks: readonly CheckName[]][] = [
  [t("Reachable"), ["offline", "unreachable", "unwatched", "quorum", "powered-off", "ha-error"]],
  [
    t("Storage"),
    ["storage-inactive", "zfs-state", "zfs-errors", "zfs-device", "disk-health", "ceph-health", "ceph-osd"],
  ],
  [
    t("Backups"),
    [
      "backup-failed",
      "backup-unverified",
      "backups-unread",
      "job-failed",
      "datastore-unavailable",
      "replication-failed",
    ],
  ],
  [t("Mail"), ["mail-queue", "mail-oldest", "mail-quarantine"]],
  [
    t("Docker"),
    ["container-state", "container-health", "container-restarts", "container-oom", "container-memory-limit"],
  ],
  [t("Unusual values"), ["anomaly"]],
  [t("Pulse itself"), ["unheard", "unwritten", "update-failed", "updated"]],
];

export const SWITCHES: readonly [key: (typeof DISABLE_ALL)[number], name: string][] = [
  ["disableAllNodes", t("Nodes")],
  ["disableAllGuests", t("Guests")],
  ["disableAllStorage", t("Storages")],
  ["disableAllPBS", t("Backup Servers")],
  ["disableAllPMG", t("Mail Gateways")],
  ["disableAllDockerHosts", t("Docker hosts")],
  ["disableAllDockerContainers", t("Docker containers")],
];
export const OFFLINE_SWITCHES: typeof SWITCHES = [
  ["disableAllNodesOffline", t("Nodes")],
  ["disableAllGuestsOffline", t("Guests that are powered off")],
  ["disableAllPBSOffline", t("Backup Servers")],
  ["disableAllPMGOffline", t("Mail Gateways")],
  ["disableAllDockerHostsOffline", t("Docker hosts")],
];

/** Figures that hold for all alerts. */
export const GENERAL_FIGURES: readonly FigureRow[] = [
  {
    path: ["timeThreshold"],
    name: t("Hold"),
    unit: "s",
    hint: t("How long a figure must be beyond its trigger, where nothing else is said"),
  },
  {
    path: ["suppressionWindow"],
    name: t("Quiet return"),
    unit: t("min"),
    hint: t("What fires again so soon after it resolved is not told anew"),
  },
  {
    path: ["hysteresisMargin"],
    name: t("Margin"),
    unit: t("points"),
    hint: t("How far “over” is from the trigger where only a trigger is given"),
  },
  {
    path: ["minimumDelta"],
    name: t("Least change"),
    unit: t("points"),
    hint: t("A firing alert's value moves by so much before it is sent again"),
  },
  {
    path: ["flapping", "threshold"],
    name: t("Flapping"),
    unit: t("firings"),
    hint: t("So many within the window are flapping: told once"),
  },
  {
    path: ["flapping", "window"],
    name: t("Flapping window"),
    unit: t("min"),
    hint: t("Firings are counted within it"),
  },
  {
    path: ["flapping", "cooldown"],
    name: t("Calm after"),
    unit: t("min"),
    hint: t("It must stay well for so long before it counts as calm"),
  },
];

/** Units as they stand beside a field. */
export const UNIT_SIGNS: { readonly [U in AlertUnit]: string } = {
  percent: "%",
  "bytes/s": "MiB/s",
  celsius: "°C",
  seconds: "s",
  days: t("days"),
  count: "",
  state: "",
};
