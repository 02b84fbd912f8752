import { type Instant, MINUTE, type Millis } from "../kit/units.ts";
import type { ClusterMember, ClusterMembers } from "../model/cluster-members.ts";
import { memberId } from "../model/ids.ts";
import type { Picture } from "../model/picture.ts";
import { type Context, type Finding, type Kind, warning } from "./signal.ts";

/** It is told every minute who is there; what is older says nothing of now. */
const PRESENT: Millis = 3 * MINUTE;

/** The cores of several Pulses that serve as one: the others go on without one of them. */
export const CORES = kindOf("core", ({ silentSince }) =>
  silentSince === null ? false : warning("is not heard of: the other cores go on without it"),
);

/** Their edges. When none is left at a site, its instances say so. */
export const EDGES = kindOf("edge", ({ site, silentSince }, { members }) => {
  if (silentSince === null) return false;
  const isAnotherThere = members.some(one => one.site === site && one.silentSince === null);
  return isAnotherThere ? warning(`is not heard of: the other edges of the site "${site}" go on without it`) : null;
});

/** Whether it is known now who is there; in a single Pulse nobody is. */
export function knowsMembers({ roll }: Picture, now: Instant): boolean {
  return roll === undefined || now - roll.at < PRESENT;
}

function kindOf(
  type: "core" | "edge",
  read: (member: ClusterMember, roll: ClusterMembers) => Finding | false | null,
): Kind<ClusterMember> {
  return {
    list: ({ roll }) => roll?.members.filter(({ site }) => (site === null) === (type === "core")) ?? [],
    id: memberId,
    tags: () => null,
    isStale: () => false,
    about: member => ({ id: memberId(member), name: member.name, type, node: "", instance: "" }),
    signals: [
      {
        kind: "check",
        type: "unheard",
        label: "Heard of",
        read: (member, { picture, now }: Context) =>
          picture.roll && knowsMembers(picture, now) ? read(member, picture.roll) : null,
      },
    ],
  };
}
