import { type Static, Type } from "typebox";
import { AlertLevel } from "./alert.ts";
import { Nullable } from "./schema.ts";
import { WEEK_DAYS } from "./week-days.ts";

const seconds = (description: string) =>
  Type.Number({ minimum: 0, maximum: 30 * 86_400, description: `seconds; ${description}` });
const minutes = (description: string) =>
  Type.Number({ minimum: 0, maximum: 30 * 1440, description: `minutes; ${description}` });

/**
 * A pair of thresholds. It fires at `trigger` and stops at `clear`; in between it stays as it is. For what gets worse as it falls (life of
 * a disk, days of a certificate) `clear` is above `trigger`. A trigger of -1 switches the signal off.
 */
export const Hysteresis = Type.Object(
  {
    trigger: Type.Number({ description: "-1: off" }),
    clear: Type.Number(),
    critical: Type.Optional(Nullable(Type.Number({ description: "From here on it is critical; null: never" }))),
  },
  { $id: "Hysteresis" },
);
export type Hysteresis = Static<typeof Hysteresis>;

/** The signals that have a figure. Rates are bytes a second, as the history has them; percent 0 to 100; °C; days. */
export const METRIC_NAMES = [
  "cpu",
  "memory",
  "disk",
  "diskRead",
  "diskWrite",
  "networkIn",
  "networkOut",
  "usage",
  "temperature",
  "wearout",
  "certificate",
  "backupAge",
  "snapshotAge",
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

const metrics = Object.fromEntries(METRIC_NAMES.map(name => [name, Type.Optional(Nullable(Hysteresis))])) as {
  [M in MetricName]: ReturnType<typeof optionalHysteresis>;
};
function optionalHysteresis() {
  return Type.Optional(Nullable(Hysteresis));
}

/** The signals that are so or not. */
export const CHECK_NAMES = [
  "offline",
  "unreachable",
  "unwatched",
  "unheard",
  "quorum",
  "powered-off",
  "ha-error",
  "storage-inactive",
  "zfs-state",
  "zfs-errors",
  "zfs-device",
  "disk-health",
  "ceph-health",
  "ceph-osd",
  "backups-unread",
  "backup-failed",
  "backup-unverified",
  "job-failed",
  "datastore-unavailable",
  "replication-failed",
  "mail-queue",
  "mail-oldest",
  "mail-quarantine",
  "container-state",
  "container-health",
  "container-restarts",
  "container-oom",
  "container-memory-limit",
  "anomaly",
  "unwritten",
  "update-failed",
  "updated",
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

const Check = Type.Object(
  {
    enabled: Type.Boolean(),
    level: Nullable(AlertLevel),
    hold: seconds("how long it must be so before it fires"),
  },
  { $id: "Check", description: "`level` null: as bad as the signal itself says." },
);
export type Check = Static<typeof Check>;
const Checks = Type.Object(
  Object.fromEntries(CHECK_NAMES.map(name => [name, Check])) as { [C in CheckName]: typeof Check },
);
const PartialChecks = Type.Object(
  Object.fromEntries(CHECK_NAMES.map(name => [name, Type.Optional(Type.Partial(Check))])) as {
    [C in CheckName]: ReturnType<typeof optionalCheck>;
  },
);
function optionalCheck() {
  return Type.Optional(Type.Partial(Check));
}

/** What holds for a class of resources, or, in an override, what differs for one. */
export const Thresholds = Type.Object(
  {
    disabled: Type.Optional(Type.Boolean({ description: "No alert of it at all." })),
    disableConnectivity: Type.Optional(Type.Boolean({ description: "Not when it is offline or powered off." })),
    poweredOffSeverity: Type.Optional(AlertLevel),
    ...metrics,
    checks: Type.Optional(PartialChecks),
  },
  { $id: "Thresholds" },
);
export type Thresholds = Static<typeof Thresholds>;

const Docker = Type.Object({
  ...Thresholds.properties,
  restartCount: Type.Integer({ minimum: 0, description: "So many restarts within the window are a loop; 0: off" }),
  restartWindow: seconds("of the restart count"),
  memoryWarnPct: Type.Number({ description: "percent of its own limit; -1 or 0: off" }),
  memoryCriticalPct: Type.Number({ description: "percent of its own limit; -1 or 0: off" }),
});

const figure = (description: string) => Type.Number({ minimum: -1, description: `${description}; 0 or -1: off` });
const Pmg = Type.Object({
  queueTotalWarning: figure("mails in all queues"),
  queueTotalCritical: figure("mails in all queues"),
  oldestMessageWarnMins: figure("minutes the oldest mail has waited"),
  oldestMessageCritMins: figure("minutes the oldest mail has waited"),
  deferredQueueWarn: figure("deferred mails"),
  deferredQueueCritical: figure("deferred mails"),
  holdQueueWarn: figure("mails on hold"),
  holdQueueCritical: figure("mails on hold"),
  quarantineSpamWarn: figure("spam mails in quarantine"),
  quarantineSpamCritical: figure("spam mails in quarantine"),
  quarantineVirusWarn: figure("virus mails in quarantine"),
  quarantineVirusCritical: figure("virus mails in quarantine"),
  quarantineGrowthWarnPct: figure("percent more in quarantine than a day ago"),
  quarantineGrowthWarnMin: figure("and at least so many mails more"),
  quarantineGrowthCritPct: figure("percent more in quarantine than a day ago"),
  quarantineGrowthCritMin: figure("and at least so many mails more"),
});

const timeOfDay = Type.String({
  pattern: "^([01]\\d|2[0-3]):[0-5]\\d$",
  description: "HH:MM",
  must: "must be a time such as 03:00",
});
const timezone = Type.String({ maxLength: 64, description: "IANA name such as Europe/Berlin; empty: the server's" });
const days = Nullable(
  Type.Object(
    Object.fromEntries(WEEK_DAYS.map(day => [day, Type.Boolean()])) as {
      [D in (typeof WEEK_DAYS)[number]]: ReturnType<typeof Type.Boolean>;
    },
    { description: "The days on which they begin; null: all" },
  ),
);

export const QuietHours = Type.Object({
  enabled: Type.Boolean(),
  start: timeOfDay,
  end: timeOfDay,
  timezone,
  days,
  suppress: Type.Object(
    { performance: Type.Boolean(), storage: Type.Boolean(), offline: Type.Boolean() },
    { description: "What is held back in critical alerts too; warnings are held back in any case." },
  ),
});
export type QuietHours = Static<typeof QuietHours>;

export const EscalationLevel = Type.Object({
  after: minutes("since it began to fire"),
  notify: Type.Union([Type.Literal("email"), Type.Literal("webhook"), Type.Literal("all"), Type.Literal("channels")]),
  channels: Type.Optional(Type.Array(Type.String(), { description: "Ids of channels, for `channels`." })),
});
export type EscalationLevel = Static<typeof EscalationLevel>;

const Grouping = Type.Object({
  enabled: Type.Boolean({ description: "false: a notification for each alert, at once" }),
  window: seconds("from the first alert until the notification goes"),
  byNode: Type.Boolean({ description: "One notification a node." }),
  byGuest: Type.Boolean({ description: "One notification a guest." }),
});

export const Schedule = Type.Object({
  quietHours: QuietHours,
  cooldown: minutes("before the same alert is told again, counted from delivery"),
  groupingWindow: seconds("as grouping.window; kept for older clients"),
  maxAlertsHour: Type.Integer({
    minimum: 0,
    description: "Notifications an hour and channel; beyond it they are gathered. 0: no limit",
  }),
  notifyOnResolve: Type.Boolean(),
  escalation: Type.Object({ enabled: Type.Boolean(), levels: Nullable(Type.Array(EscalationLevel, { maxItems: 20 })) }),
  grouping: Grouping,
  reminders: Type.Object({
    enabled: Type.Boolean(),
    every: minutes("while it fires and nobody has acknowledged it"),
    level: AlertLevel,
  }),
});
export type Schedule = Static<typeof Schedule>;

export const DISABLE_ALL = [
  "disableAllNodes",
  "disableAllGuests",
  "disableAllStorage",
  "disableAllPBS",
  "disableAllPMG",
  "disableAllDockerHosts",
  "disableAllDockerContainers",
  "disableAllNodesOffline",
  "disableAllGuestsOffline",
  "disableAllPBSOffline",
  "disableAllPMGOffline",
  "disableAllDockerHostsOffline",
] as const;
type DisableAll = (typeof DISABLE_ALL)[number];

/** Everything an operator chooses of alerts: `GET /api/alerts/`, whole. A PUT or POST changes what it names, and nothing else. */
export const AlertConfig = Type.Object(
  {
    enabled: Type.Boolean(),
    guestDefaults: Thresholds,
    nodeDefaults: Thresholds,
    storageDefault: Hysteresis,
    pbsDefaults: Thresholds,
    datastoreDefault: Hysteresis,
    diskDefaults: Thresholds,
    cephDefaults: Thresholds,
    dockerDefaults: Docker,
    dockerHostDefaults: Thresholds,
    pmgThresholds: Pmg,
    pmgDefaults: Pmg,
    checks: Checks,
    overrides: Type.Record(Type.String(), Thresholds, { description: "By resource id." }),
    tagOverrides: Type.Record(Type.String(), Thresholds, {
      description: "By tag of the guest; the first that fits in this order.",
    }),
    schedule: Schedule,
    aggregation: Grouping,
    flapping: Type.Object({
      enabled: Type.Boolean(),
      threshold: Type.Integer({ minimum: 2, description: "So many firings within the window are flapping." }),
      window: minutes("of the threshold"),
      cooldown: minutes("it must stay well before it counts as calm; it is told once that it flaps"),
    }),
    ...(Object.fromEntries(DISABLE_ALL.map(name => [name, Type.Boolean()])) as {
      [D in DisableAll]: ReturnType<typeof Type.Boolean>;
    }),
    minimumDelta: Type.Number({
      minimum: 0,
      description: "A firing alert's value moves by so much before it is sent again.",
    }),
    suppressionWindow: minutes("an alert that has just resolved fires again within it without being told anew"),
    hysteresisMargin: Type.Number({
      minimum: 0,
      description: "How far `clear` is below `trigger` where only a trigger is given.",
    }),
    timeThreshold: seconds("how long a figure must be beyond its trigger, where nothing below says else"),
    timeThresholds: Type.Record(
      Type.String(),
      seconds("by class: guest, node, storage, pbs, docker…; or by resource id"),
    ),
    metricTimeThresholds: Nullable(
      Type.Record(Type.String(), Type.Record(Type.String(), seconds("by metric; `default`: all others")), {
        description: "By class or resource id.",
      }),
    ),
    customRules: Type.Optional(Type.Unknown({ description: "Kept for older clients; nothing reads it." })),
  },
  { $id: "AlertConfig" },
);
export type AlertConfig = Static<typeof AlertConfig>;
