import { type Bytes, DAY, GIB, HOUR, type Instant, MINUTE, type Millis } from "../kit/units.ts";
import { diceOf } from "./dice.ts";
import type { BackupServerOptions, DatastoreOptions, NamespaceOptions, PbsVersion } from "./options.ts";
import type { ClusterPlan } from "./plan.ts";

/** One machine's backups in one namespace. */
export interface GroupPlan {
  type: "vm" | "ct" | "host";
  /** The VMID, or the name of a host. */
  id: string;
  comment: string | null;
  owner: string | null;
  size: Bytes;
  /** When in the day its backup is made. */
  phase: Millis;
  keep: number;
  /** How old a snapshot is when it is verified; null: never. */
  verifiedAfter: Millis | null;
  /** Its second newest snapshot did not stand the check. */
  broken: boolean;
  /** How long ago the last backup was made at the least: a job that stopped running. */
  pausedFor: Millis;
  /** When the backups were made, the newest first, where somebody else decides it. */
  times?: readonly Instant[];
}

export interface NamespacePlan {
  path: string;
  groups: readonly GroupPlan[];
  /** The cluster whose own storage of Backup Server type writes here: then its groups have the very backups that it lists. */
  writer: string | null;
}

export interface DatastorePlan {
  name: string;
  total: Bytes;
  fill: number;
  namespaces: readonly NamespacePlan[];
}

export interface BackupServerPlan {
  name: string;
  version: PbsVersion;
  nodes: readonly { name: string }[];
  guests: readonly never[];
  datastores: readonly DatastorePlan[];
}

/** Draws a Backup Server that keeps the guests of `clusters`; the same options give the same plan. */
export function planBackupServer(
  seed: string,
  options: BackupServerOptions,
  clusters: readonly ClusterPlan[],
): BackupServerPlan {
  return {
    name: options.name,
    version: options.version ?? "4.0",
    nodes: [{ name: options.name }],
    guests: [],
    datastores: options.datastores.map(datastore => planDatastore(seed, options.name, datastore, clusters)),
  };
}

function planDatastore(
  seed: string,
  server: string,
  { name, size, fill, namespaces, keep = 7 }: DatastoreOptions,
  clusters: readonly ClusterPlan[],
): DatastorePlan {
  const plans = namespaces.map(({ path, cluster, hosts = [] }: NamespaceOptions) => {
    const writer = clusters.find(plan => plan.name === cluster);
    const backedUp = writer?.guests ?? [];
    const guests = backedUp.flatMap((guest, index) =>
      guest.template || index % 10 === 9
        ? []
        : [
            planGroup(seed, `${server}/${name}/${path}`, index, {
              type: guest.type === "lxc" ? ("ct" as const) : ("vm" as const),
              id: String(guest.vmid),
              comment: index % 6 === 5 ? null : guest.name,
              keep,
            }),
          ],
    );
    const others = hosts.map((host, index) =>
      planGroup(seed, `${server}/${name}/${path}`, index, { type: "host", id: host, comment: null, keep }),
    );
    const writes = writer?.storages.some(({ plugintype }) => plugintype === "pbs") === true;
    return { path, groups: [...guests, ...others], writer: writes ? writer.name : null };
  });
  return { name, total: size * GIB, fill, namespaces: plans };
}

function planGroup(
  seed: string,
  place: string,
  index: number,
  group: Pick<GroupPlan, "type" | "id" | "comment" | "keep">,
): GroupPlan {
  const dice = diceOf(seed, place, group.type, group.id);
  return {
    ...group,
    owner: index % 17 === 16 ? null : "backup@pbs!pve",
    size: Math.floor(dice.between(2, 90) * GIB),
    phase: 2 * HOUR + Math.floor(dice.share() * 180) * MINUTE,
    verifiedAfter: index % 8 === 7 ? null : 6 * HOUR,
    broken: index % 14 === 3,
    pausedFor: index % 12 === 6 ? 5 * DAY : 0,
  };
}

/** When the snapshots of a group that are there at `at` were made, the newest first. */
export function snapshotTimes({ phase, keep, pausedFor, times }: GroupPlan, at: Instant): readonly Instant[] {
  if (times) return times;
  const newest = Math.floor((at - pausedFor - phase) / DAY) * DAY + phase;
  return Array.from({ length: keep }, (_, index) => newest - index * DAY);
}
