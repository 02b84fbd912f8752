import type { AlertConfig, Check, CheckName } from "../model/alert-config.ts";
import { DISABLE_ALL } from "../model/alert-config.ts";

/** Never, for a figure that has no value at which it is bad by nature. */
const OFF = { trigger: -1, clear: -1 } as const;

const check = (level: Check["level"], hold: number, enabled = true): Check => ({ enabled, level, hold });

/** Holds in seconds: as long as what is harmless by itself usually lasts. */
const CHECKS: { readonly [C in CheckName]: Check } = {
  // PVE itself takes a minute to give a node up; what it says then is true, so little is waited for besides a second look.
  offline: check(null, 20),
  unreachable: check(null, 20),
  // Longer than an edge takes to start anew, and than what NATS could not take for a while comes late.
  unwatched: check(null, 180),
  // Longer than a machine takes to start anew.
  unheard: check(null, 300),
  quorum: check(null, 30),
  // Longer than a restart takes.
  "powered-off": check("warning", 60),
  "ha-error": check(null, 30),
  // A mount that is slow once is none that is gone.
  "storage-inactive": check("warning", 60),
  // These do not come and go: what a pool or a disk says of itself stands.
  "zfs-state": check(null, 0),
  "zfs-errors": check(null, 0),
  "zfs-device": check(null, 0),
  "disk-health": check(null, 0),
  // Ceph warns for seconds whenever a daemon restarts.
  "ceph-health": check(null, 120),
  "ceph-osd": check(null, 120),
  // A NAS that sleeps answers at the next round.
  "backups-unread": check("warning", 900),
  // A task that has ended has ended.
  "backup-failed": check(null, 0),
  "backup-unverified": check(null, 0),
  "job-failed": check(null, 0),
  "datastore-unavailable": check(null, 30),
  "replication-failed": check(null, 0),
  // A newsletter fills a queue for a few minutes.
  "mail-queue": check(null, 300),
  "mail-oldest": check(null, 60),
  "mail-quarantine": check(null, 60),
  // Longer than making a container anew takes.
  "container-state": check(null, 30),
  "container-health": check(null, 60),
  "container-restarts": check(null, 0),
  "container-oom": check(null, 0),
  "container-memory-limit": check(null, 120),
  // It learns from weeks of history and is still a guess: for who asks for it.
  anomaly: check("warning", 900, false),
  // One write that fails once is tried again with the next tick.
  unwritten: check(null, 10),
  // What has happened has happened.
  "update-failed": check(null, 0),
  updated: check(null, 0),
};

/** What holds until somebody chooses otherwise. Each figure is one at which something has to be done, not one that is merely high. */
export const DEFAULTS: AlertConfig = {
  enabled: true,
  guestDefaults: {
    cpu: { trigger: 90, clear: 80 },
    memory: { trigger: 92, clear: 87, critical: 98 },
    disk: { trigger: 90, clear: 85, critical: 97 },
    // What is much traffic, only its owner knows.
    diskRead: OFF,
    diskWrite: OFF,
    networkIn: OFF,
    networkOut: OFF,
    // A weekly job, and a day.
    backupAge: { trigger: 8, clear: 7.5 },
    // Older ones are forgotten rather than kept: they grow, and slow their guest down.
    snapshotAge: { trigger: 60, clear: 59 },
  },
  nodeDefaults: {
    cpu: { trigger: 90, clear: 80 },
    memory: { trigger: 92, clear: 87, critical: 97 },
    disk: { trigger: 85, clear: 80, critical: 95 },
    // NVMe disks slow themselves down from about 80 °C on.
    temperature: { trigger: 78, clear: 73, critical: 85 },
    // Proxmox renews its own a fortnight ahead, ACME a month: whatever is left for less has failed to be.
    certificate: { trigger: 10, clear: 11, critical: 3 },
  },
  storageDefault: { trigger: 85, clear: 80, critical: 95 },
  pbsDefaults: { cpu: { trigger: 95, clear: 85 }, memory: { trigger: 92, clear: 87, critical: 98 } },
  datastoreDefault: { trigger: 85, clear: 80, critical: 95 },
  diskDefaults: {
    wearout: { trigger: 10, clear: 11, critical: 3 },
    temperature: { trigger: 70, clear: 65, critical: 80 },
  },
  // Ceph stops writing at 95, and calls itself nearly full at 85.
  cephDefaults: { usage: { trigger: 75, clear: 70, critical: 85 } },
  dockerDefaults: {
    cpu: { trigger: 90, clear: 80 },
    memory: { trigger: 90, clear: 85 },
    restartCount: 3,
    restartWindow: 300,
    memoryWarnPct: 90,
    memoryCriticalPct: 97,
  },
  dockerHostDefaults: { cpu: { trigger: 90, clear: 80 }, memory: { trigger: 92, clear: 87 } },
  pmgThresholds: pmgDefaults(),
  pmgDefaults: pmgDefaults(),
  checks: CHECKS,
  overrides: {},
  tagOverrides: {
    // For guests that are busy by nature.
    "pulse-relaxed": {
      cpu: { trigger: 98, clear: 95 },
      memory: { trigger: 98, clear: 95 },
      disk: { trigger: 95, clear: 92, critical: 99 },
      backupAge: { trigger: 32, clear: 31 },
    },
  },
  schedule: {
    quietHours: {
      enabled: false,
      start: "22:00",
      end: "08:00",
      timezone: "",
      days: null,
      suppress: { performance: true, storage: false, offline: false },
    },
    cooldown: 5,
    groupingWindow: 30,
    maxAlertsHour: 20,
    notifyOnResolve: true,
    escalation: { enabled: false, levels: null },
    grouping: { enabled: true, window: 30, byNode: false, byGuest: false },
    reminders: { enabled: false, every: 240, level: "critical" },
  },
  aggregation: { enabled: true, window: 30, byNode: false, byGuest: false },
  flapping: { enabled: true, threshold: 5, window: 60, cooldown: 30 },
  ...(Object.fromEntries(DISABLE_ALL.map(name => [name, false])) as { [D in (typeof DISABLE_ALL)[number]]: false }),
  minimumDelta: 2,
  suppressionWindow: 5,
  hysteresisMargin: 5,
  // Long enough for a look that was unlucky, short enough for a disk that fills.
  timeThreshold: 30,
  timeThresholds: {},
  // Work comes in bursts: CPU and memory are bad when they stay so.
  metricTimeThresholds: {
    guest: { cpu: 600, memory: 300, diskRead: 300, diskWrite: 300, networkIn: 300, networkOut: 300 },
    node: { cpu: 600, memory: 300, temperature: 120 },
    pbs: { cpu: 900, memory: 300 },
    docker: { cpu: 600, memory: 300 },
    disk: { temperature: 120 },
  },
};

function pmgDefaults(): AlertConfig["pmgThresholds"] {
  return {
    queueTotalWarning: 500,
    queueTotalCritical: 2000,
    oldestMessageWarnMins: 60,
    oldestMessageCritMins: 240,
    deferredQueueWarn: 300,
    deferredQueueCritical: 1000,
    holdQueueWarn: 100,
    holdQueueCritical: 500,
    // How much is much depends on who gets the mail; what grows all of a sudden is what tells.
    quarantineSpamWarn: 20_000,
    quarantineSpamCritical: 100_000,
    quarantineVirusWarn: 1000,
    quarantineVirusCritical: 5000,
    quarantineGrowthWarnPct: 50,
    quarantineGrowthWarnMin: 500,
    quarantineGrowthCritPct: 150,
    quarantineGrowthCritMin: 2000,
  };
}
