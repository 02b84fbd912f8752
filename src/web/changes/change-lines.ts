import { type Instant, MINUTE, type Millis } from "../../kit/units.ts";
import type { EstateChange } from "../../model/estate-change.ts";
import type { Picture } from "../../model/picture.ts";
import { toZfsRows } from "../storage/storage-rows.ts";

/** One change, or several alike that happened together, the newest first. */
export interface ChangeLine {
  id: string;
  at: Instant;
  changes: readonly [EstateChange, ...EstateChange[]];
}

/** What happens to several within that time has one cause. */
const TOGETHER: Millis = 15 * MINUTE;
/** Two are told by name. */
const FEWEST = 3;

/**
 * Lines of changes that are in their order, newest first. When a node restarts its guests that is one line, and so is what somebody does to a
 * whole estate.
 */
export function toChangeLines(changes: readonly EstateChange[]): ChangeLine[] {
  const groups: EstateChange[][] = [];
  const open = new Map<string, EstateChange[]>();
  for (const change of changes) {
    const alike = likenessOf(change);
    const group = open.get(alike);
    const last = group?.at(-1);
    if (group && last && last.at - change.at <= TOGETHER) group.push(change);
    else {
      const begun = [change];
      open.set(alike, begun);
      groups.push(begun);
    }
  }
  const lines = groups.flatMap(group => (group.length >= FEWEST ? [group] : group.map(one => [one])));
  return lines
    .flatMap(([first, ...rest]) =>
      first
        ? [{ id: String(first.number), at: first.at, changes: [first, ...rest] as const } satisfies ChangeLine]
        : [],
    )
    .sort((a, b) => b.at - a.at || Number(b.id) - Number(a.id));
}

/** Changes of which it says the same are told together. */
function likenessOf({ of, field, from, to, times, missed, instance }: EstateChange): string {
  const isFlapping = times > 2;
  const what = field === "existence" || field === "power" ? `${from === to} ${to} ${isFlapping}` : `${to}`;
  return [of, field, what, missed, of === "dockerHost" || of === "instance" ? "" : instance].join("\n");
}

/** Whether the details of such a thing can be shown. */
export function isThere(id: string, picture: Picture): boolean {
  const { vms, containers, nodes, storage, pbs, dockerHosts, dockerContainers, cephClusters } = picture;
  const all = [vms, containers, nodes, storage, pbs, dockerHosts, dockerContainers, cephClusters];
  return all.some(records => id in records) || toZfsRows(picture).some(row => row.id === id);
}
