import type { Alert, AlertLevel, AlertUnit, ResourceType, RuleOrigin, TransitionKind } from "../../model/alert.ts";
import type { CheckName, MetricName } from "../../model/alert-config.ts";
import { formatDuration, formatPercent, formatRate, UNKNOWN } from "../format/format.ts";
import { locale, plural, t, told } from "../words/words.ts";

/** What each signal is called, and what it looks at. */
export const SIGNALS: { readonly [S in MetricName | CheckName]: readonly [name: string, meaning: string] } = {
  cpu: [t("CPU"), t("Share of its cores in use")],
  memory: [t("Memory"), t("Share of its memory in use")],
  disk: [t("Disk"), t("Share of its root disk or filesystem in use")],
  diskRead: [t("Disk read"), t("Bytes read a second")],
  diskWrite: [t("Disk write"), t("Bytes written a second")],
  networkIn: [t("Network in"), t("Bytes received a second")],
  networkOut: [t("Network out"), t("Bytes sent a second")],
  usage: [t("Usage"), t("Share of the space in use")],
  temperature: [t("Temperature"), t("What its sensor says")],
  wearout: [t("Life left"), t("Of an SSD, as it says itself; fires as it falls")],
  certificate: [t("Certificate"), t("Days until it expires; fires as they run out")],
  backupAge: [t("Backup age"), t("Days since the last good backup")],
  snapshotAge: [t("Snapshot age"), t("Days since the oldest snapshot was taken")],
  offline: [t("Offline"), t("A node, server or host that does not answer")],
  unwatched: [t("Unwatched"), t("An instance that no edge of its site looks at, of several Pulses")],
  unheard: [t("Unheard"), t("A core, or an edge beside others of its site, that is not heard of")],
  unreachable: [t("Unreachable"), t("A whole instance that cannot be asked")],
  quorum: [t("Quorum"), t("A cluster that has lost its quorum")],
  "powered-off": [t("Powered off"), t("A guest that does not run")],
  "ha-error": [t("High availability"), t("A guest that high availability has given up")],
  "storage-inactive": [t("Storage inactive"), t("An enabled storage that is not there")],
  "zfs-state": [t("ZFS pool state"), t("A pool that is degraded or worse")],
  "zfs-errors": [t("ZFS errors"), t("A pool that counts errors")],
  "zfs-device": [t("ZFS device"), t("A device of a pool that is not well")],
  "disk-health": [t("Disk health"), t("A disk that fails its SMART check")],
  "ceph-health": [t("Ceph health"), t("Ceph that has warnings or errors")],
  "ceph-osd": [t("Ceph OSD"), t("An OSD that is down")],
  "backups-unread": [t("Backups not read"), t("Nobody knows which backups are there")],
  "backup-failed": [t("Backup failed"), t("A guest's last backup failed")],
  "backup-unverified": [t("Backup not verified"), t("A backup whose verification failed")],
  "job-failed": [t("Job failed"), t("A job of a Backup Server failed")],
  "datastore-unavailable": [t("Datastore unavailable"), t("A datastore that cannot be read")],
  "replication-failed": [t("Replication failed"), t("A replication job failed")],
  "mail-queue": [t("Mail queue"), t("Too many mails wait")],
  "mail-oldest": [t("Oldest mail"), t("A mail waits for too long")],
  "mail-quarantine": [t("Quarantine"), t("Too many mails in quarantine, or too many more")],
  "container-state": [t("Container state"), t("A container that has stopped with an error, or restarts")],
  "container-health": [t("Container health"), t("A container whose health check fails")],
  "container-restarts": [t("Restart loop"), t("A container that restarts again and again")],
  "container-oom": [t("Out of memory"), t("A container that was killed for its memory")],
  "container-memory-limit": [t("Memory limit"), t("A container close to its own memory limit")],
  anomaly: [t("Unusual"), t("A value far from what is usual at this time")],
  unwritten: [t("Database"), t("Pulse itself cannot write its database")],
  "update-failed": [t("Update failed"), t("Pulse did not get over to a newer version by itself")],
  updated: [t("Updated"), t("Pulse has updated itself")],
};

const LEVELS: { readonly [L in AlertLevel]: string } = { warning: t("warning"), critical: t("critical") };

/** How bad it is, as it stands within a sentence. */
export function levelName(level: AlertLevel): string {
  return LEVELS[level];
}

/** What a signal is called; an unknown one by its key. */
export function signalName(type: string): string {
  return Object.hasOwn(SIGNALS, type) ? SIGNALS[type as keyof typeof SIGNALS][0] : type;
}

export const RESOURCE_NAMES: { readonly [R in ResourceType]: string } = {
  instance: t("Instance"),
  node: t("Node"),
  guest: t("Guest"),
  storage: t("Storage"),
  "zfs-pool": t("ZFS pool"),
  disk: t("Disk"),
  ceph: t("Ceph"),
  pbs: t("Backup Server"),
  datastore: t("Datastore"),
  pmg: t("Mail Gateway"),
  "docker-host": t("Docker host"),
  "docker-container": t("Container"),
  "backup-job": t("Backup job"),
  "replication-job": t("Replication job"),
  pulse: t("Pulse itself"),
  core: t("Core"),
  edge: t("Edge"),
};

/** Resources that are called by what they are on, in English. */
const PLACED: ReadonlySet<ResourceType> = new Set(["storage", "zfs-pool", "disk", "datastore", "backup-job"]);

/** What the resource of an alert is called: "rpool of pve1", in the reader's language. */
export function resourceName({
  resourceName: name,
  resourceType,
}: Pick<Alert, "resourceName" | "resourceType">): string {
  const [, job, target] = resourceType === "replication-job" ? (/^(\S+) to (\S+)$/.exec(name) ?? []) : [];
  if (job && target) return t("{job} to {target}", { job, target });
  const [, thing, place] = PLACED.has(resourceType) ? (/^(.+) of (.+)$/.exec(name) ?? []) : [];
  return thing && place ? t("{thing} of {place}", { thing: told(thing), place }) : name;
}

/** What happened, as it is said after "It". */
export const STEPS: { readonly [K in TransitionKind]: string } = {
  fired: t("Fired"),
  worsened: t("Became critical"),
  eased: t("Eased to a warning"),
  resolved: t("Resolved"),
  withdrawn: t("Withdrawn"),
  cleared: t("Cleared"),
  acknowledged: t("Acknowledged"),
  unacknowledged: t("Acknowledgement taken back"),
  released: t("Speaks for itself now"),
};

const number = new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 });

/** A value in the unit of its signal: "91 %", "3 days"; null: unknown. */
export function formatValue(value: number | null, unit: AlertUnit): string {
  if (value === null) return UNKNOWN;
  const texts: { readonly [U in AlertUnit]: () => string } = {
    percent: () => formatPercent(value),
    "bytes/s": () => formatRate(value),
    celsius: () => `${number.format(value)} °C`,
    seconds: () => formatDuration(value * 1000),
    days: () => (Math.abs(value) === 1 ? t("1 day") : t("{value} days", { value: number.format(value) })),
    count: () => number.format(value),
    state: () => (value > 0 ? t("yes") : t("no")),
  };
  return texts[unit]();
}

/** "acknowledged by ann". */
export function acknowledgedText({ ackUser }: { ackUser?: string | null | undefined }): string {
  return ackUser ? t("acknowledged by {who}", { who: ackUser }) : t("acknowledged");
}

const DEFAULTS: Readonly<Record<string, string>> = {
  guestDefaults: t("the defaults of guests"),
  nodeDefaults: t("the defaults of nodes"),
  storageDefault: t("the default of storages"),
  pbsDefaults: t("the defaults of Backup Servers"),
  datastoreDefault: t("the default of datastores"),
  diskDefaults: t("the defaults of disks"),
  cephDefaults: t("the defaults of Ceph"),
  dockerDefaults: t("the defaults of containers"),
  dockerHostDefaults: t("the defaults of Docker hosts"),
  pmgThresholds: t("the limits of Mail Gateways"),
  checks: t("the checks"),
};

/** Where a rule comes from, as it is said after "by". */
export function originText(origin: RuleOrigin): string {
  if (origin.kind === "tag") return t('the group of the tag "{tag}"', { tag: origin.tag });
  if (origin.kind === "override") return t("its own thresholds");
  return DEFAULTS[origin.of] ?? t("the defaults ({of})", { of: origin.of });
}

/** "for 2m 0s", or "at once". */
export function holdText(seconds: number): string {
  return seconds > 0 ? t("for {duration}", { duration: formatDuration(seconds * 1000, "whole") }) : t("at once");
}

/** "5 alerts, 2 acknowledged". */
export function countText(all: number, acknowledged: number): string {
  const alerts = plural(all, "alert");
  return acknowledged > 0 ? t("{alerts}, {acknowledged} acknowledged", { alerts, acknowledged }) : alerts;
}
