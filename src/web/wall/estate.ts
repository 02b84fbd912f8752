import type { Percent } from "../../kit/units.ts";
import type { AlertLevel } from "../../model/alert.ts";
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
  /** Days until it is full, as its server estimates; null: nobody tells. */
  days: number | null;
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

/** Storages and datastores, the fullest first; those of which nobody knows are left out. */
export function toFullest(picture: Picture): Fullness[] {
  const worst = levels(picture);
  const looks = (id: string, stale: boolean): Look => worst.get(id) ?? (stale ? "old" : "well");
  return [
    ...Object.values(picture.storage).flatMap(({ id, name, shared, node, instance, usage, stale }) =>
      usage === null ? [] : [{ id, name, where: shared ? instance : node, usage, look: looks(id, stale), days: null }],
    ),
    ...Object.values(picture.pbs).flatMap(server =>
      server.datastores.flatMap(({ id, name, usage, daysUntilFull: days }) =>
        usage === null ? [] : [{ id, name, where: server.name, usage, look: looks(id, server.stale), days }],
      ),
    ),
  ].sort((a, b) => b.usage - a.usage || compareNames(a.name, b.name));
}
