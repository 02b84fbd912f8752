import type { Clock } from "./kit/clock.ts";
import type { Instant, Millis } from "./kit/units.ts";
import type { Gap, WatchedInstance } from "./model/instance-settings.ts";
import { gapOf, rememberGap } from "./settings/gaps.ts";
import { membersOf, rememberMembers } from "./settings/members.ts";
import { MailGatewaySource } from "./sources/mail-gateway/source.ts";
import { BackupServerSource } from "./sources/proxmox-backup/source.ts";
import { PveSource } from "./sources/proxmox-ve/source.ts";
import type { Source } from "./sources/source.ts";
import type { Database } from "./store/database.ts";

export interface SourceSurroundings {
  /** Where it remembers what it learns of the upstream. */
  database: Database;
  clock: Clock;
  /** For one call. */
  deadline: Millis;
  /** Whether the past of a resource has been asked for already. */
  isPastKnown: (resource: string) => boolean;
  /** Told what was missed and is still to be asked for; null: nothing. Left out: nobody else is to know. */
  missing?: (gap: Gap | null) => void;
  /** Until when an earlier run kept history; null: it is watched anew, and nothing of it was missed. */
  keptUntil: Instant | null;
}

/** What looks at an instance. */
export function openSource(settings: WatchedInstance, surroundings: SourceSurroundings): Source {
  const { database, clock, deadline, isPastKnown, keptUntil, missing } = surroundings;
  if (settings.type === "pbs") return new BackupServerSource({ settings, clock, deadline });
  if (settings.type === "pmg") return new MailGatewaySource({ settings, clock, deadline });
  return new PveSource({
    ...{ settings, clock, deadline, isPastKnown, keptUntil },
    members: membersOf(database, settings.name),
    remember: found => rememberMembers(database, settings.name, found),
    gap: keptUntil === null ? null : gapOf(database, settings.name),
    rememberGap(gap) {
      rememberGap(database, settings.name, gap);
      missing?.(gap);
    },
  });
}
