import type { Instant } from "../kit/units.ts";
import { type DatastorePlan, type GroupPlan, type NamespacePlan, snapshotTimes } from "./pbs-plan.ts";
import type { BackupServer } from "./pbs-server.ts";

/** `GET …/namespace`: the root among them, as "". */
export function toNamespaces(store: DatastorePlan, parent: string): Record<string, unknown>[] {
  return store.namespaces
    .filter(({ path }) => parent === "" || path === parent || path.startsWith(`${parent}/`))
    .map(({ path }) => ({ ns: path, ...(path === "" ? {} : { comment: `backups of ${path}` }) }));
}

/** `GET …/groups`: `files` are plain names here. */
export function toGroups(server: BackupServer, { groups }: NamespacePlan): Record<string, unknown>[] {
  return groups.map(group => {
    const times = snapshotTimes(group, server.at);
    return {
      "backup-type": group.type,
      "backup-id": group.id,
      "last-backup": toSeconds(times[0] ?? 0),
      "backup-count": times.length,
      files: filesOf(group),
      ...(group.owner === null ? {} : { owner: group.owner }),
    };
  });
}

/** `GET …/snapshots`: everything but type, id, time, files and protection may be missing. */
export function toSnapshots(
  server: BackupServer,
  { groups }: NamespacePlan,
  query: Readonly<Record<string, string>>,
): Record<string, unknown>[] {
  return groups
    .filter(({ type, id }) => (query["backup-type"] ?? type) === type && (query["backup-id"] ?? id) === id)
    .flatMap(group => snapshotTimes(group, server.at).map((time, index) => toSnapshot(group, time, index, server.at)));
}

/** The newest one of a group is still being written for its first ten minutes: it has no size yet. */
function toSnapshot(group: GroupPlan, time: Instant, index: number, at: Instant): Record<string, unknown> {
  const { type, id, comment, owner, size } = group;
  const complete = at - time >= 600_000;
  return {
    "backup-type": type,
    "backup-id": id,
    "backup-time": toSeconds(time),
    files: complete
      ? filesOf(group).map(filename => ({ filename, "crypt-mode": "none", size: Math.floor(size / 3) }))
      : [],
    protected: index === 2 && id.endsWith("0"),
    ...(complete ? { size: size - index * 4096 } : {}),
    ...(owner === null ? {} : { owner }),
    ...(comment === null || !complete ? {} : { comment }),
    ...toVerification(group, time, index, at),
  };
}

function toVerification({ verifiedAfter, broken, type, id }: GroupPlan, time: Instant, index: number, at: Instant) {
  if (verifiedAfter === null || at - time < verifiedAfter) return {};
  const upid = `UPID:pbs:000003F1:00000A2B:00000001:${toSeconds(time).toString(16).toUpperCase()}:verify:${type}\\x3a${id}:root@pam:`;
  return { verification: { state: broken && index === 1 ? "failed" : "ok", upid } };
}

function filesOf({ type }: GroupPlan): string[] {
  if (type === "vm") return ["qemu-server.conf.blob", "drive-scsi0.img.fidx", "index.json.blob"];
  if (type === "ct") return ["pct.conf.blob", "root.pxar.didx", "index.json.blob"];
  return ["root.pxar.didx", "index.json.blob"];
}

export function toSeconds(at: Instant): number {
  return Math.floor(at / 1000);
}
