import type { Instant, Percent } from "../../kit/units.ts";
import type { AlertLevel } from "../../model/alert.ts";
import type { FillingUp } from "../../model/capacity.ts";
import { nodeId } from "../../model/ids.ts";
import type { Picture } from "../../model/picture.ts";
import { alertsOf } from "../alerts/active.ts";
import { guestsOf } from "../overview/rows.ts";
import { compareNames } from "../ui/sort.ts";

/** How something fares: by the alerts that fire for it; "old": its numbers are. */
export type Look = AlertLevel | "down" | "old" | "well" | "off";

/** A node on the wall. */
export interface NodeTile {
  id: string;
  name: string;
  look: Look;
  /** Percent; null: unknown. */
  cpu: Percent | null;
  memory: Percent | null;
  /** Its guests, those in trouble first. */
  guests: readonly { id: string; look: Look }[];
  running: number;
}

/** A storage or datastore, and how full it is. */
export interface Fullness {
  id: string;
  name: string;
  /** Where it is. */
  where: string;
  usage: Percent;
  look: Look;
  /** When it will be full, as it grew, or as its server estimates; null: it does not fill, or nobody knows. */
  full: Instant | null;
}

const RANK: Readonly<Record<Look, number>> = { down: 0, critical: 1, warning: 2, old: 3, well: 4, off: 5 };

/** The worst that fires for each resource and that nobody has acknowledged. */
function levels(picture: Picture): ReadonlyMap<string, AlertLevel> {
  const worst = new Map<string, AlertLevel>();
  for (const { resourceId, level, acknowledged } of alertsOf(picture))
    if (!acknowledged && worst.get(resourceId) !== "critical") worst.set(resourceId, level);
  return worst;
}

/** The nodes, those in trouble first, with their guests. */
export function toTiles(picture: Picture): NodeTile[] {
  const worst = levels(picture);
  const byNode = Map.groupBy(
    guestsOf(picture).filter(({ template }) => !template),
    ({ instance, node }) => nodeId(instance, node),
  );
  return Object.values(picture.nodes)
    .map(({ id, displayName, status, stale, cpu, memory, instance, node }): NodeTile => {
      const members = byNode.get(nodeId(instance, node)) ?? [];
      const guests = members.map((guest): { id: string; look: Look } => ({
        id: guest.id,
        look: worst.get(guest.id) ?? (guest.stale ? "old" : guest.status === "running" ? "well" : "off"),
      }));
      guests.sort((a, b) => RANK[a.look] - RANK[b.look]);
      return {
        ...{ id, name: displayName, guests },
        look: status === "offline" ? "down" : (worst.get(id) ?? (stale ? "old" : "well")),
        cpu: cpu === null || status !== "online" ? null : cpu * 100,
        memory: status === "online" ? (memory?.usage ?? null) : null,
        running: members.filter(guest => guest.status === "running").length,
      };
    })
    .sort((a, b) => RANK[a.look] - RANK[b.look] || compareNames(a.name, b.name));
}

/** Storages, datastores, ZFS pools and Ceph, the fullest first; those of which nobody knows are left out. `filling`: what `/api/capacity` told. */
export function toFullest(picture: Picture, filling: readonly FillingUp[]): Fullness[] {
  const worst = levels(picture);
  const fullAt = new Map(filling.map(({ resource, name, full }) => [`${resource} ${name}`, full]));
  const fullOf = (id: string, name: string) => fullAt.get(`${id} ${name}`) ?? null;
  const looks = (id: string, stale: boolean): Look => worst.get(id) ?? (stale ? "old" : "well");
  return [
    ...Object.values(picture.storage).flatMap(({ id, name, shared, node, instance, usage, stale }) =>
      usage === null
        ? []
        : [{ id, name, where: shared ? instance : node, usage, look: looks(id, stale), full: fullOf(id, name) }],
    ),
    ...Object.values(picture.pbs).flatMap(server =>
      server.datastores.flatMap(({ id, name, usage, estimatedFullAt: told }) => {
        const full = fullOf(server.id, name) ?? (told === null ? null : Date.parse(told));
        return usage === null ? [] : [{ id, name, where: server.name, usage, look: looks(id, server.stale), full }];
      }),
    ),
    // The state of a screen on the wall has none of these: what is told of them is what fills up.
    ...filling.flatMap(({ of, resource: id, name, place: where, usage, full }) =>
      of === "zfs" || of === "ceph" ? [{ id, name, where, usage, look: looks(id, false), full }] : [],
    ),
  ].sort((a, b) => b.usage - a.usage || compareNames(a.name, b.name));
}
