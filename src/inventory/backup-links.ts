import { type Instant, SECOND } from "../kit/units.ts";
import type { StorageBackup } from "../model/backup.ts";
import { ByGuest } from "../model/by-guest.ts";
import type { Guest } from "../model/guest.ts";
import { allOf, type Patch, type Picture } from "../model/picture.ts";
import { ownersOf } from "./backup-owners.ts";
import type { Draft } from "./draft.ts";

/**
 * Brings together what different instances know: the guests of clusters and their snapshots on Backup Servers. Found anew only after
 * something that it depends on has changed.
 */
export class BackupLinks {
  #outdated = false;

  /** Looks at a change of the picture. */
  follow(patch: Patch): void {
    const { changed, removed } = patch;
    this.#outdated ||=
      [removed.vms, removed.containers, removed.pbsBackups, removed.storageBackups].some(Boolean) ||
      [...(changed.vms ?? []), ...(changed.containers ?? [])].some(guest => "name" in guest) ||
      (changed.pbsBackups ?? []).some(backup => "backupTime" in backup || "comment" in backup) ||
      (changed.storageBackups ?? []).some(archive => "ctime" in archive) ||
      (changed.instances ?? []).some(instance => "clusterName" in instance);
  }

  /** Sets whose snapshots are whose, and when each guest was last backed up. */
  relink(draft: Draft, picture: Picture): void {
    if (!this.#outdated) return;
    this.#outdated = false;
    const guests = [...allOf(picture, "vms"), ...allOf(picture, "containers")];
    const snapshots = allOf(picture, "pbsBackups");
    const archives = allOf(picture, "storageBackups");
    const clusters = Object.values(picture.instances).filter(({ type }) => type === "pve");
    const owners = snapshots.length === 0 ? NO_OWNERS : ownersOf(snapshots, guests, archives, clusters);
    const newest = new Map<string, Instant>();
    for (const { id, backupTime } of snapshots) {
      const owner = owners.get(id) ?? null;
      draft.set("pbsBackups", id, { guestId: owner });
      if (owner !== null) newest.set(owner, Math.max(newest.get(owner) ?? 0, Date.parse(backupTime)));
    }
    const listed = { qemu: newestOf(archives, "qemu"), lxc: newestOf(archives, "lxc") };
    for (const guest of guests) {
      const { id, type } = guest;
      const lastBackup = Math.max(newest.get(id) ?? 0, listed[type].get(guest) ?? 0) || null;
      if (lastBackup !== guest.lastBackup) draft.set(type === "lxc" ? "containers" : "vms", id, { lastBackup });
    }
  }
}

const NO_OWNERS: ReadonlyMap<string, string> = new Map();

/** By guest: the newest backup on the storages of its own cluster; one of a VM is none of a container that has its number now. */
function newestOf(archives: readonly StorageBackup[], type: Guest["type"]): ByGuest<Instant> {
  const newest = new ByGuest<Instant>();
  for (const archive of archives)
    if (archive.type === type) newest.set(archive, Math.max(newest.get(archive) ?? 0, archive.ctime * SECOND));
  return newest;
}
