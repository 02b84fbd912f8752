import { DAY, type Instant, type Millis } from "../kit/units.ts";
import type { Guest } from "./guest.ts";
import type { Picture } from "./picture.ts";

// NOTE: without a schema, as the first page needs it and nothing of schemas.

/** What of an entity has not been read, by list: see `unread`. */
export type Unread = Record<string, string | null> | null;

/** Why something is not known. `reason`: why it cannot be read; null: it has not been read yet. */
export interface NotKnown {
  reason: string | null;
}

/** Whether what belongs to `entity` in `scope` has been read; null: it has. */
export function notKnown(entity: { unread: Unread } | undefined, scope: string): NotKnown | null {
  const reason = entity?.unread?.[scope];
  return reason === undefined ? null : { reason };
}

/** A backup older than that is none: a daily job has then failed twice. */
export const RECENT_BACKUP: Millis = 2 * DAY;

export function isBackupRecent(at: Instant | null, now: Instant): boolean {
  return at !== null && now - at <= RECENT_BACKUP;
}

/**
 * Whether it is known which backups a guest has; null: it is. What has not been read yet may hold one of any guest; a storage that
 * cannot be read matters to the guests of its nodes, a Backup Server to all.
 */
export function unknownBackups(picture: Pick<Picture, "storage" | "pbs">): (guest: Guest) => NotKnown | null {
  const storages = Object.values(picture.storage).filter(one => notKnown(one, "archives") !== null);
  const servers = Object.values(picture.pbs).flatMap(one => Object.values(one.unread ?? {}));
  if (servers.includes(null)) return () => ({ reason: null });
  const waiting = new Set(storages.flatMap(one => (one.unread?.archives === null ? [one.instance] : [])));
  const [anywhere = null] = servers;
  const failing = storages.filter(({ unread }) => unread?.archives !== null);
  return ({ instance, node }) => {
    if (waiting.has(instance)) return { reason: null };
    const near = failing.find(one => one.instance === instance && one.nodes.includes(node));
    const reason = near?.unread?.archives ?? anywhere;
    return reason === null ? null : { reason };
  };
}
