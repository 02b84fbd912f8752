import type { Instant } from "../kit/units.ts";
import type { Guest } from "../model/guest.ts";
import type { Facts } from "../model/observation.ts";
import type { Patch, Picture } from "../model/picture.ts";
import { ownersOf } from "./backup-owners.ts";
import type { Draft } from "./draft.ts";

/**
 * Brings together what different instances know: the guests of clusters and their snapshots on Backup Servers. Found anew only after
 * something that it depends on has changed.
 */
export class BackupLinks {
  /** By guest: its newest backup on any Backup Server. */
  #newest = new Map<string, Instant>();
  /** By guest: the newest backup that its own instance knows. */
  readonly #own = new Map<string, Instant | null>();
  #outdated = false;

  /** A guest's facts with its newest backup, wherever that lies. */
  complete(facts: Facts<Guest>): Facts<Guest> {
    if (facts.lastBackup !== undefined) this.#own.set(facts.id, facts.lastBackup);
    return { ...facts, lastBackup: this.#newestOf(facts.id) };
  }

  /** Looks at a change of the picture. */
  follow(patch: Patch): void {
    const { changed, removed } = patch;
    for (const id of [...(removed.vms ?? []), ...(removed.containers ?? [])]) this.#own.delete(id);
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
    const guests = [...Object.values(picture.vms), ...Object.values(picture.containers)];
    const snapshots = Object.values(picture.pbsBackups);
    const archives = Object.values(picture.storageBackups);
    const clusters = Object.values(picture.instances).filter(({ type }) => type === "pve");
    const owners = ownersOf(snapshots, guests, archives, clusters);
    this.#newest = new Map();
    for (const { id, backupTime } of snapshots) {
      const guestId = owners.get(id) ?? null;
      draft.set("pbsBackups", id, { guestId });
      if (guestId !== null) this.#newest.set(guestId, Math.max(this.#newest.get(guestId) ?? 0, Date.parse(backupTime)));
    }
    for (const { id, type } of guests)
      draft.set(type === "lxc" ? "containers" : "vms", id, { lastBackup: this.#newestOf(id) });
  }

  #newestOf(guest: string): Instant | null {
    const known = [this.#own.get(guest), this.#newest.get(guest)].filter(at => typeof at === "number");
    return known.length === 0 ? null : Math.max(...known);
  }
}
