import { DAY, type Instant } from "../../kit/units.ts";
import type { Guest } from "../../model/guest.ts";
import { guestId } from "../../model/ids.ts";
import { RECENT_BACKUP, unknownBackups } from "../../model/not-known.ts";
import type { Picture } from "../../model/picture.ts";
import { type FailedRun, toFailedJobs } from "../backups/backup-rows.ts";
import { compareNames } from "../ui/sort.ts";
import { guestsOf } from "./rows.ts";

/** Why a guest's backups are not what they should be, the worst first. */
export const RISKS = ["bad", "failed", "none", "uncovered", "old", "unknown", "unread", "unverified"] as const;
export type RiskKind = (typeof RISKS)[number];

export interface Risk {
  kind: RiskKind;
  /** By name, those without any backup the longest first. */
  guests: readonly Guest[];
  /** Of "unknown" the first reason. */
  why: string | null;
}

export interface BackupRisks {
  /** One for each kind that there is; a guest is in the first that fits. */
  risks: Risk[];
  /** Jobs of Backup Servers that failed. */
  jobs: FailedRun[];
  /** How many guests there are, without templates. */
  guests: number;
}

/** A newest backup that nobody has checked for that long. */
const UNVERIFIED_AFTER = 7 * DAY;

/** So many backups are a step: a millisecond, and some on a phone. */
const STEP = 500;

/** What of the backups is not as it should be, in steps. One pass over the backups: there may be a hundred thousand. */
export function* findingRisks(picture: Picture, now: Instant): Generator<void, BackupRisks> {
  const newest = yield* findingNewest(picture);
  const failed = yield* findingFailed(picture, newest, now);
  const verifies = [...newest.values()].some(({ verified }) => verified === "ok");
  const guests = guestsOf(picture).filter(({ template }) => !template);
  const ofBackups = unknownBackups(picture);
  const kindOf = (guest: Guest): RiskKind | null => {
    const last = newest.get(guest.id);
    const isOld = !last || now - last.at > RECENT_BACKUP;
    const unknown = isOld || last.verified === "failed" ? ofBackups(guest) : null;
    if (unknown?.reason === null) return "unread";
    if (last?.verified === "failed") return "bad";
    if (failed.has(guest.id)) return "failed";
    if (unknown) return "unknown";
    if (!last) return guest.inBackupJob === false ? "uncovered" : "none";
    if (isOld) return "old";
    if (guest.inBackupJob === false) return "uncovered";
    const isUnchecked = verifies && last.onServer && last.verified === null;
    return isUnchecked && now - last.checkedAt > UNVERIFIED_AFTER ? "unverified" : null;
  };
  yield;
  const byKind = Map.groupBy(guests, kindOf);
  const order = (a: Guest, b: Guest) =>
    (newest.get(a.id)?.at ?? 0) - (newest.get(b.id)?.at ?? 0) || compareNames(a.name, b.name);
  const risks: Risk[] = [];
  for (const kind of RISKS) {
    const found = byKind.get(kind);
    const [first] = found ?? [];
    if (!found || !first) continue;
    yield;
    const why = kind === "unknown" ? (ofBackups(first)?.reason ?? null) : null;
    risks.push({ kind, guests: found.sort(order), why });
  }
  return { risks, jobs: toFailedJobs(picture, now), guests: guests.length };
}

interface Newest {
  at: Instant;
  verified: "ok" | "failed" | null;
  /** It lies where backups can be checked. */
  onServer: boolean;
  /** When the newest one was made that has been checked, or, where none was, the oldest of all. */
  checkedAt: Instant;
}

function* findingNewest(picture: Picture): Generator<void, Map<string, Newest>> {
  const newest = new Map<string, Newest>();
  const checked = new Map<string, Instant>();
  const oldest = new Map<string, Instant>();
  const take = (guest: string, at: Instant, verification: string | null, onServer: boolean) => {
    const verified = verification === "ok" || verification === "failed" ? verification : null;
    if (verified !== null) checked.set(guest, Math.max(at, checked.get(guest) ?? 0));
    oldest.set(guest, Math.min(at, oldest.get(guest) ?? at));
    const known = newest.get(guest);
    // A storage that leads to a server lists the same backup once more, and knows less of it.
    if (known && (known.at > at || (known.at === at && known.onServer))) return;
    newest.set(guest, { at, verified, onServer, checkedAt: at });
  };
  let done = 0;
  for (const { guestId: guest, backupTime, verification } of Object.values(picture.pbsBackups)) {
    if (guest) take(guest, Date.parse(backupTime), verification, true);
    if (++done % STEP === 0) yield;
  }
  for (const { instance, vmid, ctime, isPBS, verification } of Object.values(picture.storageBackups)) {
    take(guestId(instance, vmid), ctime * 1000, isPBS ? verification : null, isPBS);
    if (++done % STEP === 0) yield;
  }
  for (const [guest, last] of newest) last.checkedAt = checked.get(guest) ?? oldest.get(guest) ?? last.at;
  return newest;
}

/** Guests whose last run failed after their newest backup was made. */
function* findingFailed(
  picture: Picture,
  newest: ReadonlyMap<string, Newest>,
  now: Instant,
): Generator<void, Set<string>> {
  const found = new Set<string>();
  let done = 0;
  for (const { instance, vmid, error, startTime, endTime } of Object.values(picture.backupTasks)) {
    if (++done % STEP === 0) yield;
    if (error === null || vmid === 0) continue;
    const id = guestId(instance, vmid);
    const at = Date.parse(endTime ?? startTime);
    if (now - at < 7 * DAY && at > (newest.get(id)?.at ?? 0)) found.add(id);
  }
  return found;
}
