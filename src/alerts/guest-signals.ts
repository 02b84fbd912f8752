import { DAY, type Instant, MINUTE, type Millis } from "../kit/units.ts";
import type { Guest } from "../model/guest.ts";
import { nodeId } from "../model/ids.ts";
import type { Disk, Memory } from "../model/measures.ts";
import { notKnown } from "../model/not-known.ts";
import { allOf } from "../model/picture.ts";
import type { ReplicationJob } from "../model/replication.ts";
import { type Check, type Context, critical, type Figure, type Finding, type Kind, warning } from "./signal.ts";
import type { Rule } from "./thresholds.ts";

/** A backup that stops its guest starts it again, which takes a look or two to show. */
const AFTER_BACKUP: Millis = 2 * MINUTE;
/** A node that has just come up starts its guests one after another. */
const NODE_STARTS: Millis = 10 * MINUTE;
/** An unverified backup is none to worry about before the verification had its turn. */
const VERIFY_WITHIN: Millis = 8 * DAY;

const rate = (type: "diskRead" | "diskWrite" | "networkIn" | "networkOut", label: string): Figure<Guest> => ({
  kind: "figure",
  type,
  label,
  unit: "bytes/s",
  read: guest => guest[type],
});

const FIGURES: readonly Figure<Guest>[] = [
  {
    kind: "figure",
    type: "cpu",
    label: "CPU",
    unit: "percent",
    read: ({ cpu }) => (cpu === null ? null : cpu * 100),
  },
  { kind: "figure", type: "memory", label: "Memory", unit: "percent", read: readMemory },
  { kind: "figure", type: "disk", label: "Disk", unit: "percent", read: ({ disk, disks }) => fullest(disk, disks) },
  rate("diskRead", "Disk reads"),
  rate("diskWrite", "Disk writes"),
  rate("networkIn", "Network in"),
  rate("networkOut", "Network out"),
  {
    kind: "figure",
    type: "backupAge",
    label: "Newest backup",
    unit: "days",
    read: readBackupAge,
  },
  {
    kind: "figure",
    type: "snapshotAge",
    label: "Oldest snapshot",
    unit: "days",
    read: (guest, { lookups, now }) => {
      if (notKnown(guest, "snapshots")) return null;
      const oldest = lookups.oldestSnapshot(guest);
      return oldest?.time ? ageInDays(Date.parse(oldest.time), now) : 0;
    },
  },
];

const CHECKS: readonly Check<Guest>[] = [
  { kind: "check", type: "powered-off", label: "Powered off", looks: 2, read: readPoweredOff },
  {
    kind: "check",
    type: "ha-error",
    label: "High availability",
    read: ({ hastate }) => (hastate === "error" ? critical("is in the error state of high availability") : false),
  },
  {
    kind: "check",
    type: "backup-failed",
    label: "Backup",
    read: (guest, { lookups, picture }) => {
      const { instance, node, template } = guest;
      if (template) return false;
      if (lookups.waitsForTasks(instance)) return null;
      const task = lookups.lastTask(guest);
      if (task === null) return notKnown(picture.nodes[nodeId(instance, node)], "tasks") ? null : false;
      if (task.stale) return null;
      return task.error === null ? false : warning(`was not backed up: ${task.error}`);
    },
  },
  { kind: "check", type: "backup-unverified", label: "Verification of the backup", read: readVerification },
  { kind: "check", type: "anomaly", label: "Unusual", read: readAnomaly },
];

export const GUESTS: Kind<Guest> = {
  list: picture => [...allOf(picture, "vms"), ...allOf(picture, "containers")],
  id: ({ id }) => id,
  tags: ({ tags }) => tags,
  isStale: ({ stale }) => stale,
  about: ({ id, name, node, instance }) => ({ id, name, type: "guest", node, instance }),
  signals: [...FIGURES, ...CHECKS],
};

export const REPLICATION_JOBS: Kind<ReplicationJob> = {
  list: picture => allOf(picture, "replicationJobs"),
  id: ({ id }) => id,
  tags: () => null,
  isStale: ({ stale }) => stale,
  about: ({ id, job, target, node, instance }) => ({
    id,
    name: `${job} to ${target}`,
    type: "replication-job",
    node,
    instance,
  }),
  signals: [
    {
      kind: "check",
      type: "replication-failed",
      label: "Replication",
      read: ({ enabled, failures, error }) =>
        enabled && failures > 0
          ? warning(`failed ${failures} times in a row: ${error ?? "no reason was told"}`)
          : false,
    },
  ],
};

/**
 * What a VM's process holds on its host says nothing of the memory inside: it is judged only where somebody has given this very guest (or
 * its tag) a threshold. A guest that does not run uses none.
 */
function readMemory({ memory, type, status }: Guest, _: Context, { origin }: Rule): number | null {
  if (status === "stopped") return 0;
  if (memory === null) return null;
  return isOfProcess(memory, type) && origin.kind === "default" ? null : memory.usage;
}

function isOfProcess({ source }: Memory, type: Guest["type"]): boolean {
  return type === "qemu" && source === "cluster-resources";
}

/** Of several filesystems the one that is fullest. */
function fullest(disk: Disk | null, disks: readonly Disk[] | null): number | null {
  const known = [...(disk ? [disk] : []), ...(disks ?? [])].map(({ usage }) => usage).filter(usage => usage >= 0);
  return known.length > 0 ? Math.max(...known) : null;
}

/** A backup that nobody knows of can only be newer: what is young enough is so without it. */
function readBackupAge(guest: Guest, { lookups, now }: Context, { figure }: Rule): number | null {
  if (guest.lastBackup === null || guest.template) return null;
  const age = ageInDays(guest.lastBackup, now);
  return age > (figure?.clear ?? 0) && lookups.backupsNotKnown(guest) ? null : age;
}

function ageInDays(at: Instant, now: Instant): number {
  return Math.max(0, Math.round(((now - at) / DAY) * 100) / 100);
}

/** Only guests that are meant to run: started with their node, or watched by a rule of their own. */
function readPoweredOff(guest: Guest, { picture, notebook, now }: Context, rule: Rule): Finding | false | null {
  const { id, status, lock, onboot, template, node, instance } = guest;
  if (template) return false;
  const locked = notebook.backupLock(id, lock === "backup", now);
  if (status === "running" || status === "paused")
    // A backup in stop mode starts the guest for as long as it takes.
    return locked !== null && now - locked < AFTER_BACKUP ? null : false;
  if (status !== "stopped" || lock !== null) return null;
  const wanted = rule.origin.kind !== "default";
  if (!wanted && onboot === null) return null;
  if (!wanted && !onboot) return false;
  if (locked !== null && now - locked < AFTER_BACKUP) return null;
  const uptime = picture.nodes[nodeId(instance, node)]?.uptime ?? null;
  return uptime !== null && uptime * 1000 < NODE_STARTS ? null : warning("is powered off");
}

/** A backup that failed its verification is none; one that nobody verifies is one all the same. */
function readVerification(guest: Guest, context: Context): Finding | false | null {
  const { lookups, picture, now } = context;
  if (guest.template) return false;
  const unknown = lookups.backupsNotKnown(guest);
  const newest = lookups.newestPbsBackup(guest) ?? lookups.newestArchive(guest);
  if (unknown?.reason === null || (unknown && newest === null)) return null;
  if (newest === null) return false;
  if (newest.stale) return null;
  if (newest.verification === "failed") return critical("has a newest backup that failed its verification");
  if (newest.verification !== null || !("datastore" in newest)) return false;
  const isVerified = picture.pbs[newest.instance]?.verifyJobs.some(
    ({ enabled, store }) => enabled && store === newest.datastore,
  );
  return isVerified && now - Date.parse(newest.backupTime) > VERIFY_WITHIN
    ? warning("has a newest backup that was not verified in its turn")
    : false;
}

/** CPU or memory far out of the band in which they usually are at this hour. */
function readAnomaly(guest: Guest, { past, now }: Context): Finding | false | null {
  if (guest.status !== "running") return false;
  const values = { cpu: guest.cpu === null ? null : guest.cpu * 100, memory: guest.memory?.usage ?? null };
  let isKnown = false;
  for (const [metric, value] of Object.entries(values)) {
    const band = value === null ? null : past.usual(guest.id, metric, now);
    if (band === null || value === null) continue;
    isKnown = true;
    const margin = Math.max(15, band.high - band.low);
    if (value > band.high + margin || value < band.low - margin)
      return warning(
        `uses ${Math.round(value)} % of its ${metric}; usual at this hour are ${Math.round(band.low)} to ${Math.round(band.high)} %`,
      );
  }
  return isKnown ? false : null;
}
