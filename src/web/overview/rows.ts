import { untrack } from "solid-js";
import type { Guest } from "../../model/guest.ts";
import type { Node } from "../../model/node.ts";
import type { Picture } from "../../model/picture.ts";
import type { Query } from "../search/query.ts";
import { compareNames } from "../ui/sort.ts";

/** By the VMs of a picture, which stay the same object: the list of its guests at a version. */
const lists = new WeakMap<object, { containers: object; version: number; guests: readonly Guest[] }>();

/** VMs and containers of the picture, templates included. Of one version it is one list: many ask for it, and it may be long. */
export function guestsOf(picture: Picture): readonly Guest[] {
  const { vms, containers } = picture;
  // Who asks for guests is not interested in what else makes a version.
  const version = untrack(() => picture.version);
  const known = lists.get(vms);
  if (known?.version === version && known.containers === containers) return known.guests;
  const guests = [...Object.values(vms), ...Object.values(containers)];
  lists.set(vms, { containers, version, guests });
  return guests;
}

/** The guests that a search finds; templates only where it wants them. `total`: of how many. */
export function toFound(picture: Picture, query: Query<Guest>): { rows: Guest[]; total: number } {
  const guests = guestsOf(picture).filter(guest => !guest.template || query.wantsTemplates);
  return { rows: guests.filter(query.test), total: guests.length };
}

/** Nodes for the summary: those in trouble first, then by instance and name. */
export function toNodes(picture: Picture): Node[] {
  const rank = (node: Node) => (node.status !== "online" ? 0 : node.stale ? 1 : 2);
  return Object.values(picture.nodes).sort(
    (a, b) => rank(a) - rank(b) || compareNames(a.instance, b.instance) || compareNames(a.displayName, b.displayName),
  );
}
