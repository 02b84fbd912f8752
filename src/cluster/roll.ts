import { equal } from "../kit/equal.ts";
import type { Log } from "../kit/log.ts";
import { type Instant, MINUTE, type Millis } from "../kit/units.ts";
import type { ClusterMember, ClusterMembers, GoneMember, RollCall } from "../model/cluster-members.ts";
import { FORGOTTEN, type Member } from "./members.ts";
import { CORES } from "./names.ts";
import type { NatsClock } from "./nats-clock.ts";

/** It is said again so often, also when all is as it was: a core that begins has it among the first that it reads. */
const REPEATED: Millis = MINUTE;

export interface RollOptions {
  /** Of this core. */
  name: string;
  /** What was last told to all cores; null: nothing was. */
  known: () => ClusterMembers | null;
  /** Tells it to all cores. */
  tell: (call: RollCall) => Promise<unknown>;
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
    const gone = (before?.gone ?? []).filter(isRecent(now));
    const members = rollOf(before?.members ?? [], heard, { self: name, now, gone });
    if (this.#isTelling || members === null) return;
    if (before && now - before.at < REPEATED && equal(before.members, members)) return;
    this.#isTelling = true;
    void tell({ members, gone })
      .catch(error => log("debug", "Who is there could not be told", { reason: String(error) }))
      .finally(() => {
        this.#isTelling = false;
      });
  }
}

/** What all know once one of them is gone for good. */
export function rollWithout(
  { members, gone = [] }: RollCall,
  { site, name }: Pick<ClusterMember, "site" | "name">,
  now: Instant,
): RollCall {
  const others = gone.filter(one => keyOf(one) !== keyOf({ site, name }) && isRecent(now)(one));
  return {
    members: members.filter(one => keyOf(one) !== keyOf({ site, name })),
    gone: [...others, { site, name, at: now }],
  };
}

/** What is known once `said` was heard, which came about beside what was heard before. `at`: when NATS stored it. */
export function rollHeard(before: ClusterMembers | null, said: RollCall, at: Instant): ClusterMembers {
  const gone = new Map<string, GoneMember>();
  for (const one of [...(before?.gone ?? []), ...(said.gone ?? [])]) {
    const known = gone.get(keyOf(one));
    if (isRecent(at)(one) && (known?.at ?? 0) <= one.at) gone.set(keyOf(one), one);
  }
  const all = [...gone.values()];
  return { at, members: said.members.filter(one => !isGone(one, all)), gone: all };
}

/** Whether nothing was heard of it since somebody said that it is gone for good. `silentSince`: by NATS's clock. */
function isGone(member: ClusterMember, gone: readonly GoneMember[]): boolean {
  const { silentSince } = member;
  return silentSince !== null && gone.some(one => keyOf(one) === keyOf(member) && silentSince <= one.at);
}

/**
 * Those that this core has heard of, and those that only others have, but for who is gone for good. `heard` and what is answered: by this machine's
 * clock.
 */
export function knownMembers(
  heard: readonly Member[],
  roll: ClusterMembers | null,
  clock: Pick<NatsClock, "at" | "own">,
): Member[] {
  const { members = [], gone = [] } = roll ?? {};
  const since = ({ silentSince }: Member) => (silentSince === null ? null : clock.at(silentSince));
  const own = heard.filter(one => !isGone({ ...placeOf(one), silentSince: since(one) }, gone));
  const keys = new Set(own.map(one => keyOf(placeOf(one))));
  const others = members.flatMap(({ site, name, silentSince }) => {
    if (silentSince === null || keys.has(keyOf({ site, name }))) return [];
    const seen = clock.own(silentSince);
    return { site: site ?? CORES, name, said: {}, seen, silentSince: seen };
  });
  return [...own, ...others].sort((a, b) => (a.site + a.name < b.site + b.name ? -1 : 1));
}

/** By then all have forgotten what they heard of it. */
function isRecent(now: Instant): (gone: GoneMember) => boolean {
  return ({ at }) => now - at < FORGOTTEN;
}

/**
 * Who is there and who is not. One of whom only others had heard is silent, and stays so until it is heard, or forgotten. null: this core does
 * not even hear of itself.
 */
export function rollOf(
  known: readonly ClusterMember[],
  heard: readonly Member[],
  { self, now, gone = [] }: { self: string; now: Instant; gone?: readonly GoneMember[] },
): ClusterMember[] | null {
  const members = new Map<string, ClusterMember>();
  for (const one of known) members.set(keyOf(one), { ...one, silentSince: one.silentSince ?? now });
  const before = new Map(known.map(one => [keyOf(one), one.silentSince]));
  for (const one of heard) {
    const member = placeOf(one);
    const silentSince = one.silentSince === null ? null : (before.get(keyOf(member)) ?? one.silentSince);
    members.set(keyOf(member), { ...member, silentSince });
  }
  if (members.get(keyOf({ site: null, name: self }))?.silentSince !== null) return null;
  return [...members]
    .filter(([, { silentSince }]) => silentSince === null || now - silentSince < FORGOTTEN)
    .filter(([, member]) => !isGone(member, gone))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, member]) => member);
}

function placeOf({ site, name }: Pick<Member, "site" | "name">): Pick<ClusterMember, "site" | "name"> {
  return { site: site === CORES ? null : site, name };
}

function keyOf({ site, name }: Pick<ClusterMember, "site" | "name">): string {
  return JSON.stringify([site, name]);
}
