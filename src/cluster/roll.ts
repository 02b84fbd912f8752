import { equal } from "../kit/equal.ts";
import type { Log } from "../kit/log.ts";
import { type Instant, MINUTE, type Millis } from "../kit/units.ts";
import type { ClusterMember, ClusterMembers } from "../model/cluster-members.ts";
import { FORGOTTEN, type Member } from "./members.ts";
import { CORES } from "./names.ts";

/** It is said again so often, also when all is as it was: a core that begins has it among the first that it reads. */
const REPEATED: Millis = MINUTE;

export interface RollOptions {
  /** Of this core. */
  name: string;
  /** What was last told to all cores; null: nothing was. */
  known: () => ClusterMembers | null;
  /** Tells it to all cores. */
  tell: (members: ClusterMember[]) => Promise<unknown>;
  log: Log;
}

/** Says who is there and who is not, for all cores: each hears otherwise, and they are to judge the same. */
export class Roll {
  readonly #options: RollOptions;
  #isTelling = false;

  constructor(options: RollOptions) {
    this.#options = options;
  }

  /** To be called by the core that tells, every few seconds. `heard`: what this one hears, by the clock that `now` is of. */
  call(heard: readonly Member[], now: Instant): void {
    const { name, known, tell, log } = this.#options;
    const before = known();
    const members = rollOf(before?.members ?? [], heard, { self: name, now });
    if (this.#isTelling || members === null) return;
    if (before && now - before.at < REPEATED && equal(before.members, members)) return;
    this.#isTelling = true;
    void tell(members)
      .catch(error => log("debug", "Who is there could not be told", { reason: String(error) }))
      .finally(() => {
        this.#isTelling = false;
      });
  }
}

/**
 * Who is there and who is not. One of whom only others had heard is silent, and stays so until it is heard, or forgotten. null: this core does
 * not even hear of itself.
 */
export function rollOf(
  known: readonly ClusterMember[],
  heard: readonly Member[],
  { self, now }: { self: string; now: Instant },
): ClusterMember[] | null {
  const members = new Map<string, ClusterMember>();
  for (const one of known) members.set(keyOf(one), { ...one, silentSince: one.silentSince ?? now });
  const before = new Map(known.map(one => [keyOf(one), one.silentSince]));
  for (const one of heard) {
    const member = { site: one.site === CORES ? null : one.site, name: one.name };
    const silentSince = one.silentSince === null ? null : (before.get(keyOf(member)) ?? one.silentSince);
    members.set(keyOf(member), { ...member, silentSince });
  }
  if (members.get(keyOf({ site: null, name: self }))?.silentSince !== null) return null;
  return [...members]
    .filter(([, { silentSince }]) => silentSince === null || now - silentSince < FORGOTTEN)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, member]) => member);
}

function keyOf({ site, name }: Pick<ClusterMember, "site" | "name">): string {
  return JSON.stringify([site, name]);
}
