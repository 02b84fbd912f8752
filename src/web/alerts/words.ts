import type { AlertUnit, ResourceType, RuleOrigin, TransitionKind } from "../../model/alert.ts";
import type { CheckName, MetricName } from "../../model/alert-config.ts";
import { formatDuration, formatPercent, formatRate, plural, UNKNOWN } from "../format/format.ts";

/** What each signal is called, and what it looks at. */
export const SIGNALS: { readonly [S in MetricName | CheckName]: readonly [name: string, meaning: string] } = {
  cpu: ["CPU", "Share of its cores in use"],
  memory: ["Memory", "Share of its memory in use"],
  disk: ["Disk", "Share of its root disk or filesystem in use"],
  diskRead: ["Disk read", "Bytes read a second"],
  diskWrite: ["Disk write", "Bytes written a second"],
  networkIn: ["Network in", "Bytes received a second"],
  networkOut: ["Network out", "Bytes sent a second"],
  usage: ["Usage", "Share of the space in use"],
  temperature: ["Temperature", "What its sensor says"],
  wearout: ["Life left", "Of an SSD, as it says itself; fires as it falls"],
  certificate: ["Certificate", "Days until it expires; fires as they run out"],
  backupAge: ["Backup age", "Days since the last good backup"],
  snapshotAge: ["Snapshot age", "Days since the oldest snapshot was taken"],
  offline: ["Offline", "A node, server or host that does not answer"],
  unreachable: ["Unreachable", "A whole instance that cannot be asked"],
  quorum: ["Quorum", "A cluster that has lost its quorum"],
  "powered-off": ["Powered off", "A guest that does not run"],
  "ha-error": ["High availability", "A guest that high availability has given up"],
  "storage-inactive": ["Storage inactive", "An enabled storage that is not there"],
  "zfs-state": ["ZFS pool state", "A pool that is degraded or worse"],
  "zfs-errors": ["ZFS errors", "A pool that counts errors"],
  "zfs-device": ["ZFS device", "A device of a pool that is not well"],
  "disk-health": ["Disk health", "A disk that fails its SMART check"],
  "ceph-health": ["Ceph health", "Ceph that has warnings or errors"],
  "ceph-osd": ["Ceph OSD", "An OSD that is down"],
  "backup-failed": ["Backup failed", "A guest's last backup failed"],
  "backup-unverified": ["Backup not verified", "A backup whose verification failed"],
  "job-failed": ["Job failed", "A job of a Backup Server failed"],
  "datastore-unavailable": ["Datastore unavailable", "A datastore that cannot be read"],
  "replication-failed": ["Replication failed", "A replication job failed"],
  "mail-queue": ["Mail queue", "Too many mails wait"],
  "mail-oldest": ["Oldest mail", "A mail waits for too long"],
  "mail-quarantine": ["Quarantine", "Too many mails in quarantine, or too many more"],
  "container-state": ["Container state", "A container that has stopped with an error, or restarts"],
  "container-health": ["Container health", "A container whose health check fails"],
  "container-restarts": ["Restart loop", "A container that restarts again and again"],
  "container-oom": ["Out of memory", "A container that was killed for its memory"],
  "container-memory-limit": ["Memory limit", "A container close to its own memory limit"],
  anomaly: ["Unusual", "A value far from what is usual at this time"],
  unwritten: ["Database", "Pulse itself cannot write its database"],
};

/** What a signal is called; an unknown one by its key. */
export function signalName(type: string): string {
  return Object.hasOwn(SIGNALS, type) ? SIGNALS[type as keyof typeof SIGNALS][0] : type;
}

export const RESOURCE_NAMES: { readonly [R in ResourceType]: string } = {
  instance: "Instance",
  node: "Node",
  guest: "Guest",
  storage: "Storage",
  "zfs-pool": "ZFS pool",
  disk: "Disk",
  ceph: "Ceph",
  pbs: "Backup Server",
  datastore: "Datastore",
  pmg: "Mail Gateway",
  "docker-host": "Docker host",
  "docker-container": "Container",
  "backup-job": "Backup job",
  "replication-job": "Replication job",
  pulse: "Pulse itself",
};

/** What happened, as it is said after "It". */
export const STEPS: { readonly [K in TransitionKind]: string } = {
  fired: "Fired",
  worsened: "Became critical",
  eased: "Eased to a warning",
  resolved: "Resolved",
  withdrawn: "Withdrawn",
  cleared: "Cleared",
  acknowledged: "Acknowledged",
  unacknowledged: "Acknowledgement taken back",
  released: "Speaks for itself now",
};

const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** A value in the unit of its signal: "91 %", "3 days"; null: unknown. */
export function formatValue(value: number | null, unit: AlertUnit): string {
  if (value === null) return UNKNOWN;
  const texts: { readonly [U in AlertUnit]: () => string } = {
    percent: () => formatPercent(value),
    "bytes/s": () => formatRate(value),
    celsius: () => `${number.format(value)} °C`,
    seconds: () => formatDuration(value * 1000),
    days: () => (Math.abs(value) === 1 ? "1 day" : `${number.format(value)} days`),
    count: () => number.format(value),
    state: () => (value > 0 ? "yes" : "no"),
  };
  return texts[unit]();
}

const DEFAULTS: Readonly<Record<string, string>> = {
  guestDefaults: "the defaults of guests",
  nodeDefaults: "the defaults of nodes",
  storageDefault: "the default of storages",
  pbsDefaults: "the defaults of Backup Servers",
  datastoreDefault: "the default of datastores",
  diskDefaults: "the defaults of disks",
  cephDefaults: "the defaults of Ceph",
  dockerDefaults: "the defaults of containers",
  dockerHostDefaults: "the defaults of Docker hosts",
  pmgThresholds: "the limits of Mail Gateways",
  checks: "the checks",
};

/** Where a rule comes from, as it is said after "by". */
export function originText(origin: RuleOrigin): string {
  if (origin.kind === "tag") return `the group of the tag "${origin.tag}"`;
  if (origin.kind === "override") return "its own thresholds";
  return DEFAULTS[origin.of] ?? `the defaults (${origin.of})`;
}

/** "for 2m 0s", or "at once". */
export function holdText(seconds: number): string {
  return seconds > 0 ? `for ${formatDuration(seconds * 1000).replace(/ 0[smh]$/, "")}` : "at once";
}

/** "5 alerts, 2 acknowledged". */
export function countText(all: number, acknowledged: number): string {
  return `${plural(all, "alert")}${acknowledged > 0 ? `, ${acknowledged} acknowledged` : ""}`;
}
