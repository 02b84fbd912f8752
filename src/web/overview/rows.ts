import { untrack } from "solid-js";
import type { Guest } from "../../model/guest.ts";
import { nodeId } from "../../model/ids.ts";
import type { Node } from "../../model/node.ts";
import type { Picture } from "../../model/picture.ts";
import type { Query } from "../search/query.ts";
import type { Sort } from "../ui/column-heads.tsx";
import { compareKeys, compareNames, sumOf } from "../ui/sort.ts";

/** What the guest table can be sorted by. */
export type SortKey = "name" | "node" | "status" | "uptime" | "cpu" | "memory" | "disk" | "network" | "io";

export interface View {
  query: Query<Guest>;
  sort: Sort<SortKey>;
  /** Guests stand below their node. */
  grouped: boolean;
  /** Ids of the nodes whose guests are folded away. */
  folded: ReadonlySet<string>;
}

export type Row =
  | { kind: "node"; id: string; name: string; instance: string; guests: number; running: number }
  | { kind: "guest"; id: string; guest: Guest };

export interface Rows {
  rows: Row[];
  /** Guests that the search finds, folded away or not. */
  found: number;
  /** All guests; templates only where the search wants them. */
  total: number;
}

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

/** The rows of the guest table, in their order. */
export function toRows(picture: Picture, view: View): Rows {
  const guests = guestsOf(picture).filter(guest => !guest.template || view.query.wantsTemplates);
  const found = guests.filter(view.query.test).sort(comparing(view.sort));
  const rows = view.grouped ? toGroups(found, view.folded) : found.map(toGuestRow);
  return { rows, found: found.length, total: guests.length };
}

function toGroups(guests: Guest[], folded: ReadonlySet<string>): Row[] {
  const groups = [...Map.groupBy(guests, guest => nodeId(guest.instance, guest.node))].map(([id, members]) => {
    const { node: name = "", instance = "" } = members[0] ?? {};
    const running = members.filter(guest => guest.status === "running").length;
    return { row: { kind: "node", id, name, instance, guests: members.length, running } as const, members };
  });
  groups.sort((a, b) => compareNames(a.row.instance, b.row.instance) || compareNames(a.row.name, b.row.name));
  return groups.flatMap(({ row, members }) => (folded.has(row.id) ? [row] : [row, ...members.map(toGuestRow)]));
}

function toGuestRow(guest: Guest): Row {
  return { kind: "guest", id: guest.id, guest };
}

const KEYS: { readonly [K in SortKey]: (guest: Guest) => string | number | null } = {
  name: guest => guest.name,
  node: guest => `${guest.instance} ${guest.node}`,
  status: guest => guest.status,
  uptime: guest => guest.uptime || null,
  cpu: guest => guest.cpu,
  memory: guest => guest.memory?.usage ?? null,
  disk: guest => (guest.disk && guest.disk.usage >= 0 ? guest.disk.usage : null),
  network: guest => sumOf(guest.networkIn, guest.networkOut),
  io: guest => sumOf(guest.diskRead, guest.diskWrite),
};

/** By the key, equals by name and VMID, so that the order never wavers. */
function comparing({ key, descending }: Sort<SortKey>): (a: Guest, b: Guest) => number {
  const keyOf = KEYS[key];
  return (a, b) =>
    compareKeys(keyOf(a), keyOf(b), descending) ||
    compareNames(a.name, b.name) ||
    a.vmid - b.vmid ||
    compareNames(a.id, b.id);
}

/** Nodes for the summary: those in trouble first, then by instance and name. */
export function toNodes(picture: Picture): Node[] {
  const rank = (node: Node) => (node.status !== "online" ? 0 : node.stale ? 1 : 2);
  return Object.values(picture.nodes).sort(
    (a, b) => rank(a) - rank(b) || compareNames(a.instance, b.instance) || compareNames(a.displayName, b.displayName),
  );
}
